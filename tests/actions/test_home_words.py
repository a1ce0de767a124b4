"""What customers say of a dark home. The intents are those that the trained model gives to these words."""

import pytest

from actions.home_words import Answer, read, told
from actions.turn import Message

LIT, DARK, UNSURE = Answer("lit"), Answer("dark"), Answer("unknown")
UP, DOWN, TRIPS = Answer(breaker="up"), Answer(breaker="down"), Answer(breaker="trips_again")
UNSEEN, BACK, ENOUGH, NOTED = Answer(breaker="unknown"), Answer(back=True), Answer(enough=True), Answer(noted=True)
NEIGHBOURS = {
    "邻居有电": ("inform", LIT),
    "隔壁有电": ("inform", LIT),
    "邻居家有": ("out_of_scope", LIT),
    "有的": ("affirm", LIT),
    "有": ("affirm", LIT),
    "亮着": ("out_of_scope", LIT),
    "楼道灯亮着": ("out_of_scope", LIT),
    "都亮的": ("inform", LIT),
    "别人家都有电": ("inform", LIT),
    "邻居没停电": ("report_outage", LIT),
    "只有我家没电": ("report_outage", LIT),
    "邻居也没电": ("report_outage", DARK),
    "邻居没有电": ("report_outage", DARK),
    "隔壁也停了": ("inform", DARK),
    "楼下也黑的": ("report_outage", DARK),
    "都没电": ("report_outage", DARK),
    "冇电": ("report_outage", DARK),
    "没有": ("deny", DARK),
    "没": ("deny", DARK),
    "楼道灯不亮": ("out_of_scope", DARK),
    "整栋都没": ("inform", DARK),
    "好像也停了": ("report_outage", DARK),
    "好像有": ("affirm", LIT),
    "整条街都亮着": ("inform", LIT),
    "没事了": ("goodbye", None),
    "不知道": ("deny", UNSURE),
    "我怎么知道": ("ask_account_number", UNSURE),
    "看不到": ("report_meter_fault", UNSURE),
    "老人家看不见": ("out_of_scope", UNSURE),
    "我在外面不在家": ("deny", UNSURE),
    "我家没电啊": ("report_outage", UNSURE),
    "邻居有电，开关一推就跳": ("report_voltage", Answer("lit", "trips_again")),
    "别问了赶紧来": ("stop", ENOUGH),
    "不用问了": ("stop", ENOUGH),
    "不用了": ("deny", ENOUGH),
    "算了": ("stop", ENOUGH),
    "好的": ("affirm", NOTED),
    "你们快点来": ("urge_work_order", None),
    "谢谢": ("thank", None),
    "还要多久": ("ask_outage_info", None),
    "那你查下我电费": ("ask_bill", None),
    "不用问了我要投诉": ("make_complaint", None),
    "邻居有电，另外帮我查一下电费": ("inform", None),
    "隔壁有电，开关冒烟了": ("report_hazard", None),
}
BREAKER = {
    "跳了": ("report_outage", DOWN),
    "跳闸了": ("report_outage", DOWN),
    "空开跳了": ("report_outage", DOWN),
    "总闸跳下来了": ("report_hazard", DOWN),
    "开关跳下来了": ("report_hazard", DOWN),
    "有": ("affirm", DOWN),
    "有跳": ("out_of_scope", DOWN),
    "漏电保护器跳了": ("report_hazard", DOWN),
    "漏电了": ("report_hazard", None),
    "上面的": ("affirm", UP),
    "都是上去的": ("affirm", UP),
    "拨不上去": ("stop", TRIPS),
    "哪个是总闸": ("ask_identity", Answer(where=True)),
    "在楼下我下不去": ("wait", UNSEEN),
    "好了再见": ("goodbye", None),
    "没跳": ("deny", UP),
    "没有跳": ("deny", UP),
    "冇跳": ("deny", UP),
    "没有": ("deny", UP),
    "开关是合上的": ("report_voltage", UP),
    "合上的": ("affirm", UP),
    "正常的": ("affirm", UP),
    "是好的": ("affirm", UP),
    "推不上去": ("report_outage", TRIPS),
    "一推就跳": ("report_voltage", TRIPS),
    "推上去又跳": ("report_voltage", TRIPS),
    "一推又跳": ("report_voltage", TRIPS),
    "推了一下来电了": ("cancel_work_order", BACK),
    "不清楚": ("deny", UNSEEN),
    "我不会弄": ("ask_help", UNSEEN),
    "空气开关在哪里": ("out_of_scope", Answer(where=True)),
    "不用看了": ("deny", ENOUGH),
    "有焦味": ("report_hazard", None),
}
PUSHED = {
    "来电了": ("cancel_work_order", BACK),
    "好了": ("cancel_work_order", BACK),
    "有电了": ("cancel_work_order", BACK),
    "来了": ("cancel_work_order", BACK),
    "有了": ("goodbye", BACK),
    "来电了谢谢": ("thank", BACK),
    "好了不说了再见": ("goodbye", None),
    "推好了": ("cancel_work_order", Answer(pushed=True)),
    "又掉了": ("stop", TRIPS),
    "推不动": ("report_outage", TRIPS),
    "我等师傅来": ("out_of_scope", ENOUGH),
    "又跳了": ("report_outage", TRIPS),
    "跳了": ("report_outage", TRIPS),
    "推不上去": ("report_outage", TRIPS),
    "还是没电": ("report_outage", UP),
    "没反应": ("deny", UP),
    "推了没用": ("report_payment_problem", UP),
    "没有": ("deny", UP),
    "推上去了": ("report_payment_problem", Answer(pushed=True)),
    "我推了": ("stop", Answer(pushed=True)),
    "我不敢动": ("deny", UNSEEN),
    "好的": ("affirm", NOTED),
    "开关冒烟了": ("report_hazard", None),
}
CASES = [
    (question, text, intent, wanted)
    for question, said in (("neighbours", NEIGHBOURS), ("breaker", BREAKER), ("pushed", PUSHED))
    for text, (intent, wanted) in said.items()
]


