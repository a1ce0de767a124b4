import asyncio

from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine.nlg import TalkTrackNames

DOMAIN = Domain.from_dict(
    {
        "slots": {"address": {"type": "text", "mappings": [{"type": "custom"}]}},
        "responses": {
            "utter_order": [
                {
                    "text": "{address}的工单{number}已受理。",
                    "buttons": [{"title": "查{number}", "payload": "查{number}"}],
                },
                {"text": "已受理。", "channel": "phone"},
            ]
        },
    }
)


def say(name, channel="web", **kwargs):
    nlg = TalkTrackNames(domain=DOMAIN)
    tracker = DialogueStateTracker.from_events("c-1", [], slots=DOMAIN.slots)
    return asyncio.run(nlg.generate(name, tracker, channel, **kwargs))


def test_values_go_beside_the_filled_default_text():
    said = say("utter_order", number="WO1", text=None, domain_responses={})
    assert said["text"] == "的工单WO1已受理。"
    assert said["slots"] == {"address": None, "number": "WO1"}
    assert said["buttons"] == [{"title": "查WO1", "payload": "查WO1"}]


def test_a_channel_has_its_own_variation():
    assert say("utter_order", "phone", number="WO1")["text"] == "已受理。"


def test_an_unknown_talk_track_is_no_answer():
    assert say("utter_nothing") is None
