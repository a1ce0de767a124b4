"""The wire against real sockets: what an answer is, and how each way of getting none is named."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from bot.wire import BrokeOff, HttpWire, TookTooLong
from tests.bot.serving import free_port

HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n"

type Peer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def answers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Echoes how it was asked: the token and the body."""
    while True:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError:
            return
        length = next(int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if b"content-length" in line)
        body = await reader.readexactly(length)
        asked = b"ok" if b"Authorization: Bearer secret" in head else b"no"
        writer.write(b"HTTP/1.1 201 Created\r\nContent-Length: %d\r\n\r\n%s" % (len(asked + body), asked + body))
        await writer.drain()


async def hangs_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.close()


async def hangs_up_in_the_middle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(HEAD + b"\r\nhalf")
    writer.close()


async def says_nothing(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    await reader.read(-1)


@asynccontextmanager
async def wire_to(peer: Peer) -> AsyncIterator[HttpWire]:
    server = await asyncio.start_server(peer, "127.0.0.1", 0)
    wire = HttpWire(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", token="secret", patience_s=0.3)
    try:
        yield wire
    finally:
        await wire.close()
        server.close()


async def test_an_answer_comes_whole_over_a_kept_connection() -> None:
    async with wire_to(answers) as wire:
        for _ in range(2):
            assert await wire.post("/x", {"text": "停电"}) == (201, 'ok{"text": "停电"}'.encode())


@pytest.mark.parametrize("peer", [hangs_up, hangs_up_in_the_middle])
async def test_a_line_that_breaks(peer: Peer) -> None:
    async with wire_to(peer) as wire:
        with pytest.raises(BrokeOff):
            await wire.post("/x", {})


async def test_nobody_there() -> None:
    wire = HttpWire(f"http://127.0.0.1:{free_port()}", token="secret", patience_s=0.3)
    with pytest.raises(BrokeOff):
        await wire.status("/health")
    await wire.close()


async def test_too_slow_is_another_thing() -> None:
    async with wire_to(says_nothing) as wire:
        with pytest.raises(TookTooLong):
            await wire.post("/x", {})
