"""Silence and repetition: shorter words, then a person."""

from tests.actions.scene import Scene

PLACE = "右江区中山二路8号"


async def test_silence_asks_names_a_person_and_then_ends(call: Scene) -> None:
    assert await call.hears("ring") == ["utter_greet_call"]
    assert await call.hears("silence") == ["utter_are_you_there"]
    assert await call.hears("silence") == ["utter_silence_person"]
    assert await call.hears("silence") == ["utter_goodbye_silence", "utter_goodbye"]


async def test_silence_in_a_form_asks_the_question_in_fewer_words(call: Scene) -> None:
    await call.hears("report_outage", f"{PLACE}停电", address=PLACE)
    assert await call.hears("silence") == ["utter_are_you_there", "utter_ask_outage_scope_short"]
    assert await call.hears("silence") == ["utter_silence_person", "utter_ask_outage_scope_short"]
    assert await call.hears("inform", "整栋楼", outage_scope="building") == ["utter_ask_event_time"]
    assert (await call.hears("silence"))[0] == "utter_are_you_there"  # counted anew


async def test_a_yes_after_the_second_silence_brings_the_person(call: Scene) -> None:
    await call.hears("silence")
    await call.hears("silence")
    said = await call.hears("affirm", "好")
    assert said[0].startswith("utter_handoff") or said == ["utter_callback_order"]


async def test_on_the_telephone_the_words_come_again_slower_and_shorter_then_with_a_person(call: Scene) -> None:
    facts = {"address": PLACE, "outage_scope": "household", "event_time": "2026-11-23"}
    assert await call.hears("report_outage", "停电", **facts) == ["utter_ask_contact_phone_caller"]
    assert await call.hears("repeat", "没听清") == ["utter_ask_contact_phone_caller_short"]
    assert call.value("utter_ask_contact_phone_caller_short", "tail") == "0，0，0，1"
    said = await call.hears("repeat", "再说一遍")
    assert said == ["utter_ask_contact_phone_caller_short", "utter_person_possible"]
    assert await call.hears("repeat", "啊") == said  # the offer itself is not repeated as one more


async def test_on_a_screen_the_second_repetition_is_written_another_way(scene: Scene) -> None:
    await scene.hears("ask_help", "你能办什么")
    assert await scene.hears("repeat", "再说一遍") == ["utter_help"]
    assert await scene.hears("repeat", "没看懂") == ["utter_help_short", "utter_person_possible"]


async def test_a_repetition_after_something_else_is_the_first_again(scene: Scene) -> None:
    await scene.hears("ask_help", "你能办什么")
    await scene.hears("repeat", "再说一遍")
    await scene.hears("ask_payment_methods", "怎么交电费")
    assert await scene.hears("repeat", "再说一遍") == ["utter_payment_methods"]


async def test_leaving_one_wish_for_another_begins_the_other(scene: Scene) -> None:
    await scene.hears("report_outage", "停电了")
    scene.clauses = (("算了不报了", "stop"), ("帮我查一下电费余额", "ask_balance"))
    said = await scene.hears("stop", "算了不报了，帮我查一下电费余额")
    assert said == ["utter_stopped_for_another", "utter_ask_account_number"]
    assert scene.slots["wish"] == "ask_balance"
