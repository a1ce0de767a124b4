"""Flows are tested against the strict outside world and the demo town, on both stores."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session, sessionmaker

from tests.outside import Outside, outside
from ticketing import demo as demo_files
from ticketing.automation import wiring
from ticketing.automation.desk import OrderDesk
from ticketing.config import Settings
from ticketing.conversations import record
from ticketing.db import now
from ticketing.talk_tracks import files
from ticketing.talk_tracks.load import FILES, publish
from ticketing.talk_tracks.shelf import turn_over
from ticketing.work_orders import service as work_orders

PHONE = "13900000001"
PLACE = "右江区中山二路8号"


@pytest.fixture
def world() -> Iterator[Outside]:
    with outside() as running:
        yield running


@pytest.fixture
def linked(settings: Settings, world: Outside) -> Settings:
    """Ticketing's settings, with the outside world set up."""
    return Settings.model_validate({**settings.model_dump(by_alias=True), **world.settings()})


@pytest.fixture
def words(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        for signed in files.read(FILES):
            if signed.name.startswith("utter_sms"):
                publish(session, signed, at=now())
        turn_over(session)


@pytest.fixture
def desk(linked: Settings, sessions: sessionmaker[Session], town: None, words: None) -> OrderDesk:
    return wiring.order_desk(linked, sessions, wiring.book(linked), world=wiring.outside(linked))


class Maker:
    """Makes orders as the business makes them."""

    def __init__(self, sessions: sessionmaker[Session]) -> None:
        self._sessions, self._made = sessions, 0

    def __call__(self, *, kind: str = "outage", phone: str | None = PHONE, account: str | None = None) -> str:
        self._made += 1
        conversation = f"c-{self._made}"
        with self._sessions.begin() as session:
            record.open_or_lock(session, conversation, channel="phone", reply_to=None, caller=phone, at=now())
            made = work_orders.create(
                session,
                key=f"k-{self._made}",
                kind=kind,
                conversation=conversation,
                description="停电",
                address=PLACE,
                contact_phone=phone,
                account_number=account,
                at=now(),
                actor="test",
            )
            return made.number


@pytest.fixture
def make(sessions: sessionmaker[Session], town: None) -> Maker:
    return Maker(sessions)


def account_of_the_town(*, cut_off: bool) -> str:
    return next(row.account for row in demo_files.read().customers if row.cut_off is cut_off)
