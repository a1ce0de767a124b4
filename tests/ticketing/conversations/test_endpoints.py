"""The wires of conversations and the desk, against the examples in tests/contracts, and one conversation whole."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from ticketing.conversations.schemas import Recorded

CONTRACTS = Path(__file__).parents[2] / "contracts"
Say = Callable[..., Recorded]


def example(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((CONTRACTS / f"{name}.json").read_text(encoding="utf-8"))
    return loaded


def play(client: TestClient, name: str, **changes: Any) -> Any:
    request = example(name)["request"]
    return client.request(request["method"], request["path"], json=request["json"] | changes)


def shape(value: Any) -> Any:
    """Names of the fields, all the way down; what stands in them does not matter."""
    if isinstance(value, dict):
        return {name: shape(each) for name, each in value.items()}
    return [shape(each) for each in value[:1]] if isinstance(value, list) else None


def test_messages(bot: TestClient) -> None:
    answer = play(bot, "messages")
    assert (answer.status_code, answer.json()) == (200, example("messages")["response"]["json"])
    assert play(bot, "messages").json() == {**answer.json(), "repeated": True}


def test_replies_are_said_in_the_default_words_when_nothing_is_published(bot: TestClient) -> None:
    play(bot, "messages")
    answer, wanted = play(bot, "replies"), example("replies")["response"]
    assert answer.status_code == wanted["status"]
    assert shape(answer.json()) == shape(wanted["json"])
    [said] = answer.json()["replies"]
    assert (said["text"], said["version"]) == (example("replies")["request"]["json"]["replies"][0]["default"], 0)


def test_deliveries(bot: TestClient) -> None:
    play(bot, "messages")
    said = play(bot, "replies").json()["replies"][0]["id"]
    answer = play(bot, "deliveries", deliveries=[{"reply": said, "state": "delivered", "at": "2026-11-23T01:02:04Z"}])
    assert (answer.status_code, answer.json()) == (200, example("deliveries")["response"]["json"])


def test_spooled(bot: TestClient) -> None:
    for _ in range(2):
        answer = play(bot, "spooled")
        assert (answer.status_code, answer.json()) == (200, example("spooled")["response"]["json"])


@pytest.mark.usefixtures("on_duty")
def test_handoff_into_the_queue(bot: TestClient) -> None:
    play(bot, "messages")
    answer = play(bot, "handoff")
    wanted = example("handoff")["response"]["json"] | {"wait_s": None}
    assert (answer.status_code, answer.json()) == (200, wanted)


def test_handoff_to_a_call_back(client: TestClient, bot: TestClient) -> None:
    play(bot, "messages", caller="13907760001")
    answer = play(client, "handoff").json()
    assert (answer["control"], answer["position"]) == ("bot", None)
    assert (answer["order"]["kind"], answer["order"]["contact_tail"]) == ("callback", "0001")


@pytest.mark.usefixtures("words", "on_duty")
def test_a_conversation_from_the_first_word_to_a_person_and_back(bot: TestClient, demo: TestClient) -> None:
    play(bot, "messages", caller="13907760001")
    reply = {"talk_track": "utter_ask_scope", "slots": {}, "default": "范围？", "buttons": []}
    play(bot, "replies", replies=[reply])
    play(bot, "handoff")
    assert demo.get("/api/desk/queue").json()["waiting"][0]["conversation"] == "c-1"
    assert demo.post("/api/conversations/c-1/take", json={"agent": "韦晓岚"}).json() == {
        "control": "agent",
        "epoch": 2,
        "agent": "韦晓岚",
    }
    stale = play(bot, "replies", turn="m-2", replies=[reply])
    assert (stale.status_code, stale.json()["error"], stale.json()["epoch"]) == (409, "StaleEpoch", 2)
    said = demo.post("/api/conversations/c-1/agent-messages", json={"agent": "韦晓岚", "id": "a-1", "text": "您好"})
    assert said.json() == {"seq": 4, "control": "agent", "epoch": 2, "repeated": False}
    assert demo.post("/api/conversations/c-1/return", json={"agent": "韦晓岚"}).json()["control"] == "bot"

    whole = demo.get("/api/conversations/c-1").json()
    assert (whole["control"], whole["epoch"], whole["dropped"], whole["caller"]) == ("bot", 3, 1, "*******0001")
    told = [(each["speaker"], each["talk_track"], each["version"], each["text"]) for each in whole["messages"]]
    assert told == [
        ("customer", None, None, "我家停电了"),
        ("bot", "utter_ask_scope", 1, "停电的是只有您一户吗？"),
        ("system", "utter_agent_joined", 1, "人工客服韦晓岚为您服务。"),
        ("agent", None, None, "您好"),
        ("system", "utter_bot_back", 1, "现在由智能客服为您服务。"),
    ]
    assert whole["messages"][0]["decision"]["intent"] == "report_outage"

    proof = demo.get("/api/audit/conversations/c-1").json()
    assert [bool(each["approved"]) for each in proof["sentences"]] == [False, True, True, False, True]
    assert proof["sentences"][1]["approved"]["reviewer"] == "乙"
    assert [each["kind"] for each in proof["records"]] == [
        *("conversation.opened", "conversation.heard", "conversation.decided", "conversation.said"),
        *("conversation.person_asked", "conversation.taken", "conversation.said"),
        *("conversation.decided", "conversation.words_dropped"),
        *("conversation.said", "conversation.returned", "conversation.said"),
        "conversation.looked_at",
    ]
    speakers = [each["actor"] for each in proof["records"] if each["kind"] == "conversation.said"]
    assert speakers == ["bot", "system", "agent:韦晓岚", "system"]
    assert proof["records"][-1]["actor"] == "demo"
    assert "我家停电" not in json.dumps(proof, ensure_ascii=False)


@pytest.mark.usefixtures("words")
def test_the_phone_hears_its_own_words_without_buttons(bot: TestClient) -> None:
    play(bot, "messages", channel="phone")
    reply = {"talk_track": "utter_ask_scope", "slots": {}, "default": "范围？", "buttons": []}
    for channel, text, buttons in [("phone", "请问只有您家停电吗？", 0), ("wechat", "停电的是只有您一户吗？", 1)]:
        [said] = play(bot, "replies", turn=channel, channel=channel, replies=[reply]).json()["replies"]
        assert (said["text"], len(said["buttons"]), said["version"]) == (text, buttons, 1)


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"text": "字" * 4001}, 413, "TextTooLong"),
        ({"kind": "shout"}, 422, "InvalidRequest"),
        ({"at": "2026-11-23T01:02:03"}, 422, "InvalidRequest"),
        ({"id": "m 1\x00"}, 422, "InvalidRequest"),
        ({"confidence": 1.5}, 422, "InvalidRequest"),
        ({"surprise": 1}, 422, "InvalidRequest"),
    ],
)
def test_what_does_not_fit_is_refused_by_name_without_the_words(
    bot: TestClient, changes: dict[str, Any], status: int, error: str
) -> None:
    answer = play(bot, "messages", **changes)
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert "停电" not in answer.text and "字字" not in answer.text


def test_emoji_and_silence_are_sentences_too(bot: TestClient) -> None:
    assert play(bot, "messages", text="😀😀").json()["seq"] == 1
    assert play(bot, "messages", id="m-2", kind="silence", text="").json()["seq"] == 2


@pytest.mark.parametrize(
    ("who", "what"),
    [
        ("demo", "POST /api/conversations/c-1/messages"),
        ("client", "POST /api/conversations/c-1/replies"),
        ("demo", "POST /api/conversations/c-1/handoff"),
        ("bot", "POST /api/conversations/c-1/take"),
        ("client", "GET /api/desk/queue"),
        ("bot", "GET /api/audit"),
    ],
)
def test_each_caller_has_only_what_is_its_own(
    demo: TestClient, client: TestClient, bot: TestClient, who: str, what: str
) -> None:
    caller = {"demo": demo, "client": client, "bot": bot}[who]
    method, path = what.split()
    assert caller.request(method, path, json={}).status_code == 403
    assert caller.request(method, path, json={}, headers={"Authorization": "Bearer wrong"}).status_code == 401


def test_a_conversation_of_which_nothing_is_known(demo: TestClient, bot: TestClient) -> None:
    for answer in (
        demo.get("/api/conversations/c-404"),
        demo.get("/api/audit/conversations/c-404"),
        play(bot, "handoff"),
    ):
        assert (answer.status_code, answer.json()["error"]) == (404, "ConversationNotFound")


def test_the_trail_is_read_on_from_where_one_stopped(say: Say, demo: TestClient) -> None:
    for number in range(3):
        say(conversation=f"c-{number}")
    first = demo.get("/api/audit", params={"limit": 2}).json()
    rest = demo.get("/api/audit", params={"after": first[-1]["seq"]}).json()
    opened = [each for each in first + rest if each["kind"] == "conversation.opened"]
    assert [each["subject"] for each in opened] == ["conversation:c-0", "conversation:c-1", "conversation:c-2"]
    assert demo.get("/api/audit", params={"subject": "conversation:c-1"}).json() == rest[:2]
