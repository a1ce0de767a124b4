"""A small real HTTP server that receives what the outbox sends: idempotent by key, and unwell when told so."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from typing import Any


@dataclass
class Receiver:
    """`moods` are answered first, one a request: a status, or `never` (takes it in and does not answer)."""

    moods: list[int | str] = field(default_factory=list)
    url: str = ""
    calls: list[dict[str, Any]] = field(default_factory=list)
    taken: dict[str, Any] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)
    closing: Event = field(default_factory=Event)

    def take(self, path: str, headers: dict[str, str], body: Any) -> int:
        with self.lock:
            mood = self.moods.pop(0) if self.moods else 202
            self.calls.append({"path": path, "authorization": headers.get("authorization"), "body": body})
            if isinstance(mood, int) and mood >= 400:
                return mood
            self.taken.setdefault(headers["idempotency-key"], body)
        if mood == "never":
            self.closing.wait(60)
        return 202


class Server(ThreadingHTTPServer):
    request_queue_size = 128


@contextmanager
def receiving(*moods: int | str) -> Iterator[Receiver]:
    receiver = Receiver(list(moods))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            status = receiver.take(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
            answer = b'{"accepted": true}'
            with suppress(ConnectionError):  # who waited too long has gone
                self.send_response(status)
                self.send_header("content-length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = Server(("127.0.0.1", 0), Handler)
    receiver.url = f"http://127.0.0.1:{server.server_port}"
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield receiver
    finally:
        receiver.closing.set()
        server.shutdown()
        server.server_close()
