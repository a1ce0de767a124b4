"""What a round of placing decides from: the calls, the outages that stand, the network, read in one snapshot."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from ticketing.outages import marks, network
from ticketing.outages.cluster import Signal
from ticketing.outages.models import Outage, OutageReport
from ticketing.outages.network import Network
from ticketing.outages.reconcile import Standing
from ticketing.outages.schedule import State

ROUND = "round"
BELONG = timedelta(hours=2)
"""A call that is not explained within this time does not belong to what others report later."""


@dataclass(frozen=True)
class Call:
    """A report as the round sees it."""

    key: str
    node: str
    caller: str
    at: datetime
    scope: str | None
    outage: str | None
    order: str | None
    need: str | None
    settled: bool


@dataclass(frozen=True)
class Picture:
    """What one round decides from, read in one snapshot. `fence`: the number of rounds before."""

    fence: int
    network: Network
    calls: Sequence[Call]
    standing: Sequence[Standing]
    fixed: frozenset[str]
    """Nodes of outages that people announced or confirmed: what lies below them is explained."""


def look(session: Session, *, at: datetime) -> Picture:
    net = network.read(session)
    alive = session.execute(
        select(Outage.id, Outage.node, Outage.predicted, Outage.started).where(
            Outage.state.in_([State.ACTIVE, State.PLANNED])
        )
    ).all()
    predicted = {row.id: row.node for row in alive if row.predicted}
    calls = list(_calls(session, set(predicted), at=at))
    keys: dict[str, set[str]] = {id: set() for id in predicted}
    for call in calls:
        if call.outage in keys:
            keys[call.outage].add(call.key)
    return Picture(
        fence=marks.read(session, ROUND),
        network=net,
        calls=calls,
        standing=[Standing(id, node, frozenset(keys[id])) for id, node in predicted.items()],
        fixed=frozenset(row.node for row in alive if not row.predicted and row.started <= at),
    )


def _calls(session: Session, predicted: set[str], *, at: datetime) -> Iterator[Call]:
    """Open reports that no confirmed outage explains: the recent ones, and all of outages that are still predicted."""
    query = select(
        OutageReport.key,
        OutageReport.node,
        OutageReport.caller,
        OutageReport.at,
        OutageReport.scope,
        OutageReport.outage,
        OutageReport.order_number,
        OutageReport.need,
        OutageReport.settled_at,
    ).where(
        OutageReport.withdrawn_at.is_(None),
        OutageReport.node.is_not(None),
        or_(OutageReport.outage.in_(predicted), OutageReport.at > at - BELONG),
        or_(OutageReport.outage.is_(None), OutageReport.outage.in_(predicted)),
    )
    for key, node, caller, called, scope, outage, order, need, settled in session.execute(
        query.order_by(OutageReport.at)
    ):
        yield Call(key, node or "", caller or key, called, scope, outage, order, need, settled is not None)


def signals(picture: Picture) -> Iterator[Signal]:
    """Each caller once, with the first call; who has lit neighbours is no sign of a device; nor what is explained."""
    heard: set[str] = set()
    tree = picture.network.tree
    for call in picture.calls:
        if call.caller in heard or call.need == "neighbours_lit" or picture.fixed.intersection(tree.up(call.node)):
            continue
        heard.add(call.caller)
        yield Signal(call.key, call.node, call.at, call.scope)
