"""How the outbox reaches the engine: rows of kind `flow` start an order's flow, rows of kind `bell` wake it.

A business transaction writes the row; nothing else starts a flow. The order's number is the flow's id, so a row that is
sent twice, by a drainer that died in between, starts one flow.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from ticketing.automation import bells
from ticketing.automation.port import FlowNotFound, Flows
from ticketing.outbox.senders import NotSent

FLOW = "flow"
ORDER, OUTAGE = "order", "outage"


def flow_id(payload: Mapping[str, Any]) -> tuple[str, str]:
    """Which flow, and its id: an order's number, or `outage-…`. Raises KeyError for a payload that names neither."""
    if ORDER in payload:
        return ORDER, str(payload[ORDER])
    return OUTAGE, f"outage-{payload[OUTAGE]}"


class FlowStarter:
    """Kind `flow`: `{"order": number}` or `{"outage": id}`."""

    def __init__(self, flows: Flows) -> None:
        self._flows = flows

    async def send(self, key: str, payload: Mapping[str, Any]) -> None:
        flow, id = flow_id(payload)
        try:
            await asyncio.to_thread(self._flows.start, flow, id, payload)
        except SQLAlchemyError as error:
            raise NotSent(f"the engine's store: {type(error).__name__}") from error


class BellRinger:
    """Kind `bell`: `{"order": number, "bell": what}`. A flow that is not started yet, or over, needs no bell."""

    def __init__(self, flows: Flows) -> None:
        self._flows = flows

    async def send(self, key: str, payload: Mapping[str, Any]) -> None:
        _, id = flow_id(payload)
        try:
            await asyncio.to_thread(self._flows.signal, id, key=key, bell=str(payload["bell"]))
        except FlowNotFound:
            return  # when it starts, it reads the order as it is then
        except SQLAlchemyError as error:
            raise NotSent(f"the engine's store: {type(error).__name__}") from error


def senders(flows: Flows) -> dict[str, FlowStarter | BellRinger]:
    return {FLOW: FlowStarter(flows), bells.KIND: BellRinger(flows)}
