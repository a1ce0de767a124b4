"""The network as a tree in memory: what lies above and below a device, how many homes it feeds. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

TRANSFORMER, FEEDER, SUBSTATION = "transformer", "feeder", "substation"


@dataclass(frozen=True)
class Device:
    """One node. `homes`: customers that hang on it directly; of a feeder or substation none."""

    code: str
    kind: str
    name: str
    parent: str | None
    homes: int


class Tree:
    """Substations, feeders under them, transformers under those."""

    def __init__(self, devices: Iterable[Device]) -> None:
        self.devices: Mapping[str, Device] = {device.code: device for device in devices}
        self.children: dict[str, list[str]] = {code: [] for code in self.devices}
        for device in self.devices.values():
            if device.parent is not None:
                self.children[device.parent].append(device.code)

    @cached_property
    def roots(self) -> tuple[str, ...]:
        return tuple(code for code, device in self.devices.items() if device.parent is None)

    @cached_property
    def homes(self) -> dict[str, int]:
        """Customers in the dark when a device is out."""
        total = {code: device.homes for code, device in self.devices.items()}
        for code in self.bottom_up:
            parent = self.devices[code].parent
            if parent is not None:
                total[parent] += total[code]
        return total

    @cached_property
    def bottom_up(self) -> tuple[str, ...]:
        """Every device after all that hang on it."""
        order: list[str] = list(self.roots)
        for code in order:  # grows while it is walked: breadth first
            order.extend(self.children[code])
        return tuple(reversed(order))

    def up(self, code: str) -> Iterator[str]:
        """The device itself and what lies above it, to the substation."""
        at: str | None = code
        while at is not None:
            yield at
            at = self.devices[at].parent

    def above(self, codes: Iterable[str]) -> dict[str, frozenset[str]]:
        """For each device those whose outage darkens it: itself and all above."""
        return {code: frozenset(self.up(code)) for code in codes if code in self.devices}

    def covers(self, upper: str, lower: str) -> bool:
        return upper in self.up(lower)

    def meeting(self, codes: Iterable[str]) -> str | None:
        """The lowest device above all of `codes`; None where they share none."""
        ways = [list(self.up(code)) for code in codes if code in self.devices]
        if not ways:
            return None
        shared = set(ways[0]).intersection(*ways[1:])
        return next((code for code in ways[0] if code in shared), None)
