"""Can the front door do its work? 200 only when store, ticketing and engine are up."""

import asyncio
import time
from datetime import UTC, datetime
from typing import Literal

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from redis.asyncio import Redis
from sqlalchemy import Connection, insert, update

from bot.delivery.store import Store
from bot.delivery.tables import pulse
from bot.desk import Desk
from bot.errors import StoreUnavailable
from bot.places import TROUBLE
from bot.rasa import Engine

router = APIRouter()

FRESH_S = 1.0
"""An answer is given again for so long, so that many who ask cost no more than one."""

type State = Literal["up", "down", "off"]


def is_whole(checks: dict[str, State]) -> bool:
    """Redis may be missing: then lanes and limits hold within one process."""
    return all(checks[name] == "up" for name in ("store", "ticketing", "engine"))


class Health:
    def __init__(self, *, store: Store, desk: Desk, engine: Engine, redis: Redis | None) -> None:
        self._store = store
        self._desk = desk
        self._engine = engine
        self._redis = redis
        self._checked = (-FRESH_S, dict[str, State]())
        self._lock = asyncio.Lock()

    async def checks(self) -> dict[str, State]:
        async with self._lock:
            if time.monotonic() - self._checked[0] >= FRESH_S:
                self._checked = (time.monotonic(), await self._check())
            return self._checked[1]

    async def _check(self) -> dict[str, State]:
        store, ticketing, engine = await asyncio.gather(self._store_is_up(), self._desk.is_up(), self._engine.is_up())
        redis: State = "off" if self._redis is None else _state(await self._redis_is_up(self._redis))
        return {"store": _state(store), "ticketing": _state(ticketing), "engine": _state(engine), "redis": redis}

    async def _store_is_up(self) -> bool:
        def beat(connection: Connection) -> None:
            now = {"at": datetime.now(UTC)}
            if connection.execute(update(pulse), now).rowcount == 0:
                connection.execute(insert(pulse), now)

        try:
            await self._store.write(beat)
        except StoreUnavailable:
            return False
        return True

    async def _redis_is_up(self, redis: Redis) -> bool:
        try:
            return bool(await redis.ping())
        except TROUBLE:
            return False


@router.get("/health")
async def health(request: Request) -> JSONResponse:
    checks = await request.app.state.health.checks()
    whole = is_whole(checks)
    return JSONResponse({"status": "ok" if whole else "degraded", "checks": checks}, status_code=200 if whole else 503)


def _state(is_up: bool) -> State:
    return "up" if is_up else "down"
