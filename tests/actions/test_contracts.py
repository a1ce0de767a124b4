"""The wire to ticketing, example by example: our door asks exactly as written, and understands what is answered."""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from actions.backend import Backend, Closed, IdentityRequired, NotThere

CONTRACTS = Path(__file__).parents[1] / "contracts"
ORDER = "WO202611230001"
Call = Callable[[Backend], Awaitable[object]]

CALLS: dict[str, Call] = {
    "caller": lambda door: door.caller("c-1"),
    "identity_checks": lambda door: door.check_identity(
        "c-1", key="m-2:identity", account_number="0602100123450001", customer_name="韦小明", id_last4=None
    ),
    "identity_codes": lambda door: door.send_code("c-1", key="m-3:code", account_number="0602100123450001"),
    "billing_due": lambda door: door.due("c-1"),
    "billing_bill": lambda door: door.bill("c-1", "2026-10"),
    "billing_usage": lambda door: door.usage("c-1", "2026-10"),
    "billing_explanation": lambda door: door.explanation("c-1", "2026-10"),
    "billing_invoice": lambda door: door.invoice("c-1", "2026-10"),
    "billing_tariff": lambda door: door.tariff(),
    "offices": lambda door: door.offices("百色学院"),
    "outages": lambda door: door.outages("百色学院"),
    "outage_reports": lambda door: door.report_outage(
        "c-1",
        key="m-5:outage",
        address="右江区中山二路8号",
        scope="household",
        event_time="2026-11-23T08:00",
        contact_phone="13907760001",
        description="我家停电了",
    ),
    "outage_reports_known": lambda door: door.report_outage(
        "c-1",
        key="m-4:outage",
        address="城东大道百色学院旁边",
        scope="area",
        event_time=None,
        contact_phone=None,
        description="我家停电了",
    ),
    "outage_home_check": lambda door: door.check_home(ORDER, neighbours="lit", breaker="down"),
    "work_orders": lambda door: door.create_order(
        "c-1",
        key="m-6:order",
        kind="meter",
        description="电表不走字",
        address="右江区中山二路8号",
        contact_phone="13907760001",
        details={},
    ),
    "work_orders_find": lambda door: door.find_orders("c-1", "0001"),
    "work_order_urge": lambda door: door.change_order("c-1", ORDER, "urge", key="m-7:urge"),
    "work_order_amend": lambda door: door.change_order(
        "c-1", ORDER, "amend", key="m-8:amend", text="是三楼", address="右江区中山二路8号三楼"
    ),
    "work_order_cancel": lambda door: door.change_order("c-1", ORDER, "cancel", key="m-9:cancel", reason="来电了"),
    "handoff": lambda door: door.hand_off(
        "c-1",
        key="c-1:m-1:handoff",
        reason="engine_down",
        skill="general",
        summary="我家停电了",
        contact_phone=None,
    ),
}
REFUSALS: dict[str, tuple[Call, type[Exception]]] = {
    "work_order_closed": (lambda door: door.change_order("c-1", ORDER, "urge", key="m-10:urge"), Closed),
    "bill_not_found": (lambda door: door.bill("c-1", "2019-01"), NotThere),
    "identity_required": (lambda door: door.bill("c-1", "2026-10"), IdentityRequired),
}


def door(name: str) -> tuple[Backend, list[httpx.Request]]:
    """Answers as the example does, and keeps what was asked."""
    answer = json.loads((CONTRACTS / f"{name}.json").read_text("utf-8"))["response"]
    asked: list[httpx.Request] = []

    def reply(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(answer["status"], json=answer["json"])

    return Backend(httpx.AsyncClient(transport=httpx.MockTransport(reply), base_url="http://ticketing")), asked


@pytest.mark.parametrize("name", CALLS)
async def test_we_ask_as_written_and_understand_the_answer(name: str) -> None:
    ticketing, asked = door(name)
    await CALLS[name](ticketing)
    wanted = json.loads((CONTRACTS / f"{name}.json").read_text("utf-8"))["request"]
    address = urlsplit(wanted["path"])
    (request,) = asked
    assert (request.method, request.url.path) == (wanted["method"], address.path)
    assert dict(request.url.params) == dict(parse_qsl(address.query))
    assert (json.loads(request.content) if request.content else None) == wanted["json"]


@pytest.mark.parametrize("name", REFUSALS)
async def test_refusals_have_their_names(name: str) -> None:
    ticketing, _ = door(name)
    call, error = REFUSALS[name]
    with pytest.raises(error):
        await call(ticketing)
