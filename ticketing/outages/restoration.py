"""Power is back, they say: ask those who called. Who still sits in the dark opens the outage again, where they are."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session, sessionmaker

from ticketing.audit import service as audit
from ticketing.conversations.announcements import own_id
from ticketing.conversations.models import Message
from ticketing.db import alone
from ticketing.outages import flows, network, telling
from ticketing.outages.errors import OutageNotActive, OutageNotFound
from ticketing.outages.models import CallBack, Outage, OutageReport
from ticketing.outages.schedule import State
from ticketing.work_orders import service as work_orders

ACTOR = "outages"
BATCH = 50
"""Callers asked in one transaction."""


def restore(session: Session, id: str, *, actor: str, at: datetime) -> Outage:
    """The crew says that power is back. Again: nothing changes. Raises OutageNotFound, OutageNotActive."""
    outage = _held(session, id)
    if outage.state == State.RESTORED:
        return outage
    if outage.state not in {State.ACTIVE, State.PLANNED} or outage.started > at:
        raise OutageNotActive(f"{id} is '{outage.state}'")
    outage.state, outage.restored_at = State.RESTORED, at
    audit.record(session, kind="outage.restored", subject=f"outage:{id}", actor=actor, data={}, at=at)
    return outage


def confirm(
    session: Session, id: str, *, node: str, cause: str, etr: datetime | None, actor: str, at: datetime
) -> Outage:
    """A crew has seen it: where it is, why, until when. It moves no more. Raises OutageNotFound, OutageNotActive."""
    outage = _held(session, id)
    if outage.state != State.ACTIVE:
        raise OutageNotActive(f"{id} is '{outage.state}'")
    if node not in network.read(session).tree.devices:
        raise OutageNotFound(f"no device {node}")
    outage.node, outage.cause, outage.predicted, outage.confidence = node, cause, False, 1.0
    outage.etr = etr or outage.etr
    data = {"node": node, "etr": etr.isoformat() if etr else None}
    audit.record(session, kind="outage.confirmed", subject=f"outage:{id}", actor=actor, data=data, at=at)
    return outage


def ask_all(sessions: sessionmaker[Session], *, at: datetime) -> int:
    """Ask callers of restored outages who were not asked yet; returns how many. Each once, whatever is killed."""
    with sessions() as session:
        session.connection(execution_options={"reading": True})
        due = session.scalars(_unasked()).all()
    if not due:
        return 0
    with sessions.begin() as session:
        return sum(_ask(session, report=key, at=at) for key in due)


def _unasked() -> Select[str]:
    return (
        select(OutageReport.key)
        .join(Outage, Outage.id == OutageReport.outage)
        .where(Outage.state == State.RESTORED, Outage.restored_at.is_not(None), OutageReport.withdrawn_at.is_(None))
        .order_by(OutageReport.at)
        .limit(BATCH)
    )


def _ask(session: Session, *, report: str, at: datetime) -> bool:
    """Ask the caller behind a report, once; all their reports are no sign of an outage any more."""
    row = session.get_one(OutageReport, report, populate_existing=True)
    outage = session.get_one(Outage, row.outage, populate_existing=True) if row.outage else None
    if row.withdrawn_at is not None or outage is None or outage.state != State.RESTORED:
        return False
    theirs = (OutageReport.outage == outage.id, OutageReport.caller == row.caller, OutageReport.withdrawn_at.is_(None))
    same = theirs if row.caller else (OutageReport.key == report,)
    session.execute(
        update(OutageReport).where(*same).values(withdrawn_at=at).execution_options(synchronize_session=False)
    )
    id = f"{outage.id}:{outage.reopened}:{(row.caller or report)[:24]}"
    if session.get(CallBack, id) is not None:
        return False
    way = telling.ask(session, row, outage, id=id, at=at)
    session.add(CallBack(id=id, outage=outage.id, report=report, conversation=row.conversation, way=way, asked_at=at))
    session.flush()
    return True


def answer(session: Session, id: str, *, power: bool, actor: str, at: datetime) -> Outage:
    """What the customer says. The first answer counts. Raises OutageNotFound."""
    alone(session, f"outage-callback:{id}")
    asked = session.get(CallBack, id, populate_existing=True)
    if asked is None:
        raise OutageNotFound(f"no call-back {id}")
    outage = _held(session, asked.outage)
    if asked.answered_at is not None:
        return outage
    asked.power, asked.answered_at = power, at
    audit.record(session, kind="outage.asked", subject=f"outage:{outage.id}", actor=actor, data={"power": power}, at=at)
    if not power:
        _still_dark(session, outage, asked, at=at)
    return outage


def heard(session: Session, conversation: str, text: str, *, at: datetime) -> None:
    """A customer's message may be the answer to the question: the words of one of its two buttons (yes, no)."""
    for asked in session.scalars(_open().where(CallBack.conversation == conversation)).all():
        message = session.scalar(
            select(Message).where(
                Message.conversation == conversation, Message.id == own_id(conversation, f"callback/{asked.id}")
            )
        )
        payloads = [button["payload"] for button in message.buttons] if message else []
        if text.strip() in payloads:
            answer(session, asked.id, power=payloads.index(text.strip()) == 0, actor="customer", at=at)


def dark_again(session: Session, callers: set[str]) -> dict[str, str]:
    """Of these callers who was asked and has not answered: the call-back's id. A new report is a no."""
    query = _open().join(OutageReport, OutageReport.key == CallBack.report).where(OutageReport.caller.in_(callers))
    rows = session.execute(query.with_only_columns(OutageReport.caller, CallBack.id).order_by(CallBack.asked_at))
    return {caller: id for caller, id in rows if caller}


def _open() -> Select[CallBack]:
    return select(CallBack).where(CallBack.answered_at.is_(None))


def _still_dark(session: Session, outage: Outage, asked: CallBack, *, at: datetime) -> None:
    report = session.get_one(OutageReport, asked.report, populate_existing=True)
    report.withdrawn_at, report.outage = None, outage.id
    if outage.state == State.RESTORED:
        _reopen(session, outage, report, at=at)
    elif report.node is not None:
        nodes: Sequence[str] = (outage.node, report.node)
        outage.node = network.read(session).tree.meeting(nodes) or outage.node
    session.flush()


def _reopen(session: Session, outage: Outage, report: OutageReport, *, at: datetime) -> None:
    """Most have power: the fault that is left lies lower, at first where this customer is; more of them move it."""
    outage.state, outage.restored_at, outage.etr = State.ACTIVE, None, None
    outage.reopened += 1
    outage.predicted, outage.confidence = True, None
    outage.node = report.node or outage.node
    order = work_orders.create(
        session,
        key=f"outage:{outage.id}:reopened:{outage.reopened}",
        kind="outage",
        conversation=f"outage:{outage.id}",
        address=report.address,
        contact_phone=report.contact_phone,
        description=outage.area,
        details={"outage": outage.id, "device": outage.node, "reopened": outage.reopened},
        at=at,
        actor=ACTOR,
        flow=False,
    )
    outage.order_number = order.number
    flows.start_of_outage(session, outage.id, order=order.number, round=outage.reopened, at=at)
    data = {"order": order.number, "node": outage.node, "times": outage.reopened}
    audit.record(session, kind="outage.reopened", subject=f"outage:{outage.id}", actor=ACTOR, data=data, at=at)


def _held(session: Session, id: str) -> Outage:
    alone(session, f"outage:{id}")
    outage = session.get(Outage, id, populate_existing=True)
    if outage is None:
        raise OutageNotFound(f"no outage {id}")
    return outage
