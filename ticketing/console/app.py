"""The console's application: login page, the screens, health. Wired once, by hand."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse
from nicegui import ui
from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ticketing.console import login
from ticketing.console.client import TIMEOUT_S, Away, Desk, Refused
from ticketing.console.config import Settings
from ticketing.console.screen import Screen
from ticketing.console.wall_screen import WallScreen
from ticketing.console.widgets import THEME_COOKIE, dress, text
from ticketing.console.wire import Me

MOUNT = "/console"
RECONNECT_S = 30.0
"""How long a page's state is kept for a browser that lost its line; then the page loads anew, and so does its draft."""
SHIELD = {
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",  # with none at all, browsers send `Origin: null` with our own forms
    "permissions-policy": "camera=(), geolocation=()",
}


class Shield:
    """Headers that keep other sites from framing or sniffing the console, and pages out of caches."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def shielded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SHIELD.items():
                    headers[name] = value
                if "_nicegui" not in scope["path"]:
                    headers["cache-control"] = "no-store"
            await send(message)

        await self._app(scope, receive, shielded if scope["type"] == "http" else send)


def build(settings: Settings) -> FastAPI:
    """NiceGUI keeps its pages in one process and its pages' list in a global: build once."""
    http = httpx.AsyncClient(base_url=settings.ticketing_url, timeout=TIMEOUT_S, trust_env=False)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        await http.aclose()

    app = FastAPI(title="Lamplighter console", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(Shield)
    login.install(app, http, token=settings.ticketing_token.get_secret_value())

    @app.get("/health")
    async def health() -> dict[str, str]:
        return {"status": "ok"}

    @app.get(MOUNT)
    async def home() -> RedirectResponse:
        return RedirectResponse(f"{MOUNT}/")

    @ui.page("/", title="座席台")
    async def desk_page(request: Request, c: str = "") -> Response | None:
        desk = Desk(http, request.cookies.get(login.COOKIE, ""))
        me = await _enter(desk)
        if not isinstance(me, Me):
            return me
        screen = Screen(desk, me, dress(request.cookies.get(THEME_COOKIE)))
        screen.build()
        await screen.pulse()
        if c:
            await screen.open(c)
        return None

    @ui.page("/wall", title="现场大屏")
    async def wall_page(request: Request) -> Response | None:
        desk = Desk(http, request.cookies.get(login.COOKIE, ""))
        me = await _enter(desk)
        if not isinstance(me, Me):
            return me
        screen = WallScreen(desk, me, dress(request.cookies.get(THEME_COOKIE)))
        screen.build()
        await screen.pulse()
        return None

    ui.run_with(
        app,
        mount_path=MOUNT,
        title="座席台",
        language="zh-CN",
        favicon="💡",
        tailwind=False,
        reconnect_timeout=RECONNECT_S,
        show_welcome_message=False,
    )
    return app


async def _enter(desk: Desk) -> Me | Response | None:
    """Who is logged in; otherwise the way to the login page, or words on this one."""
    try:
        return await desk.me()
    except Refused:
        return RedirectResponse(login.PAGE)
    except Away:
        dress(None)
        text("业务系统暂时连不上，请稍候刷新。", kind="nothing")
        return None
