"""Drainers: what waits in the store goes to ticketing when it is back, in order, each conversation for itself."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import batched

import structlog
from sqlalchemy import Connection

from bot.delivery import calls, events, inbound, receipts, spool
from bot.delivery.receipts import Delivery
from bot.delivery.spool import SpoolKind, Waiting
from bot.delivery.store import Store
from bot.desk import Desk, DeskDown, DeskRefused, Floor, Handoff, StaleEpoch
from bot.errors import StoreUnavailable
from bot.lanes import Lanes

log = structlog.get_logger("bot")

FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 10.0
IDLE_S = 5.0
BATCH = 200
GATHER_S = 0.5
"""Nobody waits for a receipt: under load one request and one commit carry many."""


def wait_after(failures: int) -> float:
    """Seconds until the next try: idle when nothing failed, else doubling up to `LONGEST_WAIT_S`."""
    return IDLE_S if failures == 0 else min(FIRST_WAIT_S * 2.0 ** min(failures - 1, 10), LONGEST_WAIT_S)


class Drainer:
    """Runs `work` when its bell rings or the time has come; backs off while ticketing is down."""

    def __init__(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        self._name = name
        self._work = work
        self._bell = asyncio.Event()

    def ring(self) -> None:
        self._bell.set()

    async def run(self) -> None:
        failures = 0
        while True:
            self._bell.clear()
            try:
                await self._work()
                failures = 0
            except (DeskDown, StoreUnavailable) as error:
                failures += 1
                log.info("drainer_waits", drainer=self._name, failures=failures, error=type(error).__name__)
            except Exception:
                failures += 1
                log.exception("drainer_failed", drainer=self._name)
            await self._rest(wait_after(failures), may_be_woken=failures == 0)

    async def _rest(self, seconds: float, *, may_be_woken: bool) -> None:
        if not may_be_woken:
            await asyncio.sleep(seconds)
            return
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._bell.wait(), seconds)


async def _each(conversations: Iterable[str], work: Callable[[str], Awaitable[None]]) -> None:
    """`work` for one after the other; one in trouble does not keep the others, unless ticketing is not there at all.

    Raises the last DeskDown.
    """
    trouble: DeskDown | None = None
    for conversation in conversations:
        try:
            await work(conversation)
        except DeskDown as error:
            trouble = error
            if not error.reached:
                break
    if trouble is not None:
        raise trouble


class SpoolDrain:
    """Puts spooled records and hand-offs into ticketing."""

    def __init__(self, store: Store, desk: Desk, lanes: Lanes) -> None:
        self._store = store
        self._desk = desk
        self._lanes = lanes

    async def all(self) -> None:
        """Every conversation that waits, the oldest first; one in trouble does not keep the others. Raises DeskDown."""
        await _each(await self._store.read(spool.conversations), self._alone)

    async def _alone(self, conversation: str) -> None:
        async with self._lanes.hold(conversation):
            await self.one(conversation)

    async def one(self, conversation: str) -> None:
        """One conversation, whose lane the caller holds. Raises DeskDown."""
        cipher = self._store.cipher
        rows = await self._store.read(lambda connection: spool.waiting(connection, conversation, cipher=cipher))
        entries = [row for row in rows if row.kind is SpoolKind.ENTRY]
        for batch in batched(entries, BATCH):
            await self._post_entries(conversation, list(batch))
        for row in rows:
            if row.kind is SpoolKind.HANDOFF:
                await self._hand_off(conversation, row)
        if rows:
            log.info("spool_drained", conversation=conversation, rows=len(rows))

    async def _post_entries(self, conversation: str, entries: list[Waiting]) -> None:
        """All at once; when ticketing will not have them together, one by one, and the bad one is set aside."""
        try:
            await self._desk.spooled(conversation, [row.body for row in entries])
        except DeskRefused:
            if len(entries) == 1:
                await self._set_aside(conversation, entries[0])
                return
            for row in entries:
                await self._post_entries(conversation, [row])
            return
        numbers = [row.number for row in entries]
        await self._store.write(lambda connection: spool.drained(connection, numbers))

    async def _hand_off(self, conversation: str, row: Waiting) -> None:
        try:
            floor: Floor | None = await self._desk.hand_off(conversation, Handoff.model_validate(row.body))
        except StaleEpoch:
            floor = None  # a person has the conversation already
        except DeskRefused:
            await self._set_aside(conversation, row)
            return

        def done(connection: Connection) -> None:
            spool.drained(connection, [row.number])
            if floor is not None:
                inbound.control(connection, conversation, control=floor.control, epoch=floor.epoch)

        await self._store.write(done)

    async def _set_aside(self, conversation: str, row: Waiting) -> None:
        log.error("spool_set_aside", conversation=conversation, key=row.key)
        await self._store.write(lambda connection: spool.refused(connection, [row.number], at=datetime.now(UTC)))


class ReceiptDrain:
    """Tells ticketing what became of the replies; those that come within `GATHER_S` of each other go together."""

    def __init__(self, store: Store, desk: Desk) -> None:
        self._store = store
        self._desk = desk

    async def all(self) -> None:
        """Every receipt that waits; one conversation in trouble does not keep the others. Raises DeskDown."""
        await asyncio.sleep(GATHER_S)
        while found := await self._store.read(receipts.waiting):
            await _each(found, partial(self._tell, found))

    async def _tell(self, found: Mapping[str, Sequence[tuple[int, Delivery]]], conversation: str) -> None:
        for rows in batched(found[conversation], BATCH):
            await self._post(conversation, rows)

    async def _post(self, conversation: str, rows: Sequence[tuple[int, Delivery]]) -> None:
        try:
            await self._desk.delivered(conversation, [delivery for _, delivery in rows])
        except (DeskRefused, StaleEpoch):
            log.error("receipts_refused", conversation=conversation, receipts=len(rows))
        numbers = [number for number, _ in rows]
        await self._store.write(lambda connection: receipts.posted(connection, numbers), lazy=True)


async def sweep_hourly(
    store: Store, *, keep_days: int, also: Sequence[Callable[[datetime], Awaitable[None]]] = ()
) -> None:
    """Forget what is older than `keep_days`, now and every hour, until cancelled."""
    while True:
        before = datetime.now(UTC) - timedelta(days=keep_days)
        try:
            for sweep in (inbound.sweep, events.sweep, calls.sweep):
                await store.write(partial(sweep, before=before))
            for forget in also:
                await forget(before)
        except StoreUnavailable:
            log.warning("sweep_put_off")
        await asyncio.sleep(3600)
