"""What the rules say has been kept long enough goes; what would go can be asked beforehand."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy.orm import Session, sessionmaker

from ticketing.audit import service as audit
from ticketing.retention import holds
from ticketing.retention.clearing import clear
from ticketing.retention.rules import Rules
from ticketing.retention.scope import Scope, Store

ACTOR = "retention"


def plan(session: Session, stores: Sequence[Store], rules: Rules, *, at: datetime) -> dict[str, Any]:
    """Rows by item that a run at `at` would empty, rows that only a hold keeps, and the conversations that are held."""
    held = holds.held(session)
    due: Counter[str] = Counter()
    kept: Counter[str] = Counter()
    for store in stores:
        scope = Scope(rules.before(store.item, at=at))
        free = store.count(session, scope, held=held)
        due[store.item] += free
        kept[store.item] += (store.count(session, scope, held=()) - free) if held else 0
    return {"due": dict(due), "kept_by_holds": dict(+kept), "held": held}


def sweep(sessions: sessionmaker[Session], stores: Sequence[Store], rules: Rules, *, at: datetime) -> dict[str, Any]:
    """Empty what is older than the rules say. Each batch is recorded, and the run with the holds that it respected."""
    erased: Counter[str] = Counter()
    for store in stores:
        before = rules.before(store.item, at=at)
        wrote = partial(_record, item=store.item, before=before, at=at)
        erased[store.item] += clear(sessions, store, Scope(before), wrote=wrote)
    with sessions.begin() as session:
        done = {"erased": dict(erased), "held": holds.held(session)}
        audit.record(session, kind="retention.run", subject="retention:run", actor=ACTOR, data=done, at=at)
    return done


def _record(session: Session, count: int, *, item: str, before: datetime, at: datetime) -> None:
    data = {"item": item, "rows": count, "before": before.isoformat(timespec="seconds")}
    audit.record(session, kind="retention.erased", subject=f"retention:{item}", actor=ACTOR, data=data, at=at)
