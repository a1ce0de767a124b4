"""How the outbox reaches the engine: rows of kind `flow` start an order's flow, rows of kind `bell` wake it.

A business transaction writes the row; nothing else starts a flow. The order's number is the flow's id, so a row that is
sent twice, by a drainer that died in between, starts one flow.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError

from ticketing.automation import bells
from ticketing.automation.port import Flows, Status
from ticketing.outbox.senders import NotSent
from ticketing.work_orders import flows as order_flows

ORDER = "order"
log = structlog.get_logger("ticketing.automation.flows")
OVER = frozenset({Status.DONE, Status.FAILED, Status.CANCELLED})


class FlowStarter:
    """Kind `flow`: `{"order": number}`, for an outage the order of its crew (and `outage`, which the order knows)."""

    def __init__(self, flows: Flows) -> None:
        self._flows = flows

    async def send(self, key: str, payload: Mapping[str, Any]) -> None:
        try:
            await asyncio.to_thread(start_or_go_on, self._flows, str(payload[ORDER]))
        except SQLAlchemyError as error:
            raise NotSent(f"the engine's store: {type(error).__name__}") from error


class BellRinger:
    """Kind `bell`: `{"order": number, "bell": what}`. A flow that has not started reads the order when it does."""

    def __init__(self, flows: Flows) -> None:
        self._flows = flows

    async def send(self, key: str, payload: Mapping[str, Any]) -> None:
        try:
            await asyncio.to_thread(ring, self._flows, str(payload[ORDER]), key=key, bell=str(payload["bell"]))
        except SQLAlchemyError as error:
            raise NotSent(f"the engine's store: {type(error).__name__}") from error


def start_or_go_on(flows: Flows, order: str) -> None:
    """A flow that is over goes on: its order was opened again. It asks what is next, and finds what was done."""
    known = flows.find(order)
    if known is None:
        flows.start(ORDER, order, {ORDER: order})
    elif known.status in OVER:
        flows.retry_from(order)


def revive(flows: Flows) -> int:
    """Let flows go on that the engine ended by an error of its own; returns how many. Their orders are where they were.

    DBOS waits for a database that is away, but not for each way in which one can be (seen: a connection that is refused
    while PostgreSQL starts).
    """
    fallen = flows.failed()
    for each in fallen:
        log.error("flow_revived", order=each.id)
        flows.retry_from(each.id)
    return len(fallen)


def ring(flows: Flows, order: str, *, key: str, bell: str) -> None:
    known = flows.find(order)
    if known is None:
        return
    if known.status in OVER:
        flows.retry_from(order)
    else:
        flows.signal(order, key=key, bell=bell)


def senders(flows: Flows) -> dict[str, FlowStarter | BellRinger]:
    return {order_flows.KIND: FlowStarter(flows), bells.KIND: BellRinger(flows)}
