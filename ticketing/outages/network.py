"""The network as it lies in the database, read once and kept until somebody changes it: who feeds a place, what lies
above a transformer.

Whoever changes the network's tables says so with `changed` in the same transaction; readers compare one number.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from sqlalchemy import func, select
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import Session

from ticketing.outages import marks
from ticketing.outages.models import NetworkNode, ServedPlace
from ticketing.outages.place import Gazetteer, Place, Served
from ticketing.outages.tree import TRANSFORMER, Device, Tree

REVISION = "network"
USUAL_HOMES = 60
"""Customers of a public transformer where the data has no number: a 250 kVA transformer at 4 kVA a home."""
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


@dataclass(frozen=True)
class Network:
    revision: tuple[int, int]
    tree: Tree
    gazetteer: Gazetteer
    zones: dict[str, str]
    """Transformer → `urban`, `rural` or `remote`."""
    places: dict[str, tuple[Served, ...]]

    def below(self, node: str) -> list[str]:
        """The transformers that go dark with `node`."""
        found = [node]
        for code in found:  # grows while it is walked
            found.extend(self.tree.children[code])
        return [code for code in found if self.tree.devices[code].kind == TRANSFORMER]


_kept: "WeakKeyDictionary[Engine, Network]" = WeakKeyDictionary()


def read(session: Session) -> Network:
    """The network, from memory as long as nobody has changed it."""
    bind = session.get_bind()
    engine = bind.engine if isinstance(bind, Connection) else bind
    revision = _revision(session)
    network = _kept.get(engine)
    if network is None or network.revision != revision:
        network = _kept[engine] = _load(session, revision)
    return network


def changed(session: Session) -> None:
    """Say that the network's tables were changed in this transaction."""
    marks.advance(session, REVISION)


def _revision(session: Session) -> tuple[int, int]:
    """The mark, and the newest row: places that somebody adds by hand are seen too."""
    newest = session.scalar(select(func.max(ServedPlace.id))) or 0
    return marks.read(session, REVISION), newest


def _load(session: Session, revision: tuple[int, int]) -> Network:
    served = [Served(*row) for row in session.execute(select(*COLUMNS).order_by(ServedPlace.id))]
    nodes = select(NetworkNode.code, NetworkNode.kind, NetworkNode.name, NetworkNode.parent, NetworkNode.homes)
    devices = [
        Device(row.code, row.kind, row.name, row.parent, (row.homes or USUAL_HOMES) if row.kind == TRANSFORMER else 0)
        for row in session.execute(nodes.order_by(NetworkNode.code))
    ]
    places: dict[str, list[Served]] = {}
    for row in served:
        places.setdefault(row.transformer, []).append(row)
    return Network(
        revision=revision,
        tree=Tree(devices),
        gazetteer=Gazetteer(served),
        zones={row.transformer: row.zone for row in served},
        places={code: tuple(rows) for code, rows in places.items()},
    )


def find_place(session: Session, address: str | None) -> Place | None:
    """What the network knows of a free-text address, or None."""
    if not address or not address.strip():
        return None
    return read(session).gazetteer.locate(address)


def above(session: Session, transformers: Iterable[str]) -> dict[str, frozenset[str]]:
    """For each transformer the nodes whose outage darkens it: itself, its feeder, its substation."""
    return read(session).tree.above(transformers)
