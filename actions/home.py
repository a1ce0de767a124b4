"""One dark home: the order is made, then a look at neighbours and main switch refines or withdraws it.

At most two questions, and none stops a crew: what is asked stands in the slot `offer` as `home:{question}:{order}`, so
that any other wish goes on as if nothing had been asked. Ticketing decides what is next (`ticketing/outages/home.py`).
"""

import logging

from actions import home_words, identity
from actions.backend import Backend, BackendError
from actions.facts import HomeAdvice
from actions.home_words import Answer
from actions.outage_words import say_outage
from actions.service import Service
from actions.turn import Turn
from actions.values import tail, yuan

logger = logging.getLogger(__name__)

ANSWERS = ("home_neighbours", "home_breaker")
QUESTIONS = {"ask_neighbours": "utter_ask_neighbours", "ask_breaker": "utter_ask_breaker"}


def is_looking(turn: Turn) -> bool:
    """The customer has been sent to the main switch and may be silent for a while."""
    return (turn.get("offer") or "").startswith(("home:breaker", "home:pushed"))


def order_of(offer: str) -> str:
    return offer.rpartition(":")[2]


async def check(turn: Turn, backend: Backend, order: str) -> None:
    """Right after the order. Who has another wish open, or waits for a person, is asked nothing."""
    if turn.get("second_wish") or turn.get("interrupted_wish") or turn.is_waiting:
        return
    await go_on(turn, backend, order, asked=False)


async def heard(turn: Turn, backend: Backend) -> bool:
    """Whether the message answers the question that stands open; then it is dealt with. Else the question is dropped,
    unless the customer only asked something in between."""
    kind, question, order = [*(turn.get("offer") or "").split(":"), "", ""][:3]
    if kind != "home" or question == "verify" or turn.in_form:
        return False
    answer = home_words.read(question, turn.message, just_asked=home_words.was_just_asked(turn.history))
    if answer is None:
        if not turn.message.intent.startswith("ask_"):
            turn.set(offer=None)
        return False
    turn.understood()
    turn.set(asking=False)
    await _take(turn, backend, order, answer)
    return True


async def _take(turn: Turn, backend: Backend, order: str, answer: Answer) -> None:
    is_pushing = (turn.get("offer") or "").startswith("home:pushed")
    if answer.where:
        turn.say("utter_home_breaker_where")
    elif answer.noted and is_pushing:
        turn.say("utter_take_your_time")
    elif answer.pushed and is_pushing:
        turn.say("utter_ask_power_back")
    elif answer.back:
        turn.set(offer=None)
        turn.say("utter_home_power_back")
        await _withdraw(turn, backend, order, reason="power_back")
    elif answer.enough or answer.noted or answer.pushed:
        turn.set(offer=None)
        turn.say("utter_home_crew")
    else:
        told = {"home_neighbours": answer.neighbours, "home_breaker": answer.breaker}
        turn.set(offer=None, **{slot: value for slot, value in told.items() if value})
        await go_on(turn, backend, order, asked=True)


async def go_on(turn: Turn, backend: Backend, order: str, *, asked: bool) -> None:
    """Ask or do what is next. `asked`: the customer has answered something and hears how it ends."""
    try:
        if not asked and turn.caller and identity.level(turn) == 0:
            await identity.recognise(turn, backend)
        found = await backend.check_home(
            order, neighbours=turn.get("home_neighbours"), breaker=turn.get("home_breaker")
        )
        await _follow(turn, backend, order, found, asked=asked)
    except BackendError as failure:  # the order is made: it goes its way without the look
        logger.warning("actions.home_unchecked cause=%s", type(failure).__name__)
        if asked:
            turn.say("utter_home_crew")


async def _follow(turn: Turn, backend: Backend, order: str, found: HomeAdvice, *, asked: bool) -> None:
    match found.advice:
        case "ask_neighbours" | "ask_breaker":
            turn.set(offer=f"home:{found.advice.removeprefix('ask_')}:{order}")
            turn.say(QUESTIONS[found.advice])
        case "close_breaker":
            turn.set(offer=f"home:pushed:{order}")
            turn.say("utter_home_close_breaker")
        case "own_electrician":
            turn.say("utter_home_own_electrician")
            await _withdraw(turn, backend, order, reason=found.advice)
        case "pay" if (owed := (await backend.due(turn.conversation)).due_fen) > 0:
            turn.say("utter_home_pay", amount=yuan(owed))
            await _withdraw(turn, backend, order, reason=found.advice)
        case "verify" if identity.level(turn) == 0:
            turn.set(offer=f"home:verify:{order}")
            turn.say("utter_home_verify")
        case "outage" if found.outage is not None:
            say_outage(turn, found.outage, known=True)
        case _ if turn.get("home_neighbours") == "dark":
            turn.say("utter_home_outage")
        case _ if asked:
            turn.say("utter_home_crew")


async def _withdraw(turn: Turn, backend: Backend, order: str, *, reason: str) -> None:
    """No crew is needed. An order that has ended meanwhile is left alone."""
    try:
        await backend.change_order(turn.conversation, order, "cancel", key=turn.key("home"), reason=reason)
    except BackendError as failure:
        logger.warning("actions.home_not_withdrawn order=%s cause=%s", order, type(failure).__name__)
    else:
        turn.say("utter_order_canceled", order_number=order, tail=tail(order))


# To verify: the crew is on its way, and the holder may hear more.


async def begin_verifying(turn: Turn, backend: Backend) -> None:
    await identity.recognise(turn, backend)


async def finish_verifying(turn: Turn, backend: Backend) -> None:
    await go_on(turn, backend, turn.get("work_order_number") or "", asked=True)


SERVICE = Service(
    wish="check_home",
    slots=frozenset({"account_number", "customer_name"}),
    missing=lambda turn: identity.missing(turn, needed=1),
    begin=begin_verifying,
    heard=identity.heard,
    finish=finish_verifying,
)
