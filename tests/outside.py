"""The demo's outside world, served for a test: strict about what it takes, with a ledger to look into."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import uvicorn

from ops.demo_town.crews import Pace
from ops.demo_town.ledger import Ledger
from ops.demo_town.main import Town, app
from tests.redis_server import free_port

TOKEN, SECRET, PASSWORD = "crew-token", "crew-secret", "register-password"
AT_ONCE = Pace(accepted=(0, 0), arrived=(0, 0), restored=(0, 0), reported_back=(0, 0))


class Outside:
    """A running town. `url` is its base address."""

    def __init__(self, town: Town, port: int) -> None:
        self.town, self.ledger, self.url = town, town.ledger, f"http://127.0.0.1:{port}"

    def settings(self) -> dict[str, str]:
        """Ticketing's settings that lead here, the register left out (it needs a browser)."""
        return {
            "sms_url": f"{self.url}/sms",
            "crew_app_url": f"{self.url}/crew-app",
            "crew_app_token": TOKEN,
            "crew_app_secret": SECRET,
            "marketing_url": f"{self.url}/marketing",
        }


@contextmanager
def outside(
    *, events_url: str = "http://127.0.0.1:9/nowhere", faults: int = 0, pace: Pace = AT_ONCE
) -> Iterator[Outside]:
    port = free_port()
    town = Town(
        Ledger(),
        token=TOKEN,
        secret=SECRET,
        events_url=events_url,
        pace=pace,
        register_password=PASSWORD,
        faults=faults,
    )
    server = uvicorn.Server(uvicorn.Config(app(town), port=port, log_level="error"))
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield Outside(town, port)
    finally:
        server.should_exit = True
        thread.join(timeout=10)
