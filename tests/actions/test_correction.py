"""Corrections at any point: inside a form, after the next question, after all is done."""

import pytest

from actions.correction import is_correction
from actions.turn import Message
from tests.actions.scene import Scene

PLACE, OTHER = "右江区中山二路8号", "右江区中山二路45号"
ACCOUNT, SECOND = "0602100123450001", "0602100123450002"


@pytest.mark.parametrize(
    "text",
    ["不是三月是四月", "不对，是整栋楼", "地址报错了", "我讲错了", "应该是八号", "电话改成138", "不是八号，是十八号"],
)
def test_what_is_a_correction(text: str) -> None:
    assert is_correction(Message(text, "inform"))


@pytest.mark.parametrize("text", ["冇错", "没错就是这里", "是不是停电了", "电费算错了", "不是", "不用", "服务不错"])
def test_what_is_none(text: str) -> None:
    assert not is_correction(Message(text, "inform"))


async def test_a_wrong_address_in_the_middle_of_the_form_is_asked_again(scene: Scene) -> None:
    await scene.hears("report_outage", f"{PLACE}停电", address=PLACE)
    assert await scene.hears("amend_work_order", "地址报错了") == ["utter_correct_again", "utter_ask_address"]
    assert await scene.hears("inform", OTHER, address=OTHER) == ["utter_ask_outage_scope"]
    assert scene.slots["address"] == OTHER


async def test_a_corrected_address_is_looked_up_anew(scene: Scene) -> None:
    await scene.hears("report_outage", f"{PLACE}停电", address=PLACE)
    wrong = "城东大道66号恒宁雅都"
    said = await scene.hears("amend_work_order", f"地址说错了，是{wrong}", address=wrong)
    assert said[0] == "utter_corrected"
    assert said[1].startswith("utter_outage_known")


async def test_the_answer_before_is_corrected_after_the_next_question(scene: Scene) -> None:
    await scene.hears("report_outage", f"{PLACE}停电", address=PLACE)
    await scene.hears("inform", "就我家", outage_scope="household")
    said = await scene.hears("deny", "不对，楼上楼下都没有")
    assert said == ["utter_corrected", "utter_ask_event_time"]
    assert scene.slots["outage_scope"] == "building"
    await scene.hears("inform", "刚刚")
    said = await scene.hears("inform", "不对，是吃晚饭那阵")
    assert said == ["utter_corrected", "utter_ask_contact_phone"]
    assert scene.slots["event_time"] == "不对，是吃晚饭那阵"


async def test_a_bare_no_that_is_wrong_asks_the_last_question_again(scene: Scene) -> None:
    await scene.hears("report_outage", f"{PLACE}停电", address=PLACE)
    await scene.hears("inform", "就我家", outage_scope="household")
    assert await scene.hears("deny", "不对") == ["utter_correct_again", "utter_ask_outage_scope"]


async def test_a_wrong_account_number_is_taken_back_before_the_name(scene: Scene) -> None:
    await scene.hears("ask_balance", "欠多少电费")
    await scene.hears("inform", SECOND, account_number=SECOND)
    said = await scene.hears("ask_account_number", "户号说错了")
    assert said == ["utter_correct_again", "utter_ask_account_number"]
    await scene.hears("inform", ACCOUNT, account_number=ACCOUNT)
    said = await scene.hears("inform", "韦小明", customer_name="韦小明")
    assert said[0].startswith("utter_due")


async def test_another_account_after_the_amount_is_proven_by_its_own_holder(scene: Scene) -> None:
    await scene.hears("ask_bill", "查上个月电费", bill_month="2026-10")
    await scene.hears("inform", ACCOUNT, account_number=ACCOUNT)
    assert (await scene.hears("inform", "韦小明", customer_name="韦小明"))[0].startswith("utter_due")
    said = await scene.hears("inform", f"户号不对，是{SECOND}", account_number=SECOND)
    assert said == ["utter_corrected", "utter_ask_customer_name"]
    said = await scene.hears("inform", "覃丽华", customer_name="覃丽华")
    assert said[0].startswith("utter_due")


async def test_another_month_after_the_bill_asks_nothing_again(call: Scene) -> None:
    await call.hears("ask_bill", "查上个月电费", bill_month="2026-10")
    assert (await call.hears("inform", "123X", id_last4="123X"))[0].startswith("utter_bill_")
    said = await call.hears("inform", "不是十月是九月", bill_month="2026-09")
    assert said[0].startswith("utter_bill_")
    assert call.value(said[0], "month") == "2026年9月"


async def test_the_month_spoken_of_is_not_asked_for_the_next_question(call: Scene) -> None:
    await call.hears("ask_bill", "查九月电费", bill_month="2026-09")
    await call.hears("inform", "123X", id_last4="123X")
    assert (await call.hears("ask_usage", "那用了多少度"))[0] == "utter_usage"
    assert call.value("utter_usage", "month") == "2026年9月"


async def test_a_wrong_telephone_after_the_order_amends_it(scene: Scene) -> None:
    facts = {"address": PLACE, "outage_scope": "household", "event_time": "2026-11-23", "phone_number": "13800138000"}
    assert (await scene.hears("report_outage", "停电", **facts))[0] == "utter_outage_order"
    said = await scene.hears("inform", "不对，电话是13900139000", phone_number="13900139000")
    assert said == ["utter_order_amended"]


async def test_another_account_in_a_new_question_is_not_checked_with_the_holder_of_the_first(scene: Scene) -> None:
    await scene.hears("ask_balance", "欠多少电费")
    await scene.hears("inform", ACCOUNT, account_number=ACCOUNT)
    await scene.hears("inform", "韦小明", customer_name="韦小明")
    said = await scene.hears("ask_balance", f"户号{SECOND}欠多少", account_number=SECOND)
    assert said == ["utter_ask_customer_name"]
