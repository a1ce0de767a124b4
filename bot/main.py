"""The front door: wiring, once, by hand."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import structlog
from fastapi import FastAPI
from redis.asyncio import Redis

from bot import errors, health, words
from bot.answering import Answering
from bot.channels import chat_page, outgoing, phone, web
from bot.channels.body_limit import BodyLimit
from bot.channels.wechat import endpoints as wechat_endpoints
from bot.channels.wechat import wiring as wechat_wiring
from bot.channels.wechat import words as wechat_words
from bot.config import Settings, read_settings
from bot.delivery.cipher import Cipher
from bot.delivery.drain import Drainer, ReceiptDrain, SpoolDrain, sweep_hourly
from bot.delivery.handed_over import Receipts
from bot.delivery.hub import Hub
from bot.delivery.store import Store
from bot.desk import Desk
from bot.doors import Doors
from bot.lanes import Lanes
from bot.rasa import Engine
from bot.rate import Rate
from bot.recording import Recording
from bot.recovery import Recovery
from bot.storm import StormDesk
from bot.turn import Turns
from bot.wire import HttpWire, Wire

FAREWELL_S = 5.0
"""On a clean stop, turns under way get this long to come to their end."""
REDIS_WAIT_S = 0.5


def app(
    settings: Settings | None = None,
    *,
    ticketing: Wire | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> FastAPI:
    """Build the front door from the environment (or from given settings, ticketing and clock, in tests)."""
    settings = settings or read_settings()
    cipher = Cipher(settings.data_key.get_secret_value())
    wechat_book = wechat_words.read()
    own_words = words.load(settings.domain) | wechat_book.drafts
    store = Store(settings.sqlalchemy_url, cipher=cipher)
    redis = _redis(settings)

    ticketing = ticketing or HttpWire(
        settings.ticketing_url,
        token=settings.ticketing_token.get_secret_value(),
        patience_s=settings.ticketing_timeout_s,
    )
    rasa = HttpWire("", token=settings.engine_token.get_secret_value(), patience_s=settings.engine_timeout_s)
    desk = Desk(ticketing)
    engine = Engine(rasa, settings.engine_urls, patience_s=settings.engine_timeout_s)

    lanes, hub, rate = Lanes(redis), Hub(redis), Rate(redis)
    spool_drain = SpoolDrain(store, desk, lanes)
    spool_drainer = Drainer("spool", spool_drain.all)
    receipt_drainer = Drainer("receipts", ReceiptDrain(store, desk).all)
    turns = Turns(
        store=store,
        lanes=lanes,
        hub=hub,
        storm=StormDesk(desk, own_words=own_words, limit=settings.turns_at_once),
        recording=Recording(desk=desk, spool_drain=spool_drain, clock=clock),
        answering=Answering(store=store, desk=desk, engine=engine, hub=hub, own_words=own_words, clock=clock),
        spool_rings=spool_drainer.ring,
        clock=clock,
    )
    receipts = Receipts(store, ring=receipt_drainer.ring)
    wechat = wechat_wiring.build(
        settings,
        store=store,
        turns=turns,
        redis=redis,
        lanes=lanes,
        book=wechat_book,
        receipts_ring=receipt_drainer.ring,
        clock=clock,
    )
    doors = Doors(settings=settings, store=store, turns=turns, hub=hub, rate=rate, receipts=receipts, wechat=wechat)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        store.open()
        if wechat is not None:
            await wechat.gateway.open()
        at_work = (
            spool_drainer.run(),
            receipt_drainer.run(),
            hub.run(),
            Recovery(store, turns).run(),
            sweep_hourly(store, keep_days=settings.keep_days, also=[wechat.gateway.sweep] if wechat else ()),
            *((wechat.gateway.run(), wechat.tokens.run()) if wechat else ()),
        )
        tasks = [asyncio.create_task(work) for work in at_work]
        yield
        await doors.finish(within_s=FAREWELL_S)
        if wechat is not None:
            await wechat.gateway.close(within_s=FAREWELL_S)
        await _stop(tasks)
        if wechat is not None:
            await wechat.api.close()
        await ticketing.close()
        await rasa.close()
        await lanes.close()
        if redis is not None:
            await redis.aclose()
        store.close()

    door = FastAPI(title="Lamplighter front door", version="0.1.0", lifespan=lifespan, docs_url=None, redoc_url=None)
    door.state.settings = settings
    door.state.doors = doors
    door.state.health = health.Health(store=store, desk=desk, engine=engine, redis=redis)
    errors.install(door)
    door.add_middleware(BodyLimit)
    for router in (health.router, web.router, phone.router, wechat_endpoints.router, outgoing.router):
        door.include_router(router)
    chat_page.install(door)
    return door


async def _stop(tasks: list[asyncio.Task[None]]) -> None:
    """Cancel until all have ended: a library may swallow one cancellation, and then the task would run for ever."""
    running = set(tasks)
    while running:
        for task in running:
            task.cancel()
        _, running = await asyncio.wait(running, timeout=1.0)


def _redis(settings: Settings) -> Redis | None:
    if not settings.redis_url:
        structlog.get_logger("bot").info("redis_off")
        return None
    return Redis.from_url(settings.redis_url, socket_connect_timeout=REDIS_WAIT_S, socket_timeout=REDIS_WAIT_S)
