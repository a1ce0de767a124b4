"""After a restore: the fence stands in every process, what happened outside is taken over, and then it falls."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from ticketing.audit.models import AuditRecord
from ticketing.automation.errors import Business, Technical
from ticketing.automation.robots.door import Effect
from ticketing.outbox import service as outbox
from ticketing.outbox.models import OutboxEntry
from ticketing.outbox.senders import NotSent
from ticketing.recovery import fence, reconcile
from ticketing.recovery.models import OutsideEffect, Restore
from ticketing.work_orders import numbers, service
from ticketing.work_orders.models import WorkOrder

AT = datetime(2026, 11, 25, 9, tzinfo=UTC)
YESTERDAY = AT - timedelta(days=1)
GONE = "WO202611250042"
JOB: dict[str, Any] = {
    "order": GONE,
    "crew": "CR-YJ-REPAIR",
    "kind": "outage",
    "priority": 2,
    "address": "右江区中山二路8号",
}
JOB |= {"phone": "13900000001", "description": "停电", "remark": ""}


def effect(key: str, what: str, *, after: float = 1, **content: Any) -> Effect:
    return Effect(key=key, id=f"r-{key}", what=what, at=YESTERDAY + timedelta(hours=after), content=content)


class System:
    """An outside system with a log, which can be away."""

    def __init__(self, *effects: Effect) -> None:
        self.effects, self.is_away, self.has_no_log = list(effects), False, False

    def done_since(self, since: datetime) -> list[Effect]:
        if self.has_no_log:
            raise Business("status 404")
        if self.is_away:
            raise Technical("ConnectError")
        return [each for each in self.effects if each.at >= since]


@pytest.fixture
def restored(sessions: sessionmaker[Session], town: None) -> sessionmaker[Session]:
    with sessions.begin() as session:
        session.add(Restore(taken_at=YESTERDAY, restored_at=AT))
    return sessions


def test_nothing_is_asked_where_nothing_was_restored(sessions: sessionmaker[Session]) -> None:
    assert reconcile.round(sessions, {"sms": System()}, at=AT) == 0
    assert fence.memory(sessions)("WO202611250001:send_crew:1") is None


def test_the_fence_stands_while_a_system_is_away(restored: sessionmaker[Session]) -> None:
    away = System()
    away.is_away = True
    assert reconcile.round(restored, {"sms": away}, at=AT) == 0
    with restored() as session:
        assert fence.is_up(session)
    away.is_away = False
    assert reconcile.round(restored, {"sms": away}, at=AT) == 1
    with restored() as session:
        assert not fence.is_up(session)
    assert reconcile.round(restored, {"sms": away}, at=AT) == 0


def test_what_was_done_is_not_done_again(restored: sessionmaker[Session]) -> None:
    key = "WO202611240001:tell_customer"
    reconcile.round(restored, {"sms": System(effect(key, "message", to="139", text="…"))}, at=AT)
    assert fence.memory(restored)(key) == f"r-{key}"
    assert fence.memory(restored)("WO202611240001:other") is None


def test_an_order_of_the_gap_is_made_again_and_goes_on_where_it_was(restored: sessionmaker[Session]) -> None:
    crews = System(
        effect(f"{GONE}:send_crew:1", "job", after=1, **JOB),
        effect(f"{GONE}/accepted", "event", after=2, id="e-1", order=GONE, crew="CR-YJ-REPAIR", event="accepted"),
        effect(f"{GONE}/arrived", "event", after=3, id="e-2", order=GONE, crew="CR-YJ-REPAIR", event="arrived"),
    )
    reconcile.round(restored, {"crew_app": crews}, at=AT)
    with restored() as session:
        order = session.get_one(WorkOrder, GONE)
        assert (order.state, order.crew, order.contact_phone) == ("on_site", "CR-YJ-REPAIR", "13900000001")
        flows = select(func.count()).where(OutboxEntry.kind == "flow", OutboxEntry.key.endswith(GONE))
        assert session.scalar(flows) == 1
        gap = session.scalars(select(Restore)).one()
        assert (gap.adopted, gap.remade, gap.unknown) == (1, 1, 0)


def test_what_cannot_be_made_again_is_listed_for_a_person(restored: sessionmaker[Session]) -> None:
    systems = {
        "crew_app": System(effect(f"{GONE}:send_crew:1", "job", **{**JOB, "crew": "CR-NOBODY"})),
        "sms": System(effect("WO202611250043:tell_customer", "message", to="139", text="…")),
    }
    reconcile.round(restored, systems, at=AT)
    with restored() as session:
        assert reconcile.unknown(session) == [(GONE, "crew_app"), ("WO202611250043", "sms")]
        kinds = session.scalars(select(AuditRecord.kind).where(AuditRecord.kind.startswith("restore."))).all()
        assert sorted(kinds) == ["restore.reconciled", *["restore.unknown_order"] * 2]


async def test_a_text_message_waits_behind_the_fence_and_is_not_sent_twice(restored: sessionmaker[Session]) -> None:
    sent: list[str] = []

    class Gateway:
        async def send(self, key: str, payload: Any) -> None:
            sent.append(key)

    sender = fence.Fenced(Gateway(), restored)
    with pytest.raises(NotSent, match="restored"):
        await sender.send("code-1", {})
    with restored.begin() as session:
        session.scalars(select(Restore)).one().reconciled_at = AT
        session.add(OutsideEffect(key="code-1", system="sms", receipt="r", at=AT))
    await sender.send("code-1", {})
    await sender.send("code-2", {})
    assert sent == ["code-2"]


def test_numbers_go_on_behind_those_of_the_gap(restored: sessionmaker[Session]) -> None:
    with restored.begin() as session:
        first = numbers.allot(session, at=AT)
        numbers.skip(session, since=YESTERDAY, at=AT)
        assert int(numbers.allot(session, at=AT)[10:]) == int(first[10:]) + numbers.JUMP + 1
        assert int(numbers.allot(session, at=YESTERDAY)[10:]) > numbers.JUMP


def test_an_order_that_is_here_stays_as_it_is(restored: sessionmaker[Session]) -> None:
    with restored.begin() as session:
        made = service.create(
            session, key="k", kind="outage", conversation="c", description="停电", at=YESTERDAY, actor="test"
        )
        number = made.number
    crews = System(effect(f"{number}:send_crew:1", "job", **{**JOB, "order": number, "description": "another"}))
    reconcile.round(restored, {"crew_app": crews}, at=AT)
    with restored() as session:
        assert session.get_one(WorkOrder, number).description == "停电"


def test_a_system_without_a_log_waits_for_a_person(restored: sessionmaker[Session]) -> None:
    without = System()
    without.has_no_log = True
    crews = System(effect(f"{GONE}:send_crew:1", "job", **JOB))
    for _ in range(2):
        assert reconcile.round(restored, {"sms": without, "crew_app": crews}, at=AT) == 0
    with restored() as session:
        assert fence.is_up(session)
        assert session.get(WorkOrder, GONE) is not None  # what the others said is kept
        gap = session.scalars(select(Restore)).one()
        assert (gap.adopted, gap.remade) == (1, 1)
    assert reconcile.by_hand(restored, actor="operator", at=AT)
    assert not reconcile.by_hand(restored, actor="operator", at=AT)
    with restored() as session:
        assert not fence.is_up(session)
        assert session.scalars(select(AuditRecord.actor).where(AuditRecord.kind == "restore.reconciled")).all() == [
            "operator"
        ]


def test_numbers_pass_by_those_that_stand_outside(restored: sessionmaker[Session]) -> None:
    reconcile.round(restored, {"sms": System(effect("WO202611254711:tell_customer", "message"))}, at=AT)
    with restored.begin() as session:
        assert numbers.allot(session, at=AT) == "WO202611254712"


def test_a_sentence_from_before_the_backup_is_not_said_again(restored: sessionmaker[Session]) -> None:
    with restored.begin() as session:
        outbox.put(session, kind="outgoing", key="old", payload={}, at=YESTERDAY - timedelta(minutes=1))
        outbox.put(session, kind="outgoing", key="new", payload={}, at=AT)
    reconcile.round(restored, {}, at=AT)
    with restored() as session:
        open_ones = select(OutboxEntry.key).where(OutboxEntry.kind == "outgoing", OutboxEntry.given_up_at.is_(None))
        assert session.scalars(open_ones).all() == ["new"]
