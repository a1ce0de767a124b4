"""Who calls: a bearer token stands for one caller (`bot`, `actions`, `flows`, `console`, `demo`, `metrics`)."""

import hmac
from enum import StrEnum
from typing import Annotated

from fastapi import Depends, Request

from ticketing.config import Settings
from ticketing.errors import Forbidden, Unauthorised


class Caller(StrEnum):
    BOT = "bot"
    ACTIONS = "actions"
    FLOWS = "flows"
    """The flow workers, and the robots at outside systems' doors."""
    DEMO = "demo"
    """People and outside checks in the demo: may read, and play an agent."""
    CONSOLE = "console"
    """The agents' console, before anybody has logged in; what people do there goes under their own sessions."""
    METRICS = "metrics"
    """Prometheus: reads `/metrics`, and nothing else."""


async def identify(request: Request) -> Caller:
    """The caller behind `Authorization: Bearer …`. Raises Unauthorised."""
    settings: Settings = request.app.state.settings
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    secrets = {
        Caller.BOT: settings.bot_token,
        Caller.ACTIONS: settings.actions_token,
        Caller.FLOWS: settings.flows_token,
        Caller.CONSOLE: settings.console_token,
        Caller.DEMO: settings.demo_token,
        Caller.METRICS: settings.metrics_token,
    }
    if scheme.lower() != "bearer":
        raise Unauthorised("send Authorization: Bearer with a token of this service")
    for caller, secret in secrets.items():
        if secret and hmac.compare_digest(token.encode(), secret.get_secret_value().encode()):
            return caller
    raise Unauthorised("send Authorization: Bearer with a token of this service")


class Only:
    """Dependency: let these callers in, refuse the others by name. Async, as `identify`: neither waits for anything."""

    def __init__(self, *allowed: Caller) -> None:
        self.allowed = allowed

    async def __call__(self, caller: Annotated[Caller, Depends(identify)]) -> Caller:
        if caller not in self.allowed:
            raise Forbidden(f"'{caller}' may not do this")
        return caller
