"""The steps of an order's flow, each by its name. A step does its outward part with no transaction open; what it writes
is written together with its tick.

Every outward part carries the job's key, or looks first (the register), because a kill after the effect repeats it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session, sessionmaker

from ticketing.automation import evidence, words
from ticketing.automation.book import Book
from ticketing.automation.errors import Business
from ticketing.automation.jobs import Job
from ticketing.automation.robots.crew_app import CrewApp
from ticketing.automation.robots.legacy_form import Entry, LegacyForm
from ticketing.automation.robots.marketing import Marketing
from ticketing.automation.robots.sms import Sms
from ticketing.config import Settings
from ticketing.work_orders import dispatching, moves
from ticketing.work_orders.actors import Actor, Role
from ticketing.work_orders.errors import NobodyAble
from ticketing.work_orders.numbers import LOCAL
from ticketing.work_orders.states import State
from ticketing.work_orders.terms import Term

FLOW = Actor(Role.FLOW, "order")
ARREARS = "欠费停电"
"""What a crew reads on its job, in the words of its trade."""

FIRST_PROMISES = ("arrival", "reconnection", "damage.on_site", "complaint.contact", "meter.fault", "meter.reading")
"""What is promised when an order is made (`rulebook.promises`); an order has one of them at most."""

type Write = Callable[[Session, datetime], None]


@dataclass(frozen=True)
class Outside:
    """The robots, one for each outside system."""

    sms: Sms
    crew_app: CrewApp
    marketing: Marketing
    register: LegacyForm


@dataclass(frozen=True)
class Done:
    """What came of a step. `write`: what is written in the transaction that ticks it."""

    detail: str = ""
    outcome: str = "done"
    write: Write | None = None


SKIPPED = "skipped"


class Acts:
    """All steps over one database and one outside world."""

    def __init__(self, sessions: sessionmaker[Session], outside: Outside, book: Book, settings: Settings) -> None:
        self._sessions, self._outside, self._book, self._settings = sessions, outside, book, settings

    def do(self, job: Job, *, at: datetime) -> Done:
        """Raises Business, Technical, and LookupError for a step that nobody knows."""
        act: Callable[..., Done] | None = getattr(self, f"_{job.name}", None)
        if act is None:
            raise LookupError(f"no step '{job.name}'")
        return act(job, at)

    def _check_account(self, job: Job, at: datetime) -> Done:
        cut_off = job.cut_off
        if job.account and self._outside.marketing.door.is_set_up:
            cut_off = self._outside.marketing.standing(job.account, today=at.astimezone(LOCAL).date()).cut_off
        return Done("cut_off" if cut_off else "in good standing")

    def _known_outage(self, job: Job, at: datetime) -> Done:
        """Reports of a known outage make no order, and `outages` merges those that turn out to be one; here it is kept
        what was known when the crew was sent."""
        return Done(f"part of {job.outage}" if job.outage else "none known")

    def _choose_crew(self, job: Job, at: datetime) -> Done:
        def dispatch(session: Session, at: datetime) -> None:
            try:
                dispatching.dispatch(session, job.order, actor=FLOW, key=job.key, at=at)
            except NobodyAble as error:
                raise Business("no crew can do it") from error

        return Done(write=dispatch)

    def _send_crew(self, job: Job, at: datetime) -> Done:
        if not self._outside.crew_app.door.is_set_up:
            return Done("TICKETING_CREW_APP_URL is not set", SKIPPED)
        if job.crew is None:
            return Done("offered to all crews", SKIPPED)
        receipt = self._outside.crew_app.send_job(
            key=job.key,
            order=job.order,
            crew=job.crew,
            kind=job.kind,
            priority=job.priority,
            address=job.address,
            phone=None if job.confidential else job.phone,
            description=job.description,
            remark=ARREARS if job.cut_off else "",
        )
        return Done(receipt)

    def _call_back_crew(self, job: Job, at: datetime) -> Done:
        return self._urge_crew(job, self._outside.crew_app.recall, "withdrawn")

    def _alarm(self, job: Job, at: datetime) -> Done:
        """Somebody must act: the crew is hurried, the dispatcher on duty is told by text message."""
        if self._outside.sms.door.is_set_up and self._settings.dispatcher_phone:
            slots = {"order_number": job.order}
            with self._sessions.begin() as session:
                text = words.text(session, talk_track="utter_sms_dispatcher_alarm", slots=slots)
            self._outside.sms.send(key=f"{job.key}:dispatcher", to=self._settings.dispatcher_phone, text=text)
        return self._urge_crew(job, self._outside.crew_app.nudge, f"urgent, {job.step}")

    def _urge_crew(self, job: Job, send: Callable[..., str], reason: str) -> Done:
        if job.crew is None or not self._outside.crew_app.door.is_set_up:
            return Done("no crew to tell", SKIPPED)
        return Done(send(key=job.key, order=job.order, crew=job.crew, reason=reason))

    def _register(self, job: Job, at: datetime) -> Done:
        """Type the order into the duty register, which has no API."""
        if not self._outside.register.is_set_up:
            return Done("TICKETING_LEGACY_URL is not set", SKIPPED)
        entry = Entry(order=job.order, kind=job.kind, area=job.area or "—", crew=job.crew_name or "—")
        number = 0

        def see(name: str, picture: bytes) -> None:
            nonlocal number
            number += 1
            with self._sessions.begin() as session:
                evidence.keep(
                    session,
                    self._settings.home,
                    order=job.order,
                    step=job.step,
                    name=f"{number}.{name}",
                    picture=picture,
                    at=at,
                )

        return Done(self._outside.register.register(entry, see=see))

    def _tell_customer(self, job: Job, at: datetime) -> Done:
        return self._tell(job, at, "utter_sms_order_sent", self._book.promise(job, *FIRST_PROMISES), was_spoken=True)

    def _tell_arrival(self, job: Job, at: datetime) -> Done:
        return self._tell(job, at, "utter_sms_crew_on_site", self._book.promise(job, "restoration"))

    def _tell_outage(self, job: Job, at: datetime) -> Done:
        return self._tell(job, at, "utter_sms_order_merged", None)

    def _ask_customer(self, job: Job, at: datetime) -> Done:
        return self._tell(job, at, "utter_sms_order_finished", None)

    def _tell(
        self, job: Job, at: datetime, talk_track: str, promise: tuple[Term, str] | None, *, was_spoken: bool = False
    ) -> Done:
        """Say it with the promise's number where that may be said, else without one.

        `was_spoken`: the bot may have told the same when the order was made; each sentence is a promise of its own.
        """
        slots: dict[str, Any] = {"tail": job.order[-4:]}
        if promise:
            talk_track, slots["promise"] = f"{talk_track}_promise", promise[1]
        told = [promise[0]] if promise else []
        with self._sessions.begin() as session:
            if promise and was_spoken:
                words.link_spoken(session, job, promise[0])
            message = words.say(session, job, talk_track=talk_track, slots=slots, told=told, at=at)
            text = message.text if message else ""
        if message is None:
            return Done("no conversation or number to tell", SKIPPED)
        if job.chat or not job.phone:
            return Done("chat")
        return Done(self._outside.sms.send(key=job.key, to=job.phone, text=text))

    def _not_accepted(self, job: Job, at: datetime) -> Done:
        return self._escalate(job, "not accepted in time")

    def _not_reported(self, job: Job, at: datetime) -> Done:
        """Restored and not reported back: there is no 升级 from there, so the crew is hurried."""
        return self._urge_crew(job, self._outside.crew_app.nudge, "report back")

    def _escalate(self, job: Job, reason: str) -> Done:
        """Written before it is acted on: the step `alarm` follows from the transition."""

        def write(session: Session, at: datetime) -> None:
            moves.move(session, job.order, State.ESCALATED, actor=FLOW, reason=reason, key=job.key, at=at)

        return Done(reason, write=write)

    def _no_answer(self, job: Job, at: datetime) -> Done:
        """Asked, and silent for the whole time: that counts as followed up, with the reason in the log."""

        def write(session: Session, at: datetime) -> None:
            reason = "no answer to the follow-up"
            moves.move(session, job.order, State.FOLLOWED_UP, actor=FLOW, reason=reason, key=job.key, at=at)

        return Done(write=write)

    def _close(self, job: Job, at: datetime) -> Done:
        detail = "TICKETING_MARKETING_URL is not set"
        if self._outside.marketing.door.is_set_up:
            detail = self._outside.marketing.file(
                key=job.key, order=job.order, kind=job.kind, opened=job.created, closed=job.changed
            )

        def write(session: Session, at: datetime) -> None:
            reason = "followed up"
            moves.move(session, job.order, State.ARCHIVED, actor=FLOW, reason=reason, key=job.key, at=at)

        return Done(detail, write=write)
