"""Every place in ticketing's database where personal text stands, and what is left of it.

What a person said, their numbers and addresses go; numbers of rows, times, talk tracks, states and kinds stay. Names
and addresses of customers with a contract are not here: they are the marketing system's (`data/retention.yml`).
"""

from pathlib import Path
from typing import Any

from sqlalchemy import ScalarSelect, and_, func, or_, select

from ticketing.conversations.control import Control
from ticketing.conversations.models import Conversation, Handoff, Message, Turn
from ticketing.customers.models import IdentityCheck, OneTimeCode, Standing
from ticketing.inspection.models import Inspection
from ticketing.outages.models import CallBack, OutageReport
from ticketing.outbox.models import OutboxEntry
from ticketing.retention.models import LegalHold
from ticketing.retention.pictures import Pictures
from ticketing.retention.rules import Item
from ticketing.retention.scope import Store
from ticketing.retention.tables import Column, Rows
from ticketing.retention.texts import AuditTexts
from ticketing.work_orders.models import Note, WorkOrder
from ticketing.work_orders.states import ENDED

LANE = "conversation:"


def _order(number: Column, column: Column) -> ScalarSelect[Any]:
    """A column of the order with this number."""
    return select(column).where(WorkOrder.number == number).correlate_except(WorkOrder).scalar_subquery()


def _addressee() -> Column:
    """The conversation that a sending belongs to: its lane says it, or what it was made for (a code, a question)."""
    code = select(OneTimeCode.conversation).where(OneTimeCode.key == func.substr(OutboxEntry.key, len("code:") + 1))
    asked = select(CallBack.conversation).where(CallBack.id == func.substr(OutboxEntry.key, len("callback:") + 1))
    return func.coalesce(
        func.substr(OutboxEntry.lane, len(LANE) + 1),
        code.correlate(OutboxEntry).scalar_subquery(),
        asked.correlate(OutboxEntry).scalar_subquery(),
    )


TABLES = (
    Rows(
        Item.MESSAGES,
        Message,
        age=Message.at,
        conversation=Message.conversation,
        personal=Message.erased_at.is_(None),
        empty={"text": "", "buttons": []},
    ),
    Rows(
        Item.DECISIONS,
        Turn,
        age=Turn.at,
        conversation=Turn.conversation,
        personal=Turn.entities.is_not(None),
        empty={"entities": None},
    ),
    Rows(
        Item.HANDOFFS,
        Handoff,
        age=Handoff.at,
        conversation=Handoff.conversation,
        personal=Handoff.erased_at.is_(None),
        empty={"summary": "", "contact_phone": None},
    ),
    Rows(
        Item.STANDINGS,
        Standing,
        age=Standing.at,
        conversation=Standing.conversation,
        personal=Standing.level.is_not(None),
        empty=None,
    ),
    Rows(
        Item.IDENTITY_CHECKS,
        IdentityCheck,
        age=IdentityCheck.at,
        conversation=IdentityCheck.conversation,
        personal=or_(
            IdentityCheck.account_index.is_not(None),
            IdentityCheck.caller_index.is_not(None),
            IdentityCheck.account_tail.is_not(None),
        ),
        empty={"account_index": None, "caller_index": None, "account_tail": None},
    ),
    Rows(
        Item.IDENTITY_CHECKS,
        OneTimeCode,
        age=OneTimeCode.at,
        conversation=OneTimeCode.conversation,
        personal=OneTimeCode.account_index.is_not(None),
        empty={"account_index": None},
    ),
    Rows(
        Item.ORDER_NOTES,
        Note,
        age=Note.at,
        conversation=_order(Note.order_number, WorkOrder.conversation),
        order=Note.order_number,
        personal=Note.erased_at.is_(None),
        is_over=_order(Note.order_number, WorkOrder.state).in_(ENDED),
        empty={"text": ""},
    ),
    Rows(
        Item.REPORTS,
        OutageReport,
        age=OutageReport.at,
        conversation=OutageReport.conversation,
        order=OutageReport.order_number,
        personal=OutageReport.erased_at.is_(None),
        # Who is called back when power returns must still be there then.
        is_over=or_(
            OutageReport.withdrawn_at.is_not(None),
            _order(OutageReport.order_number, WorkOrder.state).in_(ENDED),
        ),
        empty={"address": "", "contact_phone": None, "caller": None, "description": ""},
    ),
    Rows(
        Item.ORDERS,
        WorkOrder,
        age=WorkOrder.changed,
        born=WorkOrder.created,
        conversation=WorkOrder.conversation,
        order=WorkOrder.number,
        personal=WorkOrder.erased_at.is_(None),
        is_over=WorkOrder.state.in_(ENDED),
        empty={
            "address": None,
            "contact_phone": None,
            "contact_index": None,
            "description": "",
            "details": "{}",
            "account_id": None,
        },
    ),
    Rows(
        Item.OUTBOX,
        OutboxEntry,
        age=OutboxEntry.created,
        conversation=_addressee(),
        personal=OutboxEntry.erased_at.is_(None),
        is_over=or_(OutboxEntry.done_at.is_not(None), OutboxEntry.given_up_at.is_not(None)),
        empty={"payload": "{}"},
    ),
    Rows(
        Item.INSPECTIONS,
        Inspection,
        age=Inspection.filled_at,
        conversation=Inspection.conversation,
        personal=Inspection.erased_at.is_(None),
        empty={"remarks": "", "contest": None, "decision": None},
    ),
    Rows(
        Item.HOLDS,
        LegalHold,
        age=func.coalesce(LegalHold.lifted_at, LegalHold.placed_at),
        conversation=LegalHold.conversation,
        personal=LegalHold.erased_at.is_(None),
        is_over=LegalHold.lifted_at.is_not(None),
        empty={"reason": "", "lift_reason": None},
    ),
    # Last: their number is how orders without one of their own are called back.
    Rows(
        Item.CONVERSATIONS,
        Conversation,
        age=Conversation.last_activity,
        born=Conversation.opened,
        conversation=Conversation.id,
        personal=or_(Conversation.erased_at.is_(None), Conversation.last_activity > Conversation.erased_at),
        is_over=and_(
            Conversation.control.in_((Control.BOT, Control.CLOSED)),
            ~select(WorkOrder.number)
            .where(WorkOrder.conversation == Conversation.id, WorkOrder.state.not_in(ENDED))
            .correlate(Conversation)
            .exists(),
        ),
        empty={"caller": None, "caller_index": None, "reply_to": "", "salt": None},
    ),
)


def stores(home: Path) -> tuple[Store, ...]:
    """All of them, in the order in which they are emptied. `home`: the data directory with the robots' pictures."""
    return (AuditTexts(), Pictures(home), *TABLES)
