from bot.engine.figures import Row, Understood, summary
from bot.engine.report import report

ROWS = [
    Row("上月电费", "ask_bill", (("bill_month", "2026-10"),)),
    Row("用了多少度", "ask_usage", ()),
    Row("手机没电了", "out_of_scope", ()),
    Row("停电了", "report_outage", ()),
]
ANSWERS = [
    Understood("ask_bill", "accept", (("bill_month", "2026-09"),), 1.0),
    Understood("ask_bill", "accept", (), 1.0),
    Understood("report_outage", "accept", (), 1.0),
    Understood("out_of_scope", "refuse", (), 1.0),
]


def section(text, title):
    return next(part for part in text.split("== ") if part.startswith(title))


def test_each_kind_of_mistake_is_shown_with_its_sentence():
    text = report(ROWS, ANSWERS, summary(ROWS, ANSWERS))
    assert "accuracy               0.25" in section(text, "In short")
    assert "ask_usage                0/1  ask_bill 1" in section(text, "Worst intents")
    assert "ask_usage → ask_bill\n      用了多少度" in section(text, "Most frequent confusions")
    assert "手机没电了" in section(text, "Other people's business")
    assert "停电了" in section(text, "Our business refused")
    assert "missed [('bill_month', '2026-10')]  invented [('bill_month', '2026-09')]" in section(text, "Entities")


def test_a_file_without_mistakes_says_so():
    text = report(ROWS[1:2], [Understood("ask_usage", "accept", (), 1.0)], summary(ROWS[1:2], ANSWERS[1:2]))
    assert section(text, "Most frequent confusions").strip().endswith("none")
