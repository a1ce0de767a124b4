"""The fence that a restore puts up: a row in the database, so that it holds for every process on every machine."""

import asyncio
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from ticketing.automation.robots.door import Memory, no_memory
from ticketing.outbox.senders import NotSent, Sender
from ticketing.recovery.models import OutsideEffect, Restore

type Sessions = sessionmaker[Session]


def standing(session: Session) -> Restore | None:
    """The restore that is not reconciled yet; None: the way out is free."""
    return session.scalar(select(Restore).where(Restore.reconciled_at.is_(None)).order_by(Restore.id).limit(1))


def is_up(session: Session) -> bool:
    return standing(session) is not None


def memory(sessions: Sessions) -> Memory:
    """The receipt of an effect that an outside system had in a gap, by its key.

    There is nothing to remember where nothing was ever restored, which is asked once: a restore wants every process
    stopped.
    """
    with sessions() as session:
        session.connection(execution_options={"reading": True})
        if session.scalar(select(Restore.id).limit(1)) is None:
            return no_memory

    def receipt(key: str) -> str | None:
        with sessions() as session:
            session.connection(execution_options={"reading": True})
            return session.scalar(select(OutsideEffect.receipt).where(OutsideEffect.key == key))

    return receipt


class Fenced:
    """A sender that waits while the fence is up, and does not send what was sent in the gap."""

    def __init__(self, sender: Sender, sessions: Sessions) -> None:
        self._sender, self._sessions = sender, sessions

    async def send(self, key: str, payload: Mapping[str, Any]) -> None:
        if not await asyncio.to_thread(self._was_sent, key):
            await self._sender.send(key, payload)

    def _was_sent(self, key: str) -> bool:
        """Raises NotSent while the fence is up."""
        with self._sessions() as session:
            session.connection(execution_options={"reading": True})
            if is_up(session):
                raise NotSent("restored: waits until the outside systems have been asked")
            return session.get(OutsideEffect, key) is not None
