"""Who looked at the personal data of a conversation: at its words, at the accounts it proved, at its orders."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ticketing.customers.models import Standing
from ticketing.replay import proof

LOOKS = frozenset({"conversation.looked_at", "replay.looked_at", "replay.exported", "personal.seen"})


def looks(
    session: Session, conversation: str, *, orders: Sequence[str], trail: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """`trail`: the conversation's own records. Looks at an account count where this conversation made them."""
    accounts = session.scalars(select(Standing.account_id).where(Standing.conversation == conversation)).all()
    subjects = [f"account:{each}" for each in accounts]
    about = [f"orders:{each}" for each in (conversation, *orders)]
    elsewhere = proof.records(session, subjects + about) if subjects or about else []
    found = [each for each in trail if each["kind"] in LOOKS]
    found += [
        each
        for each in elsewhere
        if each["kind"] in LOOKS and (each["subject"] in about or each["data"].get("conversation") == conversation)
    ]
    found.sort(key=lambda each: each["seq"])
    return [{name: each[name] for name in ("at", "actor", "kind", "subject", "position", "data")} for each in found]
