"""What customers want (`services.yml`): the turns they take, and by what the service is known to be done."""

from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict

HERE = Path(__file__).parent


class Desk(StrEnum):
    ANY = "any"
    OFF = "off"
    """While nobody is on duty."""
    QUEUE = "queue"
    """One at a time, behind the same people who wait."""


class Service(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    service: str
    turns: tuple[str, ...]
    done: frozenset[str]
    """One of these talk tracks is said in the last turn."""
    order: str | None = None
    """A work order of this kind is made."""
    desk: Desk = Desk.ANY

    def uses(self, value: str) -> bool:
        return any(f"{{{value}}}" in turn for turn in self.turns)


def read_services(file: Path = HERE / "services.yml") -> dict[str, Service]:
    listed: list[dict[str, Any]] = yaml.safe_load(file.read_text(encoding="utf-8"))
    services = [Service.model_validate(row) for row in listed]
    return {each.service: each for each in services}
