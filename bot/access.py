"""Who may come in: services by bearer token, visitors by signed token, and nobody from another web site."""

import hmac
import ipaddress
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import urlsplit

from fastapi import Request
from pydantic import SecretStr
from starlette.requests import HTTPConnection

from bot.channels import visitor
from bot.config import Settings
from bot.errors import OtherSite, Unauthorised, VisitorTokenNeeded

FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")
"""Headers of a reverse proxy: the visitor is then somebody else than the peer of the connection."""
SUBPROTOCOL = "lamplighter"
"""A browser cannot set headers on a WebSocket: it offers `lamplighter, TOKEN` as subprotocols, which no log keeps."""


def bearer(connection: HTTPConnection) -> str:
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


class Service:
    """Dependency: only the service that holds this secret. A secret that is not set lets nobody in."""

    def __init__(self, secret: Callable[[Settings], SecretStr | None]) -> None:
        self._secret = secret

    def __call__(self, request: Request) -> None:
        secret = self._secret(request.app.state.settings)
        expected = secret.get_secret_value().encode() if secret else b""
        if not expected or not hmac.compare_digest(bearer(request).encode(), expected):
            raise Unauthorised()


def check_visitor(connection: HTTPConnection, conversation: str) -> None:
    """The visitor may speak in `conversation`. Raises OtherSite or VisitorTokenNeeded."""
    settings: Settings = connection.app.state.settings
    check_origin(connection)
    token = bearer(connection) or _offered_token(connection)
    if token:
        key = settings.visitor_key.get_secret_value().encode()
        if visitor.opens(token, conversation, at=datetime.now(UTC), key=key):
            return
        raise VisitorTokenNeeded()
    if not is_demo_at_home(connection, settings):
        raise VisitorTokenNeeded()


def check_origin(connection: HTTPConnection) -> None:
    """A browser says which site's page is asking; only our own and the allowed ones may. Raises OtherSite."""
    settings: Settings = connection.app.state.settings
    origin = connection.headers.get("origin")
    if origin is None:
        if connection.headers.get("sec-fetch-site") in {"cross-site", "same-site"}:
            raise OtherSite()
        return
    if origin not in settings.origins and urlsplit(origin).netloc != connection.headers.get("host", ""):
        raise OtherSite()


def is_demo_at_home(connection: HTTPConnection, settings: Settings) -> bool:
    """Demo mode, and the connection itself stays on this machine: real bind, real peer, no proxy, a loopback name."""
    client = connection.client.host if connection.client else ""
    bind: tuple[str, int | None] = connection.scope.get("server") or ("", None)
    named = urlsplit("//" + connection.headers.get("host", "")).hostname or ""
    return (
        settings.demo
        and is_loopback(client)
        and is_loopback(bind[0])
        and (named == "localhost" or is_loopback(named))
        and not any(header in connection.headers for header in FORWARDED)
    )


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _offered_token(connection: HTTPConnection) -> str:
    offered = [part.strip() for part in connection.headers.get("sec-websocket-protocol", "").split(",")]
    return offered[1] if len(offered) == 2 and offered[0] == SUBPROTOCOL else ""
