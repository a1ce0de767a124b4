"""Find accounts by number or by the registered phone, without reading anybody's data."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from ticketing.customers.models import Account, Customer
from ticketing.personal import vault


def by_number(session: Session, number: str) -> Account | None:
    query = select(Account).where(Account.number_index == vault.index(number)).options(joinedload(Account.customer))
    return session.scalar(query)


def by_phone(session: Session, phone: str) -> Sequence[Account]:
    """Accounts whose holder registered this number, oldest first."""
    query = select(Account).join(Account.customer).where(Customer.phone_index == vault.index(phone))
    return session.scalars(query.order_by(Account.id).options(joinedload(Account.customer))).all()


def tail(account: Account) -> str:
    return account.number[-4:]


def only_of_phone(session: Session, phone: str) -> Account | None:
    """The account of this number when it has exactly one: with several, the caller has to say which."""
    found = by_phone(session, phone)
    return found[0] if len(found) == 1 else None
