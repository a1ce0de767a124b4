"""Inside a form: questions are answered, patience is given, wishes change, danger goes first."""

from tests.actions.scene import Scene

PLACE = "右江区中山二路8号"


async def test_a_question_is_answered_and_the_form_goes_on(scene: Scene) -> None:
    await scene.hears("report_outage", "停电了")
    said = await scene.hears("ask_tariff", "一度电多少钱")
    assert said[0].startswith("utter_tariff")
    assert said[-1] == "utter_ask_address"
    assert await scene.hears("inform", PLACE, address=PLACE) == ["utter_ask_outage_scope"]


async def test_waiting_does_not_press_the_question_and_repeating_says_it_once(scene: Scene) -> None:
    await scene.hears("report_outage", "停电了")
    assert await scene.hears("wait", "等一下我看看") == ["utter_take_your_time"]
    await scene.hears("inform", PLACE, address=PLACE)
    assert await scene.hears("repeat", "再说一遍") == ["utter_ask_outage_scope"]
    assert await scene.hears("inform", "整栋楼", outage_scope="building") == ["utter_ask_event_time"]


async def test_stop_closes_the_form_in_words(scene: Scene) -> None:
    await scene.hears("report_outage", "停电了")
    assert await scene.hears("stop", "算了") == ["utter_stopped"]
    assert scene.loop is None
    assert await scene.hears("stop", "算了") == ["utter_nothing_to_stop"]


async def test_another_wish_takes_over_and_the_first_is_offered_afterwards(scene: Scene) -> None:
    await scene.hears("report_outage", "停电了")
    said = await scene.hears("ask_outage_info", "中山二路8号有计划停电吗", address=PLACE)
    assert said == ["utter_outage_none", "utter_ask_outage_scope"]  # a question: answered, and the place is known
    assert await scene.hears("give_feedback", "给你们提个建议吧") == ["utter_ask_description_feedback"]
    said = await scene.hears("inform", "希望营业厅周末也开门")
    assert said == ["utter_order_feedback", "utter_resume"]
    assert await scene.hears("affirm", "好的，继续") == ["utter_ask_outage_scope"]


async def test_danger_goes_first_from_anywhere(scene: Scene) -> None:
    await scene.hears("report_outage", "停电了")
    said = await scene.hears("report_hazard", "电线掉地上冒火花了")
    assert said[:2] == ["utter_hazard_safety", "utter_hazard_order"]
    assert said[-1] == "utter_ask_address_hazard"
    said = await scene.hears("inform", PLACE, address=PLACE)
    assert said[0] == "utter_hazard_place"


async def test_danger_at_a_known_place_asks_nothing(scene: Scene) -> None:
    await scene.hears("report_outage", f"{PLACE}停电", address=PLACE)
    said = await scene.hears("report_hazard", "变压器冒烟了")
    assert said[:2] == ["utter_hazard_safety", "utter_hazard_order"]
    assert scene.loop is None


async def test_a_person_from_anywhere(scene: Scene) -> None:
    await scene.hears("report_outage", "停电了")
    said = await scene.hears("ask_human", "转人工")
    assert said[0].startswith("utter_handoff") or said == ["utter_callback_order"]
    assert scene.loop is None


async def test_while_waiting_for_a_person_strange_words_get_the_place_in_the_queue(scene: Scene) -> None:
    await scene.hears("ask_human", "转人工")
    assert await scene.hears("nlu_fallback", "喂喂喂") == ["utter_still_waiting"]
    assert (await scene.hears("ask_tariff", "一度电多少钱"))[0].startswith("utter_tariff")


async def test_two_misunderstandings_lead_to_the_offer_of_a_person(scene: Scene) -> None:
    scene.ranking = ("ask_bill", "ask_balance", "greet")
    assert await scene.hears("nlu_fallback", "那个那个") == ["utter_did_you_mean_one_of"]
    assert [button["payload"] for button in scene.replies[0]["buttons"]] == ["查电费账单", "我欠多少电费"]
    assert await scene.hears("nlu_fallback", "就是那个") == ["utter_offer_person"]
    said = await scene.hears("affirm", "好")
    assert said[0].startswith("utter_handoff") or said == ["utter_callback_order"]


async def test_an_answer_that_was_taken_for_patience_is_followed_by_the_next_question(scene: Scene) -> None:
    await scene.hears("report_outage", f"{PLACE}停电", address=PLACE)
    assert await scene.hears("wait", "我看隔壁有电") == ["utter_ask_event_time"]


async def test_the_machine_says_what_it_is_once(scene: Scene) -> None:
    assert await scene.hears("greet") == ["utter_greet"]
    scene.events.clear()  # long ago: an action sees the last turns only
    assert await scene.hears("greet") == ["utter_greet_again"]
