"""The facts of one dark home, from the database, and what the customer answers about it."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ticketing.audit import service as audit
from ticketing.customers.levels import AMOUNT_DUE
from ticketing.customers.models import Standing
from ticketing.outages import urgency
from ticketing.outages.home import Advice, Facts, advise
from ticketing.outages.models import Outage, OutageReport
from ticketing.outages.place import house_number, normalise
from ticketing.outages.schedule import State
from ticketing.work_orders.models import WorkOrder

LATELY = timedelta(hours=2)


URGENT = (urgency.Need.LIFT, urgency.Need.MEDICAL)


def check(
    session: Session, order: WorkOrder, *, neighbours: str | None, breaker: str | None, actor: str, at: datetime
) -> tuple[Advice, Outage | None]:
    """What to do next about the order's home. What is said of the neighbours is kept with the report."""
    report = session.scalar(select(OutageReport).where(OutageReport.order_number == order.number))
    outage = session.get(Outage, report.outage) if report and report.outage else None
    if outage is not None and outage.state != State.ACTIVE:
        outage = None
    if report is not None:
        _keep(report, neighbours)
    standing = _of_this_home(session.get(Standing, order.conversation), report)
    facts = Facts(
        known_outage=outage is not None,
        others=_others(session, report, at=at) if report else 0,
        cut_off=standing is not None and standing.account.cut_off,
        verified=standing is not None and standing.level >= AMOUNT_DUE,
        neighbours=neighbours,
        breaker=breaker,
        urgent=report is not None and report.need in URGENT,
    )
    advice = advise(facts)
    data = {"advice": advice, "neighbours": neighbours, "breaker": breaker}
    audit.record(session, kind="home.checked", subject=f"order:{order.number}", actor=actor, data=data, at=at)
    return advice, outage


def _keep(report: OutageReport, neighbours: str | None) -> None:
    """Lit neighbours: the call is no sign of an outage any more. Dark ones: it is wider than was thought."""
    if neighbours == "lit" and report.need is None:
        report.need = urgency.Need.NEIGHBOURS_LIT
    if neighbours == "dark" and report.scope == "household":
        report.scope = "building"


def _of_this_home(standing: Standing | None, report: OutageReport | None) -> Standing | None:
    """What was proven counts where the account's meter may hang at the reported place: who rings for their mother's
    home hears nothing of their own bill."""
    if standing is None or report is None:
        return standing
    meter = standing.account.place
    numbers = {house_number(normalise(text)) for text in (meter.address, report.address)} - {None}
    elsewhere = report.transformer not in (None, meter.transformer) or len(numbers) > 1
    return None if elsewhere else standing


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
