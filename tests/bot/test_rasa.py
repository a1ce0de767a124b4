"""Several Rasa workers: each conversation has its own, and another one when that is away."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.message import Channel, Control, Kind, Message
from bot.rasa import PATH, Engine, EngineDown, in_order
from bot.wire import Answered, BrokeOff, TookTooLong

WORKERS = ("http://one:5005", "http://two:5006", "http://three:5007")
ANSWER = {"replies": [{"talk_track": "utter_echo", "default": "好"}]}


@dataclass
class Workers:
    """Each worker answers, or fails in the way that is set for it."""

    faults: dict[str, Exception | int] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def post(self, url: str, body: Mapping[str, Any]) -> Answered:
        assert url.endswith(PATH)
        return Answered(self._answer(url.removesuffix(PATH)), json.dumps(ANSWER).encode())

    async def status(self, url: str) -> int:
        return self._answer(url.removesuffix("/"))

    async def close(self) -> None:
        """Nothing is kept open."""

    def _answer(self, worker: str) -> int:
        self.asked.append(worker)
        fault = self.faults.get(worker, 200)
        if isinstance(fault, Exception):
            raise fault
        return fault


def engine(workers: Workers, names: tuple[str, ...] = WORKERS) -> Engine:
    return Engine(workers, names, patience_s=2.0)


async def ask(engine: Engine, conversation: str = "c-1") -> str:
    message = Message(
        conversation=conversation,
        id="m-1",
        channel=Channel.WEB,
        kind=Kind.TEXT,
        text="我家停电了",
        at=datetime.now(UTC),
        reply_to=f"web:{conversation}",
    )
    turn = await engine.ask(message, control=Control.BOT, today=date(2026, 11, 23))
    return turn.replies[0].talk_track


async def test_a_conversation_stays_with_its_worker() -> None:
    workers = Workers()
    rasa = engine(workers)
    for _ in range(3):
        await ask(rasa)
    assert workers.asked == [in_order("c-1", WORKERS)[0]] * 3


def test_each_worker_has_its_share_and_a_lost_ones_goes_to_all_others() -> None:
    conversations = [f"c-{number}" for number in range(3000)]
    shares = Counter(in_order(conversation, WORKERS)[0] for conversation in conversations)
    assert all(900 < shares[worker] < 1100 for worker in WORKERS)
    seconds = Counter(
        order[1] for order in (in_order(each, WORKERS) for each in conversations) if order[0] == WORKERS[0]
    )
    assert all(400 < seconds[worker] < 600 for worker in WORKERS[1:])


@pytest.mark.parametrize("fault", [BrokeOff("refused"), 503])
async def test_another_worker_takes_over(fault: Exception | int) -> None:
    first, second, _ = in_order("c-1", WORKERS)
    workers = Workers({first: fault})
    rasa = engine(workers)
    assert await ask(rasa) == "utter_echo"
    assert workers.asked == [first, second]


async def test_a_lost_worker_is_left_alone_for_a_while() -> None:
    first, second, _ = in_order("c-1", WORKERS)
    workers = Workers({first: BrokeOff("refused")})
    rasa = engine(workers)
    await ask(rasa)
    await ask(rasa)
    assert workers.asked == [first, second, second]


async def test_a_turn_that_may_still_run_is_not_asked_of_another() -> None:
    workers = Workers(dict.fromkeys(WORKERS, TookTooLong("too slow")))
    rasa = engine(workers)
    with pytest.raises(EngineDown):
        await ask(rasa)
    assert len(workers.asked) == 1


async def test_an_action_that_failed_is_not_tried_elsewhere() -> None:
    workers = Workers(dict.fromkeys(WORKERS, 502))
    rasa = engine(workers)
    with pytest.raises(EngineDown):
        await ask(rasa)
    assert len(workers.asked) == 1


async def test_a_single_worker_is_asked_twice() -> None:
    workers = Workers({WORKERS[0]: BrokeOff("refused")})
    rasa = engine(workers, WORKERS[:1])
    with pytest.raises(EngineDown):
        await ask(rasa)
    assert not await rasa.is_up()
    assert workers.asked == [WORKERS[0]] * 3


async def test_one_worker_is_enough_to_be_up() -> None:
    rasa = engine(Workers({WORKERS[0]: BrokeOff("refused"), WORKERS[1]: 500}))
    assert await rasa.is_up()
