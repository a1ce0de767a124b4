"""Reporting an outage and asking about one: a place is enough, a known outage is told, nothing is asked twice."""

from tests.actions.scene import Scene

PLACE = "右江区中山二路8号"


async def test_a_bare_report_is_asked_where_how_wide_since_when_and_whom_to_call(scene: Scene) -> None:
    assert await scene.hears("report_outage", "停电了") == ["utter_ask_address"]
    assert await scene.hears("inform", PLACE, address=PLACE) == ["utter_ask_outage_scope"]
    assert await scene.hears("inform", "整栋楼都停了", outage_scope="building") == ["utter_ask_event_time"]
    assert await scene.hears("inform", "刚刚") == ["utter_ask_contact_phone"]
    said = await scene.hears("inform", "13800138000", phone_number="13800138000")
    assert said == ["utter_outage_order", "utter_outage_promise"]
    assert scene.value("utter_outage_order", "order_number").startswith("WO")
    assert scene.loop is None


async def test_what_the_first_sentence_says_is_not_asked_again(scene: Scene) -> None:
    said = await scene.hears(
        "report_outage",
        f"{PLACE}昨晚八点整栋楼停电了，电话13800138000",
        address=PLACE,
        outage_scope="building",
        event_time="2026-11-22T20:00",
        phone_number="13800138000",
    )
    assert said[0] == "utter_outage_order"


async def test_an_answer_that_rasa_lost_after_the_report_was_made_does_not_make_another(scene: Scene) -> None:
    """Its worker was killed between the report and the end of the turn: the dialogue stands where it stood before."""
    await scene.hears("report_outage", f"{PLACE}停电", address=PLACE, outage_scope="household")
    await scene.hears("inform", "刚刚")
    slots, events, loop = dict(scene.slots), list(scene.events), scene.loop
    await scene.hears("deny", "不用了")
    first = scene.value("utter_outage_order", "order_number")
    scene.slots, scene.events, scene.loop = slots, events, loop
    await scene.hears("deny", "不留了")
    assert scene.value("utter_outage_order", "order_number") == first
    await scene.hears("report_outage", f"{PLACE}又停电了", address=PLACE, outage_scope="household")
    await scene.hears("inform", "刚刚")
    await scene.hears("deny", "不用了")
    assert scene.value("utter_outage_order", "order_number") != first  # a new wish is a new deed


async def test_not_knowing_and_not_wanting_are_accepted(scene: Scene) -> None:
    await scene.hears("report_outage", f"{PLACE}停电", address=PLACE)
    await scene.hears("nlu_fallback", "不知道")
    await scene.hears("deny", "不记得了")
    assert (await scene.hears("deny", "不用了"))[0] == "utter_outage_order"


async def test_a_known_outage_is_told_without_further_questions(scene: Scene) -> None:
    said = await scene.hears("report_outage", "城东大道66号恒宁雅都停电了", address="右江区城东大道66号恒宁雅都")
    assert said[0].startswith("utter_outage_known")
    assert scene.slots.get("order_number") is None


async def test_a_caller_is_offered_the_number_of_the_line(call: Scene) -> None:
    await call.hears("report_outage", f"{PLACE}停电", address=PLACE, outage_scope="household")
    assert await call.hears("inform", "刚刚") == ["utter_ask_contact_phone_caller"]
    assert call.value("utter_ask_contact_phone_caller", "tail") == "0001"
    assert (await call.hears("affirm", "可以"))[0] == "utter_outage_order"


async def test_a_place_nobody_can_name_gets_hints_then_the_way_to_a_person(scene: Scene) -> None:
    await scene.hears("report_outage", "停电了")
    assert await scene.hears("deny", "我不知道地址") == ["utter_address_hints", "utter_ask_address"]
    said = await scene.hears("deny", "说不清")
    assert said == ["utter_address_hints", "utter_person_possible", "utter_ask_address"]


async def test_a_correction_changes_what_was_said_before(scene: Scene) -> None:
    await scene.hears("report_outage", f"{PLACE}停电", address=PLACE)
    said = await scene.hears(
        "inform", "不对，是中山二路45号，整栋楼", address="右江区中山二路45号", outage_scope="building"
    )
    assert scene.slots["address"] == "右江区中山二路45号"
    assert said == ["utter_corrected", "utter_ask_event_time"]


async def test_the_same_message_sent_twice_makes_one_order(scene: Scene) -> None:
    facts = {"address": PLACE, "outage_scope": "household", "event_time": "2026-11-23", "phone_number": "13800138000"}
    await scene.hears("report_outage", "停电", **facts)
    first = scene.value("utter_outage_order", "order_number")
    await scene.hears("report_outage", "停电", True, **facts)
    assert scene.value("utter_outage_order", "order_number") == first


async def test_a_question_about_a_place_is_looked_up(scene: Scene) -> None:
    assert await scene.hears("ask_outage_info", "什么时候来电") == ["utter_ask_address_to_look_up"]
    said = await scene.hears("inform", "城东大道66号", address="右江区城东大道66号")
    assert said[0].startswith("utter_outage_present")
    said = await scene.hears("ask_outage_info", "中山二路8号停电吗", address=PLACE)
    assert said == ["utter_outage_none"]
