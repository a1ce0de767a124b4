"""Writes the verdicts of one round: outages placed, moved and merged, calls attached to them, single homes released."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import blake2b
from itertools import batched

from sqlalchemy import update
from sqlalchemy.orm import Session

from ticketing.audit import service as audit
from ticketing.outages import area, etr, flows, history, orders, telling
from ticketing.outages.models import Outage, OutageReport, Placement
from ticketing.outages.picture import Call, Picture
from ticketing.outages.reconcile import Change, Verdict
from ticketing.outages.schedule import Kind, State
from ticketing.work_orders import service as work_orders

ACTOR = "outages"
GRACE = timedelta(seconds=20)
"""A single home's flow waits so long for neighbours to ring: a crew drives for minutes, and one is enough."""
CHUNK = 500


class Placing:
    """Writes the verdicts of one round."""

    def __init__(self, session: Session, picture: Picture, book: etr.Rulebook, *, at: datetime) -> None:
        self._session, self._picture, self._book, self._at = session, picture, book, at
        self._calls = {call.key: call for call in picture.calls}

    def write(self, verdicts: Iterable[Verdict]) -> int:
        changes = 0
        for verdict in verdicts:
            outage = self._outage(verdict)
            if outage is None:
                continue  # restored or confirmed since we looked: the next round sees it
            changes += verdict.change is not Change.KEPT
            changes += sum(self._absorb(id, outage) for id in verdict.absorbed)
            changes += self._attach(outage)
        return changes + self._release()

    def _outage(self, verdict: Verdict) -> Outage | None:
        outage = self._new(verdict) if verdict.id is None else self._standing(verdict.id)
        if outage is None:
            return None
        outage.confidence = verdict.found.confidence
        if verdict.change is Change.MOVED:
            self._put(outage, verdict.node)
        if verdict.change is not Change.KEPT:
            self._log(outage, verdict)
        return outage

    def _standing(self, id: str) -> Outage | None:
        outage = self._session.get(Outage, id, populate_existing=True)
        return outage if outage and outage.state == State.ACTIVE and outage.predicted else None

    def _new(self, verdict: Verdict) -> Outage:
        first = verdict.found.keys[0]
        name = blake2b(f"{first} {verdict.node}".encode(), digest_size=8).hexdigest()
        outage = Outage(id=f"OUT-{name}", kind=Kind.FAULT, cause="", state=State.ACTIVE, started=verdict.found.since)
        outage.predicted, outage.confidence, outage.reopened = True, verdict.found.confidence, 0
        self._put(outage, verdict.node)
        zone = self._zone(verdict.node)
        order = work_orders.create(
            self._session,
            key=f"outage:{outage.id}",
            kind="outage",
            conversation=f"outage:{outage.id}",
            address=outage.area,
            description=self._picture.network.tree.devices[verdict.node].name,
            details={"outage": outage.id, "device": verdict.node},
            place=self._picture.network.gazetteer.locate(outage.area),
            at=self._at,
            actor=ACTOR,
            flow=False,
        )
        order.zone = zone
        outage.order_number = order.number
        self._session.add(outage)
        self._session.flush()
        flows.start_of_outage(self._session, outage.id, order=order.number, at=self._at)
        return outage

    def _put(self, outage: Outage, node: str) -> None:
        """Place the outage at `node`, with its area and a time of restoration for it."""
        net = self._picture.network
        rows = [row for code in net.below(node) for row in net.places.get(code, ())]
        outage.node = node
        outage.area = area.describe(rows, fallback=net.tree.devices[node].name)
        kind = net.tree.devices[node].kind
        took = history.durations(self._session, kind=kind, at=self._at)
        started = outage.started
        outage.etr = etr.estimate(started=started, at=self._at, zone=self._zone(node), history=took, book=self._book)

    def _zone(self, node: str) -> str | None:
        net = self._picture.network
        zones = {net.zones[code] for code in net.below(node) if code in net.zones}
        return zones.pop() if len(zones) == 1 else None

    def _log(self, outage: Outage, verdict: Verdict) -> None:
        found = verdict.found
        row = {"outage": outage.id, "node": outage.node, "change": verdict.change, "confidence": found.confidence}
        self._session.add(Placement(**row, calls=len(found.keys), at=self._at))
        data = {"node": outage.node, "calls": len(found.keys), "confidence": found.confidence}
        kind = f"outage.{'placed' if verdict.id is None else verdict.change}"
        audit.add(self._session, kind=kind, subject=f"outage:{outage.id}", actor=ACTOR, data=data, at=self._at)

    def _absorb(self, id: str, into: Outage) -> bool:
        """Another outage was part of this one: its callers and its order go over."""
        taken = self._session.execute(
            update(Outage)
            .where(Outage.id == id, Outage.state == State.ACTIVE, Outage.predicted)
            .values(state=State.MERGED, merged_into=into.id)
            .returning(Outage.order_number)
        ).one_or_none()
        if taken is None:
            return False
        self._session.execute(update(OutageReport).where(OutageReport.outage == id).values(outage=into.id))
        if taken.order_number:
            orders.merge(
                self._session, taken.order_number, into=into.id, key=f"outage:{id}:merged:{into.id}", at=self._at
            )
        audit.add(
            self._session,
            kind="outage.merged",
            subject=f"outage:{id}",
            actor=ACTOR,
            data={"into": into.id},
            at=self._at,
        )
        return True

    def _attach(self, outage: Outage) -> int:
        """All open calls below the outage are its own now; the orders made before are merged into its order."""
        tree = self._picture.network.tree
        mine = [
            call
            for call in self._calls.values()
            if call.outage is None and call.need != "neighbours_lit" and tree.covers(outage.node, call.node)
        ]
        attached: set[str] = set()
        for keys in batched((call.key for call in mine), CHUNK):
            open_ones = (OutageReport.key.in_(keys), OutageReport.outage.is_(None), OutageReport.withdrawn_at.is_(None))
            change = update(OutageReport).where(*open_ones).values(outage=outage.id, settled_at=self._at)
            attached.update(self._session.scalars(change.returning(OutageReport.key)))
        for call in mine:
            if call.key in attached:
                del self._calls[call.key]
                self._merge(call, outage)
        return len(attached)

    def _merge(self, call: Call, outage: Outage) -> None:
        if call.order is None or call.need is not None:
            return  # whoever has a need of their own keeps an order of their own
        key = f"report:{call.key}:merged"
        if orders.merge(self._session, call.order, into=outage.id, key=key, at=self._at):
            telling.joined(self._session, call.key, outage, at=self._at)
        elif not call.settled:
            flows.start_of_order(self._session, call.order, at=self._at)

    def _release(self) -> int:
        """A single home: nobody else rang. Its own order goes its way."""
        due = [
            call
            for call in self._calls.values()
            if not call.settled and call.outage is None and (call.need is not None or call.at < self._at - GRACE)
        ]
        for call in due:
            if call.order is not None:
                flows.start_of_order(self._session, call.order, at=self._at)
        for keys in batched((call.key for call in due), CHUNK):
            self._session.execute(
                update(OutageReport)
                .where(OutageReport.key.in_(keys), OutageReport.settled_at.is_(None))
                .values(settled_at=self._at)
            )
        return len(due)
