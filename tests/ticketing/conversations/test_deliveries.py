"""Receipts are appended to the record, once each."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from tests.ticketing.conversations.conftest import AT
from ticketing.conversations.deliveries import record_deliveries
from ticketing.conversations.errors import ConversationNotFound
from ticketing.conversations.models import Delivery
from ticketing.conversations.schemas import DeliveryReport, Recorded


def test_receipts_are_kept_once_and_strangers_named(
    say: Callable[..., Recorded], sessions: sessionmaker[Session]
) -> None:
    say("m-1")
    reports = [
        DeliveryReport(reply="m-1", state="delivered", at=AT),
        DeliveryReport(reply="m-1", state="cut", cut_at_ms=1200),
        DeliveryReport(reply="r-404", state="delivered"),
    ]
    for _ in range(2):
        with sessions.begin() as session:
            assert record_deliveries(session, "c-1", reports, at=AT) == (2, ["r-404"])
    with sessions() as session:
        kept = session.scalars(select(Delivery).order_by(Delivery.id)).all()
    assert [(each.message, each.state, each.cut_at_ms) for each in kept] == [
        ("m-1", "delivered", None),
        ("m-1", "cut", 1200),
    ]


def test_an_unknown_conversation_is_refused(sessions: sessionmaker[Session]) -> None:
    with pytest.raises(ConversationNotFound), sessions.begin() as session:
        record_deliveries(session, "c-404", [DeliveryReport(reply="r", state="dropped")], at=AT)
