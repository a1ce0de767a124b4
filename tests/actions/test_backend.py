"""The door to ticketing: what a dead, slow or broken one becomes."""

import httpx
import pytest

from actions.backend import Backend, BackendDown, Closed, IdentityRequired, NotThere
from tests.actions.scene import Scene


def door(handler: object) -> Backend:
    return Backend(httpx.AsyncClient(transport=httpx.MockTransport(handler), base_url="http://ticketing"))  # type: ignore[arg-type]


async def test_a_failed_write_is_tried_once_more_with_the_same_key() -> None:
    bodies = []

    def flaky(request: httpx.Request) -> httpx.Response:
        bodies.append(request.content)
        if len(bodies) == 1:
            raise httpx.ReadTimeout("slow", request=request)
        return httpx.Response(200, json={"control": "waiting", "position": 1, "wait_s": None, "order": None})

    outcome = await door(flaky).hand_off(
        "c-1", key="k-1", reason="asked", skill="general", summary="", contact_phone=None
    )
    assert outcome.position == 1
    assert bodies[0] == bodies[1]


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (403, {"error": "IdentityRequired", "level_needed": 2}, IdentityRequired),
        (404, {"error": "BillNotFound"}, NotThere),
        (409, {"error": "WorkOrderClosed"}, Closed),
        (422, {"detail": []}, BackendDown),
        (500, {}, BackendDown),
        (200, {"unexpected": True}, BackendDown),
    ],
)
async def test_every_refusal_has_its_name(status: int, body: dict[str, object], error: type[Exception]) -> None:
    with pytest.raises(error):
        await door(lambda _: httpx.Response(status, json=body)).due("c-1")


async def test_a_dead_ticketing_becomes_an_apology_and_an_attempt_to_reach_a_person(
    backend: Backend, scene: Scene
) -> None:
    await scene.hears("report_outage", "停电了")
    dead = httpx.MockTransport(lambda request: (_ for _ in ()).throw(httpx.ConnectError("refused", request=request)))
    backend._client._transport = dead
    assert await scene.hears("inform", "右江区中山二路8号", address="右江区中山二路8号") == ["utter_backend_down"]
    assert scene.loop is None
    assert await scene.hears("ask_bill", "查电费") == ["utter_backend_down"]
    assert await scene.hears("ask_human", "转人工") == ["utter_backend_down"]


async def test_a_ticketing_that_fails_in_one_thing_still_gets_a_person(backend: Backend, scene: Scene) -> None:
    real = backend._client._transport

    async def billing_is_down(request: httpx.Request) -> httpx.Response:
        if "/billing/" in request.url.path:
            return httpx.Response(503, json={"error": "GatewayDown"})
        return await real.handle_async_request(request)

    backend._client._transport = httpx.MockTransport(billing_is_down)
    said = await scene.hears("ask_tariff", "一度电多少钱")
    assert said[0] == "utter_backend_down"
    assert said[1].startswith("utter_handoff") or said[1] == "utter_callback_order"
