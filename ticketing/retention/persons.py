"""Where one person stands in the records: their conversations and orders, by phone number, account or conversation."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from ticketing.conversations.models import Conversation
from ticketing.customers.models import Account, Customer, IdentityCheck, Standing
from ticketing.outages.models import OutageReport
from ticketing.personal import vault
from ticketing.work_orders.models import WorkOrder


class How(StrEnum):
    PHONE = "phone"
    ACCOUNT = "account"
    CONVERSATION = "conversation"


@dataclass(frozen=True)
class Traces:
    conversations: frozenset[str]
    orders: frozenset[str]


def traces(session: Session, how: How, who: str) -> Traces:
    """`who`: blind index of the number, or the conversation's id.

    A number counts where it called, where it was left for calling back, and where its holder proved an account. What
    is found leads to the whole conversation, because the number was said in it.
    """
    match how:
        case How.PHONE:
            conversations = _by_phone(session, who)
        case How.ACCOUNT:
            conversations = _by_accounts(session, [who])
        case How.CONVERSATION:
            conversations = {who}
    orders = session.scalars(select(WorkOrder.number).where(WorkOrder.conversation.in_(conversations)))
    reported = session.scalars(
        select(OutageReport.conversation).where(OutageReport.conversation.in_(conversations)).distinct()
    )
    return Traces(frozenset(conversations) | frozenset(reported), frozenset(orders))


def _by_phone(session: Session, index: str) -> set[str]:
    accounts = session.scalars(
        select(Account.number_index)
        .join(Customer, Customer.id == Account.customer_id)
        .where(Customer.phone_index == index)
    ).all()
    return {
        *session.scalars(select(Conversation.id).where(Conversation.caller_index == index)),
        *session.scalars(select(WorkOrder.conversation).where(WorkOrder.contact_index == index)),
        *session.scalars(select(OutageReport.conversation).where(OutageReport.caller == index)),
        *session.scalars(select(IdentityCheck.conversation).where(IdentityCheck.caller_index == index)),
        *_by_accounts(session, accounts),
    }


def _by_accounts(session: Session, indexes: Iterable[str]) -> set[str]:
    """Conversations that proved one of the accounts, or made an order for it. A failed try proves nothing."""
    accounts = session.scalars(select(Account.id).where(Account.number_index.in_(list(indexes)))).all()
    return {
        *session.scalars(select(Standing.conversation).where(Standing.account_id.in_(accounts))),
        *session.scalars(select(WorkOrder.conversation).where(WorkOrder.account_id.in_(accounts))),
    }


def index_of(how: How, value: str) -> str:
    """What a person typed, as `traces` looks for it."""
    return value if how is How.CONVERSATION else vault.index("".join(value.split()))
