"""`/console` is handed on with cookies and redirects, refused to foreign pages, and told plainly when it is away."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI, Request, WebSocket
from fastapi.responses import RedirectResponse
from fastapi.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from tests.bot.serving import serving
from ticketing.console_proxy import ConsoleProxy


@pytest.fixture
def near() -> Iterator[TestClient]:
    far = FastAPI()

    @far.post("/console/login")
    async def log_in(request: Request) -> RedirectResponse:
        answer = RedirectResponse(f"/console/?from={request.headers['x-forwarded-for']}", 303)
        answer.set_cookie("a", "1")
        answer.set_cookie("b", (await request.body()).decode())
        return answer

    @far.websocket("/console/_ws")
    async def echo(socket: WebSocket) -> None:
        await socket.accept()
        await socket.send_text(f"{socket.query_params['n']} {await socket.receive_text()}")
        await socket.close()

    with serving(far) as url:
        service = FastAPI()
        ConsoleProxy(url).install(service)
        with TestClient(service, headers={"X-Forwarded-For": "6.6.6.6"}) as client:
            yield client


def test_an_answer_comes_back_whole_and_the_address_is_not_the_one_claimed(near: TestClient) -> None:
    answer = near.post("/console/login", content="x", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/console/?from=testclient")
    assert len(answer.headers.get_list("set-cookie")) == 2


def test_a_socket_goes_both_ways(near: TestClient) -> None:
    with near.websocket_connect("/console/_ws?n=7") as socket:
        socket.send_text("你好")
        assert socket.receive_text() == "7 你好"


def test_foreign_pages_neither_post_nor_connect(near: TestClient) -> None:
    foreign = {"Origin": "https://evil.example"}
    assert near.post("/console/login", headers=foreign).status_code == 403
    with pytest.raises(WebSocketDisconnect), near.websocket_connect("/console/_ws?n=7", headers=foreign):
        pass


def test_a_console_that_is_away_is_said_plainly() -> None:
    service = FastAPI()
    ConsoleProxy("http://127.0.0.1:1").install(service)
    with TestClient(service) as client:
        answer = client.get("/console/")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "3")
