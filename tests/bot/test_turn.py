"""One turn: what the customer hears and what is on record, in fair weather and foul."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import event, text
from sqlalchemy.engine import Connection

from bot.delivery import inbound, spool
from bot.delivery.store import Store
from bot.message import Channel, Control, Kind, Message
from bot.verdict import clean, judge, needs_follow_up, person_speaks
from tests.bot.conftest import DATA_KEY, OWN_WORDS, Trail, say
from tests.bot.engine_double import EngineDouble
from tests.bot.eventually import eventually
from tests.bot.gate import Gate


async def duty(ticketing: FastAPI, path: str, body: dict[str, object]) -> None:
    transport = httpx.ASGITransport(app=ticketing)
    headers = {"Authorization": "Bearer demo-token"}
    async with httpx.AsyncClient(transport=transport, base_url="http://ticketing", headers=headers) as desk:
        response = await desk.post(path, json=body)
        assert response.status_code < 300, response.text


async def take_over(ticketing: FastAPI, conversation: str) -> None:
    await duty(ticketing, "/api/desk/duty", {"agent": "小韦", "skills": ["general"], "on": True})
    await duty(ticketing, f"/api/conversations/{conversation}/take", {"agent": "小韦"})


async def test_words_are_on_record_before_they_are_said(client: httpx.AsyncClient, trail: Trail) -> None:
    answer = await say(client, "我家停电了", id="m-1")
    assert answer["control"] == "bot"
    assert answer["epoch"] == 1
    assert set(answer) == {"replies", "control", "epoch"}
    (reply,) = answer["replies"]
    assert (reply["talk_track"], reply["version"]) == ("utter_echo", 0)
    assert [button["title"] for button in reply["buttons"]] == ["是的", "不是"]
    assert await trail.said("c-1") == [("customer", "我家停电了"), ("bot", reply["text"])]


async def test_a_repeated_message_gets_its_first_answer_and_is_done_once(
    client: httpx.AsyncClient, engine: EngineDouble, trail: Trail
) -> None:
    first = await say(client, "我家停电了", id="m-1")
    assert await say(client, "我家停电了", id="m-1") == first
    assert len(engine.asked) == 1
    assert len(await trail.said("c-1")) == 2


async def test_fifty_messages_at_once_are_answered_one_by_one_in_order(
    client: httpx.AsyncClient, engine: EngineDouble, trail: Trail
) -> None:
    texts = [f"第{number}句" for number in range(50)]
    await asyncio.gather(*(say(client, words, id=f"m-{number}") for number, words in enumerate(texts)))
    assert [turn["text"] for turn in engine.asked] == texts
    said = await trail.said("c-1")
    assert [words for speaker, words in said if speaker == "customer"] == texts
    assert [speaker for speaker, _ in said] == ["customer", "bot"] * 50


async def test_with_ticketing_down_the_default_text_is_said_and_its_record_drains_in_order_once(
    client: httpx.AsyncClient, gate: Gate, trail: Trail, door: FastAPI
) -> None:
    await say(client, "我家停电了", id="m-1")
    gate.is_down = True
    first = await say(client, "右江区中山二路8号", id="m-2")
    second = await say(client, "整栋楼都停了", id="m-3")
    assert [reply["version"] for reply in first["replies"]] == [0, 0]
    assert first["replies"][0]["text"] == "您说的是：右江区中山二路8号。对吗？"
    assert first["replies"][1]["text"] == OWN_WORDS["utter_ticketing_down"]
    assert len(second["replies"]) == 1, "that somebody will call is said once"
    gate.is_down = False

    store = door.state.doors.store
    await eventually(lambda: drained(store))
    assert await trail.said("c-1") == [
        ("customer", "我家停电了"),
        ("bot", "您说的是：我家停电了。对吗？"),
        ("customer", "右江区中山二路8号"),
        ("bot", "您说的是：右江区中山二路8号。对吗？"),
        ("bot", OWN_WORDS["utter_ticketing_down"]),
        ("customer", "整栋楼都停了"),
        ("bot", "您说的是：整栋楼都停了。对吗？"),
    ]
    assert trail.handoffs("c-1") == ["backend_down"]


async def drained(store: Store) -> bool:
    return not await store.read(spool.conversations)


async def test_what_was_spooled_comes_before_what_is_said_next(
    client: httpx.AsyncClient, gate: Gate, trail: Trail
) -> None:
    gate.is_down = True
    await say(client, "一", id="m-1")
    gate.is_down = False
    await say(client, "二", id="m-2")
    customers = [words for speaker, words in await trail.said("c-1") if speaker == "customer"]
    assert customers == ["一", "二"]


async def test_a_spooled_record_whose_answer_got_lost_is_not_written_twice(
    client: httpx.AsyncClient, gate: Gate, trail: Trail, door: FastAPI
) -> None:
    gate.is_down = True
    await say(client, "一", id="m-1")
    gate.loses_answers_of, gate.is_down = "/spooled", False
    await eventually(lambda: was_seen(gate, "spooled", times=2))
    gate.loses_answers_of = ""
    await eventually(lambda: drained(door.state.doors.store))
    assert [speaker for speaker, _ in await trail.said("c-1")] == ["customer", "bot", "bot"]


async def was_seen(gate: Gate, what: str, *, times: int) -> bool:
    return gate.seen.count(what) >= times


async def test_small_talk_during_an_outage_of_ticketing_orders_no_call_back(
    client: httpx.AsyncClient, gate: Gate, engine: EngineDouble
) -> None:
    gate.is_down, engine.intent = True, "greet"
    answer = await say(client, "你好", id="m-1")
    assert [reply["talk_track"] for reply in answer["replies"]] == ["utter_echo"]


@pytest.mark.parametrize("trouble", ["slow", "broken", "silent"])
async def test_without_rasa_the_customer_hears_so_and_a_person_is_called(
    client: httpx.AsyncClient, engine: EngineDouble, trail: Trail, trouble: str
) -> None:
    engine.delay_s = 2.0 if trouble == "slow" else 0.0
    engine.status = 500 if trouble == "broken" else 200
    engine.is_silent = trouble == "silent"
    answer = await say(client, "我家停电了", id="m-1")
    assert [reply["talk_track"] for reply in answer["replies"]] == ["utter_engine_down", "utter_callback_order"]
    assert "WO" in answer["replies"][1]["text"]
    assert trail.handoffs("c-1") == ["engine_down"]
    assert (await trail.said("c-1"))[0] == ("customer", "我家停电了")


async def test_with_rasa_and_ticketing_down_the_customer_is_answered_and_the_person_called_later(
    client: httpx.AsyncClient, engine: EngineDouble, gate: Gate, trail: Trail, door: FastAPI
) -> None:
    engine.status, gate.is_down = 503, True
    answer = await say(client, "我家停电了", id="m-1")
    assert answer["replies"][0]["text"] == OWN_WORDS["utter_engine_down"]
    gate.is_down = False
    await eventually(lambda: drained(door.state.doors.store))
    assert trail.handoffs("c-1") == ["engine_down"]


async def test_a_person_who_has_control_is_not_interrupted(
    client: httpx.AsyncClient, engine: EngineDouble, ticketing: FastAPI, trail: Trail
) -> None:
    await say(client, "我家停电了", id="m-1")
    await take_over(ticketing, "c-1")
    answer = await say(client, "你们快点", id="m-2")
    assert answer == {"replies": [], "control": "agent", "epoch": 2}
    assert len(engine.asked) == 1
    assert ("customer", "你们快点") in await trail.said("c-1")


async def test_an_answer_that_a_person_overtook_is_dropped_and_marked(
    client: httpx.AsyncClient, engine: EngineDouble, ticketing: FastAPI, trail: Trail, door: FastAPI
) -> None:
    await say(client, "你好", id="m-1")
    engine.delay_s = 0.3
    turn = asyncio.create_task(say(client, "我家停电了", id="m-2"))
    await eventually(lambda: was_asked(engine, "m-2"))
    await take_over(ticketing, "c-1")
    assert await turn == {"replies": [], "control": "agent", "epoch": 2}
    assert len([1 for speaker, _ in await trail.said("c-1") if speaker == "bot"]) == 1
    store = door.state.doors.store
    outcome = text("SELECT outcome FROM inbound WHERE message = 'm-2'")
    assert await store.read(lambda session: session.execute(outcome).scalar()) == "dropped"


async def was_asked(engine: EngineDouble, message: str) -> bool:
    return any(turn["message_id"] == message for turn in engine.asked)


@pytest.mark.parametrize("words", ["😀😀", "   ", "", "\x00\x07", "。。。？！"])
async def test_what_is_no_words_is_recorded_and_kindly_asked_for_words(
    client: httpx.AsyncClient, engine: EngineDouble, trail: Trail, words: str
) -> None:
    answer = await say(client, words, id="m-1")
    assert [reply["talk_track"] for reply in answer["replies"]] == ["utter_not_words"]
    assert engine.asked == []
    assert [speaker for speaker, _ in await trail.said("c-1")] == ["customer", "bot"]


async def test_a_full_disk_says_nothing_that_has_no_record(
    client: httpx.AsyncClient, gate: Gate, door: FastAPI, engine: EngineDouble
) -> None:
    await say(client, "我家停电了", id="m-1")
    gate.is_down = True
    disk = Disk(door.state.doors.store)
    disk.pages = 1
    refused = await client.post("/channels/web/conversations/c-1/messages", json={"text": "整栋楼" * 600, "id": "m-2"})
    assert refused.status_code == 503
    assert refused.json()["error"] == "StoreUnavailable"
    assert "没有受理" in refused.json()["detail"]
    assert len(engine.asked) == 1
    disk.pages = 1_000_000
    gate.is_down = False
    assert (await say(client, "整栋楼" * 600, id="m-2"))["replies"]


class Disk:
    """Lets SQLite itself say "database or disk is full": its pages are limited to those it has."""

    def __init__(self, store: Store) -> None:
        self.pages = 1_000_000
        event.listen(store.engine, "begin", self._limit)

    def _limit(self, connection: Connection) -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {self.pages}")


async def test_a_message_that_a_crash_left_is_finished_and_an_old_one_gets_an_apology(
    client: httpx.AsyncClient, door: FastAPI, trail: Trail, engine: EngineDouble
) -> None:
    doors = door.state.doors
    old = datetime.now(UTC) - timedelta(hours=1)
    for id, at in (("fresh", datetime.now(UTC)), ("old", old)):
        message = Message(
            conversation=id,
            id="m-1",
            channel=Channel.WEB,
            kind=Kind.TEXT,
            text="我家停电了",
            at=at,
            reply_to=f"web:{id}",
        )
        await doors.store.write(lambda s, m=message: inbound.receive(s, m, cipher=doors.store.cipher))
        await doors.turns.take(message)
    assert [speaker for speaker, _ in await trail.said("fresh")] == ["customer", "bot"]
    assert (await trail.said("old"))[1] == ("bot", OWN_WORDS["utter_engine_down"])
    assert trail.handoffs("old") == ["engine_down"]
    assert len(engine.asked) == 1


async def test_a_message_that_waited_long_in_its_lane_is_answered_like_any_other(
    door: FastAPI, trail: Trail, engine: EngineDouble
) -> None:
    waited = Message(
        conversation="c-9",
        id="m-1",
        channel=Channel.WEB,
        kind=Kind.TEXT,
        text="我家停电了",
        at=datetime.now(UTC) - timedelta(minutes=5),
        reply_to="web:c-9",
    )
    await door.state.doors.turns.take(waited)
    assert len(engine.asked) == 1 and trail.handoffs("c-9") == []


async def test_texts_in_the_store_are_sealed(client: httpx.AsyncClient, gate: Gate, tmp_path: Path) -> None:
    gate.is_down = True
    await say(client, "我叫黄小明住中山二路", id="m-1")
    stored = await asyncio.to_thread(lambda: b"".join(file.read_bytes() for file in tmp_path.glob("bot.db*")))
    assert "黄小明".encode() not in stored
    assert "中山二路".encode() not in stored
    assert b"\\u9ec4" not in stored
    assert DATA_KEY.encode() not in stored


def test_pure_decisions() -> None:
    assert clean(" 停\x00电\ud800了\n ") == "停电了"
    assert judge(Kind.TEXT, "字" * 2001) == "too_long"
    assert judge(Kind.TEXT, "字" * 2000) == "words"
    assert judge(Kind.SILENCE, "") == "words"
    assert judge(Kind.TEXT, "👍") == "not_words"
    assert [person_speaks(Control(one)) for one in ("bot", "waiting", "agent", "wrap_up", "closed")] == [
        False, False, True, True, False,
    ]  # fmt: skip
    assert needs_follow_up(None)
    assert needs_follow_up({"intent": "report_outage"})
    assert not needs_follow_up({"intent": "thank"})
