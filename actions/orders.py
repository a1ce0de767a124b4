"""The other work orders: what each kind asks, and how it is filed. A place, an account or a known number is enough."""

from dataclasses import dataclass

from actions import identity
from actions.backend import Backend
from actions.facts import Order
from actions.handoff import contact
from actions.service import Question, Service, first_unknown
from actions.turn import Turn
from actions.values import tail, yuan

TOLD = 9
"""Characters from which the first sentence tells the matter; a shorter one (我要投诉) is asked about."""
APPLICATIONS = (
    "新装",
    "过户",
    "增容",
    "减容",
    "销户",
    "改名",
    "更名",
    "新户",
    "开户",
    "报装",
    "分时",
    "充电桩",
    "光伏",
)
"""An application that names its matter is not asked which one it is, however short."""
PAID = (
    "交了",
    "缴了",
    "付了",
    "充了",
    "交完",
    "缴完",
    "付完",
    "已经交",
    "已经缴",
    "交过",
    "缴过",
    "交清",
    "缴清",
    "还清",
    "结清",
)


@dataclass(frozen=True)
class Kind:
    """An order's kind on the wire and what is asked for it."""

    kind: str
    asks_story: bool = False
    place: str | None = "address"
    asks_phone: bool = True


KINDS = {
    "report_meter_fault": Kind("meter"),
    "report_voltage": Kind("voltage"),
    "report_payment_problem": Kind("payment", asks_story=True, place="account"),
    "request_reconnection": Kind("reconnection", place="account"),
    "make_complaint": Kind("complaint", asks_story=True, place=None),
    "claim_damage": Kind("damage", asks_story=True),
    "report_violation": Kind("violation", asks_story=True, asks_phone=False),
    "give_feedback": Kind("feedback", asks_story=True, place=None, asks_phone=False),
    "apply_service": Kind("application", asks_story=True, place="account"),
    "file_billing_dispute": Kind("billing_dispute", place="account"),
}
FACTS = frozenset({"address", "contact_phone", "account_number", "meter_number", "amount", "event_time"})


def missing(turn: Turn) -> str | None:
    kind = KINDS[turn.get("wish") or ""]
    if kind.asks_story and turn.get("description") is None:
        return "description"
    if kind.place and not has_place(turn):
        return "address"
    return first_unknown(turn, "contact_phone") if kind.asks_phone else None


def has_place(turn: Turn) -> bool:
    """A place, an account number, a registered line, or the customer's word that none is known."""
    return any(turn.get(slot) for slot in ("address", "account_number")) or knows_account(turn)


def knows_account(turn: Turn) -> bool:
    kind = KINDS[turn.get("wish") or ""]
    return kind.place == "account" and identity.level(turn) >= 1


async def begin(turn: Turn, backend: Backend) -> None:
    kind = KINDS[turn.get("wish") or ""]
    text = turn.message.text
    if turn.get("description") is None and (not kind.asks_story or is_told(kind, text)):
        turn.set(description=text)
    if kind.kind != "violation":
        await identity.recognise(turn, backend)
    if kind.kind == "application":
        turn.say("utter_application_needs")
    if kind.kind == "reconnection":
        await pay_first(turn, backend)


def is_told(kind: Kind, text: str) -> bool:
    """Whether the first sentence says what it is about."""
    return len(text) >= TOLD or (kind.kind == "application" and any(word in text for word in APPLICATIONS))


async def pay_first(turn: Turn, backend: Backend) -> None:
    """Who still owes and does not say that it is paid hears how to pay: paying brings the power back by itself."""
    if identity.level(turn) == 0 or any(word in turn.message.text for word in PAID):
        return
    due = await backend.due(turn.conversation)
    if due.due_fen > 0:
        turn.say("utter_reconnection_pay_first", amount=yuan(due.due_fen))
        turn.close()


async def heard(turn: Turn, backend: Backend, slots: frozenset[str]) -> None:
    """Nothing to look up: an order is filed with what the customer says."""


async def finish(turn: Turn, backend: Backend) -> None:
    kind = KINDS[turn.get("wish") or ""]
    order = await backend.create_order(
        turn.conversation,
        key=turn.key_of_wish(kind.kind),
        kind=kind.kind,
        description=turn.get("description") or turn.message.text,
        address=turn.told("address"),
        contact_phone=None if kind.kind == "violation" else contact(turn),
        details=details(turn),
    )
    say_order(turn, order)


def details(turn: Turn) -> dict[str, str]:
    """Facts that have no column of their own."""
    told = {slot: turn.told(slot) for slot in ("account_number", "meter_number", "amount", "event_time")}
    return {slot: value for slot, value in told.items() if value}


def say_order(turn: Turn, order: Order) -> None:
    """The number, what happens next for this kind, and the promise when there is one."""
    turn.set(order_number=order.number)
    turn.say(f"utter_order_{order.kind}", order_number=order.number, tail=tail(order.number))
    if order.promise:
        turn.say("utter_order_promise", promise=order.promise.text)


def ask(turn: Turn, slot: str) -> Question | None:
    wish = turn.get("wish") or ""
    if slot == "description":
        return Question(f"utter_ask_description_{KINDS[wish].kind}")
    if slot == "address" and KINDS[wish].place == "account":
        return Question("utter_ask_account_or_address")
    if slot == "address" and KINDS[wish].kind == "violation":
        return Question("utter_ask_address_violation")
    if slot == "address" and not turn.get("own_address"):
        return Question("utter_ask_address_order")
    return None


SERVICES = tuple(
    Service(
        wish=wish,
        slots=FACTS,
        missing=missing,
        begin=begin,
        heard=heard,
        finish=finish,
        ask=ask,
    )
    for wish in KINDS
)
