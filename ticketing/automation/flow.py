"""The flow of one order: ask what is next, do it, or wait for a bell; until there is nothing more to do.

What is next is a step of its own, so the engine keeps the answer. A flow that is resumed, by a newer version of this
program too, follows the answers that it got, and asks anew only from where it was.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any, Protocol

from ticketing.automation.port import Flow, Json, Run

LOOK = "look"


class Desk(Protocol):
    """What the flow needs done. Both are idempotent, and answer with what is next: `{"step"}`, `{"until"}` or `{}`."""

    def look(self, order: str) -> Json: ...

    def act(self, order: str, step: str) -> Json: ...


def order_flow(desk: Desk) -> Flow:
    """The flow `order`; its facts are `{"order": number}`."""

    async def follow(run: Run, facts: Mapping[str, Any]) -> None:
        order: str = facts["order"]
        turn = await run.step(LOOK, partial(desk.look, order))
        while turn:
            if step := turn.get("step"):
                turn = await run.step(step, partial(desk.act, order, step))
            else:
                await run.bell(until=datetime.fromisoformat(turn["until"]))
                turn = await run.step(LOOK, partial(desk.look, order))

    return follow
