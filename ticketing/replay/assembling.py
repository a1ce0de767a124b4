"""A conversation as it was, whole: what the page, the command and the sealed file show."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ticketing.audit import service as audit
from ticketing.conversations import reading
from ticketing.inspection.models import Inspection
from ticketing.replay import proof
from ticketing.replay.looks import looks
from ticketing.replay.steps import steps
from ticketing.retention import holds
from ticketing.rulebook.rules import Rulebook
from ticketing.work_orders.models import WorkOrder
from ticketing.work_orders.reading import log_of


def replay(session: Session, conversation: str, *, rulebook: Rulebook) -> dict[str, Any]:
    """Raises ConversationNotFound. Who shows it to somebody records the look (`looked`)."""
    whole = reading.whole(session, conversation)
    heard = {each["id"] for each in whole["messages"]}
    orders = _orders(session, conversation)
    trail = proof.records(session, [f"conversation:{conversation}"])
    return {
        "conversation": {name: value for name, value in whole.items() if name not in {"messages", "turns"}},
        "steps": steps(session, conversation, rulebook=rulebook, trail=trail),
        "dropped": [each for each in whole["turns"] if each["dropped"] or each["turn"] not in heard],
        "orders": orders,
        "looks": looks(session, conversation, orders=[each["number"] for each in orders], trail=trail),
        "inspections": _inspections(session, conversation),
        "holds": [
            {name: getattr(each, name) for name in ("id", "placed_by", "placed_at", "lifted_by", "lifted_at")}
            for each in holds.of(session, conversation)
        ],
        "records": trail,
        "audio": None,  # calls are not recorded yet
    }


def looked(session: Session, conversation: str, *, actor: str, at: datetime, way: str) -> None:
    """`way`: `page`, `api` or `command`."""
    subject = f"conversation:{conversation}"
    audit.record(session, kind="replay.looked_at", subject=subject, actor=actor, data={"way": way}, at=at)


def _orders(session: Session, conversation: str) -> list[dict[str, Any]]:
    """Orders that were made in it, with their logs; addresses and phone numbers are left to the orders' own door."""
    made = session.scalars(select(WorkOrder).where(WorkOrder.conversation == conversation).order_by(WorkOrder.created))
    return [
        {
            "number": order.number,
            "kind": order.kind,
            "state": order.state,
            "priority": order.priority,
            "created": order.created,
            "log": _log(session, order.number),
        }
        for order in made
    ]


def _log(session: Session, number: str) -> Sequence[dict[str, Any]]:
    rows = log_of(session, number)
    return [{"at": each.at, "state": each.state, "actor": each.actor, "crew": each.crew} for each in rows]


def _inspections(session: Session, conversation: str) -> list[dict[str, Any]]:
    names = ["id", "agent", "sheet", "state", "scores", "total", "inspector", "filled_at", "contested_at"]
    names += ["decided_by", "decided_at"]
    rows = session.scalars(select(Inspection).where(Inspection.conversation == conversation).order_by(Inspection.id))
    return [{name: getattr(each, name) for name in names} for each in rows]
