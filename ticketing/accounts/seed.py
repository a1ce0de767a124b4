"""The demo's accounts, from `data/demo/accounts.yml`, all with the one password that `make run` prints."""

from datetime import datetime
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter
from sqlalchemy.orm import Session

from ticketing.accounts import passwords, service
from ticketing.accounts.models import DeskAccount
from ticketing.accounts.roles import Role
from ticketing.accounts.schemas import Login

ACCOUNTS = Path(__file__).parents[2] / "data" / "demo" / "accounts.yml"
ACTOR = "seed"


class AccountRow(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    login: Login
    name: str
    role: Role
    skills: list[str] = []


def seed_accounts(session: Session, *, password: str, at: datetime, file: Path = ACCOUNTS) -> int:
    """Make the accounts of `file` that are missing; how many those were. A password that was changed is put back."""
    rows = TypeAdapter(list[AccountRow]).validate_python(yaml.safe_load(file.read_text(encoding="utf-8")))
    made = 0
    for row in rows:
        known = session.get(DeskAccount, row.login)
        if known is None:
            service.add(session, **dict(row), password=password, at=at, actor=ACTOR)
            made += 1
        elif not passwords.is_right(known.password, password):
            service.set_password(session, row.login, password, at=at, actor=ACTOR)
    return made
