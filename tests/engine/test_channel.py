"""The channel against a real Rasa agent, trained in seconds on a domain of its own."""

import asyncio
import base64
import json
from pathlib import Path
from uuid import uuid4

import pytest
from rasa.core.agent import Agent
from rasa.core.channels.channel import register
from rasa.shared.core.events import ActionExecuted
from rasa.utils.endpoints import EndpointConfig
from sanic import Sanic

from bot.engine.action_failures import watch_remote_actions
from bot.engine.channel import LamplighterInput, TurnRefused, as_words, parse_turn
from bot.engine.expects import expected
from bot.engine.lock_store import FairLockStore
from bot.engine.nlg import TalkTrackNames
from bot.engine.serve import trust_only
from bot.engine.tracker_store import EncryptedTrackerStore
from tests.engine.sanic_client import Client

HERE = Path(__file__).parent
KEY = base64.b64encode(b"k" * 32).decode()
CONTRACT = json.loads((HERE.parent / "contracts" / "engine_turn.json").read_text())


@pytest.fixture(scope="module")
def agent(tmp_path_factory):
    from rasa.model_training import train

    folder = tmp_path_factory.mktemp("model")
    fixtures = HERE / "fixtures"
    files = (str(fixtures / "domain.yml"), str(fixtures / "config.yml"), [str(fixtures / "data.yml")])
    result = train(*files, str(folder), force_training=True)  # Rasa's cache does not see our modules
    watch_remote_actions(timeout_s=1)
    agent = Agent.load(
        result.model,
        generator=EndpointConfig(type="bot.engine.nlg.TalkTrackNames"),
        tracker_store=EncryptedTrackerStore(host=f"sqlite:///{folder / 'engine.db'}", data_key=KEY),
        lock_store=FairLockStore(),
        action_endpoint=EndpointConfig("http://127.0.0.1:18129/webhook"),  # nobody listens there
    )
    trust_only(agent, agent.tracker_store._tracker_store)
    return agent


@pytest.fixture(scope="module")
def client(agent):
    app = Sanic("channel_under_test", configure_logging=False)
    app.ctx.agent = agent
    register([LamplighterInput("secret")], app, route="/webhooks/")
    client = Client(app)
    yield client
    client.close()


@pytest.fixture(scope="module")
def post(client):
    return client.post


def turn(text, sender="c-1", message_id=None, **metadata):
    return {
        "sender": sender,
        "message_id": message_id or uuid4().hex,
        "text": text,
        "metadata": {"channel": "web", "today": "2026-11-23", **metadata},
    }


def test_the_nlg_is_ours(agent):
    assert isinstance(agent.nlg, TalkTrackNames)


def test_the_contract_request_is_answered_in_its_shape(post):
    status, answer = post({**CONTRACT["request"]["json"], "sender": "contract"})
    wanted = CONTRACT["response"]["json"]
    assert status == 200
    assert answer.keys() == wanted.keys()
    assert answer["expects"].keys() == wanted["expects"].keys()
    assert answer["decision"].keys() == wanted["decision"].keys()
    assert answer["decision"]["intent"] == "report_outage"
    assert answer["decision"]["entities"] == wanted["decision"]["entities"]
    assert answer["replies"][0].keys() == wanted["replies"][0].keys()
    assert answer["replies"][0]["talk_track"] == "utter_outage"


def test_a_slash_is_no_command(post):
    status, answer = post(turn("/restart", sender="slash"))
    assert status == 200
    assert answer["decision"]["intent"] != "restart"


def test_a_ring_greets_and_silence_is_an_intent(post):
    _, answer = post(turn("", sender="ring", kind="ring", channel="phone"))
    assert answer["replies"][0]["talk_track"] == "utter_greet"
    _, answer = post(turn("", sender="ring", kind="silence", channel="phone"))
    assert answer["decision"] == {"intent": "silence", "confidence": 1.0, "decision": "accept", "entities": []}


def test_a_farewell_hangs_up_the_phone_only(post):
    assert post(turn("再见", sender="bye-web"))[1]["hang_up"] is False
    assert post(turn("再见", sender="bye-phone", channel="phone"))[1]["hang_up"] is True


