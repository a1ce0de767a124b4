"""From a customer's tap to the words on the phone, and what agents say; the simulator and the ticketing are real."""

import asyncio
import json
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import text

from bot.channels.wechat import words
from tests.bot.channels.wechat.conftest import OPENID, Agent, Phone
from tests.bot.conftest import Trail
from tests.bot.engine_double import EngineDouble
from tests.bot.eventually import eventually
from tests.bot.gate import Gate
from tests.wechat.clock import Clock
from tests.wechat.world import Fault, World

SEND = "/cgi-bin/message/custom/send"
TYPING = "/cgi-bin/message/custom/business/typing"
CHOICES = "\n回复数字选择：\n1. 是的\n2. 不是"
BOOK = words.read()


def echo(said: str) -> str:
    """What the engine's double says, as WeChat shows it."""
    return f"您说的是：{said}。对吗？{CHOICES}"


def shown(name: str) -> str:
    draft = BOOK.drafts[name]
    if not draft.buttons:
        return draft.default
    titles = "\n".join(f"{number}. {button.title}" for number, button in enumerate(draft.buttons, 1))
    return f"{draft.default}\n回复数字选择：\n{titles}"


async def fates(trail: Trail, conversation: str) -> list[str]:
    """What became of each word of ours, as ticketing has it."""
    messages = (await trail.conversation(conversation))["messages"]
    return [
        json.dumps(one.get("deliveries") or one.get("delivery") or one)
        for one in messages
        if one["speaker"] != "customer"
    ]


async def test_a_text_is_answered_in_one_message_and_on_record(
    phone: Phone, conversation: str, trail: Trail, door: FastAPI
) -> None:
    await phone.say("我家停电了")
    assert await phone.shows_messages(1) == [echo("我家停电了")]
    assert await trail.said(conversation) == [("customer", "我家停电了"), ("bot", "您说的是：我家停电了。对吗？")]
    assert (await trail.conversation(conversation))["channel"] == "wechat"

    async def is_reported() -> bool:
        return "delivered" in json.dumps((await trail.conversation(conversation))["messages"][-1])

    await eventually(is_reported)
    assert OPENID not in conversation
    with door.state.doors.store.engine.connect() as connection:
        for table in ("wechat_customer", "wechat_push", "wechat_line", "inbound"):
            for row in connection.execute(text(f"SELECT * FROM {table}")):
                assert OPENID.encode() not in b"".join(value for value in row if isinstance(value, bytes))
                assert OPENID not in [value for value in row if isinstance(value, str)]


async def test_a_number_means_the_choice(phone: Phone, engine: EngineDouble) -> None:
    await phone.say("我家停电了")
    await phone.shows_messages(1)
    await phone.say("２")
    await phone.shows_messages(2)
    assert engine.asked[-1]["text"] == "不是"


async def test_a_push_that_is_told_again_is_answered_once(
    phone: Phone, engine: EngineDouble, trail: Trail, conversation: str
) -> None:
    fields = phone.world.says(OPENID, "我家停电了")
    await asyncio.gather(*(phone.tell(fields) for _ in range(5)))
    await phone.tell(fields)
    await phone.shows_messages(1)
    await phone.tell(fields)
    await phone.shows_messages(1)
    assert len(engine.asked) == 1
    assert len(await trail.said(conversation)) == 2


async def test_a_signature_is_good_for_one_push_only(phone: Phone) -> None:
    phone.pusher.mode = "safe"
    first = phone.pusher.request(phone.world.says(OPENID, "我家停电了"))
    assert await phone.post(*first) == (200, b"success")
    assert await phone.post(*first) == (200, b"success"), "the same again does nothing"
    await phone.shows_messages(1)


async def test_messages_of_one_customer_are_answered_in_order(phone: Phone, world: World, engine: EngineDouble) -> None:
    """Eight at once: WeChat allows five messages after the last, so the last answers come together."""
    engine.delay_s = 0.02
    said = [f"停电{number}" for number in range(8)]
    for one in said:
        await phone.say(one)

    async def all_there() -> bool:
        return echo(said[-1]) in "\n".join(phone.texts)

    await eventually(all_there)
    assert "\n".join(phone.texts) == "\n".join(echo(one) for one in said)
    assert len(phone.texts) <= world.quota


