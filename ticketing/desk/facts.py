"""What is known of a conversation so far, gathered from its record. No sentence is made here, and none is guessed."""

import json
from collections import Counter
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from ticketing.conversations import record
from ticketing.conversations.models import Handoff, Message, Turn
from ticketing.customers.models import Standing
from ticketing.desk import masking
from ticketing.desk.models import Outcome
from ticketing.desk.schemas import FactsView
from ticketing.work_orders.models import WorkOrder

UNDERSTOOD = "accept"
SMALL_TALK = frozenset(
    {"greet", "goodbye", "thank", "affirm", "deny", "repeat", "inform", "wait", "stop", "ring", "silence"}
)
"""Intents that say nothing about what the customer came for."""


def gather(session: Session, conversation_id: str) -> FactsView:
    """Raises ConversationNotFound."""
    conversation = record.find(session, conversation_id)
    turns = session.scalars(select(Turn).where(Turn.conversation == conversation_id).order_by(Turn.at, Turn.turn)).all()
    standing = session.get(Standing, conversation_id)
    speakers = session.scalars(select(Message.speaker).where(Message.conversation == conversation_id))
    numbers = select(WorkOrder.number).where(WorkOrder.conversation == conversation_id).order_by(WorkOrder.created)
    return FactsView(
        channel=conversation.channel,
        opened=conversation.opened,
        messages=dict(Counter(speakers)),
        wishes=[
            {"intent": each.intent, "at": each.at}
            for each in turns
            if each.intent and each.decision in {UNDERSTOOD, None} and each.intent not in SMALL_TALK
        ],
        named=_named(turns),
        not_understood=sum(each.decision not in {UNDERSTOOD, None} or each.intent == "nlu_fallback" for each in turns),
        dropped=conversation.dropped,
        level=standing.level if standing else 0,
        asked=_asked(session, conversation_id),
        orders=list(session.scalars(numbers)),
        outcomes=_outcomes(session, conversation_id),
    )


def _named(turns: Sequence[Turn]) -> list[dict[str, str]]:
    """What the customer named, the newest value of each kind, long numbers masked."""
    found: dict[str, str] = {}
    for turn in turns:
        for each in json.loads(turn.entities) if turn.entities else []:
            found[each["entity"]] = masking.words(str(each.get("value") or ""), kind="text")[0]
    return [{"entity": name, "value": value} for name, value in found.items() if value]


def _asked(session: Session, conversation_id: str) -> dict[str, object] | None:
    newest = select(Handoff).where(Handoff.conversation == conversation_id).order_by(Handoff.at.desc(), Handoff.key)
    wish = session.scalars(newest.limit(1)).first()
    if wish is None:
        return None
    summary = masking.words(wish.summary, kind="text")[0]
    return {"reason": wish.reason, "skill": wish.skill, "summary": summary, "at": wish.at}


def _outcomes(session: Session, conversation_id: str) -> list[dict[str, object]]:
    query = select(Outcome).where(Outcome.conversation == conversation_id).order_by(Outcome.epoch)
    return [
        {"outcome": each.outcome, "note": each.note, "agent": each.agent, "at": each.at}
        for each in session.scalars(query)
    ]
