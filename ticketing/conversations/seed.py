"""The demo's people at the desk, from `data/demo/desk.yml`."""

from datetime import datetime
from pathlib import Path

import yaml
from pydantic import TypeAdapter
from sqlalchemy.orm import Session

from ticketing.conversations import desk
from ticketing.conversations.models import DeskAgent
from ticketing.conversations.schemas import Duty

DESK = Path(__file__).parents[2] / "data" / "demo" / "desk.yml"


def seed_desk(session: Session, *, at: datetime, file: Path = DESK) -> int:
    """Put the people of `file` on duty who were never seen before; how many those are. Repeating it changes nothing."""
    entries = yaml.safe_load(file.read_text(encoding="utf-8"))
    people = TypeAdapter(list[Duty]).validate_python([{**entry, "on": True} for entry in entries])
    new = [person for person in people if session.get(DeskAgent, person.agent) is None]
    for person in new:
        desk.set_duty(session, person, at=at)
    return len(new)