def test_a_dead_action_server_is_said_not_swallowed(post):
    status, answer = post(turn("查电费", sender="dead"))
    assert (status, answer["error"]) == (502, "ActionFailed")


def events_of(agent, sender):
    tracker = asyncio.run(agent.tracker_store.retrieve(sender))
    return [event.as_dict() for event in tracker.events]


def test_a_message_that_comes_again_gets_its_answer_and_moves_nothing(post, agent):
    said = {"m-1": "停电了", "m-2": "你好", "m-3": "再见"}
    first = {each: post(turn(text, sender="again", message_id=each, channel="phone"))[1] for each, text in said.items()}
    before = events_of(agent, "again")
    for each, text in said.items():
        assert post(turn(text, sender="again", message_id=each, channel="phone")) == (200, first[each])
    assert first["m-3"]["hang_up"] is True
    assert first["m-1"]["decision"]["intent"] == "report_outage"
    assert events_of(agent, "again") == before


def test_an_action_that_failed_has_failed_also_when_it_is_asked_again(post, agent):
    first = post(turn("查电费", sender="failed", message_id="m-1"))
    before = events_of(agent, "failed")
    post(turn("你好", sender="failed", message_id="m-2"))
    assert post(turn("查电费", sender="failed", message_id="m-1")) == first
    assert first[0] == 502
    assert events_of(agent, "failed")[: len(before)] == before


def test_a_message_that_is_sent_twice_at_once_is_stepped_once(client, agent):
    asked = turn("停电了", sender="twice", message_id="m-1")
    answers = client.post_together([asked] * 5)
    assert all(answer == answers[0] for answer in answers)
    assert answers[0][0] == 200
    assert [event["event"] for event in events_of(agent, "twice")].count("user") == 1


def test_a_turn_that_was_overtaken_is_refused_and_nothing_of_it_kept(post, agent, monkeypatch):
    post(turn("你好", sender="overtaken"))
    step = agent.processor.run_action_extract_slots

    async def overtaken(channel, tracker):
        other = await agent.tracker_store.retrieve("overtaken")
        other.update(ActionExecuted("action_listen"))
        await agent.tracker_store.save(other)
        return await step(channel, tracker)

    monkeypatch.setattr(agent.processor, "run_action_extract_slots", overtaken)
    status, answer = post(turn("停电了", sender="overtaken", message_id="m-2"))
    assert (status, answer["error"]) == (503, "TrackerMoved")
    monkeypatch.undo()
    assert "m-2" not in [event.get("message_id") for event in events_of(agent, "overtaken")]
    assert post(turn("停电了", sender="overtaken", message_id="m-2"))[0] == 200


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        ({"sender": "", "text": "x"}, 400, "BadTurn"),
        ({"sender": "c", "text": 5}, 400, "BadTurn"),
        ({"sender": "c", "text": ""}, 400, "BadTurn"),
        ({"sender": "c", "text": "x", "metadata": {"kind": "smell"}}, 400, "BadTurn"),
        ({"sender": "c", "text": "电" * 3000}, 413, "MessageTooLong"),
        ([], 400, "BadTurn"),
    ],
)
def test_what_is_no_turn_is_refused_in_words(post, body, status, error):
    got, answer = post(body)
    assert (got, answer["error"]) == (status, error)
    assert answer["detail"]


def test_without_the_token_nothing_is_answered(post):
    assert post(turn("停电了"), token="wrong")[0] == 401


def test_a_body_of_two_megabytes_is_refused(post):
    assert post(turn("电" * 2_000_000))[0] == 413


def test_a_command_becomes_words():
    assert as_words("  /stop") == "／stop"
    assert as_words("停电") == "停电"
    with pytest.raises(TurnRefused):
        parse_turn(None)


def test_what_is_expected_follows_from_the_slot():
    assert expected("account_number", slot_type="text", has_buttons=False) == {
        "kind": "digits",
        "length": 16,
        "slot": "account_number",
    }
    assert expected("offer", slot_type="bool", has_buttons=False)["kind"] == "yes_no"
    assert expected(None, slot_type=None, has_buttons=True)["kind"] == "choice"
    assert expected(None, slot_type=None, has_buttons=False)["kind"] == "anything"