async def test_a_photo_and_words_within_20_seconds_are_one_turn(
    phone: Phone, trail: Trail, conversation: str, engine: EngineDouble, agent: Agent
) -> None:
    await phone.show()
    await phone.say("电表冒烟了")
    assert await phone.shows_messages(1) == [echo("电表冒烟了")]
    (_, photo), *rest = await trail.said(conversation)
    assert photo.startswith("[图片 p")
    assert [words for _, words in rest] == ["电表冒烟了", "您说的是：电表冒烟了。对吗？"]
    assert [one["text"] for one in engine.asked] == ["电表冒烟了"]
    name = photo.removeprefix("[图片 ").removesuffix("]")
    picture = await agent.client.get(
        f"/channels/wechat/attachments/{name}", headers={"Authorization": "Bearer outgoing-token"}
    )
    assert (picture.status_code, picture.content) == (200, b"\xff\xd8\xff picture")
    assert picture.headers["content-type"] == "image/jpeg"
    assert (await agent.client.get(f"/channels/wechat/attachments/{name}")).status_code == 401


async def test_a_bare_photo_is_asked_about_and_a_number_answers(
    phone: Phone, clock: Clock, engine: EngineDouble, trail: Trail, conversation: str
) -> None:
    await phone.show()
    await asyncio.sleep(1.2)
    assert phone.texts == []
    clock.forward(seconds=20)
    assert await phone.shows_messages(1) == [shown("utter_wechat_photo_asked")]
    await phone.say("2")
    await phone.shows_messages(2)
    assert [one["text"] for one in engine.asked] == ["我要报修"]
    assert [speaker for speaker, _ in await trail.said(conversation)] == ["customer", "bot", "customer", "bot"]


async def test_a_photo_after_the_words_belongs_to_them(phone: Phone, engine: EngineDouble) -> None:
    await phone.say("电表冒烟了")
    await phone.shows_messages(1)
    await phone.show()
    assert (await phone.shows_messages(2))[1] == shown("utter_wechat_photo_kept")
    assert len(engine.asked) == 1


@pytest.mark.parametrize("kind", ["voice", "location", "miniprogrampage", "something_new"])
async def test_what_cannot_be_read_is_answered_kindly(phone: Phone, kind: str, trail: Trail, conversation: str) -> None:
    await phone.tell(phone.world.sends(OPENID, kind, Title="x"))
    assert await phone.shows_messages(1) == [shown("utter_wechat_kind_unknown")]
    assert (await trail.said(conversation))[0][1].startswith("[")


async def test_events_are_taken_in_silence(phone: Phone, world: World) -> None:
    await phone.tell(world.enters(OPENID))
    await phone.tell({**world.enters(OPENID), "Event": "subscribe_msg_popup_event", "List": [{"TemplateId": "t"}]})
    await asyncio.sleep(0.3)
    assert phone.texts == []


async def test_eight_lines_after_the_quota_arrive_a_day_later_once_and_in_order(  # noqa: PLR0917
    phone: Phone, agent: Agent, clock: Clock, world: World, trail: Trail, conversation: str
) -> None:
    await phone.say("转人工")
    await phone.shows_messages(1)
    for number in range(4):
        await agent.says(f"先说{number}", id=f"a-{number}")
        await phone.shows_messages(2 + number)
    for number in range(8):
        await agent.says(f"再说{number}", id=f"b-{number}")
        await agent.says(f"再说{number}", id=f"b-{number}")
    found = await agent.sees(parked=8, waiting=0, left=0)
    assert found["until"] is not None
    clock.forward(hours=24)
    await phone.say("我回来了")
    later = "\n".join(phone.texts[5:])

    async def all_there() -> bool:
        return "再说7" in "\n".join(phone.texts[5:]) and "我回来了" in phone.texts[-1]

    await eventually(all_there)
    later = "\n".join(phone.texts[5:])
    assert later.split("\n")[:8] == [f"再说{number}" for number in range(8)]
    assert later.count("再说") == 8
    await agent.sees(parked=0, waiting=0, failed=[])

    async def all_delivered() -> bool:
        lines = (await trail.conversation(conversation))["messages"]
        return [json.dumps(one).count("delivered") > 0 for one in lines if one["speaker"] == "bot"].count(False) == 0

    await eventually(all_delivered)


async def test_wechat_counts_more_than_we_and_the_line_waits(phone: Phone, agent: Agent, world: World) -> None:
    world.quota = 1
    await phone.say("你好")
    await phone.shows_messages(1)
    await agent.says("我是小韦", id="a-1", name="小韦")
    await agent.sees(parked=1, left=0)
    await phone.say("在吗")
    assert (await phone.shows_messages(2))[1] == "小韦：我是小韦"
    await agent.sees(parked=1)  # the answer, for want of quota


