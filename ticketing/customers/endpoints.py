"""Identity over HTTP: checks, codes, and what is known of a conversation's caller."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Request

from ticketing.access import Caller, Only
from ticketing.audit import service as audit
from ticketing.config import Settings
from ticketing.conversations.models import Conversation
from ticketing.customers import accounts, callers, codes, identity
from ticketing.customers.levels import EVERYTHING
from ticketing.customers.models import Standing
from ticketing.customers.schemas import CallerView, CheckResult, CodeSent, NewCheck, NewCode
from ticketing.customers.tries import Limits
from ticketing.db import Writing, now
from ticketing.errors import TicketingError
from ticketing.work_orders import service as work_orders

router = APIRouter(prefix="/api", tags=["identity"])
Assistant = Annotated[Caller, Depends(Only(Caller.ACTIONS, Caller.BOT))]


class InvalidAccountNumber(TicketingError):
    """Not as many digits as this utility's account numbers have."""

    status = 422


def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


OurSettings = Annotated[Settings, Depends(_settings)]


@router.post("/identity/checks")
def check(asked: NewCheck, session: Writing, settings: OurSettings, caller: Assistant) -> CheckResult:
    _check_length(asked.account_number, settings)
    given = identity.Evidence(
        caller=callers.number_of(session, asked.conversation),
        account_number=asked.account_number,
        customer_name=asked.customer_name,
        id_last4=asked.id_last4,
        code=asked.code,
    )
    limits = Limits(wrong=settings.identity_tries, window=timedelta(hours=settings.identity_window_h))
    result = identity.check(
        session, given, key=asked.key, conversation=asked.conversation, at=now(), actor=caller, limits=limits
    )
    return CheckResult.model_validate(result, from_attributes=True)


@router.post("/identity/codes")
def send_code(asked: NewCode, session: Writing, settings: OurSettings, caller: Assistant) -> CodeSent:
    """The same answer for an account that exists and one that does not."""
    _check_length(asked.account_number, settings)
    codes.send(
        session,
        key=asked.key,
        conversation=asked.conversation,
        account_number=asked.account_number,
        caller=callers.number_of(session, asked.conversation),
        at=now(),
        actor=caller,
    )
    return CodeSent()


@router.get("/conversations/{conversation}/caller")
def caller_of(conversation: str, session: Writing, caller: Assistant) -> CallerView:
    """Who calls, as far as proven. The address is shown, and the look at it recorded, on level 2."""
    number = callers.number_of(session, conversation)
    standing = session.get(Standing, conversation)
    known = session.get(Conversation, conversation)
    orders = work_orders.find(session, conversation=conversation, limit=1)
    shows_address = standing is not None and standing.level >= EVERYTHING
    if standing and shows_address:
        audit.record(
            session,
            kind="personal.seen",
            subject=f"account:{standing.account_id}",
            actor=caller,
            data={"conversation": conversation, "what": "address"},
            at=now(),
        )
    return CallerView(
        caller_known=bool(number and accounts.by_phone(session, number)),
        caller_tail=number[-4:] if number else None,
        account_tail=accounts.tail(standing.account) if standing else None,
        level=standing.level if standing else 0,
        address=standing.account.place.address if standing and shows_address else None,
        control=known.control if known else "bot",
        last_order=orders[0].number if orders else None,
    )


def _check_length(number: str | None, settings: Settings) -> None:
    shortest, longest = settings.account_digits_min, settings.account_digits_max
    if number is not None and not shortest <= len(number) <= longest:
        raise InvalidAccountNumber(f"an account number has {shortest} to {longest} digits, this one has {len(number)}")
