"""The network as it lies in the database: who feeds a place, and what lies above a transformer."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from ticketing.outages.models import NetworkNode, ServedPlace
from ticketing.outages.place import Place, Served, locate

COLUMNS = (
    ServedPlace.transformer,
    ServedPlace.city,
    ServedPlace.district,
    ServedPlace.zone,
    ServedPlace.road,
    ServedPlace.first,
    ServedPlace.last,
    ServedPlace.landmark,
)


def find_place(session: Session, address: str | None) -> Place | None:
    """What the network knows of a free-text address, or None."""
    if not address or not address.strip():
        return None
    return locate(address, (Served(*row) for row in session.execute(select(*COLUMNS))))


def above(session: Session, transformers: Iterable[str]) -> dict[str, frozenset[str]]:
    """For each transformer the nodes whose outage darkens it: itself, its feeder, its substation."""
    start = select(NetworkNode.code.label("leaf"), NetworkNode.code, NetworkNode.parent).where(
        NetworkNode.code.in_(list(transformers))
    )
    chain = start.cte("chain", recursive=True)
    step = select(chain.c.leaf, NetworkNode.code, NetworkNode.parent).join(chain, NetworkNode.code == chain.c.parent)
    chain = chain.union_all(step)
    nodes: dict[str, set[str]] = {}
    for leaf, code in session.execute(select(chain.c.leaf, chain.c.code)):
        nodes.setdefault(leaf, set()).add(code)
    return {leaf: frozenset(codes) for leaf, codes in nodes.items()}
