"""Check who a conversation speaks for. A refusal never tells which part was wrong, nor whether an account exists.

Tries count per account (by blind index, also of numbers that do not exist), per conversation and per caller's number.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from ticketing.audit import service as audit
from ticketing.customers import accounts, codes, tries
from ticketing.customers.levels import Matches, Outcome, judge
from ticketing.customers.models import Account, IdentityCheck, Standing
from ticketing.customers.names import fold, same_name
from ticketing.db import alone
from ticketing.errors import TicketingError
from ticketing.personal import vault

NOBODY = "无名氏", "0000", "00000000000"
"""Stands in for the holder of an account that does not exist, so that the same work is done for both."""


class IdentityRequired(TicketingError):
    """The conversation has to prove more for this."""

    status = 403


@dataclass(frozen=True)
class Evidence:
    """What the customer gave; None: not said. `caller`: the number of the line, which counts by itself."""

    caller: str | None = None
    account_number: str | None = None
    customer_name: str | None = None
    id_last4: str | None = None
    code: str | None = None


@dataclass(frozen=True)
class Result:
    outcome: Outcome
    level: int
    account_tail: str | None


def check(
    session: Session,
    given: Evidence,
    *,
    key: str,
    conversation: str,
    at: datetime,
    actor: str,
    limits: tries.Limits = tries.DEFAULT,
) -> Result:
    """Judge the evidence and keep what it proves as the conversation's standing. Asked again by key: same answer."""
    account = _target(session, given, session.get(Standing, conversation))
    counted = tries.Counted.of(conversation, caller=given.caller, account=_named(given, account))
    alone(session, f"identity:{key}", *counted.names)
    standing = session.get(Standing, conversation, populate_existing=True)
    earlier = session.get(IdentityCheck, key, populate_existing=True)
    if earlier is not None:
        return Result(Outcome(earlier.outcome), earlier.level, earlier.account_tail)
    wrong_before = tries.wrong(session, counted, at=at, window=limits.window)
    code = codes.fresh(session, given.code, account=_named(given, account), conversation=conversation, at=at)
    outcome, level = judge(_match(given, account, standing, code_is_right=code is not None))
    wrong = wrong_before < limits.wrong and outcome is Outcome.REFUSED
    if wrong_before + wrong >= limits.wrong:
        outcome, level = Outcome.LOCKED, 0
    if code is not None and outcome is Outcome.VERIFIED:
        code.used_at = at
    _stand(session, standing, account, outcome, conversation=conversation, level=level, at=at)
    tail = accounts.tail(account) if account and outcome is Outcome.VERIFIED else None
    result = Result(outcome, level, tail)
    session.add(tries.row(counted, result, key=key, wrong=wrong, at=at))
    data = {"outcome": outcome, "level": level, "wrong": wrong, "account": account.id if account else None}
    audit.record(
        session, kind="identity.checked", subject=f"conversation:{conversation}", actor=actor, data=data, at=at
    )
    return result


def standing_of(session: Session, conversation: str, *, level: int) -> Standing:
    """What the conversation has proven, at least `level`. Raises IdentityRequired with `level_needed`."""
    standing = session.get(Standing, conversation)
    if standing is None or standing.level < level:
        raise IdentityRequired(f"this needs identity level {level}", level_needed=level)
    return standing


def _target(session: Session, given: Evidence, standing: Standing | None) -> Account | None:
    """The account in question: the one named, the one proven before, or the only one of the caller's number."""
    if given.account_number:
        return accounts.by_number(session, given.account_number)
    if standing is not None:
        return standing.account
    return accounts.only_of_phone(session, given.caller) if given.caller else None


def _named(given: Evidence, account: Account | None) -> str | None:
    return given.account_number or (account.number if account else None)


def _match(given: Evidence, account: Account | None, standing: Standing | None, *, code_is_right: bool) -> Matches:
    if _named(given, account) is None:  # a name or a card of no account proves nothing, and is not wrong either
        return Matches(caller=False, name=None, id_last4=None, code=None)
    known = account is not None
    holder = account.customer if account else None
    name, id_last4, phone = (holder.name, holder.id_last4, holder.phone) if holder else NOBODY
    same_account = standing is not None and account is not None and standing.account_id == account.id
    return Matches(
        caller=_equal(given.caller or "", phone) and known,
        name=same_name(given.customer_name, name) and known if given.customer_name else None,
        id_last4=_equal(fold(given.id_last4), id_last4) and known if given.id_last4 else None,
        code=code_is_right and known if given.code else None,
        before=standing.level if standing and same_account else 0,
    )


def _equal(said: str, held: str) -> bool:
    return hmac.compare_digest(vault.index(said), vault.index(held))


def _stand(
    session: Session,
    standing: Standing | None,
    account: Account | None,
    outcome: Outcome,
    *,
    conversation: str,
    level: int,
    at: datetime,
) -> None:
    if outcome is Outcome.LOCKED and standing is not None:
        session.delete(standing)
    elif outcome is Outcome.VERIFIED and account is not None:
        session.merge(Standing(conversation=conversation, account_id=account.id, level=level, at=at))
    session.flush()
