"""One dark home: the order first, then two questions at most; what they show refines or withdraws the order."""

import httpx
import pytest

from actions.backend import Backend, BackendDown
from tests.actions.scene import Scene

PLACE = "右江区中山二路8号"
CUT_OFF = "右江区新兴路15号"
DONE = ["utter_outage_order", "utter_outage_promise"]


async def reported(scene: Scene, text: str = "就我家停电了，刚刚", place: str = PLACE) -> list[str]:
    facts = {"address": place, "outage_scope": "household", "event_time": "刚刚", "phone_number": "13800138000"}
    return await scene.hears("report_outage", text, **facts)


async def states(backend: Backend, scene: Scene) -> list[str]:
    return [order.state for order in await backend.find_orders(scene.id)]


async def test_the_order_is_made_and_told_before_anything_is_asked(scene: Scene, backend: Backend) -> None:
    assert await reported(scene) == [*DONE, "utter_ask_neighbours"]
    assert await states(backend, scene) == ["dispatched"]
    assert scene.loop is None


async def test_an_order_goes_its_way_when_the_look_fails(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    async def down(*_: object, **__: object) -> None:
        raise BackendDown("POST /check: 500")

    await reported(scene)
    monkeypatch.setattr(Backend, "check_home", down)
    assert await scene.hears("inform", "邻居有电") == ["utter_home_crew"]
    assert await reported(scene, "中山二路45号就我家停电了", "右江区中山二路45号") == DONE


async def test_a_whole_building_is_asked_nothing(scene: Scene) -> None:
    facts = {"address": PLACE, "outage_scope": "building", "event_time": "刚刚", "phone_number": "13800138000"}
    assert await scene.hears("report_outage", "整栋都停了", **facts) == DONE


async def test_dark_neighbours_make_it_more_than_one_home(scene: Scene, backend: Backend) -> None:
    await reported(scene)
    said = await scene.hears("report_outage", "邻居也没电", outage_scope="area")
    assert said == ["utter_home_outage"]
    assert await states(backend, scene) == ["dispatched"]
    assert scene.slots["offer"] is None


async def test_a_breaker_that_holds_brings_the_power_back_and_the_order_is_withdrawn(
    scene: Scene, backend: Backend
) -> None:
    await reported(scene)
    assert await scene.hears("inform", "邻居有电", outage_scope="household") == ["utter_ask_breaker"]
    assert await scene.hears("out_of_scope", "空气开关在哪里") == ["utter_home_breaker_where"]
    assert await scene.hears("report_hazard", "总闸跳下来了") == ["utter_home_close_breaker"]
    assert await scene.hears("affirm", "好的") == ["utter_take_your_time"]
    assert await scene.hears("report_payment_problem", "推上去了") == ["utter_ask_power_back"]
    assert await scene.hears("affirm", "是的") == ["utter_home_power_back", "utter_order_canceled"]
    assert await states(backend, scene) == ["cancelled"]


async def test_a_breaker_that_trips_again_is_for_an_electrician(scene: Scene, backend: Backend) -> None:
    await reported(scene)
    await scene.hears("inform", "隔壁亮着")
    await scene.hears("report_outage", "跳了")
    said = await scene.hears("report_outage", "又跳了")
    assert said == ["utter_home_own_electrician", "utter_order_canceled"]
    assert await states(backend, scene) == ["cancelled"]


async def test_what_was_told_is_not_asked(scene: Scene) -> None:
    assert await reported(scene, "就我家没电隔壁都亮着") == [*DONE, "utter_ask_breaker"]


async def test_all_told_at_once_needs_no_question(scene: Scene) -> None:
    said = await reported(scene, "隔壁有电，我家空开一推就跳")
    assert said == [*DONE, "utter_home_own_electrician", "utter_order_canceled"]


async def test_who_does_not_know_is_asked_two_things_and_the_crew_comes(scene: Scene, backend: Backend) -> None:
    await reported(scene)
    assert await scene.hears("deny", "不知道") == ["utter_ask_breaker"]
    assert await scene.hears("deny", "我不敢动") == ["utter_home_crew"]
    assert await states(backend, scene) == ["dispatched"]


@pytest.mark.parametrize(("intent", "text"), [("deny", "不用了"), ("stop", "别问了赶紧来"), ("affirm", "好的")])
async def test_who_wants_no_questions_gets_none(scene: Scene, backend: Backend, intent: str, text: str) -> None:
    await reported(scene)
    assert await scene.hears(intent, text) == ["utter_home_crew"]
    assert scene.slots["offer"] is None
    assert await states(backend, scene) == ["dispatched"]


async def test_who_is_in_a_hurry_urges(scene: Scene) -> None:
    await reported(scene)
    assert await scene.hears("urge_work_order", "你们快点来") == ["utter_order_urged"]
    assert scene.slots["offer"] is None


async def test_another_wish_goes_on_as_if_nothing_had_been_asked(scene: Scene) -> None:
    await reported(scene)
    assert await scene.hears("ask_bill", "帮我查一下电费") == ["utter_ask_bill_month"]
    assert await scene.hears("inform", "邻居有电") != ["utter_ask_breaker"]


async def test_a_question_in_between_is_answered_and_the_answer_still_counts(scene: Scene) -> None:
    await reported(scene)
    assert await scene.hears("ask_work_order", "我的报修到哪了") == ["utter_order_state"]
    assert await scene.hears("inform", "邻居有电", outage_scope="household") == ["utter_ask_breaker"]


async def test_a_yes_to_something_else_is_not_taken_for_an_answer(scene: Scene) -> None:
    await reported(scene)
    await scene.hears("ask_payment_methods", "怎么交电费")
    assert await scene.hears("affirm", "是的") == ["utter_what_next"]


async def test_danger_goes_first(scene: Scene) -> None:
    await reported(scene)
    assert (await scene.hears("report_hazard", "开关冒烟了"))[0] == "utter_hazard_safety"
    assert scene.slots["offer"] is None


async def test_who_depends_on_power_is_asked_nothing(scene: Scene) -> None:
    assert await reported(scene, "就我家停电，老人在用呼吸机") == DONE


async def test_what_the_first_sentence_told_still_counts_when_the_rest_is_answered(scene: Scene) -> None:
    facts = {"address": PLACE, "outage_scope": "household", "event_time": "刚刚"}
    await scene.hears("report_outage", f"{PLACE}就我家停电，老人在用呼吸机", **facts)
    assert await scene.hears("deny", "不用") == DONE


async def test_a_second_wish_waits_for_no_question(scene: Scene) -> None:
    scene.clauses = (("就我家停电了", "report_outage"), ("顺便帮我查电费", "ask_bill"))
    said = await reported(scene, "就我家停电了，顺便帮我查电费")
    assert said == [*DONE, "utter_second_wish"]


async def test_a_correction_right_after_the_question_amends_the_order(scene: Scene) -> None:
    await reported(scene)
    said = await scene.hears("inform", "电话说错了，应该是13900139000", phone_number="13900139000")
    assert said == ["utter_order_amended"]


async def test_a_stranger_hears_nothing_of_arrears_and_may_verify(scene: Scene, backend: Backend) -> None:
    assert await reported(scene, place=CUT_OFF) == [*DONE, "utter_ask_neighbours"]
    await scene.hears("inform", "邻居有电")
    assert await scene.hears("deny", "没跳") == ["utter_home_verify"]
    assert await scene.hears("affirm", "可以") == ["utter_ask_account_number"]
    await scene.hears("inform", "0602100123450004", account_number="0602100123450004")
    said = await scene.hears("inform", "陆文英", customer_name="陆文英")
    assert said == ["utter_home_pay", "utter_order_canceled"]
    assert await states(backend, scene) == ["cancelled"]


async def test_who_would_not_verify_keeps_the_crew(scene: Scene, backend: Backend) -> None:
    await reported(scene, place=CUT_OFF)
    await scene.hears("inform", "邻居有电")
    await scene.hears("deny", "没跳")
    assert await scene.hears("deny", "不用了") == ["utter_offer_declined"]
    assert await states(backend, scene) == ["dispatched"]


async def test_verified_and_paid_up_a_crew_comes(scene: Scene) -> None:
    await reported(scene)
    await scene.hears("inform", "邻居有电")
    await scene.hears("deny", "没跳")
    await scene.hears("affirm", "可以")
    await scene.hears("inform", "0602100123450001", account_number="0602100123450001")
    assert await scene.hears("inform", "韦小明", customer_name="韦小明") == ["utter_home_crew"]


async def test_the_holders_own_line_hears_of_the_cut_at_once(
    server: httpx.AsyncClient, front_door: httpx.AsyncClient
) -> None:
    holder = Scene(server, front_door, id="call-4", channel="phone", caller="13907760004")
    assert await reported(holder, place=CUT_OFF) == [*DONE, "utter_home_pay", "utter_order_canceled"]
    assert holder.value("utter_home_pay", "amount") != "0.00"


async def test_a_cut_at_home_says_nothing_of_another_place(
    server: httpx.AsyncClient, front_door: httpx.AsyncClient
) -> None:
    holder = Scene(server, front_door, id="call-4", channel="phone", caller="13907760004")
    assert await reported(holder) == [*DONE, "utter_ask_neighbours"]
    await holder.hears("inform", "邻居有电")
    assert await holder.hears("deny", "没跳") == ["utter_home_crew"]


async def test_who_went_to_the_main_switch_is_waited_for(call: Scene) -> None:
    await reported(call)
    await call.hears("inform", "邻居有电")
    assert await call.hears("silence") == ["utter_take_your_time"]
    assert await call.hears("silence") == ["utter_are_you_there"]
    assert await call.hears("report_outage", "跳了") == ["utter_home_close_breaker"]


async def test_thanks_after_the_question_and_nothing_more_ends_it(scene: Scene, backend: Backend) -> None:
    await reported(scene)
    await scene.hears("thank", "谢谢")
    assert await scene.hears("deny", "没有了") == ["utter_what_next"]
    assert await states(backend, scene) == ["dispatched"]
