"""The action server: rasa-sdk's wire on a small app of our own, because its own one listens everywhere and echoes
a failed request, customer's words included, into its answer."""

import hmac
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import structlog
import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionMissingDomainException, ActionNotFoundException

from actions.backend import Backend
from actions.config import Settings
from actions.services import actions

logger = structlog.get_logger(__name__)
STOP_WITHIN_S = 10


def app(settings: Settings, backend: Backend | None = None) -> FastAPI:
    """The server; tests hand in a backend that reaches ticketing in process."""
    backend = backend or Backend.at(
        settings.ticketing_url,
        token=settings.ticketing_token.get_secret_value(),
        timeout_s=settings.ticketing_timeout_s,
    )
    executor = ActionExecutor()
    for action in actions(backend):
        executor.register_action(action)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        await backend.close()

    service = FastAPI(title="Lamplighter actions", lifespan=lifespan, openapi_url=None)
    secret = settings.token.get_secret_value().encode()

    @service.get("/health")
    async def health() -> JSONResponse:
        reachable = await backend.is_reachable()
        body = {"status": "ok" if reachable else "degraded", "ticketing": "reachable" if reachable else "unreachable"}
        return JSONResponse(body)

    @service.post("/webhook")
    async def webhook(request: Request) -> JSONResponse:
        if not hmac.compare_digest(request.query_params.get("token", "").encode(), secret):
            return refusal(401, "Unauthorised", "send ?token= with the token of the action server")
        try:
            call: dict[str, Any] = await request.json()
        except ValueError:
            return refusal(400, "BadCall", "the body is not JSON")
        return await answer(executor, call)

    return service


async def answer(executor: ActionExecutor, call: dict[str, Any]) -> JSONResponse:
    """Run one action. Statuses and fields are rasa-sdk's: 400 rejected, 404 unknown, 449 domain missing."""
    name = str(call.get("next_action"))
    call.setdefault("domain", {})  # Rasa leaves it out (endpoints.yml), no action here reads it, rasa-sdk insists on it
    try:
        result = await executor.run(call)
    except ActionExecutionRejection as error:
        return JSONResponse({"error": error.message, "action_name": error.action_name}, status_code=400)
    except ActionNotFoundException as error:
        logger.error("actions.unknown", action=name)
        return JSONResponse({"error": error.message, "action_name": error.action_name}, status_code=404)
    except ActionMissingDomainException as error:
        return JSONResponse({"error": error.message, "action_name": error.action_name}, status_code=449)
    return JSONResponse(result.model_dump() if result else None)


def refusal(status: int, error: str, detail: str) -> JSONResponse:
    return JSONResponse({"error": error, "detail": detail}, status_code=status)


def main() -> None:
    """`python -m actions.main`; stops gracefully on SIGTERM and SIGINT."""
    settings = Settings()
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    for noisy in ("httpx", "httpcore", "rasa_sdk"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    uvicorn.run(
        app(settings),
        host=settings.host,
        port=settings.port,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=STOP_WITHIN_S,
    )


if __name__ == "__main__":
    main()
