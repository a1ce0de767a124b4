"""Two wishes in one sentence: the urgent one first, the other one is remembered and offered."""

import pytest

from actions.second import wanted
from actions.turn import Message
from tests.actions.scene import Scene

PLACE = "右江区中山二路8号"
BILL = ("顺便帮我查一下上个月电费", "ask_bill")


def sentence(main: str, *clauses: tuple[str, str]) -> Message:
    read = [{"text": text, "intent": intent, "confidence": 0.9} for text, intent in clauses]
    return Message("，".join(text for text, _ in clauses), main, metadata={"clauses": read})


@pytest.mark.parametrize(
    ("message", "first", "other"),
    [
        (sentence("report_outage", ("我家停电了", "report_outage"), BILL), "report_outage", "ask_bill"),
        (sentence("ask_bill", ("我家停电了还有", "report_outage"), BILL), "report_outage", "ask_bill"),
        (sentence("report_outage", ("给我个真人还要", "ask_human"), ("家里没电", "report_outage")), "ask_human", None),
        (sentence("ask_bill", ("查电费", "ask_bill"), ("电线冒火花了", "report_hazard")), "report_hazard", "ask_bill"),
        (
            sentence("report_outage", ("我家停电了", "report_outage"), ("冰箱都化了", "claim_damage")),
            "report_outage",
            None,
        ),
        (sentence("ask_bill", ("查电费", "ask_bill"), ("看看欠多少", "ask_balance")), "ask_bill", None),
        (sentence("ask_bill"), "ask_bill", None),
    ],
)
def test_which_comes_first(message: Message, first: str, other: str | None) -> None:
    now, later = wanted(message)
    assert now == first
    if first != "ask_human":
        assert (later.intent if later else None) == other


async def test_the_second_wish_is_offered_with_what_the_sentence_said_for_it(call: Scene) -> None:
    call.clauses = (("我家停电了", "report_outage"), BILL)
    facts = {"address": PLACE, "outage_scope": "household", "event_time": "2026-11-23", "bill_month": "2026-09"}
    await call.hears("report_outage", "我家停电了，顺便帮我查一下九月电费", **facts)
    said = await call.hears("affirm", "可以")
    assert said[0] == "utter_outage_order"
    assert said[-1] == "utter_second_wish"
    said = await call.hears("affirm", "好的")
    assert said[-1] == "utter_ask_id_last4_for_bill"  # the month is known
    assert (await call.hears("inform", "123X", id_last4="123X"))[0].startswith("utter_bill_")
    assert call.slots["done_month"] == "2026-09"


async def test_an_outage_goes_before_the_bill_though_the_bill_was_understood(scene: Scene) -> None:
    scene.clauses = (("我要报停电", "report_outage"), BILL)
    assert await scene.hears("ask_bill", "我要报停电，顺便帮我查一下上个月电费") == ["utter_ask_address"]
    assert scene.slots["wish"] == "report_outage"
    assert scene.slots["second_wish"] == "ask_bill"


async def test_danger_first_then_the_bill(scene: Scene) -> None:
    scene.clauses = (("中山二路8号电线掉了", "report_hazard"), BILL)
    said = await scene.hears("report_hazard", "电线掉了，顺便帮我查一下上个月电费", address=PLACE)
    assert said[:2] == ["utter_hazard_safety", "utter_hazard_order"]
    assert said[-1] == "utter_second_wish"
    assert await scene.hears("affirm", "好") == ["utter_ask_bill_month"]


async def test_the_person_is_told_what_for(scene: Scene) -> None:
    scene.clauses = (("转人工", "ask_human"), ("我要查电费", "ask_bill"))
    said = await scene.hears("ask_human", "转人工，我要查电费")
    assert said[0].startswith("utter_handoff")
    assert scene.slots["interrupted_wish"] == "ask_bill"


async def test_an_answer_with_a_wish_behind_it_is_an_answer(scene: Scene) -> None:
    await scene.hears("report_outage", "停电了")
    scene.clauses = ((PLACE, "inform"), ("对了我还想查电费", "ask_bill"))
    said = await scene.hears("ask_bill", f"{PLACE}，对了我还想查电费", address=PLACE)
    assert said == ["utter_ask_outage_scope"]
    assert scene.slots["second_wish"] == "ask_bill"


async def test_an_interrupted_wish_asks_nothing_twice_when_it_is_taken_up(scene: Scene) -> None:
    await scene.hears("report_outage", f"{PLACE}停电", address=PLACE)
    await scene.hears("inform", "整栋楼", outage_scope="building")
    await scene.hears("give_feedback", "给你们提个建议吧")
    assert (await scene.hears("inform", "希望营业厅周末也开门"))[-1] == "utter_resume"
    assert await scene.hears("affirm", "好的，继续") == ["utter_ask_event_time"]


async def test_what_danger_interrupted_is_offered_afterwards(scene: Scene) -> None:
    await scene.hears("ask_balance", "欠多少电费")
    await scene.hears("report_hazard", "电线冒火花了")
    said = await scene.hears("inform", PLACE, address=PLACE)
    assert said == ["utter_hazard_place", "utter_resume"]
    assert await scene.hears("inform", "要得") == ["utter_ask_account_number"]


async def test_declining_one_brings_the_next(scene: Scene) -> None:
    await scene.hears("report_outage", "停电了")
    scene.clauses = (("给你们提个建议吧周末也要开门", "give_feedback"), ("另外怎么交电费", "ask_payment_methods"))
    said = await scene.hears("give_feedback", "给你们提个建议吧周末也要开门，另外怎么交电费")
    assert said == ["utter_order_feedback", "utter_resume"]
    assert await scene.hears("deny", "不用") == ["utter_offer_declined", "utter_second_wish"]
    assert await scene.hears("affirm", "好") == ["utter_payment_methods"]