@pytest.mark.parametrize(("question", "text", "intent", "wanted"), CASES)
def test_an_answer_is_read_whatever_wish_it_sounds_like(
    question: str, text: str, intent: str, wanted: Answer | None
) -> None:
    unsure = intent in ("ask_account_number", "ask_help")
    message = Message(text, intent, confidence=0.6 if unsure else 0.9)
    assert read(question, message, just_asked=True) == wanted


@pytest.mark.parametrize("question", ["neighbours", "breaker", "pushed"])
@pytest.mark.parametrize(("intent", "text"), [("affirm", "是的"), ("deny", "没有了"), ("affirm", "好的")])
def test_a_bare_yes_or_no_to_something_else_is_no_answer(question: str, intent: str, text: str) -> None:
    assert read(question, Message(text, intent), just_asked=False) is None


def test_a_new_report_of_another_place_is_no_answer() -> None:
    message = Message("龙旺大道5号也没电", "report_outage", entities=(("address", "龙旺大道5号"),))
    assert read("neighbours", message, just_asked=True) is None


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("就我一家停电", {}),
        ("我家都没电了", {}),
        ("就我家没电隔壁都亮着", {"home_neighbours": "lit"}),
        ("邻居也没电", {"home_neighbours": "dark"}),
        ("单独我家，空开跳了，推不上去", {"home_breaker": "trips_again"}),
        ("我家跳闸了", {"home_breaker": "down"}),
        ("灯跳了一下就没电了", {}),
        ("邻居都有电，总闸没跳", {"home_neighbours": "lit", "home_breaker": "up"}),
    ],
)
def test_what_the_report_tells_is_not_asked_again(text: str, slots: dict[str, str]) -> None:
    assert told(text) == slots
