"""The other work orders, and what a customer may do with an order afterwards."""

import pytest

from tests.actions.scene import Scene

PLACE = "右江区中山二路8号"


async def finish(scene: Scene, said: list[str]) -> list[str]:
    """Answer whatever is asked, as a customer who knows the place and leaves no telephone."""
    for _ in range(6):
        if scene.asked is None:
            return said
        if scene.asked == "address":
            said = await scene.hears("inform", PLACE, address=PLACE)
        elif scene.asked == "contact_phone":
            said = await scene.hears("deny", "不用了")
        else:
            said = await scene.hears("inform", "上门的师傅说第二天来，等了三天也没有人来")
    raise AssertionError(f"the form does not end: {said}")


@pytest.mark.parametrize(
    ("intent", "text", "kind"),
    [
        ("report_meter_fault", "电表黑屏了", "meter"),
        ("report_voltage", "灯一闪一闪的", "voltage"),
        ("report_payment_problem", "交了钱没到账", "payment"),
        ("request_reconnection", "交完费了怎么还没复电", "reconnection"),
        ("make_complaint", "我要投诉", "complaint"),
        ("claim_damage", "来电把冰箱烧了怎么赔", "damage"),
        ("report_violation", "我举报有人偷电", "violation"),
        ("give_feedback", "提个建议", "feedback"),
        ("apply_service", "过户怎么办", "application"),
    ],
)
async def test_every_kind_is_filed_by_somebody_who_knows_no_account_number(
    scene: Scene, intent: str, text: str, kind: str
) -> None:
    said = await finish(scene, await scene.hears(intent, text))
    assert f"utter_order_{kind}" in said
    assert scene.value(f"utter_order_{kind}", "order_number").startswith("WO")


async def test_an_account_number_is_as_good_as_a_place(scene: Scene) -> None:
    assert await scene.hears("apply_service", "过户怎么办") == [
        "utter_application_needs",
        "utter_ask_account_or_address",
    ]
    assert await scene.hears("out_of_scope", "0602100123450001") == ["utter_ask_contact_phone"]


async def test_a_story_told_at_once_is_not_asked_for(scene: Scene) -> None:
    said = await scene.hears("make_complaint", "我要投诉，你们的抢修人员约了三次都没有来")
    assert said == ["utter_ask_contact_phone"]


async def test_a_denunciation_asks_nobody_for_a_telephone(scene: Scene) -> None:
    await scene.hears("report_violation", "我举报中山二路8号有人私拉电线偷电", address=PLACE)
    assert scene.said[0] == "utter_order_violation"


async def test_who_owes_and_has_not_paid_hears_how_to_pay_first(call: Scene) -> None:
    call.caller = "13907760004"
    assert await call.hears("request_reconnection", "欠费停了怎么开回来") == ["utter_reconnection_pay_first"]
    assert call.loop is None
    said = await call.hears("request_reconnection", "我已经交清了，要复电")
    assert said == ["utter_ask_contact_phone_caller"]


async def test_an_order_is_asked_about_hurried_changed_and_withdrawn(scene: Scene) -> None:
    await finish(scene, await scene.hears("report_voltage", "电压很低"))
    assert await scene.hears("ask_work_order", "处理得怎么样了") == ["utter_order_state"]
    assert await scene.hears("urge_work_order", "催一下") == ["utter_order_urged"]
    assert await scene.hears("amend_work_order", "再补充一下") == ["utter_ask_description"]
    assert await scene.hears("inform", "晚上七点以后家里才有人") == ["utter_order_amended"]
    assert await scene.hears("amend_work_order", "刚才那张单地址报错了") == ["utter_ask_description"]
    assert await scene.hears("inform", PLACE, address=PLACE) == ["utter_order_amended"]
    assert await scene.hears("cancel_work_order", "不用来了") == ["utter_order_canceled"]
    assert (await scene.hears("urge_work_order", "催一下"))[-1] == "utter_order_not_found"


async def test_the_right_one_of_two_orders_is_withdrawn_by_its_tail(scene: Scene) -> None:
    await finish(scene, await scene.hears("report_voltage", "电压很低"))
    first = str(scene.slots["order_number"])
    await finish(scene, await scene.hears("report_meter_fault", "电表黑屏了"))
    assert await scene.hears("cancel_work_order", "我要撤销工单") == ["utter_ask_work_order_number"]
    await scene.hears("inform", first[-4:], work_order_number=first[-4:])
    assert scene.value("utter_order_canceled", "order_number") == first


async def test_an_order_of_somebody_else_is_not_shown(scene: Scene) -> None:
    assert await scene.hears("ask_work_order", "尾号0001那张", work_order_number="0001") == ["utter_order_not_found"]
