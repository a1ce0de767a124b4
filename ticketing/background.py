"""What ticketing does by itself while it runs: drains the outbox, takes back those who waited too long, keeps the
audit trail's chain, brings scheduled words into force, erases at night what was kept long enough."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import httpx
import structlog
from sqlalchemy.orm import Session, sessionmaker

from ticketing.audit.keeper import Keeper, journal_of
from ticketing.config import Settings
from ticketing.conversations.take_back import take_back_all
from ticketing.db import now
from ticketing.outbox.drainer import Drainer
from ticketing.outbox.senders import FileSender, HttpSender, NoSender, Sender
from ticketing.recovery.fence import Fenced
from ticketing.retention import rules
from ticketing.retention.nightly import Nightly
from ticketing.retention.stores import stores
from ticketing.talk_tracks.clock import tick

OUTBOX_PAUSE_S = 0.25
TAKE_BACK_PAUSE_S = 2.0
SEAL_PAUSE_S = 1.0
TALK_TRACKS_PAUSE_S = 1.0
RETENTION_PAUSE_S = 300.0

log = structlog.get_logger("ticketing.background")


def senders(settings: Settings, client: httpx.AsyncClient) -> dict[str, Sender]:
    """Who sends which kind, from the settings."""
    front_door = HttpSender(
        client, f"{settings.front_door_url.rstrip('/')}/outgoing", token=settings.front_door_token.get_secret_value()
    )
    return {"outgoing": front_door, "sms": _sms(settings, client)}


def _sms(settings: Settings, client: httpx.AsyncClient) -> Sender:
    if settings.sms_url:
        return HttpSender(client, settings.sms_url)
    return FileSender(settings.home / "demo-sms.jsonl") if settings.demo else NoSender("TICKETING_SMS_URL")


@asynccontextmanager
async def running(settings: Settings, sessions: sessionmaker[Session]) -> AsyncIterator[None]:
    """Run the background work for as long as the service runs."""
    # trust_env off: a proxy of the environment must never see what goes between our own processes.
    async with httpx.AsyncClient(trust_env=False) as client:
        fenced = {kind: Fenced(sender, sessions) for kind, sender in senders(settings, client).items()}
        drainer = Drainer(sessions, fenced)

        async def take_back() -> int:
            return await asyncio.to_thread(take_back_all, sessions, limit_s=settings.wait_limit_s, at=now())

        keeper = Keeper(
            sessions,
            journal_of(settings),
            every_s=settings.audit_checkpoint_s,
            every_records=settings.audit_checkpoint_records,
        )

        async def keep_the_chain() -> int:
            return await asyncio.to_thread(keeper.round)

        nightly = Nightly(sessions, stores(settings.home), rules.load(), hour=settings.retention_hour)

        async def erase() -> int:
            return await asyncio.to_thread(nightly.round, now())

        async def turn_talk_tracks() -> int:
            return await asyncio.to_thread(tick, sessions, at=now())

        tasks = [
            asyncio.create_task(repeat(drainer.drain, pause_s=OUTBOX_PAUSE_S, name="outbox")),
            asyncio.create_task(repeat(take_back, pause_s=TAKE_BACK_PAUSE_S, name="take_back")),
            asyncio.create_task(repeat(keep_the_chain, pause_s=SEAL_PAUSE_S, name="audit_chain")),
            asyncio.create_task(repeat(turn_talk_tracks, pause_s=TALK_TRACKS_PAUSE_S, name="talk_tracks")),
            asyncio.create_task(repeat(erase, pause_s=RETENTION_PAUSE_S, name="retention")),
        ]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def repeat(work: Callable[[], Awaitable[int]], *, pause_s: float, name: str) -> None:
    """Do `work` again at once while it finds something, else after a pause; a failed round is logged and repeated."""
    while True:
        try:
            found = await work()
        except Exception:  # whatever it was (a database that is away, most likely): this loop must outlive it
            log.exception("background_round_failed", work=name)
            found = 0
        if not found:
            await asyncio.sleep(pause_s)
