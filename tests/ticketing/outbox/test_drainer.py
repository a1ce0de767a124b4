"""What lies in the outbox arrives: through errors, time-outs, deaths and several drainers; in order; counted once."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta

import httpx
import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from tests.ticketing.outbox.receiver import Receiver, receiving
from ticketing.audit.service import trail
from ticketing.db import now
from ticketing.outbox.drainer import LEASE_S, Drainer, claim
from ticketing.outbox.models import OutboxEntry
from ticketing.outbox.senders import HttpSender
from ticketing.outbox.service import put

Sessions = sessionmaker[Session]


@pytest.fixture
def door() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture
async def drainer(sessions: Sessions, door: Receiver) -> AsyncIterator[Drainer]:
    async with httpx.AsyncClient() as client:
        yield Drainer(sessions, {"outgoing": HttpSender(client, door.url, timeout_s=1.0)})


def fill(sessions: Sessions, *keys: str, lane: str | None = None, at: datetime | None = None) -> None:
    for key in keys:
        with sessions.begin() as session:
            put(session, kind="outgoing", key=key, payload={"id": key}, at=at or now(), lane=lane)


def make_due(sessions: Sessions) -> None:
    """Let the wait before the next try be over."""
    with sessions.begin() as session:
        session.execute(update(OutboxEntry).values(next_at=now() - timedelta(seconds=1)))


def entries(sessions: Sessions) -> list[OutboxEntry]:
    with sessions() as session:
        return list(session.scalars(select(OutboxEntry).order_by(OutboxEntry.id)))


async def test_what_is_due_is_sent_once(sessions: Sessions, drainer: Drainer, door: Receiver) -> None:
    fill(sessions, "a", "b")
    fill(sessions, "tomorrow", at=now() + timedelta(days=1))
    assert await drainer.drain() == 2
    assert await drainer.drain() == 0
    assert (set(door.taken), len(door.calls)) == ({"a", "b"}, 2)
    assert [each.done_at is not None for each in entries(sessions)] == [True, True, False]


async def test_errors_and_time_outs_are_tried_again_until_it_arrives(
    sessions: Sessions, drainer: Drainer, door: Receiver
) -> None:
    door.moods = [500, 503, "never"]
    fill(sessions, "a")
    for attempts, error in enumerate(["status 500", "status 503", "no answer within 1.0 s"], start=1):
        assert await drainer.drain() == 1
        [entry] = entries(sessions)
        assert (entry.attempts, entry.last_error, entry.done_at) == (attempts, error, None)
        assert entry.next_at > now() - timedelta(seconds=1)
        make_due(sessions)
    assert await drainer.drain() == 1
    [entry] = entries(sessions)
    assert (entry.done_at is not None, entry.last_error, len(door.calls)) == (True, None, 4)
    assert door.taken == {"a": {"id": "a"}}  # the silent one had taken it in: counted once all the same


async def test_between_tries_it_waits(sessions: Sessions, drainer: Drainer, door: Receiver) -> None:
    door.moods = [500]
    fill(sessions, "a")
    assert await drainer.drain() == 1
    with sessions.begin() as session:
        session.execute(update(OutboxEntry).values(next_at=now() + timedelta(minutes=1)))
    assert await drainer.drain() == 0


async def test_a_lane_keeps_its_order_when_the_first_fails(
    sessions: Sessions, drainer: Drainer, door: Receiver
) -> None:
    door.moods = [500]
    fill(sessions, "1", "2", "3", lane="conversation:c-1")
    assert await drainer.drain() == 1
    assert await drainer.drain() == 0
    fill(sessions, "other", lane="conversation:c-2")
    assert await drainer.drain() == 1
    make_due(sessions)
    for _ in range(3):
        assert await drainer.drain() == 1
    assert list(door.taken) == ["other", "1", "2", "3"]


async def test_what_is_refused_for_good_is_given_up_and_lets_the_next_pass(
    sessions: Sessions, drainer: Drainer, door: Receiver
) -> None:
    door.moods = [422]
    fill(sessions, "bad", "good", lane="conversation:c-1")
    assert [await drainer.drain() for _ in range(3)] == [1, 1, 0]
    bad, good = entries(sessions)
    assert (bad.given_up_at is not None, bad.done_at, good.done_at is not None) == (True, None, True)
    with sessions() as session:
        [record] = trail(session, subject="outbox:bad")
    assert record.data == {"kind": "outgoing", "attempts": 1, "reason": "status 422"}


async def test_what_is_a_day_old_is_given_up(sessions: Sessions, drainer: Drainer, door: Receiver) -> None:
    door.moods = [500]
    fill(sessions, "old", at=now() - timedelta(hours=25))
    await drainer.drain()
    assert entries(sessions)[0].given_up_at is not None


async def test_several_drainers_share_the_work_and_send_nothing_twice(sessions: Sessions, door: Receiver) -> None:
    fill(sessions, *(f"k-{number}" for number in range(30)))
    async with httpx.AsyncClient() as client:
        one, other = (Drainer(sessions, {"outgoing": HttpSender(client, door.url)}) for _ in range(2))
        while sum(await asyncio.gather(one.drain(), other.drain())):
            pass
    assert (len(door.taken), len(door.calls)) == (30, 30)


async def test_what_a_dead_drainer_held_is_sent_when_its_lease_is_over(
    sessions: Sessions, drainer: Drainer, door: Receiver
) -> None:
    fill(sessions, "a")
    [held] = claim(sessions, kinds=["outgoing"], at=now())
    assert held.key == "a" and json.dumps(dict(held.payload)) == '{"id": "a"}'
    assert await drainer.drain() == 0
    later = now() + timedelta(seconds=LEASE_S + 1)
    assert [each.attempts for each in claim(sessions, kinds=["outgoing"], at=later)] == [2]


async def test_a_kind_that_nobody_sends_stays(sessions: Sessions, drainer: Drainer) -> None:
    with sessions.begin() as session:
        put(session, kind="pigeon", key="p", payload={}, at=now())
    assert await drainer.drain() == 0
