"""What is put into the outbox belongs to the transaction, once per key, and is unreadable at rest."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from sqlalchemy import select, text
from sqlalchemy.orm import Session, sessionmaker

from ticketing.outbox.models import OutboxEntry
from ticketing.outbox.service import put

AT = datetime(2026, 11, 23, tzinfo=UTC)


def test_a_transaction_that_fails_sends_nothing(sessions: sessionmaker[Session]) -> None:
    with sessions() as session:
        put(session, kind="sms", key="a", payload={}, at=AT)
        session.rollback()
    with sessions() as session:
        assert session.scalars(select(OutboxEntry)).all() == []


def test_a_key_stands_once_also_when_put_at_the_same_time(sessions: sessionmaker[Session]) -> None:
    def once(number: int) -> None:
        with sessions.begin() as session:
            put(session, kind="sms", key="a", payload={"number": number}, at=AT)
            put(session, kind="sms", key=f"b-{number}", payload={}, at=AT)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(once, range(6)))
    with sessions() as session:
        keys = session.scalars(select(OutboxEntry.key).order_by(OutboxEntry.key)).all()
    assert keys == ["a", *(f"b-{number}" for number in range(6))]


def test_the_payload_is_sealed(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        put(session, kind="sms", key="a", payload={"to": "13907760001"}, at=AT)
    with sessions() as session:
        assert b"1390776" not in bytes(session.execute(text("SELECT payload FROM outbox")).scalar_one())
