"""Persons with conversations, orders and reports, and what of them stands in clear."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import inspect, text
from sqlalchemy.orm import Session, sessionmaker

from ticketing.conversations import handoffs, service
from ticketing.conversations.schemas import HandoffWish, Inbound, Turn
from ticketing.outages.models import OutageReport
from ticketing.personal import vault
from ticketing.retention.scope import Store
from ticketing.retention.stores import stores
from ticketing.work_orders import service as work_orders
from ticketing.work_orders.kinds import Kind
from ticketing.work_orders.models import Note, WorkOrder

LONG_AGO = datetime(2020, 3, 4, 5, 6, 7, tzinfo=UTC)
PHONE, OTHER = "13907760001", "13907760002"
WORDS = "我住在右江区城东大道12号"

type Lives = Callable[..., str]


@pytest.fixture
def places(tmp_path: Path) -> tuple[Store, ...]:
    return stores(tmp_path)


@pytest.fixture
def lives(sessions: sessionmaker[Session]) -> Lives:
    """A person's conversation with an order, a note, a report and a wish for a person; returns the order's number."""

    def live(conversation: str, *, phone: str = PHONE, at: datetime = LONG_AGO, state: str = "archived") -> str:
        said = {"id": f"{conversation}-m", "channel": "phone", "kind": "speech", "text": WORDS, "at": at}
        said |= {"reply_to": f"phone:{phone}", "caller": phone, "confidence": 0.9}
        reply = {"talk_track": "utter_ask", "slots": {"address": WORDS}, "default": f"您的地址是{WORDS}吗？"}
        buttons = [{"title": WORDS, "payload": WORDS}]
        answer = {
            "turn": f"{conversation}-m",
            "epoch": 1,
            "channel": "phone",
            "replies": [{**reply, "buttons": buttons}],
        }
        answer |= {"decision": {"intent": "report_outage", "entities": [{"entity": "address", "value": WORDS}]}}
        wish = {"key": "w", "reason": "asked", "skill": "general", "summary": WORDS, "contact_phone": phone}
        with sessions.begin() as session:
            service.record_message(session, conversation, Inbound.model_validate(said), at=at)
            service.record_replies(session, conversation, Turn.model_validate(answer), at=at)
            handoffs.ask_person(session, conversation, HandoffWish.model_validate(wish), actor="bot", at=at)
            order = work_orders.create(
                session,
                key=f"{conversation}/outage",
                kind=Kind.OUTAGE,
                conversation=conversation,
                description=WORDS,
                address=WORDS,
                contact_phone=phone,
                at=at,
                actor="actions",
            )
            session.add(Note(key=f"{conversation}/n", order_number=order.number, kind="urge", text=WORDS, at=at))
            report = OutageReport(key=f"{conversation}/r", conversation=conversation, order_number=order.number, at=at)
            report.caller, report.address, report.contact_phone = vault.index(phone), WORDS, phone
            report.description = WORDS
            session.add(report)
            session.flush()
            for each in session.query(WorkOrder).where(WorkOrder.conversation == conversation):
                each.state = state
        return order.number

    return live


def in_clear(sessions: sessionmaker[Session], *words: str) -> list[str]:
    """`table.column` of every place where one of the words stands, encrypted or not, or one of their blind indexes."""
    found = []
    indexes = [vault.index(word) for word in words]
    with sessions() as session:
        session.connection(execution_options={"reading": True})
        for table in inspect(session.get_bind()).get_table_names():
            for row in session.execute(text(f'SELECT * FROM "{table}"')).mappings():
                for column, value in row.items():
                    shown = _opened(value)
                    if any(word in shown for word in (*words, *indexes)):
                        found.append(f"{table}.{column}")
    return sorted(set(found))


def _opened(value: object) -> str:
    if isinstance(value, bytes | memoryview):
        try:
            value = vault.unseal(bytes(value))
        except InvalidTag:  # a salt
            return ""
    try:
        return json.dumps(json.loads(str(value)), ensure_ascii=False)  # SQLite keeps JSON with its letters escaped
    except ValueError:
        return str(value)
