"""An angry caller is offered a person early, once, and never forced."""

import pytest

from actions import said
from tests.actions.scene import Scene

PLACE = "右江区中山二路8号"


@pytest.mark.parametrize(
    "text", ["气死我了", "什么破服务", "打了五次电话都没人管", "搞什么鬼", "到底修不修", "老子要投诉"]
)
def test_angry(text: str) -> None:
    assert said.says("angry", text)


@pytest.mark.parametrize(
    "text", ["我要投诉", "麻烦催一下", "冰箱烧坏了", "电线着火了", "打过一次电话", "到底是哪里停电"]
)
def test_not_angry(text: str) -> None:
    assert not said.says("angry", text)


async def test_the_offer_comes_first_and_the_work_goes_on(scene: Scene) -> None:
    said = await scene.hears("report_outage", "搞什么鬼又停电了")
    assert said == ["utter_sorry_person", "utter_ask_address"]
    assert await scene.hears("inform", f"气死人，{PLACE}", address=PLACE) == ["utter_ask_outage_scope"]


async def test_letting_off_steam_in_a_form_does_not_file_a_complaint(scene: Scene) -> None:
    await scene.hears("report_outage", "停电了")
    assert await scene.hears("make_complaint", "什么破公司") == ["utter_sorry_person", "utter_ask_address"]
    assert scene.slots["wish"] == "report_outage"


async def test_angry_words_that_nobody_understood_get_the_offer_at_once(scene: Scene) -> None:
    assert await scene.hears("nlu_fallback", "你们这些废物") == ["utter_sorry_offer_person"]
    said = await scene.hears("affirm", "转啊")
    assert said[0].startswith("utter_handoff") or said == ["utter_callback_order"]


async def test_declined_is_declined(scene: Scene) -> None:
    await scene.hears("nlu_fallback", "你们这些废物")
    assert await scene.hears("deny", "不用") == ["utter_offer_declined"]
    assert (await scene.hears("ask_tariff", "垃圾，一度电多少钱"))[0].startswith("utter_tariff")


async def test_urging_again_is_a_complaint(scene: Scene) -> None:
    facts = {"address": PLACE, "outage_scope": "household", "event_time": "2026-11-23", "phone_number": "13800138000"}
    await scene.hears("report_outage", "停电", **facts)
    assert await scene.hears("urge_work_order", "催一下") == ["utter_order_urged"]
    assert await scene.hears("urge_work_order", "快点") == ["utter_sorry_person", "utter_order_urged"]


async def test_who_wants_a_person_is_not_offered_one(scene: Scene) -> None:
    said = await scene.hears("ask_human", "气死我了给我转人工")
    assert "utter_sorry_person" not in said
