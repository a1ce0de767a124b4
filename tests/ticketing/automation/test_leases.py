"""Who is alive, who is dead, and that a worker which was only slow finds out."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session, sessionmaker

from ticketing.automation import leases
from ticketing.db import now

SILENCE = leases.SILENT_AFTER + timedelta(seconds=1)


def test_a_worker_lives_while_it_beats(sessions: sessionmaker[Session]) -> None:
    at = now()
    with sessions.begin() as session:
        leases.register(session, "one", at=at)
        leases.register(session, "two", at=at)
    with sessions.begin() as session:
        leases.beat(session, "two", at=at + SILENCE)
        assert leases.alive(session, at=at + SILENCE) == ["two"]
        assert leases.dead(session, at=at + SILENCE) == ["one"]


def test_the_adopted_one_may_not_go_on(sessions: sessionmaker[Session]) -> None:
    at = now()
    with sessions.begin() as session:
        leases.register(session, "slow", at=at)
    with sessions.begin() as session:
        leases.mark_adopted(session, ["slow"], at=at + SILENCE)
    with sessions() as session, pytest.raises(leases.LeaseLost):
        leases.beat(session, "slow", at=at + SILENCE)


def test_one_that_beat_again_in_time_is_not_adopted(sessions: sessionmaker[Session]) -> None:
    at = now()
    with sessions.begin() as session:
        leases.register(session, "slow", at=at)
        leases.beat(session, "slow", at=at + SILENCE)
        leases.mark_adopted(session, ["slow"], at=at + SILENCE)
        leases.beat(session, "slow", at=at + SILENCE + timedelta(seconds=1))


def test_the_dead_are_asked_again_for_a_while_and_then_forgotten(sessions: sessionmaker[Session]) -> None:
    at = now()
    with sessions.begin() as session:
        leases.register(session, "dead", at=at)
        leases.mark_adopted(session, ["dead"], at=at + SILENCE)
        leases.forget(session, at=at + SILENCE + timedelta(seconds=10))
        assert leases.dead(session, at=at + SILENCE) == ["dead"]
        leases.forget(session, at=at + 2 * SILENCE + leases.REMEMBERED)
        assert leases.dead(session, at=at + SILENCE) == []


def test_who_leaves_by_itself_is_adopted_at_once(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        leases.register(session, "tidy", at=now())
        leases.leave(session, ["tidy"])
        assert leases.dead(session, at=now()) == ["tidy"]
