"""Bills: what is due on level 1, the rest on level 2, and never a word about which proof was wrong."""

from tests.actions.scene import Scene

ACCOUNT = "0602100123450001"
WHAT_IS_DUE = ("utter_due", "utter_due_open", "utter_due_overdue")  # the demo's bills fall due on the 25th


async def to_level_one(scene: Scene) -> list[str]:
    assert await scene.hears("ask_bill", "查上个月电费", bill_month="2026-10") == ["utter_ask_account_number"]
    assert await scene.hears("inform", ACCOUNT, account_number=ACCOUNT) == ["utter_ask_customer_name"]
    return await scene.hears("inform", "韦小明", customer_name="韦小明")


async def test_account_and_name_give_what_is_due_and_no_more(scene: Scene) -> None:
    said = await to_level_one(scene)
    assert said[0].startswith("utter_due")
    assert said[-1] == "utter_ask_id_last4_for_bill"
    assert await scene.hears("deny", "不用了") == ["utter_details_not_shown"]


async def test_the_identity_card_opens_the_bill_with_its_tiers(scene: Scene) -> None:
    await to_level_one(scene)
    said = await scene.hears("inform", "123X", id_last4="123X")
    assert said[0] in ("utter_bill_paid", "utter_bill_unpaid")
    assert "utter_bill_item" in said
    assert (await scene.hears("ask_usage", "用了多少度", bill_month="2026-10"))[0] == "utter_usage"


async def test_four_bare_figures_are_the_identity_card_when_it_was_asked_for(scene: Scene) -> None:
    await to_level_one(scene)
    said = await scene.hears("ask_work_order", "123X")
    assert said[0].startswith("utter_bill")


async def test_a_caller_from_a_registered_line_hears_at_once_what_is_due(call: Scene) -> None:
    due, asked = await call.hears("ask_bill", "查上个月电费", bill_month="2026-10")
    assert due in WHAT_IS_DUE and asked == "utter_ask_id_last4_for_bill"
    assert await call.hears("ask_balance", "我欠多少钱") == [due, "utter_resume"]


async def test_a_code_to_the_registered_phone_is_the_other_way(scene: Scene) -> None:
    await to_level_one(scene)
    assert await scene.hears("nlu_fallback", "发验证码") == ["utter_code_sent", "utter_ask_code"]


async def test_three_wrong_tries_lead_to_a_person_and_never_say_what_was_wrong(scene: Scene) -> None:
    await scene.hears("ask_balance", "我欠多少")
    for attempt in ("李四", "王五", "赵六"):
        await scene.hears("inform", ACCOUNT, account_number=ACCOUNT)
        said = await scene.hears("inform", attempt, customer_name=attempt)
        if attempt != "赵六":
            assert said == ["utter_identity_refused", "utter_ask_account_number"]
    assert said[0] == "utter_identity_locked"
    assert said[1].startswith("utter_handoff") or said[1] == "utter_callback_order"
    assert scene.loop is None


async def test_nobody_is_stuck_without_the_account_number(scene: Scene) -> None:
    await scene.hears("ask_balance", "我欠多少")
    assert await scene.hears("deny", "不知道户号") == ["utter_account_number_where", "utter_ask_account_number_again"]
    assert "utter_person_possible" in await scene.hears("deny", "还是不记得")


async def test_an_account_number_of_nine_figures_is_explained(scene: Scene) -> None:
    await scene.hears("ask_balance", "我欠多少")
    said = await scene.hears("inform", "123456789")
    assert said == ["utter_account_number_length", "utter_ask_account_number_again"]


async def test_a_high_bill_is_explained_first_and_then_an_order_is_offered(scene: Scene) -> None:
    await scene.hears("dispute_bill", "电费怎么这么高")
    await scene.hears("inform", ACCOUNT, account_number=ACCOUNT)
    await scene.hears("inform", "韦小明", customer_name="韦小明")
    said = await scene.hears("inform", "123X", id_last4="123X")
    assert said[0] == "utter_explanation"
    causes = [reply for reply in scene.replies if reply["response"].startswith("utter_explanation_")]
    assert causes and all("→" in reply["label"] for reply in causes)
    assert any("千瓦时→" in reply["label"] for reply in causes)
    assert said[-1] == "utter_ask_dispute_order"
    assert await scene.hears("affirm", "要登记") == ["utter_ask_contact_phone"]
    assert (await scene.hears("deny", "不用"))[0] == "utter_order_billing_dispute"
