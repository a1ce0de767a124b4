"""The wall: what a supervisor must see at a glance, each number with the rows that it counts."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from ticketing.automation.models import ToldPromise
from ticketing.automation.promises import term_of
from ticketing.conversations.models import Stint
from ticketing.desk import lobby
from ticketing.desk.schemas import DuePromise, HazardView, OutageOnWall, WallView
from ticketing.outages.alarms import waited_s
from ticketing.outages.models import HazardAlarm, Outage, OutageReport
from ticketing.outages.schedule import State
from ticketing.outages.schemas import OutageView
from ticketing.rulebook.promises import Promises
from ticketing.work_orders.clocks import Clock, clock
from ticketing.work_orders.kinds import Kind
from ticketing.work_orders.models import WorkOrder
from ticketing.work_orders.numbers import LOCAL
from ticketing.work_orders.reading import calendar_of, logs_of
from ticketing.work_orders.states import OPEN
from ticketing.work_orders.timeline import describe

HAZARD_IN_TIME_S = 60
TAKEN_IN_TIME_S = 20
"""The usual service level of call centres: taken by a person within 20 s."""
MOST = 500


def read(session: Session, promises: Promises, *, at: datetime) -> WallView:
    """Everything on the wall as it stands at `at`; today is the local day."""
    today = at.astimezone(LOCAL).replace(hour=0, minute=0, second=0, microsecond=0)
    line = lobby.waiting(session, at=at)
    accepted = session.scalars(select(HazardAlarm).where(HazardAlarm.accepted_at >= today)).all()
    stints = session.scalars(select(Stint).where(Stint.taken >= today, Stint.waiting_since.is_not(None))).all()
    return WallView(
        at=at,
        waiting=line,
        longest_wait_s=max((each.waited_s for each in line), default=0),
        talking=lobby.talking(session, but=None, at=at),
        colleagues=lobby.colleagues(session),
        hazards=_hazards(session, at=at),
        hazards_accepted_today=len(accepted),
        hazards_in_time_today=sum(waited_s(each, at=at) <= HAZARD_IN_TIME_S for each in accepted),
        promises=_promises(session, promises, today=today, at=at),
        outages=_outages(session, at=at),
        taken_today=len(stints),
        taken_in_time_today=sum(_waited(each) <= TAKEN_IN_TIME_S for each in stints),
    )


def _waited(stint: Stint) -> float:
    return (stint.taken - stint.waiting_since).total_seconds() if stint.waiting_since else 0.0


def _hazards(session: Session, *, at: datetime) -> list[HazardView]:
    """Dangers that nobody has accepted, the oldest first; also those for which it has not rung yet."""
    query = (
        select(WorkOrder, HazardAlarm)
        .outerjoin(HazardAlarm, HazardAlarm.order_number == WorkOrder.number)
        .where(WorkOrder.kind == Kind.HAZARD, WorkOrder.state.in_(OPEN), HazardAlarm.accepted_at.is_(None))
        .order_by(WorkOrder.created)
        .limit(MOST)
    )
    return [
        HazardView(
            order=order.number,
            raised_at=order.created,
            rung=alarm.rung if alarm else 0,
            waited_s=max(0, int((at - order.created).total_seconds())),
            accepted_by=None,
        )
        for order, alarm in session.execute(query)
    ]


def _promises(session: Session, promises: Promises, *, today: datetime, at: datetime) -> list[DuePromise]:
    """Times told to customers whose deadline is today: kept, broken or running; the next deadline first."""
    calendar = calendar_of(promises)
    of_today = or_(ToldPromise.check_at.is_not(None), ToldPromise.kept_at >= today, ToldPromise.broken_at >= today)
    rows = session.scalars(select(ToldPromise).where(of_today).order_by(ToldPromise.id.desc()).limit(MOST)).all()
    logs = logs_of(session, {row.order_number for row in rows})
    found = []
    for row in rows:
        state = clock(logs[row.order_number], term_of(row), now=at, is_working=calendar.is_working)
        if state is not None and state.deadline and state.deadline.astimezone(LOCAL).date() == today.date():
            found.append(_promise(row, state))
    return sorted(found, key=lambda each: each.deadline or at)


def _promise(row: ToldPromise, state: Clock) -> DuePromise:
    return DuePromise(
        order=row.order_number,
        conversation=row.conversation,
        item=row.item,
        rule=row.rule,
        deadline=state.deadline,
        verdict=state.verdict,
        text=describe(state),
    )


def _outages(session: Session, *, at: datetime) -> list[OutageOnWall]:
    """What is dark now, the one with most reports first."""
    on = select(Outage).where(Outage.state == State.ACTIVE, Outage.started <= at).order_by(Outage.started).limit(MOST)
    rows: Sequence[Outage] = session.scalars(on).all()
    counted = select(OutageReport.outage, func.count()).where(OutageReport.outage.in_([row.id for row in rows]))
    reports = {row[0]: row[1] for row in session.execute(counted.group_by(OutageReport.outage))}
    shown = [
        OutageOnWall(**OutageView.model_validate(row).model_dump(), reports=reports.get(row.id, 0)) for row in rows
    ]
    return sorted(shown, key=lambda each: -each.reports)
