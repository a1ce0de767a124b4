"""When a robot cannot go on, a person gets an order of their own: which order, which step, and why."""

from datetime import datetime

from sqlalchemy.orm import Session

from ticketing.audit import service as audit
from ticketing.automation.jobs import Job
from ticketing.work_orders import service as work_orders
from ticketing.work_orders.kinds import Kind

ACTOR = "automation"


def ask(session: Session, job: Job, *, why: str, reason: str, at: datetime) -> None:
    """Open the order, once for each step and cause (`refused`, `stuck`). It has no flow: no robot waits behind it."""
    made = work_orders.create(
        session,
        key=f"{job.key}:{why}",
        kind=Kind.CALLBACK,
        conversation=f"flow-{job.order}",
        description=f"{job.order} {job.step}: {reason}",
        details={"order": job.order, "step": job.step, "why": why, "reason": reason},
        at=at,
        actor=ACTOR,
        flow=False,
    )
    data = {"step": job.step, "why": why, "reason": reason[:200], "person_order": made.number}
    audit.record(session, kind="flow.person_asked", subject=f"order:{job.order}", actor=ACTOR, data=data, at=at)
