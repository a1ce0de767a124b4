"""The demo town: whole, safe to sow again, and in step with the calendar."""

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from ticketing import demo, seed
from ticketing.billing.models import MeteredMonth, StoredBill
from ticketing.billing.tariff import Category
from ticketing.customers.models import Account
from ticketing.db import Base, now
from ticketing.outages.models import Outage
from ticketing.rulebook import rules


def sow(sessions: sessionmaker[Session], *, days: int = 0) -> dict[str, int]:
    """Rows of each table that the town fills."""
    with sessions.begin() as session:
        seed.sow(session, demo.read(), rules.load(), at=now() + timedelta(days=days))
        tables = Base.metadata.sorted_tables
        return {table.name: session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


def test_sowing_again_changes_nothing(sessions: sessionmaker[Session]) -> None:
    assert sow(sessions) == sow(sessions)


def test_a_month_later_there_is_one_more_bill_each_and_the_outages_are_of_that_day(
    sessions: sessionmaker[Session],
) -> None:
    before, after = sow(sessions), sow(sessions, days=31)
    assert after["bills"] == before["bills"] + before["accounts"]
    with sessions() as session:
        fault = session.get_one(Outage, "OUT-DEMO-FAULT")
        assert fault.etr and fault.etr > now() + timedelta(days=30)


def test_everybody_has_thirteen_months_and_somebody_reaches_each_tier(sessions: sessionmaker[Session]) -> None:
    sow(sessions)
    with sessions() as session:
        accounts = session.scalar(select(func.count()).select_from(Account)) or 0
        assert accounts >= 30
        bills = session.scalars(select(StoredBill)).all()
        assert len(bills) == accounts * 13
        assert {len(bill.items) for bill in bills if bill.account.category == "residential"} == {1, 2, 3}
        assert {bill.account.category for bill in bills} == set(Category)


def test_each_bill_is_made_from_the_days_of_its_metering_point(sessions: sessionmaker[Session]) -> None:
    sow(sessions)
    with sessions() as session:
        metered = {(row.metering_point, row.month): row.use() for row in session.scalars(select(MeteredMonth))}
        for bill in session.scalars(select(StoredBill)):
            use = metered[bill.account.metering_point, bill.month]
            assert (use.kwh, len(use.days)) == (bill.kwh, bill.days)
            assert bool(use.hours) == (bill.account.category == Category.COMMERCIAL)


def test_personal_data_is_not_readable_in_the_tables(sessions: sessionmaker[Session]) -> None:
    sow(sessions)
    with sessions() as session:
        rows = session.connection().exec_driver_sql("SELECT name, phone, id_last4 FROM customers").all()
        for row in rows:
            assert not any("韦".encode() in bytes(cell) or b"1390776" in bytes(cell) for cell in row)
