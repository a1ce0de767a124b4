"""The base of ticketing's refusals, and the one handler that renders them."""

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DBAPIError, InternalError, OperationalError

log = structlog.get_logger("ticketing.errors")


class TicketingError(Exception):
    """A refusal with a name and an HTTP status. `extra` is merged into the answer."""

    status = 400

    def __init__(self, detail: str, **extra: object) -> None:
        super().__init__(detail)
        self.detail = detail
        self.extra = extra


class InvalidRequest(TicketingError):
    """The request does not fit its schema."""

    status = 422


class Unauthorised(TicketingError):
    status = 401


class Forbidden(TicketingError):
    status = 403


class NotFound(TicketingError):
    status = 404


class Conflict(TicketingError):
    status = 409


class DatabaseUnavailable(TicketingError):
    """The database cannot be reached or written: away, locked for too long, disk full."""

    status = 503


def answer(error: TicketingError) -> JSONResponse:
    """The refusal as it goes over the wire: `{"error": "ClassName", "detail": "…"}` and what `extra` adds."""
    return JSONResponse(
        {"error": type(error).__name__, "detail": error.detail, **error.extra}, status_code=error.status
    )


def install(app: FastAPI) -> None:
    """Render each refusal in the one shape, also those of requests that do not fit their schema."""

    @app.exception_handler(TicketingError)
    async def render(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, TicketingError)
        return answer(error)

    @app.exception_handler(RequestValidationError)
    async def render_misfit(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        # Only where and what: the value itself may be a customer's.
        places = [f"{'.'.join(str(part) for part in each['loc'])}: {each['msg']}" for each in error.errors()]
        return answer(InvalidRequest("; ".join(places[:5])))

    async def render_database(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, DBAPIError)
        reason = str(error.orig).strip().splitlines()[0] if error.orig else type(error).__name__
        log.error("database_unavailable", reason=reason)  # the driver's words; never the statement, which has values
        return answer(DatabaseUnavailable("the database cannot be used just now; try again"))

    for trouble in (OperationalError, InternalError):
        app.add_exception_handler(trouble, render_database)
