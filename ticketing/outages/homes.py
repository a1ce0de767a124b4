"""The facts of one dark home, from the database, and what the customer answers about it."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ticketing.audit import service as audit
from ticketing.customers.models import Account, Standing
from ticketing.outages import urgency
from ticketing.outages.home import Advice, Facts, advise
from ticketing.outages.models import Outage, OutageReport
from ticketing.outages.schedule import State
from ticketing.work_orders.models import WorkOrder

LATELY = timedelta(hours=2)


def check(
    session: Session, order: WorkOrder, *, neighbours: str | None, breaker: str | None, actor: str, at: datetime
) -> tuple[Advice, Outage | None]:
    """What to do next about the order's home. Lit neighbours are kept: the call is no sign of an outage any more."""
    report = session.scalar(select(OutageReport).where(OutageReport.order_number == order.number))
    outage = session.get(Outage, report.outage) if report and report.outage else None
    if outage is not None and outage.state != State.ACTIVE:
        outage = None
    if report is not None and neighbours == "lit" and report.need is None:
        report.need = urgency.Need.NEIGHBOURS_LIT
    lit = {"lit": True, "dark": False}.get(neighbours or "")
    standing = session.get(Standing, order.conversation)
    account = standing.account if standing else _of_order(session, order)
    facts = Facts(
        known_outage=outage is not None,
        others=_others(session, report, at=at) if report else 0,
        cut_off=account.cut_off if account else False,
        verified=standing is not None and account is not None and standing.account_id == account.id,
        neighbours_lit=lit,
        breaker=breaker,
    )
    advice = advise(facts)
    data = {"advice": advice, "neighbours": neighbours, "breaker": breaker}
    audit.record(session, kind="home.checked", subject=f"order:{order.number}", actor=actor, data=data, at=at)
    return advice, outage


def _of_order(session: Session, order: WorkOrder) -> Account | None:
    return session.get(Account, order.account_id) if order.account_id else None


def _others(session: Session, report: OutageReport, *, at: datetime) -> int:
    """Other callers on the same transformer lately."""
    if report.transformer is None:
        return 0
    query = select(func.count(OutageReport.caller.distinct())).where(
        OutageReport.transformer == report.transformer,
        OutageReport.caller != report.caller,
        OutageReport.at > at - LATELY,
        OutageReport.withdrawn_at.is_(None),
    )
    return session.scalar(query) or 0
