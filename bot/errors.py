"""The front door's refusals. Each has a name and a status; its Chinese words stand in `refusals.yml`.

A refusal is the door's own answer ("too long", "try again"), not something the assistant said, so it needs no
record; whatever the assistant says is a talk track.
"""

from pathlib import Path

import structlog
import yaml
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

log = structlog.get_logger("bot")

REFUSALS: dict[str, str] = yaml.safe_load((Path(__file__).parent / "refusals.yml").read_text("utf-8"))


class BotError(Exception):
    """A refusal by name. `values` fill its sentence."""

    status = 400

    def __init__(self, **values: object) -> None:
        self.detail = REFUSALS[type(self).__name__].format(**values)
        super().__init__(self.detail)

    @property
    def body(self) -> dict[str, str]:
        return {"error": type(self).__name__, "detail": self.detail}


class InvalidRequest(BotError):
    """The body or an id is not what the wire says."""

    status = 422


class Unauthorised(BotError):
    status = 401


class VisitorTokenNeeded(BotError):
    status = 401


class OtherSite(BotError):
    """A page of another web site tried to speak for the customer."""

    status = 403


class PushRefused(BotError):
    """Not WeChat's, or not now. Whoever it was is not told why."""

    status = 403


class NotFound(BotError):
    status = 404


class MethodNotAllowed(BotError):
    status = 405


class CallNotFound(BotError):
    status = 404


class CallEnded(BotError):
    status = 409


class MessageTooLong(BotError):
    status = 413


class BodyTooLarge(BotError):
    status = 413


class TooManyMessages(BotError):
    status = 429


class StoreUnavailable(BotError):
    """The store cannot be written (disk full, database away): nothing may be said that has no record."""

    status = 503


class InternalError(BotError):
    status = 500


def install(app: FastAPI) -> None:
    """Render every refusal, also the framework's own, as `{"error", "detail"}`."""

    @app.exception_handler(BotError)
    async def refuse(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, BotError)
        return JSONResponse(error.body, status_code=error.status)

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        fields = sorted({str(problem["loc"][-1]) for problem in error.errors()})
        refusal = InvalidRequest(fields="、".join(fields))
        return JSONResponse(refusal.body, status_code=refusal.status)

    @app.exception_handler(HTTPException)
    async def framework(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)
        known: dict[int, BotError] = {404: NotFound(), 405: MethodNotAllowed()}
        refusal = known.get(error.status_code) or InvalidRequest(fields="JSON")
        return JSONResponse(refusal.body, status_code=error.status_code, headers=error.headers)

    @app.exception_handler(Exception)
    async def unexpected(request: Request, error: Exception) -> JSONResponse:
        log.error("unexpected", path=request.scope.get("route_path", request.url.path), error=type(error).__name__)
        refusal = InternalError()
        return JSONResponse(refusal.body, status_code=refusal.status)
