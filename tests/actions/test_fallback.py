"""Never more than two misunderstandings in a row, of whatever kind, before a person is offered."""

from tests.actions.scene import Scene


async def test_a_clarification_that_was_wrong_counts(scene: Scene) -> None:
    scene.ranking = ("ask_bill", "ask_balance")
    assert await scene.hears("nlu_fallback", "那个那个") == ["utter_did_you_mean_one_of"]
    assert await scene.hears("deny", "都不是") == ["utter_offer_person"]


async def test_one_of_two_is_chosen_by_its_place(scene: Scene) -> None:
    scene.ranking = ("ask_payment_methods", "ask_tariff")
    await scene.hears("nlu_fallback", "那个那个")
    assert await scene.hears("inform", "第一个") == ["utter_payment_methods"]


async def test_out_of_scope_and_misunderstanding_count_together(scene: Scene) -> None:
    assert await scene.hears("out_of_scope", "帮我订个外卖") == ["utter_out_of_scope"]
    assert await scene.hears("nlu_fallback", "呱唧呱唧") == ["utter_offer_person"]


async def test_values_of_no_use_count(scene: Scene) -> None:
    assert await scene.hears("inform", "五百") == ["utter_what_next"]
    assert await scene.hears("inform", "六百") == ["utter_offer_person"]


async def test_unusable_answers_in_a_form_count(scene: Scene) -> None:
    await scene.hears("report_outage", "停电了")
    assert await scene.hears("affirm", "是的") == ["utter_not_understood_in_form", "utter_ask_address"]
    assert await scene.hears("report_outage", "就是停电了嘛") == ["utter_person_possible", "utter_ask_address"]


async def test_out_of_scope_is_no_address(scene: Scene) -> None:
    await scene.hears("report_outage", "停电了")
    assert await scene.hears("out_of_scope", "帮我点个外卖吧") == ["utter_out_of_scope", "utter_ask_address"]
    assert await scene.hears("out_of_scope", "中山二路菜市场后门那里") == ["utter_ask_outage_scope"]


async def test_a_yes_in_any_words_takes_up_the_offer(scene: Scene) -> None:
    await scene.hears("nlu_fallback", "呱唧")
    await scene.hears("nlu_fallback", "呱唧呱唧")
    said = await scene.hears("out_of_scope", "系啊")
    assert said[0].startswith("utter_handoff") or said == ["utter_callback_order"]
