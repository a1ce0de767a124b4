"""The parts of the flows put together, once, for a worker (and for tests)."""

from datetime import timedelta

from sqlalchemy.orm import Session, sessionmaker

from ticketing.automation.acts import Acts, Outside
from ticketing.automation.book import Book
from ticketing.automation.desk import OrderDesk
from ticketing.automation.robots.crew_app import CrewApp
from ticketing.automation.robots.legacy_form import LegacyForm
from ticketing.automation.robots.marketing import Marketing
from ticketing.automation.robots.sms import Sms
from ticketing.config import Settings
from ticketing.db import now
from ticketing.rulebook import rules
from ticketing.rulebook.promises import Promises


def outside(settings: Settings) -> Outside:
    return Outside(
        sms=Sms(settings.sms_url),
        crew_app=CrewApp(settings.crew_app_url, token=settings.crew_app_token.get_secret_value()),
        marketing=Marketing(
            settings.marketing_url or settings.billing_url, token=settings.billing_token.get_secret_value()
        ),
        register=LegacyForm(
            settings.legacy_url, user=settings.legacy_user, password=settings.legacy_password.get_secret_value()
        ),
    )


def book(settings: Settings) -> Book:
    promises = Promises(rules.load(), demo=settings.demo)
    return Book(promises, report_back=timedelta(minutes=settings.report_back_min))


def order_desk(settings: Settings, sessions: sessionmaker[Session], rulebook: Book) -> OrderDesk:
    return OrderDesk(sessions, Acts(sessions, outside(settings), rulebook, settings), rulebook, clock=now)
