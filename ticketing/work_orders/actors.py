"""Who takes an order a step further, as it stands in the log: `crew:CR-YJ-REPAIR`. Pure."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    CUSTOMER = "customer"
    AGENT = "agent"
    DISPATCHER = "dispatcher"
    CREW = "crew"
    FLOW = "flow"
    """A durable workflow that drives the order."""
    ROBOT = "robot"
    """A worker at an outside system's door: SMS, crew app, call-backs."""
    SYSTEM = "system"
    """Ticketing itself, inside the transaction of somebody's wish."""

    @property
    def label(self) -> str:
        """What agents read."""
        return LABELS[self]


LABELS = {
    Role.CUSTOMER: "客户",
    Role.AGENT: "坐席",
    Role.DISPATCHER: "调度",
    Role.CREW: "班组",
    Role.FLOW: "流程",
    Role.ROBOT: "机器人",
    Role.SYSTEM: "系统",
}


@dataclass(frozen=True)
class Actor:
    """`name`: a crew's code, an agent's name, a worker's id; never a customer's name."""

    kind: Role
    name: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}"


def parse(text: str) -> Actor:
    """The actor that the log holds; what was written before there were roles counts as the system's."""
    kind, separator, name = text.partition(":")
    if separator and kind in set(Role):
        return Actor(Role(kind), name)
    return Actor(Role.SYSTEM, text)
