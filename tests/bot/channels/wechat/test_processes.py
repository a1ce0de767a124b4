"""Several processes and dead ones: each push is answered once, each line sent once, and nothing waits for ever."""

import asyncio
from contextlib import AsyncExitStack
from datetime import timedelta

import httpx
from fastapi import FastAPI
from sqlalchemy import text

from bot.channels.wechat import claims, inbox
from bot.config import Settings
from bot.delivery.cipher import Cipher
from bot.delivery.store import Store
from bot.main import app as front_door
from tests.bot.channels.wechat.conftest import OPENID, Agent, Phone
from tests.bot.channels.wechat.test_gateway import echo
from tests.bot.conftest import DATA_KEY
from tests.bot.engine_double import EngineDouble
from tests.bot.eventually import eventually
from tests.bot.gate import Gate
from tests.wechat.clock import Clock
from tests.wechat.pusher import Pusher
from tests.wechat.world import World


async def test_two_doors_told_the_same_answer_once_and_in_order(  # noqa: PLR0917
    settings: Settings, gate: Gate, world: World, pusher: Pusher, clock: Clock, engine: EngineDouble
) -> None:
    engine.delay_s = 0.02
    async with AsyncExitStack() as stack:
        phones = []
        for _ in range(2):
            door = front_door(settings, ticketing=gate, clock=clock)
            await stack.enter_async_context(door.router.lifespan_context(door))
            client = httpx.AsyncClient(transport=httpx.ASGITransport(app=door), base_url="http://127.0.0.1", timeout=20)
            phones.append(Phone(world, pusher, await stack.enter_async_context(client)))
        for number in range(6):
            fields = world.says(OPENID, f"停电{number}")
            await asyncio.gather(*(phone.tell(fields) for phone in phones))
        wanted = "\n".join(echo(f"停电{number}") for number in range(6))

        async def all_there() -> bool:
            return echo("停电5") in "\n".join(phones[0].texts)

        await eventually(all_there)
        await asyncio.sleep(0.2)
    assert "\n".join(phones[0].texts) == wanted
    assert len(engine.asked) == 6


async def test_what_a_dead_process_left_is_finished_by_another(
    settings: Settings, gate: Gate, world: World, pusher: Pusher, clock: Clock
) -> None:
    """It kept a push and took the conversation, then died; another door is there all the while."""
    from bot.channels.wechat.envelope import Envelope  # noqa: PLC0415
    from bot.channels.wechat.push import Mode, Reader  # noqa: PLC0415

    store = Store(settings.sqlalchemy_url, cipher=Cipher(DATA_KEY))
    store.open()
    door = front_door(settings, ticketing=gate, clock=clock)
    conversation = door.state.doors.wechat.gateway.conversation_of(OPENID)
    envelope = Envelope(settings.wechat_aes_key.get_secret_value(), app_id=world.app_id)
    reader = Reader(token=settings.wechat_token.get_secret_value(), mode=Mode.SAFE, envelope=envelope, clock=clock)
    query, body, _ = pusher.request(world.says(OPENID, "停电"))
    signed = reader.read(query, body)
    await store.write(lambda connection: claims.beat(connection, "dead", at=clock()))
    await store.write(
        lambda connection: inbox.accept(connection, signed, conversation, at=clock(), cipher=store.cipher)
    )
    assert await store.write(lambda connection: claims.claim(connection, conversation, "dead", at=clock()))
    async with door.router.lifespan_context(door):
        phone = Phone(world, pusher, httpx.AsyncClient())
        await asyncio.sleep(1.5)
        assert phone.texts == [], "a living process has it"
        clock.forward(seconds=claims.ALIVE_S)
        await phone.shows_messages(1)
    store.close()


async def test_a_line_that_a_dead_process_was_sending_is_reported_not_repeated(
    door: FastAPI, phone: Phone, agent: Agent, conversation: str, clock: Clock
) -> None:
    await phone.say("停电")
    await phone.shows_messages(1)
    store: Store = door.state.doors.store
    await store.write(
        lambda connection: connection.execute(
            text("UPDATE wechat_line SET state = 'sending', settled_at = NULL WHERE conversation = :it"),
            {"it": conversation},
        )
    )
    found = await agent.window()
    while not found["failed"]:
        await asyncio.sleep(0.05)
        found = await agent.window()
    assert [one["reason"] for one in found["failed"]] == ["unconfirmed"]
    await phone.shows_messages(1)


async def test_old_things_are_swept(door: FastAPI, phone: Phone, clock: Clock) -> None:
    await phone.show()
    await phone.say("停电")
    await phone.shows_messages(1)
    clock.forward(days=31)
    await door.state.doors.wechat.gateway.sweep(clock() - timedelta(days=30))
    with door.state.doors.store.engine.connect() as connection:
        for table in ("wechat_push", "wechat_line", "wechat_stamp", "wechat_attachment"):
            assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar() == 0, table
