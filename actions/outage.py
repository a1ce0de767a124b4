"""Power off: report it (a place is enough), or ask when it comes back and what is planned."""

from datetime import UTC, datetime
from zlib import crc32

from actions import home, home_words, identity
from actions.backend import Backend
from actions.facts import Order, Outage
from actions.handoff import contact
from actions.outage_words import say_outage
from actions.reading import recently
from actions.service import Question, Service, first_unknown
from actions.turn import Turn
from actions.values import tail

ALIVE = frozenset({"planned", "active"})
"""States of an outage that is on once it has begun; ticketing judges for itself when the report arrives."""


def missing_for_report(turn: Turn) -> str | None:
    """Where first; when a known outage explains it, nothing else."""
    if turn.get("address") is None:
        return "address"
    if turn.get("known_outage"):
        return None
    return first_unknown(turn, "outage_scope", "event_time", "contact_phone")


async def begin_report(turn: Turn, backend: Backend) -> None:
    if turn.get("event_time") is None:
        turn.set(event_time=recently(turn.message.text))
    if turn.get("description") is None:  # 老人在用呼吸机 must not be lost under the answers that follow
        turn.set(description=turn.message.text)
    turn.forget(*home.ANSWERS)
    turn.set(**home_words.told(turn.message.text))
    if turn.get("address"):
        await look_for_known(turn, backend)
    else:
        await identity.recognise(turn, backend)


async def heard(turn: Turn, backend: Backend, slots: frozenset[str]) -> None:
    if "address" in slots:
        turn.forget("known_outage")
    turn.set(**home_words.told(turn.message.text))
    if "address" in slots and turn.get("address"):
        await look_for_known(turn, backend)


async def look_for_known(turn: Turn, backend: Backend) -> None:
    """A known outage at the place ends the questions; its words are spoken once the report is attached."""
    here = await backend.outages(turn.get("address") or "")
    known = next((outage for outage in here.outages if is_present(outage, at=datetime.now(UTC))), None)
    turn.set(known_outage=known.id if known else None)


def is_present(outage: Outage, *, at: datetime) -> bool:
    return outage.state in ALIVE and outage.started <= at


async def finish_report(turn: Turn, backend: Backend) -> None:
    outcome = await backend.report_outage(
        turn.conversation,
        key=turn.key_of_wish(f"outage:{crc32((turn.get('address') or '').encode()):08x}"),
        address=turn.get("address"),
        scope=turn.told("outage_scope"),
        event_time=turn.told("event_time"),
        contact_phone=contact(turn),
        description=turn.get("description") or turn.message.text,
    )
    if outcome.outage is not None:
        say_outage(turn, outcome.outage, known=True)
    if outcome.order is not None:
        say_order(turn, outcome.order)
    if outcome.order is not None and outcome.outage is None and turn.get("outage_scope") == "household":
        await home.check(turn, backend, outcome.order.number)


def say_order(turn: Turn, order: Order) -> None:
    turn.set(order_number=order.number)
    turn.say("utter_outage_order", order_number=order.number, tail=tail(order.number))
    if order.promise:
        turn.say("utter_outage_promise", promise=order.promise.text)


def missing_for_question(turn: Turn) -> str | None:
    return "address" if turn.get("address") is None else None


async def begin_question(turn: Turn, backend: Backend) -> None:
    """On a registered line the own address is meant, unless another is said."""
    if turn.get("address") is None:
        await identity.recognise(turn, backend)
        turn.set(address=turn.get("own_address"))


async def finish_question(turn: Turn, backend: Backend) -> None:
    event_time = turn.told("event_time")
    here = await backend.outages(turn.get("address") or "", event_time[:10] if event_time else None)
    if not here.outages:
        turn.say("utter_outage_none", address=here.place or turn.get("address") or "")
    for outage in here.outages[:3]:
        say_outage(turn, outage, known=False)


def ask_place(turn: Turn, slot: str) -> Question | None:
    if slot == "address" and turn.get("wish") == "ask_outage_info":
        return Question("utter_ask_address_to_look_up")
    return None


REPORT = Service(
    wish="report_outage",
    slots=frozenset({"address", "outage_scope", "event_time", "contact_phone"}),
    missing=missing_for_report,
    begin=begin_report,
    heard=heard,
    finish=finish_report,
)
QUESTION = Service(
    wish="ask_outage_info",
    slots=frozenset({"address", "event_time"}),
    missing=missing_for_question,
    begin=begin_question,
    finish=finish_question,
    ask=ask_place,
)
SERVICES = (REPORT, QUESTION)
