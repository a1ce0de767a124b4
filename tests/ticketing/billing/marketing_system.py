"""A utility's marketing system, small but on a real socket: strict about the token, and able to misbehave."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOKEN = "marketing-token"
ITEMS = [{"label": "第一档", "kwh": 150, "price": "0.5283", "amount_fen": 7925}]
BILLS: list[dict[str, Any]] = [
    {"month": month, "kwh": 150, "days": 31, "amount_fen": 7925, "late_fee_fen": 0, "paid": True}
    | {"due_date": "2026-11-25", "items": ITEMS}
    for month in ("2026-10", "2026-09")
]
DUE = {"due_fen": 12850, "balance_fen": 0, "overdue_days": 0, "due_date": "2026-11-25", "cut_off": False}


class MarketingSystem:
    """`trouble`: None, or a status, or `slow`, `garbage`, `half`."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.trouble: int | str | None = None
        self.asked: list[str] = []
        self.released = threading.Event()

    def answer(self, path: str, token: str | None) -> tuple[int, Any]:
        self.asked.append(path)
        if token != f"Bearer {TOKEN}":
            return 401, {}
        if self.trouble == "slow":
            self.released.wait(10)
        if isinstance(self.trouble, int):
            return self.trouble, {}
        if self.trouble == "half":
            return 200, {"month": "2026-10"}
        return self._found(path)

    def _found(self, path: str) -> tuple[int, Any]:
        route, _, query = path.partition("?")
        match route.strip("/").split("/"):
            case ["accounts", _, "due"]:
                return 200, DUE
            case ["accounts", _, "bills"]:
                return 200, [bill for bill in BILLS if bill["month"] in query]
            case ["accounts", _, "bills", month]:
                found = [bill for bill in BILLS if month in {bill["month"], "latest"}]
                return (200, found[0]) if found else (404, {})
            case ["accounts", _, "invoices", month]:
                return 200, {"month": month, "state": "issued", "title": "韦小明"}
        return 404, {}


@contextmanager
def running() -> Iterator[MarketingSystem]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, content = system.answer(self.path, self.headers.get("Authorization"))
            body = b"<html>" if system.trouble == "garbage" else json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with suppress(BrokenPipeError):  # the one who asked has stopped waiting
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    system = MarketingSystem(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield system
    finally:
        system.released.set()
        server.shutdown()
        server.server_close()
        thread.join()
