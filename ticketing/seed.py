"""`python -m ticketing.seed`: fill the demo town, and bring it up to today. Repeating it is safe."""

import sys
from collections.abc import Callable
from datetime import date, datetime

from pydantic import ValidationError
from sqlalchemy import delete, select
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.orm import Session

from ticketing.accounts.seed import seed_accounts
from ticketing.billing.history import Habits, bills
from ticketing.billing.models import MeteredMonth, StoredBill
from ticketing.billing.store import as_row
from ticketing.billing.tariff import check
from ticketing.commands import wrong_settings
from ticketing.config import Settings
from ticketing.conversations.seed import seed_desk
from ticketing.customers.accounts import by_number
from ticketing.customers.models import Account, Customer, Meter, MeteringPoint
from ticketing.db import now, session_factory
from ticketing.demo import CustomerRow, DemoBroken, Town, read
from ticketing.migrate import MigrationRefused, open_engine
from ticketing.offices.models import Office
from ticketing.outages import network
from ticketing.outages.models import NetworkNode, Outage, ServedPlace
from ticketing.outages.schedule import State
from ticketing.personal import vault
from ticketing.rulebook import rules
from ticketing.rulebook.rules import Rulebook, RulebookBroken
from ticketing.talk_tracks.files import TalkTrackFileError
from ticketing.talk_tracks.load import load as load_talk_tracks
from ticketing.work_orders.models import Crew, Site
from ticketing.work_orders.numbers import LOCAL

INSTALLED = date(2019, 5, 1)


def sow(session: Session, town: Town, book: Rulebook, *, at: datetime) -> None:
    """Write the town. What is there is brought up to date; orders and conversations stay as they are."""
    _network(session, town)
    for row in town.customers:
        account = by_number(session, row.account) or _customer(session, row)
        account.cut_off, account.balance_fen = row.cut_off, row.balance_fen
        account.area_code, account.category = row.area_code, row.category
        _bills(session, account, row, book, today=at.astimezone(LOCAL).date())
    for crew in town.crews:
        session.merge(Crew(**crew.model_dump()))
    for site in town.sites:
        session.merge(Site(**site.model_dump()))
    for office in town.offices:
        session.merge(Office(**office.model_dump()))
    _outages(session, town, at=at)
    session.flush()


def _network(session: Session, town: Town) -> None:
    for substation in town.substations:
        session.merge(NetworkNode(code=substation.code, kind="substation", name=substation.name, parent=None))
        session.flush()
        for feeder in substation.feeders:
            session.merge(NetworkNode(code=feeder.code, kind="feeder", name=feeder.name, parent=substation.code))
    session.flush()
    session.execute(delete(ServedPlace))
    for feeder, transformer in town.transformers():
        named = transformer.model_dump(include={"code", "name", "homes"})
        session.merge(NetworkNode(**named, kind="transformer", parent=feeder.code))
        session.flush()
        shared = {"city": transformer.city, "district": transformer.district, "zone": transformer.zone}
        for place in transformer.places:
            session.add(ServedPlace(transformer=transformer.code, **shared, **place.model_dump()))
    session.flush()
    network.changed(session)


def _customer(session: Session, row: CustomerRow) -> Account:
    point = MeteringPoint(code=f"MP-{row.meter}", transformer=row.transformer, address=row.address)
    phone_index = vault.index(row.phone)
    holder = Customer(name=row.name, id_last4=row.id_last4, phone=row.phone, phone_index=phone_index)
    session.add_all([point, holder])
    session.flush()
    account = Account(
        customer_id=holder.id, metering_point=point.code, number=row.account, number_index=vault.index(row.account)
    )
    session.add_all([account, Meter(asset_number=row.meter, metering_point=point.code, installed_on=INSTALLED)])
    session.flush()
    return account


def _bills(session: Session, account: Account, row: CustomerRow, book: Rulebook, *, today: date) -> None:
    habits = Habits(row.account, row.base_kwh, row.unpaid, row.late_payment, row.category)
    stored = {bill.month: bill for bill in session.scalars(select(StoredBill).filter_by(account_id=account.id))}
    metered = set(session.scalars(select(MeteredMonth.month).filter_by(metering_point=account.metering_point)))
    for past in bills(habits, book, today=today):
        if past.month not in metered:
            session.add(MeteredMonth.of(account.metering_point, past.use))
        bill = stored.get(past.month)
        if bill is None:
            bill = StoredBill(account_id=account.id, items=[as_row(item) for item in past.items])
            for name in ("month", "kwh", "days", "amount_fen", "late_fee_fen", "due_on"):
                setattr(bill, name, getattr(past, name))
            session.add(bill)
        bill.paid_on = past.paid_on


def _outages(session: Session, town: Town, *, at: datetime) -> None:
    for row in town.outages:
        started, etr = row.span(at)
        state = State.ACTIVE if row.kind == "fault" else State.PLANNED
        shared = row.model_dump(include={"id", "kind", "node", "area", "cause"})
        session.merge(Outage(**shared, state=state, started=started, etr=etr))


def _guarded(work: Callable[[], int]) -> int:
    try:
        return work()
    except ValidationError as error:
        print(f"the demo town cannot be seeded, {wrong_settings(error)}", file=sys.stderr)
    except (DemoBroken, RulebookBroken, TalkTrackFileError, MigrationRefused) as error:
        print(f"the demo town cannot be seeded: {error}", file=sys.stderr)
    except (OperationalError, ProgrammingError) as error:
        print(f"the database cannot be used, run python -m ticketing.migrate first: {error.orig}", file=sys.stderr)
    return 1


def seed() -> int:
    """Publish the talk tracks; in the demo also write the town and its people at the desk."""
    settings = Settings()
    vault.open(settings.data_key.get_secret_value())
    town, book = read(), rules.load()
    check(book)
    engine = open_engine(settings.sqlalchemy_url)
    try:
        with session_factory(engine).begin() as session:
            if settings.demo:
                sow(session, town, book, at=now())
                seed_desk(session, at=now())
                if settings.demo_desk_password:
                    seed_accounts(session, password=settings.demo_desk_password.get_secret_value(), at=now())
            words = load_talk_tracks(session, at=now())
    finally:
        engine.dispose()
    sown = f"demo town: {len(town.customers)} customers" if settings.demo else "no demo: nothing but words"
    print(f"{sown}; talk tracks: {len(words.published)} published, {words.unchanged} unchanged")
    return 0


if __name__ == "__main__":
    sys.exit(_guarded(seed))
