import pytest
from rasa.shared.nlu.training_data.message import Message

from bot.engine.nlu.gate import Decision, Thresholds, Verdict, apply, decide
from bot.engine.nlu.hazard import is_hazard
from bot.engine.nlu.scoring import Reading

LIMITS = Thresholds(ours=0.7, maybe=0.4, intent=0.1, hazard=0.2)


def reading(ours, *ranking):
    return Reading(tuple(ranking), ours)


def test_a_familiar_sentence_is_accepted():
    got = decide(reading(0.9, ("ask_bill", 0.8), ("ask_usage", 0.1)), limits=LIMITS, hazard_said=False)
    assert got == Decision(Verdict.ACCEPT, "ask_bill", 0.8, ("ask_bill",))


def test_a_strange_sentence_is_refused_however_sure_the_intent():
    got = decide(reading(0.3, ("ask_bill", 0.95), ("out_of_scope", 0.05)), limits=LIMITS, hazard_said=False)
    assert (got.verdict, got.intent) == (Verdict.REFUSE, "out_of_scope")


def test_between_the_two_the_customer_is_asked_which_of_two_services():
    ranking = (("out_of_scope", 0.5), ("ask_bill", 0.3), ("ask_usage", 0.2))
    got = decide(reading(0.5, *ranking), limits=LIMITS, hazard_said=False)
    assert (got.verdict, got.intent, got.candidates) == (Verdict.CLARIFY, "nlu_fallback", ("ask_bill", "ask_usage"))


def test_a_hazard_does_not_wait_at_the_gate():
    weak = reading(0.5, ("ask_bill", 0.5), ("report_hazard", 0.25))
    assert decide(weak, limits=LIMITS, hazard_said=False).intent == "report_hazard"
    assert decide(reading(0.0), limits=LIMITS, hazard_said=True).intent == "report_hazard"


def test_small_talk_and_foreign_matters_lose_their_entities():
    message = Message({"text": "x", "entities": [{"entity": "amount", "value": "5"}]})
    apply(message, Decision(Verdict.ACCEPT, "greet", 0.9, ("greet",)), reading(0.9, ("greet", 0.9)))
    assert message.get("entities") == []


def test_after_a_question_the_candidates_lead_the_ranking():
    message = Message({"text": "x"})
    ranking = (("out_of_scope", 0.5), ("ask_bill", 0.3), ("ask_usage", 0.2))
    apply(message, Decision(Verdict.CLARIFY, "nlu_fallback", 0.3, ("ask_bill", "ask_usage")), reading(0.5, *ranking))
    assert [r["name"] for r in message.get("intent_ranking")] == ["nlu_fallback", "ask_bill", "ask_usage"]


@pytest.mark.parametrize(
    "said", ["电线掉地上了", "变压器在冒烟", "我被电了一下", "水龙头麻手", "电线杆要倒了", "插座冒火花"]
)
def test_danger_in_so_many_words(said):
    assert is_hazard(said)


@pytest.mark.parametrize(
    "said", ["我家停电了", "手机冒烟了", "触电保护器多少钱", "查电费", "漏电保护器跳了", "整个小区黑麻麻"]
)
def test_no_danger(said):
    assert not is_hazard(said)


def test_who_says_the_account_number_does_not_ask_for_it():
    found = reading(0.9, ("ask_account_number", 0.5), ("ask_bill", 0.4))
    told = decide(found, limits=Thresholds(), hazard_said=False, entities=frozenset({"account_number"}))
    asked = decide(found, limits=Thresholds(), hazard_said=False)
    assert (told.intent, asked.intent) == ("ask_bill", "ask_account_number")
