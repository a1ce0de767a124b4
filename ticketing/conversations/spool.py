"""What was heard and said while ticketing was down, brought in by the front door afterwards."""

from datetime import datetime

from sqlalchemy.orm import Session

from ticketing.conversations import control, record
from ticketing.conversations.concealment import conceal
from ticketing.conversations.deliveries import record_deliveries
from ticketing.conversations.models import Conversation, Speaker
from ticketing.conversations.schemas import DeliveryReport, SpooledEntry


def record_spooled(session: Session, conversation_id: str, entries: list[SpooledEntry], *, at: datetime) -> int:
    """Add what was heard and said while ticketing was down, in the order given, with the times of then.

    Returns how many of the entries stand in the record; those that did before are not written twice. Such words
    were said already, so no epoch is asked for. Where ticketing had an answer on record and was only too slow to say
    so, that answer was never spoken: it is marked as dropped.
    """
    if not entries:
        return 0
    first = entries[0]
    conversation = record.open_or_lock(
        session,
        conversation_id,
        channel=first.channel,
        reply_to=next((each.reply_to for each in reversed(entries) if each.reply_to), None),
        caller=next((each.caller for each in entries if each.caller), None),
        at=first.at,
    )
    new = [
        entry
        for entry in entries
        if record.known(session, conversation, entry.key, speaker=Speaker(entry.speaker)) is None
    ]
    for turn in sorted({entry.turn for entry in new if entry.speaker == "bot" and entry.turn}):
        _never_spoken(session, conversation, turn, but={entry.key for entry in entries}, at=at)
    for entry in new:
        _append(session, conversation, entry, at=at)
    return len(entries)


def _never_spoken(session: Session, conversation: Conversation, turn: str, *, but: set[str], at: datetime) -> None:
    unspoken = [row.id for row in record.of_turn(session, conversation, turn) if row.id not in but]
    reports = [DeliveryReport(reply=id, state="dropped", at=at) for id in unspoken]
    record_deliveries(session, conversation.id, reports, at=at)


def _append(session: Session, conversation: Conversation, entry: SpooledEntry, *, at: datetime) -> None:
    record.append(
        session,
        conversation,
        id=entry.key,
        at=entry.at,
        recorded_at=at,
        speaker=Speaker(entry.speaker),
        text=entry.text,
        channel=entry.channel,
        kind=entry.kind,
        confidence=entry.confidence,
        talk_track=entry.talk_track,
        version=entry.version,
        slots=conceal(entry.slots, open_slots=frozenset(), salt=conversation.salt),
        buttons=[button.model_dump() for button in entry.buttons],
        turn=entry.turn,
    )
    if entry.speaker == "customer":
        record.change(conversation, control.customer_spoke(record.state_of(conversation)))
