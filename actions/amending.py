"""A correction after all was done: 不是三月是四月 asks the bill again, a wrong place or telephone amends the order."""

from collections.abc import Mapping

from actions import form
from actions.backend import Backend
from actions.correction import is_correction
from actions.form import OF_A_MONTH
from actions.service import Service
from actions.turn import Turn


async def amended(turn: Turn, backend: Backend, services: Mapping[str, Service]) -> bool:
    """Whether the message corrected what was done last; then it is done again, or the order is amended."""
    wish = turn.get("done_wish") or ""
    if turn.message.entity("bill_month") and wish in OF_A_MONTH:
        await form.start(turn, backend, services[wish])
        return True
    if not is_correction(turn.message) or turn.get("order_number") is None:
        return False
    if not any(turn.message.entity(kind) for kind in ("address", "phone_number")):
        return False
    await form.start(turn, backend, services["amend_work_order"])
    return True
