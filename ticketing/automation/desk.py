"""The flow's desk: what an order needs next, and doing it. Every call may be repeated, at any moment of a kill."""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from ticketing.automation import jobs, ledger, persons, promises
from ticketing.automation.acts import Acts, Done
from ticketing.automation.book import Book
from ticketing.automation.decide import Next, decide
from ticketing.automation.errors import Business, Technical
from ticketing.automation.jobs import Job
from ticketing.automation.port import Json
from ticketing.recovery import fence
from ticketing.work_orders.holding import take
from ticketing.work_orders.numbers import LOCAL

TRIES_BEFORE_A_PERSON = 5
"""A robot that failed so often (half a minute, with its pauses) is stuck: a person is told, while it goes on trying."""

BEHIND_THE_FENCE = timedelta(seconds=2)

log = structlog.get_logger("ticketing.automation.desk")


class OrderDesk:
    """`flow.Desk` on ticketing's database."""

    def __init__(
        self, sessions: sessionmaker[Session], acts: Acts, book: Book, *, clock: Callable[[], datetime]
    ) -> None:
        self._sessions, self._acts, self._book, self._clock = sessions, acts, book, clock

    def look(self, order: str) -> Json:
        """What is next; promises that were kept or broken meanwhile are closed on the way.

        Read first: on SQLite a writing transaction is alone, and most looks have nothing to write.
        """
        with self._sessions() as session:
            session.connection(execution_options={"reading": True})
            if not self._has_ended(session, order):
                return self._decide(session, order)
        with self._sessions.begin() as session:
            return self._next(session, order)

    def act(self, order: str, step: str) -> Json:
        """Do one step unless it is done; whatever comes of it is ticked or noted. Returns what is next.

        After a restore nothing is done before the outside systems have been asked (`recovery.reconcile`).
        """
        with self._sessions() as session:
            session.connection(execution_options={"reading": True})
            if fence.is_up(session):
                return {"until": (self._clock() + BEHIND_THE_FENCE).isoformat()}
            job = None if step in ledger.steps_of(session, order) else jobs.load(session, order, step)
        return self.look(order) if job is None else self._try(job)

    def _try(self, job: Job) -> Json:
        try:
            return self._tick(job, self._acts.do(job, at=self._clock()))
        except Business as error:
            return self._refused(job, str(error))
        except Technical as error:
            return self._failed(job, str(error))
        except DBAPIError:
            raise  # our own database: the engine's side waits until it is back
        except Exception as error:
            # A fault of ours must not strand the order: it is logged whole, rests, and goes to a person.
            log.exception("step_broke", order=job.order, step=job.step)
            return self._failed(job, f"fault in the step: {type(error).__name__}")

    def _tick(self, job: Job, done: Done) -> Json:
        """Only what must be one is in one transaction: on SQLite everybody else waits for its end."""
        with self._sessions.begin() as session:
            take(session, job.order)
            if done.write is not None:
                following = self._next(session, job.order)
                if following.get("step") != job.step:
                    return following  # the order moved on while the step was at work: nothing is written any more
                done.write(session, self._clock())
            ledger.tick(session, job.order, job.step, outcome=done.outcome, detail=done.detail, at=self._clock())
        return self.look(job.order)

    def _refused(self, job: Job, reason: str) -> Json:
        log.warning("step_refused", order=job.order, step=job.step, reason=reason)
        with self._sessions.begin() as session:
            take(session, job.order)
            persons.ask(session, job, why="refused", reason=reason, at=self._clock())
            ledger.tick(session, job.order, job.step, outcome="refused", detail=reason, at=self._clock())
        return self.look(job.order)

    def _failed(self, job: Job, reason: str) -> Json:
        with self._sessions.begin() as session:
            take(session, job.order)
            tries = ledger.rest(session, job.order, job.step, error=reason, at=self._clock())
            if tries == TRIES_BEFORE_A_PERSON:
                persons.ask(session, job, why="stuck", reason=reason, at=self._clock())
        log.warning("step_failed", order=job.order, step=job.step, tries=tries, reason=reason)
        return self.look(job.order)

    def _next(self, session: Session, order: str) -> Json:
        promises.close_ended(session, order, at=self._clock(), is_working=self._book.is_working)
        return self._decide(session, order)

    def _has_ended(self, session: Session, order: str) -> bool:
        return bool(promises.ended(session, order, at=self._clock(), is_working=self._book.is_working))

    def _decide(self, session: Session, order: str) -> Json:
        at = self._clock()
        limits = self._book.limits(on=at.astimezone(LOCAL).date())
        return _answer(decide(ledger.facts(session, order), limits=limits, at=at))


def _answer(following: Next) -> Json:
    if following.step:
        return {"step": following.step}
    return {"until": following.until.isoformat()} if following.until else {}
