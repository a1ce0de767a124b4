"""What a journey file may say, checked before anything is played: an unknown key is named, not ignored."""

from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

Names = str | list[str]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Expectation(Strict):
    """What must hold after a turn; see README.md."""

    talk_track: Names = []
    any_of: list[str] = []
    not_talk_track: Names = []
    words: Names = []
    not_words: Names = []
    buttons: Names = []
    control: Literal["bot", "waiting", "agent"] | None = None
    work_order: dict[str, str | int | None] | None = None
    work_orders: int | None = None
    published: bool = True
    hang_up: bool | None = None


class Turn(Strict):
    say: str | None = None
    speak: str | None = None
    keys: str | None = None
    silence: float | None = None
    answer: bool | None = None
    id: str | None = None
    repeat: bool = False
    expect: Expectation = Field(default_factory=Expectation)

    @model_validator(mode="after")
    def one_act(self) -> "Turn":
        acts = [self.say, self.speak, self.keys, self.silence, self.answer]
        if sum(act is not None for act in acts) != 1:
            raise ValueError("a turn has exactly one of say, speak, keys, silence, answer")
        return self


class Journey(Strict):
    journey: str
    channel: Literal["web", "call"] = "web"
    caller: str | None = None
    agents_on_duty: bool | None = None
    turns: list[Turn]


class BadScript(ValueError):
    """A journey file cannot be played; the message names the file and the place."""


def read(file: Path) -> list[Journey]:
    """The journeys of `file`. Raises BadScript."""
    try:
        listed = yaml.safe_load(file.read_text(encoding="utf-8"))
        if not isinstance(listed, list):
            raise BadScript(f"{file}: a journey file is a list of journeys")
        return [Journey.model_validate(item) for item in listed]
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise BadScript(f"{file}: {error}") from error


def names(value: Names) -> list[str]:
    return [value] if isinstance(value, str) else value
