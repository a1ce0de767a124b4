"""Money: what is due (level 1), and bill, usage, invoice and the reasons of a high bill (level 2)."""

from actions import identity
from actions.backend import Backend, NotThere
from actions.facts import Cause, Due
from actions.reading import last_month
from actions.service import Deed, Question, Service
from actions.turn import Turn
from actions.values import day, figure, month, quantity, yuan

FACTS = frozenset({"bill_month", "account_number", "customer_name", "id_last4", "amount"})


def month_of(turn: Turn) -> str:
    return turn.get("bill_month") or last_month(turn.message.metadata.get("today"))


async def begin(turn: Turn, backend: Backend) -> None:
    """Who telephones from a registered number hears what is due at once; one who gave all proofs in a sentence, too."""
    if identity.level(turn) < 2:
        await identity.recognise(turn, backend)
    proven = identity.level(turn) > 0  # then only what is said now can name another account or holder
    said = frozenset(
        slot for slot in identity.PROOFS if (turn.message.entity(slot) if proven else turn.get(slot)) is not None
    )
    if identity.level(turn) < 2 and said:
        await identity.heard(turn, backend, said)
    if turn.get("wish") == "ask_bill" and identity.level(turn) == 1:
        await say_due(turn, backend)


async def begin_dispute(turn: Turn, backend: Backend) -> None:
    if turn.get("description") is None:
        turn.set(description=turn.message.text)
    await begin(turn, backend)


async def heard(turn: Turn, backend: Backend, slots: frozenset[str]) -> None:
    before = identity.level(turn)
    await identity.heard(turn, backend, slots)
    if turn.get("wish") == "ask_bill" and before == 0 and identity.level(turn) == 1:
        await say_due(turn, backend)


async def say_due(turn: Turn, backend: Backend) -> None:
    due = await backend.due(turn.conversation)
    track, slots = due_words(due)
    turn.say(track, **slots)


def due_words(due: Due) -> tuple[str, dict[str, str]]:
    """The talk track for what is owed, and its values."""
    if due.due_fen <= 0:
        return "utter_due_nothing", {"balance": yuan(due.balance_fen)}
    owed = {"amount": yuan(due.due_fen)}
    if due.cut_off:
        return "utter_due_cut_off", owed
    if due.overdue_days > 0:
        return "utter_due_overdue", {**owed, "days": str(due.overdue_days)}
    if due.due_date is None:
        return "utter_due_open", owed
    return "utter_due", {**owed, "due_date": day(due.due_date)}


def missing_for_bill(turn: Turn) -> str | None:
    """The month first: it is what the customer came with; then who it is."""
    return "bill_month" if turn.get("bill_month") is None else identity.missing(turn, needed=2)


async def finish_bill(turn: Turn, backend: Backend) -> None:
    bill = await backend.bill(turn.conversation, month_of(turn))
    track = "utter_bill_paid" if bill.paid else "utter_bill_unpaid"
    turn.say(track, month=month(bill.month), kwh=quantity(bill.kwh), amount=yuan(bill.amount_fen))
    if not turn.on_phone:
        for item in bill.items:
            if item.kwh is not None and item.price is not None:
                turn.say(
                    "utter_bill_item",
                    label=item.label,
                    kwh=quantity(item.kwh),
                    price=item.price,
                    amount=yuan(item.amount_fen),
                )


async def finish_usage(turn: Turn, backend: Backend) -> None:
    usage = await backend.usage(turn.conversation, month_of(turn))
    turn.say("utter_usage", month=month(usage.month), kwh=quantity(usage.kwh))
    if usage.previous_kwh is not None:
        turn.say("utter_usage_before", previous=quantity(usage.previous_kwh))
    if usage.last_year_kwh is not None:
        turn.say("utter_usage_last_year", last_year=quantity(usage.last_year_kwh))


async def finish_invoice(turn: Turn, backend: Backend) -> None:
    invoice = await backend.invoice(turn.conversation, month_of(turn))
    turn.say(f"utter_invoice_{invoice.state}", month=month(invoice.month))


async def finish_dispute(turn: Turn, backend: Backend) -> None:
    """The reasons from the data first; an order if they do not satisfy."""
    explanation = await backend.explanation(turn.conversation, month_of(turn))
    turn.say("utter_explanation", month=month(explanation.month), amount=yuan(explanation.amount_fen))
    for cause in explanation.causes:
        track = "utter_explanation_more" if cause.fen >= 0 else "utter_explanation_less"
        label = cause.label if turn.on_phone else with_figures(cause)
        turn.say(track, label=label, amount=yuan(cause.fen))
    offer_dispute_order(turn)


def with_figures(cause: Cause) -> str:
    """To be read, not heard: the cause's name with what it was and what it is."""
    if not (cause.before and cause.after):
        return cause.label
    return f"{cause.label}（{figure(cause.before, cause.unit)}→{figure(cause.after, cause.unit)}）"


def offer_dispute_order(turn: Turn) -> None:
    """What was said at first goes into the order, if the customer wants one."""
    turn.set(offer=f"billing_dispute:{month_of(turn)} {turn.get('description') or turn.message.text}"[:300])
    turn.say("utter_ask_dispute_order")


def at_level_two(deed: Deed) -> Deed:
    """Do it once the second step is proven; a customer who would not take it hears what is possible without."""

    async def guarded(turn: Turn, backend: Backend) -> None:
        if identity.level(turn) < 2:
            turn.say("utter_details_not_shown")
            if turn.get("wish") == "dispute_bill":
                offer_dispute_order(turn)
            return
        try:
            await deed(turn, backend)
        except NotThere:
            turn.say("utter_bill_not_found", month=month(month_of(turn)))

    return guarded


def missing_for_details(turn: Turn) -> str | None:
    return identity.missing(turn, needed=2)


def missing_for_due(turn: Turn) -> str | None:
    return identity.missing(turn, needed=1)


def ask(turn: Turn, slot: str) -> Question | None:
    """After the amount due the second step is an offer, not a condition."""
    if slot == "id_last4" and turn.get("wish") == "ask_bill":
        return Question("utter_ask_id_last4_for_bill")
    return None


def _details(wish: str, deed: Deed, *, begin: Deed = begin) -> Service:
    return Service(
        wish=wish, slots=FACTS, missing=missing_for_details, begin=begin, heard=heard, finish=at_level_two(deed)
    )


SERVICES = (
    Service(
        wish="ask_bill",
        slots=FACTS,
        missing=missing_for_bill,
        begin=begin,
        heard=heard,
        finish=at_level_two(finish_bill),
        ask=ask,
    ),
    Service(wish="ask_balance", slots=FACTS, missing=missing_for_due, begin=begin, heard=heard, finish=say_due),
    _details("ask_usage", finish_usage),
    _details("ask_invoice", finish_invoice),
    _details("dispute_bill", finish_dispute, begin=begin_dispute),
)
