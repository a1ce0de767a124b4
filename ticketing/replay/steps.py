"""The sentences of a conversation, each with what was made of it: heard, understood, decided, said, and what became."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ticketing.audit.sentences import sentences
from ticketing.automation.models import ToldPromise
from ticketing.conversations import reading
from ticketing.conversations.models import Message, Speaker
from ticketing.replay import proof
from ticketing.replay.proof import Words
from ticketing.replay.timing import Times, first, said_took, took
from ticketing.rulebook.rules import Rulebook

DELIVERED = frozenset({"delivered", "cut"})
"""A sentence that was cut had begun to be heard."""


def steps(
    session: Session, conversation: str, *, rulebook: Rulebook, trail: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """In the conversation's order. Raises ConversationNotFound."""
    messages = reading.whole(session, conversation)["messages"]
    approved = {each["id"]: each["approved"] for each in sentences(session, conversation)}
    proven = proof.of_sentences(session, trail, {each["id"]: each["text"] for each in messages})
    marks = select(Message.id, Message.erased_at).where(Message.conversation == conversation)
    erased = {id: erased_at for id, erased_at in session.execute(marks)}  # noqa: C416 - a result is no mapping
    promised = _promises(session, conversation, rulebook)
    answers = defaultdict(list)
    for each in messages:
        if each["speaker"] == Speaker.BOT and each["turn"]:
            answers[each["turn"]].append(each)
    unproven = {"position": None, "words": Words.UNPROVEN}
    return [
        {
            **{name: each[name] for name in ("seq", "id", "at", "recorded_at", "speaker", "agent", "channel", "text")},
            "erased_at": erased[each["id"]],
            "became": each["deliveries"],
            "proof": proven.get(each["id"], unproven),
            **(
                _heard(each, answers[each["id"]])
                if each["speaker"] == Speaker.CUSTOMER
                else _said(each, approved.get(each["id"]), promised.get(each["id"], []))
            ),
        }
        for each in messages
    ]


def _heard(message: dict[str, Any], answers: list[dict[str, Any]]) -> dict[str, Any]:
    understood = message["decision"]
    times = Times(
        message["at"],
        message["recorded_at"],
        answered_at=first([each["recorded_at"] for each in answers]),
        delivered_at=first([moment for each in answers for moment in _delivered(each)]),
    )
    return {
        "heard": {"kind": message["kind"], "confidence": message["confidence"]},
        "understood": understood
        and {name: understood[name] for name in ("intent", "confidence", "decision", "entities", "dropped")},
        "decided": [{"talk_track": each["talk_track"], "version": each["version"]} for each in answers],
        "said": None,
        "took_ms": took(times),
    }


def _said(message: dict[str, Any], approved: Any, rules: list[dict[str, Any]]) -> dict[str, Any]:
    times = Times(message["at"], message["recorded_at"], delivered_at=first(_delivered(message)))
    return {
        "heard": None,
        "understood": None,
        "decided": None,
        "said": {
            "turn": message["turn"],
            "talk_track": message["talk_track"],
            "version": message["version"],
            "is_default": message["version"] == 0,
            "approved": approved,
            "slots": message["slots"],
            "buttons": message["buttons"],
            "rules": rules,
        },
        "took_ms": said_took(times),
    }


def _delivered(message: dict[str, Any]) -> list[datetime]:
    return [each["at"] for each in message["deliveries"] if each["state"] in DELIVERED]


def _promises(session: Session, conversation: str, rulebook: Rulebook) -> dict[str, list[dict[str, Any]]]:
    """By message: the rule rows behind the times that it told, as told, and as the rule book has them now."""
    found = defaultdict(list)
    told = select(ToldPromise).where(ToldPromise.conversation == conversation).order_by(ToldPromise.id)
    for each in session.scalars(told):
        row: dict[str, Any] = {"rule": each.rule, "item": each.item, "amount": each.amount, "unit": each.unit}
        row |= {"order": each.order_number, "kept_at": each.kept_at, "broken_at": each.broken_at}
        try:
            rule = rulebook.by_id(each.rule)
            row |= {"text": rule.text, "source": rule.source, "confidence": rule.confidence}
        except KeyError:  # the book has been changed since
            row |= {"text": None, "source": None, "confidence": None}
        found[each.message].append(row)
    return dict(found)
