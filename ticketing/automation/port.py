"""What ticketing needs of an engine for durable flows, and what a flow needs while it runs.

The engine keeps two things only: how far each flow is, and when it wants to be woken. What is true about an order
stands in ticketing's own tables, so a flow that is started anew, rung twice or replayed finds everything done that
was done.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

type Json = Any
"""What `json.dumps` takes: the engine's store holds nothing else (no pickles)."""
type Flow = Callable[["Run", Mapping[str, Any]], Awaitable[None]]


class FlowNotFound(LookupError):
    """The engine knows no flow of this id."""


class StepNotFound(LookupError):
    """The flow never came to a step of this name."""


class Status(StrEnum):
    WAITING = "waiting"
    """Started or restarted, and no worker has it yet."""
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class StepTaken:
    """One step in a flow's log: the engine's number, our name, when it began and ended."""

    number: int
    name: str
    began: datetime | None
    ended: datetime | None


@dataclass(frozen=True)
class Known:
    """A flow as the engine knows it. `worker`: who has it, or had it last."""

    id: str
    flow: str
    status: Status
    worker: str | None
    started: datetime
    changed: datetime


class Flows(Protocol):
    """The engine from outside. Every call may be repeated."""

    def start(self, flow: str, id: str, facts: Mapping[str, Any]) -> None:
        """Start `flow` under `id`, once: an id that is known already changes nothing."""
        ...

    def signal(self, id: str, *, key: str, bell: str) -> None:
        """Wake the flow. The same `key` rings once. Raises FlowNotFound."""
        ...

    def cancel(self, id: str) -> None:
        """End the flow before its next step. Raises FlowNotFound."""
        ...

    def retry_from(self, id: str, step: str | None = None) -> None:
        """Run the flow again from the first step of that name (None: from the start), under the same id.

        Raises FlowNotFound, StepNotFound.
        """
        ...

    def find(self, id: str) -> Known | None: ...

    def unfinished(self) -> list[Known]:
        """All flows that are not over, oldest first."""
        ...

    def failed(self) -> list[Known]:
        """Flows that ended in an error. A step's error never ends a flow, so it was the engine's own."""
        ...

    def steps(self, id: str) -> list[StepTaken]: ...


class Run(Protocol):
    """The engine from inside one running flow."""

    async def step(self, name: str, work: Callable[[], Json]) -> Json:
        """Do `work` in a thread, and keep what it returned: a flow that is resumed gets that instead.

        A kill between the work and its record repeats the work, so the work must be idempotent by itself.
        """
        ...

    async def bell(self, *, until: datetime) -> str | None:
        """Wait durably for a signal, at the longest to the moment `until` (kept across crashes); None: it is past."""
        ...
