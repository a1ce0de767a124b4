"""A scoring sheet's life: filled in by an inspector, contested once by whom it scores, decided by a second one."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ticketing.audit import service as audit
from ticketing.conversations import record
from ticketing.conversations.models import Message, Speaker
from ticketing.inspection.errors import (
    AgentNotInConversation,
    AlreadyFilled,
    ContestedBefore,
    InspectionNotFound,
    NotContested,
    NotTheAgent,
    SheetChanged,
    TooLate,
)
from ticketing.inspection.models import Inspection
from ticketing.inspection.sheet import Sheet
from ticketing.office import SamePerson
from ticketing.retention import holds
from ticketing.retention.models import LegalHold

BOT = "bot"


class State(StrEnum):
    FILLED = "filled"
    CONTESTED = "contested"
    DECIDED = "decided"


def fill(
    session: Session,
    sheet: Sheet,
    *,
    conversation: str,
    agent: str,
    scores: Mapping[str, int],
    remarks: str,
    by: str,
    at: datetime,
) -> Inspection:
    """Raises ConversationNotFound, AgentNotInConversation, SamePerson, ScoresDoNotFit, AlreadyFilled."""
    record.find(session, conversation)
    total = sheet.total(scores)
    if by == agent:
        raise SamePerson(f"'{by}' does not score themselves")
    spoke = Message.speaker == Speaker.BOT if agent == BOT else Message.agent == agent
    if session.scalar(select(Message.id).where(Message.conversation == conversation, spoke).limit(1)) is None:
        raise AgentNotInConversation(f"'{agent}' did not speak in '{conversation}'")
    filled = Inspection(conversation=conversation, agent=agent, sheet=sheet.name, state=State.FILLED)
    filled.scores, filled.total, filled.remarks = dict(scores), total, remarks
    filled.inspector, filled.filled_at = by, at
    try:
        with session.begin_nested():
            session.add(filled)
    except IntegrityError as error:
        raise AlreadyFilled(f"'{agent}' was scored for '{conversation}' before") from error
    _audit(session, filled, kind="inspection.filled", by=by, data={"scores": filled.scores}, text=remarks, at=at)
    return filled


def contest(session: Session, sheet: Sheet, number: int, *, by: str, reason: str, at: datetime) -> Inspection:
    """Once, by whom it scores (for the bot: by anybody but the inspector). The conversation is held until the decision.

    Raises InspectionNotFound, NotTheAgent, ContestedBefore, TooLate.
    """
    filled = _locked(session, number)
    if by == filled.inspector or (filled.agent not in {BOT, by}):
        raise NotTheAgent(f"'{by}' was not scored by this sheet")
    if filled.state != State.FILLED:
        raise ContestedBefore(f"sheet {number} was contested before")
    if at - filled.filled_at > timedelta(days=sheet.contest_days):
        raise TooLate(f"a sheet can be contested for {sheet.contest_days} days")
    filled.state, filled.contested_at, filled.contest = State.CONTESTED, at, reason
    filled.hold = holds.place(session, filled.conversation, by=by, reason=reason, at=at).id
    _audit(session, filled, kind="inspection.contested", by=by, data={"hold": filled.hold}, text=reason, at=at)
    return filled


def decide(
    session: Session,
    sheet: Sheet,
    number: int,
    *,
    scores: Mapping[str, int] | None,
    reason: str,
    by: str,
    at: datetime,
) -> Inspection:
    """The last word, by a second inspector; `scores` None upholds the first. The contest's hold ends with it.

    Raises InspectionNotFound, NotContested, SamePerson, SheetChanged, ScoresDoNotFit.
    """
    filled = _locked(session, number)
    if filled.state != State.CONTESTED:
        raise NotContested(f"sheet {number} is '{filled.state}'")
    hold = session.get_one(LegalHold, filled.hold)
    if by in {filled.inspector, filled.agent, hold.placed_by}:
        raise SamePerson(f"'{by}' has a part in this: a second inspector decides")
    if scores is not None:
        if filled.sheet != sheet.name:
            raise SheetChanged(f"it was filled in on {filled.sheet}, the sheet is {sheet.name} now")
        filled.first_scores, filled.scores, filled.total = filled.scores, dict(scores), sheet.total(scores)
    filled.state, filled.decided_by, filled.decided_at, filled.decision = State.DECIDED, by, at, reason
    if hold.lifted_at is None:
        holds.lift(session, hold.id, by=by, reason=reason, at=at)
    data = {"scores": filled.scores, "upheld": scores is None}
    _audit(session, filled, kind="inspection.decided", by=by, data=data, text=reason, at=at)
    return filled


def find(session: Session, number: int) -> Inspection:
    """Raises InspectionNotFound."""
    filled = session.get(Inspection, number)
    if filled is None:
        raise InspectionNotFound(f"there is no scoring sheet {number}")
    return filled


def listed(session: Session, *, agent: str | None, state: State | None, after: int, limit: int) -> Sequence[Inspection]:
    query = select(Inspection).where(Inspection.id > after).order_by(Inspection.id).limit(limit)
    if agent is not None:
        query = query.where(Inspection.agent == agent)
    if state is not None:
        query = query.where(Inspection.state == state)
    return session.scalars(query).all()


def _locked(session: Session, number: int) -> Inspection:
    filled = session.get(Inspection, number, with_for_update=True, populate_existing=True)
    if filled is None:
        raise InspectionNotFound(f"there is no scoring sheet {number}")
    return filled


def _audit(
    session: Session, filled: Inspection, *, kind: str, by: str, data: dict[str, Any], text: str, at: datetime
) -> None:
    about = {"conversation": filled.conversation, "agent": filled.agent, "sheet": filled.sheet, "total": filled.total}
    subject, actor = f"inspection:{filled.id}", f"agent:{by}"
    audit.record(session, kind=kind, subject=subject, actor=actor, data=about | data, at=at, text=text)
