"""`GET /health`: can this process do its work? 503 says what cannot be used, in words."""

from typing import Any

import redis
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from sqlalchemy import text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from ticketing.config import Settings
from ticketing.migrate import head, revision

OK = "ok"
REDIS_TIMEOUT_S = 1.0

router = APIRouter(tags=["health"])


@router.get("/health")
def health(request: Request) -> JSONResponse:
    """The database decides the status; Redis holds nothing that may not be lost, so it only shows."""
    settings: Settings = request.app.state.settings
    checks = {"database": database(request.app.state.engine)}
    if settings.redis_url:
        checks["redis"] = reach_redis(settings.redis_url)
    well = checks["database"] == OK
    body: dict[str, Any] = {"status": "ok" if well else "unavailable", "checks": checks}
    return JSONResponse(body, status_code=200 if well else 503)


def database(engine: Engine) -> str:
    """`ok` when the tables are at the newest revision and a row can be written."""
    try:
        with engine.begin() as connection:
            at = revision(connection)
            if at != head():
                return f"at revision {at}, the program needs {head()}: run python -m ticketing.migrate"
            connection.execute(text("UPDATE alembic_version SET version_num = version_num"))
    except SQLAlchemyError as error:
        return f"cannot be written: {type(error).__name__}"
    return OK


def reach_redis(url: str) -> str:
    try:
        with redis.Redis.from_url(
            url, socket_timeout=REDIS_TIMEOUT_S, socket_connect_timeout=REDIS_TIMEOUT_S
        ) as client:
            client.ping()
    except (redis.RedisError, ValueError) as error:
        return f"cannot be reached: {type(error).__name__}"
    return OK
