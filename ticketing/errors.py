"""The base of ticketing's refusals, and the one handler that renders them."""

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse


class TicketingError(Exception):
    """A refusal with a name and an HTTP status. `extra` is merged into the answer."""

    status = 400

    def __init__(self, detail: str, **extra: object) -> None:
        super().__init__(detail)
        self.detail = detail
        self.extra = extra


class Unauthorised(TicketingError):
    status = 401


class Forbidden(TicketingError):
    status = 403


class NotFound(TicketingError):
    status = 404


class Conflict(TicketingError):
    status = 409


def install(app: FastAPI) -> None:
    """Render each `TicketingError` as `{"error": "ClassName", "detail": "…"}`."""

    @app.exception_handler(TicketingError)
    async def render(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, TicketingError)
        body = {"error": type(error).__name__, "detail": error.detail, **error.extra}
        return JSONResponse(body, status_code=error.status)
