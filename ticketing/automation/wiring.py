"""The parts of the flows put together, once, for a worker (and for tests)."""

from datetime import timedelta

from sqlalchemy.orm import Session, sessionmaker

from ticketing.automation.acts import Acts, Outside
from ticketing.automation.book import Book
from ticketing.automation.desk import OrderDesk
from ticketing.automation.robots.crew_app import CrewApp
from ticketing.automation.robots.door import Door, Memory, no_memory
from ticketing.automation.robots.legacy_form import LegacyForm
from ticketing.automation.robots.marketing import Marketing
from ticketing.automation.robots.sms import Sms
from ticketing.config import Settings
from ticketing.db import now
from ticketing.rulebook import rules
from ticketing.rulebook.promises import Promises


def outside(settings: Settings, *, memory: Memory = no_memory) -> Outside:
    return Outside(
        sms=Sms(settings.sms_url, memory=memory),
        crew_app=CrewApp(settings.crew_app_url, token=settings.crew_app_token.get_secret_value(), memory=memory),
        marketing=Marketing(
            settings.marketing_url or settings.billing_url,
            token=settings.billing_token.get_secret_value(),
            memory=memory,
        ),
        register=LegacyForm(
            settings.legacy_url, user=settings.legacy_user, password=settings.legacy_password.get_secret_value()
        ),
    )


def book(settings: Settings) -> Book:
    promises = Promises(rules.load(), demo=settings.demo)
    return Book(promises, report_back=timedelta(minutes=settings.report_back_min))


def order_desk(settings: Settings, sessions: sessionmaker[Session], rulebook: Book, *, world: Outside) -> OrderDesk:
    return OrderDesk(sessions, Acts(sessions, world, rulebook, settings), rulebook, clock=now)


def systems(world: Outside) -> dict[str, Door]:
    """Those that can say what they did; the register has no API, and its robot looks before it types."""
    doors = {"sms": world.sms.door, "crew_app": world.crew_app.door, "marketing": world.marketing.door}
    return {name: door for name, door in doors.items() if door.is_set_up}
