"""The customer of a conversation as far as it has proven who that is: masked, and shown one field at a time."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ticketing.accounts.sessions import Person
from ticketing.audit import service as audit
from ticketing.conversations import record
from ticketing.conversations.models import Conversation, Message
from ticketing.customers import accounts
from ticketing.customers.models import Account, Standing
from ticketing.desk import masking
from ticketing.desk.errors import NothingHidden
from ticketing.desk.schemas import CustomerView, Unmask
from ticketing.desk.visibility import hold
from ticketing.outages import lookup
from ticketing.outages.schemas import OutageView
from ticketing.personal import mask, mask_name


def panel(session: Session, conversation_id: str, *, at: datetime) -> CustomerView:
    """Raises ConversationNotFound."""
    conversation = record.find(session, conversation_id)
    standing = session.get(Standing, conversation_id)
    account = standing.account if standing else None
    caller = conversation.caller
    view = CustomerView(
        level=standing.level if standing else 0,
        caller=mask(caller) if caller else None,
        caller_accounts=len(accounts.by_phone(session, caller)) if caller else 0,
        name=None,
        account=None,
        phone=None,
        address=None,
        category=None,
        cut_off=False,
        outages=[],
    )
    return view if account is None else view.model_copy(update=_known(session, account, at=at))


def _known(session: Session, account: Account, *, at: datetime) -> dict[str, object]:
    place = account.place.address
    _, outages = lookup.look_up(session, address=place, day=None, at=at)
    return {
        "name": mask_name(account.customer.name),
        "account": mask(account.number),
        "phone": mask(account.customer.phone),
        "address": masking.address(place),
        "category": account.category,
        "cut_off": account.cut_off,
        "outages": [OutageView.model_validate(each) for each in outages],
    }


def unmask(session: Session, conversation_id: str, asked: Unmask, *, person: Person, at: datetime) -> str:
    """One field in clear, for who has the conversation; the look is recorded first.

    Raises ConversationNotFound, NotYours, NothingHidden.
    """
    conversation = hold(session, conversation_id, person)
    value = _value(session, conversation, asked)
    if value is None:
        raise NothingHidden(f"there is no '{asked.field}' to show")
    data = {"what": asked.field, "seq": asked.seq} if asked.field == "message" else {"what": asked.field}
    subject = f"conversation:{conversation_id}"
    audit.record(session, kind="personal.seen", subject=subject, actor=person.actor, data=data, at=at)
    return value


def _value(session: Session, conversation: Conversation, asked: Unmask) -> str | None:
    if asked.field == "caller":
        return conversation.caller
    if asked.field == "message":
        query = select(Message.text).where(Message.conversation == conversation.id, Message.seq == asked.seq)
        return session.scalar(query)
    standing = session.get(Standing, conversation.id)
    if standing is None:
        return None
    account = standing.account
    values = {
        "name": account.customer.name,
        "account": account.number,
        "phone": account.customer.phone,
        "address": account.place.address,
    }
    return values[asked.field]
