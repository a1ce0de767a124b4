"""WeChat's servers as an ASGI application: refuses what the real ones refuse, in their way (200 and an errcode)."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from tests.wechat.world import Fault, World

BAD_DATA = 47001


def _answer(errcode: int, **more: Any) -> Response:
    """Under text/plain, as the real ones do."""
    body = {"errcode": errcode, "errmsg": "ok" if errcode == 0 else f"error {errcode} rid: 1", **more}
    return PlainTextResponse(json.dumps(body, ensure_ascii=False))


def app(world: World) -> Starlette:
    async def call(
        request: Request, work: Callable[[dict[str, Any]], Response], *, needs_token: bool = True
    ) -> Response:
        world.calls.append(request.url.path)
        queue = world.faults[request.url.path]
        fault = queue.popleft() if queue else Fault()
        if fault.status is not None:
            return Response(status_code=fault.status)
        if fault.errcode is not None:
            return _answer(fault.errcode)
        if request.method != "POST":
            return _answer(43002)
        if needs_token and (refusal := world.tokens.refusal(request.query_params.get("access_token"))):
            return _answer(refusal)
        body = _body(request.headers.get("content-type", ""), await request.body())
        done = _answer(BAD_DATA) if body is None else work(body)
        await asyncio.sleep(fault.slow_s)
        return done

    async def token(request: Request) -> Response:
        def give(body: dict[str, Any]) -> Response:
            if body.get("grant_type") != "client_credential":
                return _answer(40002)
            if body.get("appid") != world.app_id:
                return _answer(40013)
            if body.get("secret") != world.secret:
                return _answer(40125)
            value, seconds = world.tokens.give(force=body.get("force_refresh") is True)
            return PlainTextResponse(json.dumps({"access_token": value, "expires_in": seconds}))

        return await call(request, give, needs_token=False)

    async def send(request: Request) -> Response:
        def show(body: dict[str, Any]) -> Response:
            if body.get("msgtype") not in {"text", "image", "link", "miniprogrampage"}:
                return _answer(40008)
            text = body.get("text")
            content = text.get("content") if isinstance(text, dict) else None
            return _answer(world.text_to(str(body.get("touser")), content) if isinstance(content, str) else 44004)

        return await call(request, show)

    async def typing(request: Request) -> Response:
        return await call(
            request, lambda body: _answer(world.types_to(str(body.get("touser")), str(body.get("command"))))
        )

    async def subscribe(request: Request) -> Response:
        def notice(body: dict[str, Any]) -> Response:
            data = body.get("data")
            if not isinstance(data, dict) or not data:
                return _answer(47003)
            return _answer(world.notice_to(str(body.get("touser")), str(body.get("template_id")), data))

        return await call(request, notice)

    async def picture(request: Request) -> Response:
        world.calls.append(request.url.path)
        if refusal := world.tokens.refusal(request.query_params.get("access_token")):
            return _answer(refusal)
        found = world.picture(request.query_params.get("media_id", ""))
        return _answer(40007) if found is None else Response(found, media_type="image/jpeg")

    both = ["GET", "POST"]
    paths: dict[str, Callable[[Request], Awaitable[Response]]] = {
        "/cgi-bin/stable_token": token,
        "/cgi-bin/message/custom/send": send,
        "/cgi-bin/message/custom/business/typing": typing,
        "/cgi-bin/message/subscribe/send": subscribe,
    }
    routes = [Route(path, endpoint, methods=both) for path, endpoint in paths.items()]
    return Starlette(routes=[*routes, Route("/cgi-bin/media/get", picture, methods=["GET"])])


def _body(content_type: str, raw: bytes) -> dict[str, Any] | None:
    r"""The object; None for what is not UTF-8 JSON. `你` stays as it stands, which is how customers see it."""
    if content_type.partition(";")[0].strip() != "application/json":
        return None
    try:
        found = json.loads(raw.decode("utf-8").replace("\\u", "\\\\u"))
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
