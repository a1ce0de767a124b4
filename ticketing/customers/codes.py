"""One-time codes by text message to the registered phone: six digits, five minutes, kept only as a keyed hash."""

import hmac
import secrets
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ticketing.audit import service as audit
from ticketing.customers import accounts
from ticketing.customers.models import OneTimeCode, Standing
from ticketing.db import alone
from ticketing.outbox import service as outbox
from ticketing.personal import vault
from ticketing.talk_tracks import service as talk_tracks

DIGITS = 6
LIFETIME = timedelta(minutes=5)
SENDINGS_A_DAY = 5
"""Per account: nobody shall be flooded with codes, nor guess against many at once."""
TALK_TRACK = "utter_sms_code"


def send(
    session: Session,
    *,
    key: str,
    conversation: str,
    account_number: str | None,
    caller: str | None,
    at: datetime,
    actor: str,
) -> None:
    """Send a code to the holder's phone, once per key. For an account that does not exist nothing differs outside."""
    number = account_number or _own(session, conversation, caller)
    index = vault.index(number or "")
    alone(session, f"code:{key}", f"codes:{index}")
    if session.get(OneTimeCode, key) is not None:
        return
    account = accounts.by_number(session, number) if number else None
    allowed = account is not None and _sent_today(session, index, at=at) < SENDINGS_A_DAY
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    row = OneTimeCode(
        key=key, conversation=conversation, account_index=index, code_hash=_hash(index, code), sent=allowed, at=at
    )
    session.add(row)
    session.flush()
    subject = f"conversation:{conversation}"
    audit.record(session, kind="identity.code_asked", subject=subject, actor=actor, data={"sent": allowed}, at=at)
    minutes = int(LIFETIME.total_seconds() // 60)
    words = talk_tracks.render(session, name=TALK_TRACK, slots={"code": code, "minutes": minutes}, channel="sms")
    if account is not None and allowed:
        payload = {"to": account.customer.phone, "text": words.text}
        outbox.put(session, kind="sms", key=f"code:{key}", payload=payload, at=at)


def fresh(
    session: Session, said: str | None, *, account: str | None, conversation: str, at: datetime
) -> OneTimeCode | None:
    """The newest code of this conversation for this account, if `said` is it and it is neither old nor used."""
    if not said:
        return None
    index = vault.index(account or "")
    newest = session.scalar(
        select(OneTimeCode)
        .where(OneTimeCode.conversation == conversation, OneTimeCode.account_index == index)
        .order_by(OneTimeCode.at.desc())
        .limit(1)
    )
    right = newest is not None and hmac.compare_digest(newest.code_hash, _hash(index, said)) and newest.sent
    if newest is None or not right or newest.used_at is not None or at > newest.at + LIFETIME:
        return None
    return newest


def _own(session: Session, conversation: str, caller: str | None) -> str | None:
    standing = session.get(Standing, conversation)
    if standing is not None:
        return standing.account.number
    account = accounts.only_of_phone(session, caller) if caller else None
    return account.number if account else None


def _hash(index: str, code: str) -> str:
    return vault.index(f"one-time code:{index}:{code}")


def _sent_today(session: Session, index: str, *, at: datetime) -> int:
    fresh = OneTimeCode.at > at - timedelta(hours=24)
    query = select(func.count()).where(OneTimeCode.account_index == index, OneTimeCode.sent.is_(True), fresh)
    return session.scalar(query) or 0
