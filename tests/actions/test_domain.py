"""domain.yml, the rules, the actions and the published words fit together."""

import re
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from actions.backend import Backend
from actions.brevity import SHORT, shorter
from actions.services import SERVICES, actions
from actions.wishes import button, is_nameable

ROOT = Path(__file__).resolve().parents[2]
DOMAIN: dict[str, Any] = yaml.safe_load((ROOT / "domain.yml").read_text("utf-8"))
PLACE = re.compile(r"{(\w+)}")
SAID_BY_TICKETING = re.compile(r"utter_(agent|bot|callback_arranged|sms|outage_joined|outage_callback|storm|wechat)")
ON_THE_PHONE_ONLY = {"tail"}
"""What replaces an order's number where it is spoken."""


def talk_tracks() -> dict[str, dict[str, Any]]:
    files = sorted((ROOT / "data/talk_tracks").glob("*.yml"))
    return {
        name: words for file in files for name, words in yaml.safe_load(file.read_text("utf-8"))["talk_tracks"].items()
    }


def source() -> str:
    return "\n".join(file.read_text("utf-8") for file in sorted((ROOT / "actions").glob("*.py")))


def rules() -> str:
    return "\n".join(file.read_text("utf-8") for file in sorted((ROOT / "data/rules").glob("*.yml")))


TRACKS = talk_tracks()


def test_every_action_of_the_domain_has_its_class_and_none_is_left_over() -> None:
    with_class = {action.name() for action in actions(Backend(httpx.AsyncClient()))}
    assert with_class == set(DOMAIN["actions"])


def test_every_slot_that_an_action_sets_or_reads_exists() -> None:
    named = set(re.findall(r'turn\.(?:get|count)\("(\w+)"\)', source()))
    named |= {
        slot
        for call in re.findall(r"turn\.(?:set|fill)\(([^)*]+?)\)", source())
        for slot in re.findall(r"(\w+)=", call)
    }
    assert len(named) > 15
    assert named - {"requested_slot"} <= set(DOMAIN["slots"])


def test_every_slot_of_a_service_can_be_asked_or_is_only_taken_along() -> None:
    asked = set(DOMAIN["forms"]["service_form"]["required_slots"])
    assert {f"action_ask_{slot}" for slot in asked} == {
        name for name in DOMAIN["actions"] if name.startswith("action_ask_")
    }
    for service in SERVICES.values():
        assert service.slots <= asked | {"amount", "meter_number"}


@pytest.mark.parametrize("name", sorted(DOMAIN["responses"]))
def test_every_response_has_published_words_with_the_same_places(name: str) -> None:
    default = DOMAIN["responses"][name][0]
    words = TRACKS[name]
    places = set(PLACE.findall(words["chat"]))
    assert set(PLACE.findall(default["text"])) == places
    assert set(PLACE.findall(words.get("phone", ""))) <= places | ON_THE_PHONE_ONLY


@pytest.mark.parametrize("name", sorted(name for name in TRACKS if not SAID_BY_TICKETING.match(name)))
def test_published_words_belong_to_a_response_and_can_be_spoken(name: str) -> None:
    assert name in DOMAIN["responses"]
    spoken = TRACKS[name].get("phone") or TRACKS[name]["chat"]
    assert not re.search(r"[()（）\[\]*#]|https?:|www\.", spoken)


def test_every_response_is_said_by_an_action_the_front_door_or_the_phone() -> None:
    code = source()
    asked = {f"utter_ask_{slot}" for slot in DOMAIN["forms"]["service_form"]["required_slots"]}
    built = re.compile(r"utter_(order|ask_description|invoice)_")
    files = [file for folder in ("bot", "voice") for file in (ROOT / folder).rglob("*.py") if ".venv" not in file.parts]
    others = "\n".join(file.read_text("utf-8") for file in files)
    unsaid = {name for name in DOMAIN["responses"] if f'"{name}"' not in code + others and not built.match(name)}
    assert unsaid <= asked | {shorter(name) for name in SHORT}


@pytest.mark.parametrize("name", sorted(SHORT))
def test_a_short_form_exists_is_short_and_needs_no_other_value(name: str) -> None:
    long, short = TRACKS[name], TRACKS[shorter(name)]
    for shape in ("chat", "phone"):
        said, brief = (track.get(shape) or track["chat"] for track in (long, short))
        assert len(brief) <= len(said) + 4  # the pauses of the slow phone variant are commas
        assert set(PLACE.findall(brief)) <= set(PLACE.findall(said))


def test_every_talk_track_that_an_action_names_is_a_response() -> None:
    assert set(re.findall(r'"(utter_\w+)"', source())) - {"utter_action"} <= set(DOMAIN["responses"])


def test_buttons_carry_words_that_a_customer_could_say() -> None:
    texts = [each for words in TRACKS.values() for each in words.get("buttons", [])]
    texts += [each for response in DOMAIN["responses"].values() for each in response[0].get("buttons", [])]
    texts += [button(intent) for intent in DOMAIN["intents"] if is_nameable(intent)]
    assert all(each["payload"] and not re.search(r"[/_{}a-z]", each["payload"]) for each in texts)


def test_every_intent_has_a_rule_and_every_wish_a_service() -> None:
    named = set(re.findall(r"intent: (\w+)", rules()))
    assert named == set(DOMAIN["intents"])
    begun = (ROOT / "data/rules/services.yml").read_text("utf-8").split("action_begin_service")[0]
    wishes = set(re.findall(r"intent: (\w+)", begun))
    assert wishes | {"report_hazard", "file_billing_dispute", "check_home"} == set(SERVICES)


def test_every_service_intent_can_be_named_in_a_question() -> None:
    assert all(is_nameable(wish) for wish in SERVICES)
