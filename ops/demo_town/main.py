"""`python -m ops.demo_town.main`: all the outside systems in one process, on loopback. Settings: prefix `TOWN_`."""

import argparse
import asyncio
import json
import os
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import uvicorn
import yaml
from fastapi import FastAPI, Header, Request, Response
from fastapi.responses import JSONResponse

from ops.demo_town import register
from ops.demo_town.crews import Crews, Pace
from ops.demo_town.ledger import Ledger, Refused

ROOT = Path(__file__).resolve().parents[2]
MOBILE = re.compile(r"1\d{10}")
SYSTEMS = {"sms": "sms", "crew-app": "crew_app", "marketing": "marketing"}
PAGE = 500
Key = Annotated[str, Header(alias="Idempotency-Key")]
Token = Annotated[str, Header(alias="Authorization")]


class Town:
    """What the outside systems share. `faults`: of so many requests, one is done and not answered, and one is not done
    at all (0: never).
    """

    def __init__(
        self,
        ledger: Ledger,
        *,
        token: str,
        secret: str,
        events_url: str,
        pace: Pace,
        register_password: str = "",
        faults: int = 0,
        sms_file: Path | None = None,
    ) -> None:
        crews = yaml.safe_load((ROOT / "data/demo/crews.yml").read_text("utf-8"))["crews"]
        customers = yaml.safe_load((ROOT / "data/demo/customers.yml").read_text("utf-8"))["customers"]
        self.ledger, self.token, self.faults, self.sms_file = ledger, token, faults, sms_file
        self.register_password = register_password
        self.accounts = {str(each["account"]): bool(each.get("cut_off")) for each in customers}
        self.crews = Crews(
            ledger,
            known=frozenset(crew["code"] for crew in crews),
            token=token,
            secret=secret,
            events_url=events_url,
            pace=pace,
        )

    def text_message(self, message: dict[str, Any], *, key: str) -> str:
        """Raises Refused."""
        to, text = str(message.get("to", "")), str(message.get("text", ""))
        if not MOBILE.fullmatch(to):
            raise Refused(422, "NoSuchNumber")
        if not 0 < len(text) <= 500:
            raise Refused(422, "TextMisfit")
        effect = self.ledger.happen("sms", "message", key=key, meaning=f"{to} {text}", content=message)
        return effect.receipt

    def service_order(self, order: dict[str, Any], *, key: str) -> str:
        """Raises Refused."""
        if set(order) != {"order", "kind", "opened", "closed"}:
            raise Refused(422, "ServiceOrderMisfit")
        meaning = str(order["order"])
        return self.ledger.happen("marketing", "service_order", key=key, meaning=meaning, content=order).receipt


def app(town: Town) -> FastAPI:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        town.crews.resume()
        yield

    service = FastAPI(title="Demo town: the outside world", lifespan=lifespan, docs_url=None, redoc_url=None)
    service.middleware("http")(_misbehaving(town.faults))
    service.include_router(register.router(town.ledger, user="robot", password=town.register_password))

    @service.exception_handler(Refused)
    async def refuse(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, Refused)
        return JSONResponse({"error": error.error}, status_code=error.status)

    @service.post("/sms")
    async def sms(message: dict[str, Any], key: Key = "") -> dict[str, str]:
        seen = town.ledger.asked_again
        receipt = town.text_message(message, key=key)
        if town.sms_file and town.ledger.asked_again == seen:
            await asyncio.to_thread(_append, town.sms_file, {"key": key, **message})
        return {"id": receipt}

    @service.post("/crew-app/jobs")
    async def job(content: dict[str, Any], key: Key = "", authorization: Token = "") -> dict[str, str]:
        return {"id": town.crews.take_job(content, key=key, token=authorization)}

    @service.post("/crew-app/jobs/{order}/{what}")
    async def word(
        order: str, what: str, content: dict[str, Any], key: Key = "", authorization: Token = ""
    ) -> dict[str, str]:
        if what not in {"nudges", "recalls"}:
            raise Refused(404, "NoSuchWord")
        return {"id": town.crews.take_word(order, what, content, key=key, token=authorization)}

    @service.get("/marketing/accounts/{number}/due")
    async def due(number: str) -> dict[str, Any]:
        if number not in town.accounts:
            raise Refused(404, "NoSuchAccount")
        return {"cut_off": town.accounts[number]}

    @service.post("/marketing/service-orders")
    async def file(content: dict[str, Any], key: Key = "") -> dict[str, str]:
        return {"id": town.service_order(content, key=key)}

    @service.get("/{system}/log")
    async def log(system: str, since: datetime, after: int = 0, authorization: Token = "") -> dict[str, Any]:
        """What was done, for who was restored and must not do it again."""
        if system not in SYSTEMS:
            raise Refused(404, "NoSuchSystem")
        if system == "crew-app":
            town.crews.let_in(authorization)
        done = town.ledger.since(SYSTEMS[system], since)[after:]
        entries = [
            {"key": each.key, "id": each.receipt, "what": each.what, "at": each.at, "content": each.content}
            for each in done[:PAGE]
        ]
        return {"entries": entries, "more": len(done) > PAGE}

    @service.get("/ledger")
    async def ledger() -> dict[str, Any]:
        effects = [(each.system, each.what, each.meaning) for each in town.ledger.effects]
        return {"effects": effects, "doubles": town.ledger.doubles(), "asked_again": town.ledger.asked_again}

    @service.get("/health")
    async def health() -> dict[str, str]:
        return {"status": "ok"}

    return service


def _misbehaving(every: int) -> Callable[[Request, Callable[[Request], Awaitable[Response]]], Awaitable[Response]]:
    """Real systems fail before they did it, and also after: then the caller cannot know, and asks again."""
    count = 0

    async def answer(request: Request, go_on: Callable[[Request], Awaitable[Response]]) -> Response:
        nonlocal count
        if not every or request.method != "POST" or request.url.path.startswith("/register"):
            return await go_on(request)
        count += 1
        if count % every == 0:
            return JSONResponse({"error": "Overloaded"}, status_code=503)
        done = await go_on(request)
        return JSONResponse({"error": "GatewayTimeout"}, status_code=504) if count % every == every // 2 else done

    return answer


def pace(text: str) -> Pace:
    """Seconds from JSON: `{"accepted": [8, 20], "silent": "…"}`; what is left out keeps its default."""
    given: dict[str, Any] = json.loads(text)
    return Pace(**{name: tuple(value) if isinstance(value, list) else value for name, value in given.items()})  # type: ignore[arg-type]


def _append(file: Path, message: dict[str, Any]) -> None:
    handle = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(handle, "a", encoding="utf-8") as out:
        out.write(json.dumps(message, ensure_ascii=False) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8020)
    port = parser.parse_args().port
    home = Path(os.environ.get("LAMPLIGHTER_HOME", "var"))
    town = Town(
        Ledger(home / "demo-town.jsonl"),
        token=os.environ["TOWN_CREW_APP_TOKEN"],
        secret=os.environ["TOWN_CREW_APP_SECRET"],
        events_url=os.environ["TOWN_EVENTS_URL"],
        pace=pace(os.environ.get("TOWN_PACE", "{}")),
        register_password=os.environ.get("TOWN_REGISTER_PASSWORD", ""),
        faults=int(os.environ.get("TOWN_FAULTS", "0")),
        sms_file=home / "demo-sms.jsonl",
    )
    uvicorn.run(app(town), host="127.0.0.1", port=port, log_level="warning", access_log=False)


if __name__ == "__main__":
    main()
