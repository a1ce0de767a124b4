"""What the devices found anew mean for the outages that stand: which one each of them is, what is merged, what is new.

Pure. An outage keeps its name as long as it can, because customers and crews have heard it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ticketing.outages.cluster import Found
from ticketing.outages.tree import Tree

SURE = 0.6
"""An outage that stands is moved down the tree only on at least this confidence; upwards it grows at once."""


class Change(StrEnum):
    NEW = "new"
    SPLIT = "split"
    MOVED = "moved"
    KEPT = "kept"


@dataclass(frozen=True)
class Standing:
    """A predicted outage as it is now. `keys`: the reports attached to it."""

    id: str
    node: str
    keys: frozenset[str]


@dataclass(frozen=True)
class Verdict:
    """One device that is out. `id`: the standing outage that it is, None for a new one; `absorbed`: merged into it."""

    found: Found
    id: str | None
    node: str
    change: Change
    absorbed: tuple[str, ...] = ()


def reconcile(tree: Tree, standing: Iterable[Standing], found: Sequence[Found]) -> list[Verdict]:
    """A verdict for each device found, the best supported first. A standing outage without any calls is left alone."""
    free = {outage.id: outage for outage in sorted(standing, key=lambda each: each.id)}
    was_split: set[str] = set()
    verdicts = []
    for each in sorted(found, key=lambda found: (-len(found.keys), found.node)):
        related = [outage for outage in free.values() if _on_one_branch(tree, outage.node, each.node)]
        chosen = min(related, key=lambda outage: _fit(outage, each), default=None)
        below = [outage for outage in related if outage is not chosen and tree.covers(each.node, outage.node)]
        verdicts.append(_verdict(tree, each, chosen, below, was_split))
        for outage in (*below, *([chosen] if chosen else [])):
            del free[outage.id]
        if chosen and tree.covers(chosen.node, each.node):
            was_split.add(chosen.node)
    return verdicts


def _on_one_branch(tree: Tree, one: str, other: str) -> bool:
    return tree.covers(one, other) or tree.covers(other, one)


def _fit(outage: Standing, found: Found) -> tuple[bool, int, str]:
    """The same device first, then who shares most callers, then the older name."""
    return outage.node != found.node, -len(outage.keys.intersection(found.keys)), outage.id


def _verdict(
    tree: Tree, found: Found, chosen: Standing | None, below: Sequence[Standing], was_split: set[str]
) -> Verdict:
    absorbed = tuple(outage.id for outage in below)
    if chosen is None:
        part = any(tree.covers(node, found.node) for node in was_split)
        return Verdict(found, None, found.node, Change.SPLIT if part else Change.NEW, absorbed)
    shrinks = chosen.node != found.node and tree.covers(chosen.node, found.node)
    if chosen.node == found.node or (shrinks and found.confidence < SURE):
        return Verdict(found, chosen.id, chosen.node, Change.KEPT, absorbed)
    return Verdict(found, chosen.id, found.node, Change.MOVED, absorbed)