async def test_after_48_hours_a_line_waits_the_customer_is_told_and_at_last_it_is_reported(
    phone: Phone, agent: Agent, clock: Clock, world: World
) -> None:
    world.person(OPENID).consents["tpl-1"] = 1
    await phone.say("你好")
    await phone.shows_messages(1)
    clock.forward(hours=49)
    await agent.says("您的电表已经换好", id="a-1")
    await agent.sees(parked=1, left=0)

    async def is_told() -> bool:
        return len(world.person(OPENID).notices) == 1

    await eventually(is_told)
    await agent.says("请验收", id="a-2")
    await agent.sees(parked=2)
    assert world.person(OPENID).notices == [{"thing1": {"value": "您有新的客服回复，点开查看"}}]
    clock.forward(hours=73)
    found = await agent.sees(parked=0)
    assert [one["reason"] for one in found["failed"]] == ["expired", "expired"]
    assert len(phone.texts) == 1


async def test_who_enters_the_chat_gets_what_waited(phone: Phone, agent: Agent, clock: Clock, world: World) -> None:
    await phone.say("你好")
    await phone.shows_messages(1)
    clock.forward(hours=49)
    await agent.says("您的电表已经换好", id="a-1")
    await agent.sees(parked=1)
    await phone.tell(world.enters(OPENID))
    assert (await phone.shows_messages(2))[1] == "您的电表已经换好"


async def test_a_storm_of_40001_is_over_with_one_new_token(
    phone: Phone, world: World, client: Any, pusher: Any
) -> None:
    crowd = [Phone(world, pusher, client, openid=f"oCUSTOMER-{number:04}") for number in range(12)]
    await phone.say("你好")
    await phone.shows_messages(1)
    before = world.tokens.fetches
    world.tokens.forget()
    await asyncio.gather(*(one.say("停电") for one in crowd))
    for one in crowd:
        await one.shows_messages(1)
    assert before == 1
    assert world.tokens.fetches == 2


@pytest.mark.parametrize(
    "fault", [Fault(errcode=-1), Fault(status=502), Fault(errcode=45011), Fault(errcode=42001)], ids=str
)
async def test_what_surely_did_not_happen_is_tried_again(phone: Phone, world: World, fault: Fault) -> None:
    world.faults[SEND].append(fault)
    await phone.say("停电")
    await phone.shows_messages(1)
    assert world.calls.count(SEND) == 2


async def test_an_answer_that_did_not_come_is_not_asked_twice_and_reported(
    phone: Phone, world: World, agent: Agent
) -> None:
    world.faults[SEND].append(Fault(slow_s=3.0))
    await phone.say("停电")
    found = await agent.sees(waiting=0, parked=0)
    while not found["failed"]:
        await asyncio.sleep(0.05)
        found = await agent.window()
    assert [one["reason"] for one in found["failed"]] == ["unconfirmed"]
    await phone.shows_messages(1)
    await phone.say("在吗")
    await phone.shows_messages(2)


async def test_what_wechat_refuses_for_good_is_reported_with_its_number(
    phone: Phone, world: World, agent: Agent
) -> None:
    world.faults[SEND].append(Fault(errcode=50002))
    await phone.say("停电")
    found = await agent.sees(waiting=0)
    while not found["failed"]:
        await asyncio.sleep(0.05)
        found = await agent.window()
    assert [one["reason"] for one in found["failed"]] == ["wechat_50002"]


async def test_a_slow_answer_is_announced_by_typing(phone: Phone, world: World, engine: EngineDouble) -> None:
    engine.delay_s = 1.4
    await phone.say("停电")
    await phone.shows_messages(1)
    assert world.calls.count(TYPING) == 1


async def test_an_agents_choices_end_the_bots(phone: Phone, agent: Agent, engine: EngineDouble) -> None:
    await phone.say("停电")
    await phone.shows_messages(1)
    await agent.says("您家几楼？", id="a-1")
    await phone.shows_messages(2)
    await phone.say("2")
    await phone.shows_messages(3)
    assert engine.asked[-1]["text"] == "2"


async def test_while_ticketing_is_down_a_photo_is_kept_for_the_record(
    phone: Phone, gate: Gate, trail: Trail, conversation: str
) -> None:
    gate.is_down = True
    await phone.show()
    await phone.say("电表冒烟了")
    await phone.shows_messages(1)
    gate.is_down = False

    async def is_on_record() -> bool:
        try:
            said = await trail.said(conversation)
        except AssertionError:
            return False
        return len(said) >= 3 and said[0][1].startswith("[图片") and said[1] == ("customer", "电表冒烟了")

    await eventually(is_on_record)
