"""After the order: how far is it, hurry it, add to it, withdraw it."""

import re

from actions.backend import Backend, Closed, NotThere
from actions.facts import Order
from actions.service import Service
from actions.turn import Turn
from actions.values import tail

ENDED = frozenset({"restored", "reported_back", "followed_up", "archived", "merged", "cancelled"})
"""States in which nothing can be urged, changed or withdrawn any more."""
TOLD = 8
"""Characters from which a sentence says what to change; a shorter one is asked about."""
WRONG = re.compile(r"(地址|地点|位置|门牌|电话|号码|名字)[^，。,]{0,4}(错|不对|有误|要改|改一下|变了)")
"""Something was wrong, and the right value is not in the sentence."""
CHANGES = {"urge_work_order": "urge", "amend_work_order": "amend", "cancel_work_order": "cancel"}
DONE = {"urge": "utter_order_urged", "amend": "utter_order_amended", "cancel": "utter_order_canceled"}


async def visible(turn: Turn, backend: Backend) -> tuple[Order, ...]:
    """Orders that this conversation may see, by the tail that was said, or all, newest first."""
    said = turn.get("work_order_number") or turn.message.entity("work_order_number")
    return await backend.find_orders(turn.conversation, tail(said) if said and said.isalnum() else None)


async def begin(turn: Turn, backend: Backend) -> None:
    """Find the order first: without one there is nothing to ask."""
    orders = [order for order in await visible(turn, backend) if order.state not in ENDED]
    if not orders:
        turn.say("utter_order_not_found")
        turn.close()
        return
    if turn.get("work_order_number") is None and len(orders) > 1 and turn.get("wish") == "cancel_work_order":
        turn.set(order_number=orders[0].number)
        return
    turn.set(work_order_number=orders[0].number, order_number=orders[0].number)
    if turn.get("wish") == "amend_work_order" and says_what(turn):
        turn.set(description=turn.message.text)


def says_what(turn: Turn) -> bool:
    """Whether the sentence that asks for a change also says the change: 地址报错了 does not say the right one."""
    if turn.get("address") or turn.message.entity("phone_number"):
        return True
    return len(turn.message.text) >= TOLD and not WRONG.search(turn.message.text)


def missing(turn: Turn) -> str | None:
    if turn.get("work_order_number") is None:
        return "work_order_number"
    if turn.get("wish") == "amend_work_order" and turn.get("description") is None:
        return "description"
    return None


async def finish(turn: Turn, backend: Backend) -> None:
    orders = await visible(turn, backend)
    if not orders:
        turn.say("utter_order_not_found")
        return
    change = CHANGES[turn.get("wish") or ""]
    try:
        order = await backend.change_order(
            turn.conversation, orders[0].number, change, key=turn.key(change), **what(turn, change)
        )
    except NotThere:
        turn.say("utter_order_not_found")
    except Closed:
        turn.say("utter_order_closed", tail=tail(orders[0].number))
    else:
        turn.set(order_number=order.number)
        turn.say(DONE[change], order_number=order.number, tail=tail(order.number))


def what(turn: Turn, change: str) -> dict[str, str | None]:
    """The body of a change: an amended place goes into its own field."""
    text = turn.get("description") or turn.message.text
    if change == "cancel":
        return {"reason": text}
    return {"text": text, "address": turn.get("address") if change == "amend" else None}


async def tell_progress(turn: Turn, backend: Backend) -> None:
    """The state of the order that was named, or of the newest."""
    orders = await visible(turn, backend)
    if not orders:
        turn.say("utter_order_not_found")
        return
    order = orders[0]
    turn.set(order_number=order.number)
    label = order.state_label or order.state
    turn.say("utter_order_state", order_number=order.number, tail=tail(order.number), state=label)


SERVICES = tuple(
    Service(
        wish=wish,
        slots=frozenset({"work_order_number", "address"} if wish == "amend_work_order" else {"work_order_number"}),
        missing=missing,
        begin=begin,
        finish=finish,
    )
    for wish in CHANGES
)
