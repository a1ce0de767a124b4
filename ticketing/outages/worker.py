"""`python -m ticketing.outages.worker`: places outages, asks whether power is back, rings for hazards.

A process of its own, so that a round over ten thousand calls takes no time from who answers customers. It holds
nothing: killed at any moment, the next one goes on from the database. Several may run (see `rounds`).
"""

import signal
import sys
import time
from collections.abc import Callable
from types import FrameType

import structlog
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from ticketing.commands import wrong_settings
from ticketing.config import Settings
from ticketing.db import connect, now, session_factory
from ticketing.errors import TicketingError
from ticketing.models import load
from ticketing.outages import alarms, restoration, rounds
from ticketing.outages.book import Quotable
from ticketing.personal import vault
from ticketing.rulebook import rules
from ticketing.rulebook.promises import Promises

PAUSE_S = 0.4
"""Between two rounds: about what a customer takes to draw breath after 已登记."""

log = structlog.get_logger("ticketing.outages")

type Job = Callable[[], int]


def jobs(settings: Settings, sessions: sessionmaker[Session]) -> dict[str, Job]:
    """What is done in each round, by name."""
    book = Quotable(Promises(rules.load(), demo=settings.demo))
    phones = [phone.strip() for phone in settings.duty_phones.split(",") if phone.strip()]
    return {
        "alarms": lambda: alarms.ring_all(sessions, phones, at=now()),
        "rounds": lambda: rounds.run(sessions, book, at=now(), joins=settings.joins_reports),
        "callbacks": lambda: restoration.ask_all(sessions, at=now()),
    }


def work(listed: dict[str, Job], *, until: Callable[[], bool], pause_s: float = PAUSE_S) -> None:
    """Round after round until told to stop. A job that fails is logged and tried again in the next round."""
    while not until():
        for name, job in listed.items():
            try:
                job()
            except (SQLAlchemyError, TicketingError):  # the database is away, or words are missing
                log.exception("outage_job_failed", job=name)
        time.sleep(pause_s)


class Stopping:
    """Remembers that SIGTERM or SIGINT came."""

    def __init__(self) -> None:
        self.asked = False
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._ask)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self.asked = True


def main() -> int:
    try:
        settings = Settings()
    except ValidationError as error:
        print(f"the outage worker cannot start, {wrong_settings(error)}", file=sys.stderr)
        return 2
    load()
    vault.open(settings.data_key.get_secret_value())
    engine = connect(settings.sqlalchemy_url)
    stopping = Stopping()
    log.info("outage_worker_started")
    work(jobs(settings, session_factory(engine)), until=lambda: stopping.asked)
    engine.dispose()
    return 0


if __name__ == "__main__":
    sys.exit(main())
