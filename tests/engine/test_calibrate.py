import pytest

from bot.engine.calibrate import best_hazard, choose, figures, hazards
from bot.engine.figures import Row
from bot.engine.nlu.gate import Thresholds
from bot.engine.nlu.scoring import Reading


def seen(intent, ours, *ranking):
    return Row("x", intent, ()), Reading(tuple(ranking), ours), False


def crowd():
    """Sixty of ours that the gate is sure of, sixty foreign ones that it is not, a few dangers in unusual words."""
    ours = [seen("ask_bill", 0.8 + n / 300, ("ask_bill", 0.9), ("ask_usage", 0.1)) for n in range(60)]
    foreign = [seen("out_of_scope", n / 100, ("ask_bill", 0.6), ("out_of_scope", 0.4)) for n in range(60)]
    danger = [seen("report_hazard", 0.3, ("report_hazard", 0.7), ("ask_bill", 0.3)) for _ in range(4)]
    return ours + foreign + danger


def test_the_thresholds_part_ours_from_foreign_sentences():
    limits = choose(crowd())
    reached = figures(crowd(), limits)
    assert reached.missed == 0 and reached.accuracy == 1.0
    assert 0.59 < limits.maybe <= limits.ours <= 0.8


def test_dangers_are_caught_even_where_other_wishes_would_be_refused():
    danger = best_hazard(crowd())
    assert danger.hazard_ours <= 0.3
    assert hazards([s for s in crowd() if s[0].intent == "report_hazard"], danger) == 4
    assert hazards([s for s in crowd() if s[0].intent != "report_hazard"], danger) == 0


def test_a_question_is_worth_less_than_the_answer_and_more_than_a_refusal():
    unsure = [seen("ask_bill", 0.5, ("ask_bill", 0.6), ("ask_usage", 0.4))]
    accepted, asked, refused = (
        figures(unsure, Thresholds(ours=ours, maybe=maybe)).worth
        for ours, maybe in ((0.4, 0.4), (0.9, 0.4), (0.9, 0.9))
    )
    assert accepted > asked > refused == 0


def test_without_foreign_sentences_nothing_can_be_chosen():
    with pytest.raises(SystemExit, match="out_of_scope"):
        choose([seen("ask_bill", 0.9, ("ask_bill", 0.9))])


def test_a_question_that_offers_two_other_wishes_is_worth_nothing():
    unsure = [seen("ask_tariff", 0.5, ("ask_bill", 0.6), ("ask_usage", 0.4))]
    assert figures(unsure, Thresholds(ours=0.9, maybe=0.4)).worth == 0


def test_two_wishes_alike_are_asked_about_and_a_clear_one_is_not():
    torn = [seen("ask_bill" if n % 3 else "ask_usage", 0.95, ("ask_usage", 0.48), ("ask_bill", 0.44)) for n in range(3)]
    limits = choose(crowd() + torn)
    assert 0.48 < limits.intent <= 0.6
    assert figures(torn, limits).asked_in_domain == 1.0
    assert figures(crowd(), limits).asked_in_domain < 0.1
