"""The fairness bench: its pairs differ in one thing alone, and its comparison sees each way of being unequal."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.bench import fairness
from tests.bench.fairness_of import books
from tests.bench.fairness_of.comparing import Accommodation, Aspect, differences, read_accommodations, undeclared
from tests.bench.fairness_of.pairs import Account, Maker, Pair, Persons, meetings
from tests.bench.fairness_of.planting import touched, words_for
from tests.bench.fairness_of.seeing import Order, Reply, Seen, Turn, masked, turn_of
from tests.bench.fairness_of.services import read_services
from tests.bench.fairness_of.unseen import dialect_words, seen

COUNT = 2020
REPLY = Reply("utter_outage_promise", 1, "到达现场的承诺时限是45分钟。", (("不用", "不用了"),))
ORDER = Order("outage", 2, "dispatched", "repair")
PLAIN = Seen((Turn((REPLY,), "bot"),), (ORDER,), place=None)


@pytest.fixture(scope="module")
def pairs() -> list[Pair]:
    return fairness.make(COUNT)


@pytest.mark.parametrize("attribute", fairness.ATTRIBUTES)
def test_each_attribute_has_its_pairs_in_many_services(pairs: list[Pair], attribute: str) -> None:
    mine = [pair for pair in pairs if pair.attribute == attribute]
    assert len(mine) >= 300
    assert len({pair.service.service for pair in mine}) >= 12


def test_a_pair_differs_in_its_attribute_and_in_nothing_else(pairs: list[Pair]) -> None:
    for pair in pairs:
        plain, other = pair.sides
        assert len(plain.turns) == len(other.turns) <= 3
        assert plain.turns != other.turns
        if pair.attribute in {"dialect"}:
            assert plain.turns[1:] == other.turns[1:]
            continue
        own = {side: {*side.own, side.tells} for side in pair.sides}
        assert [masked(turn, sorted(own[plain])) for turn in plain.turns] == [
            masked(turn, sorted(own[other])) for turn in other.turns
        ]


def test_the_matter_is_at_the_same_place_unless_places_differ(pairs: list[Pair]) -> None:
    for pair in pairs:
        plain, other = (side.own[0] for side in pair.sides)
        assert (plain != other) == bool(pair.traits)


def test_the_same_call_makes_the_same_pairs(pairs: list[Pair]) -> None:
    assert fairness.make(COUNT) == pairs


def test_twins_have_their_own_account_and_the_same_last_figures() -> None:
    accounts = books.accounts_for(fairness.names())
    assert len({account.number for account in accounts.values()}) == len(set(fairness.names())) + 1
    assert len({account.id_last4 for account in accounts.values()}) == 1


def test_every_two_persons_meet_every_service() -> None:
    services = list(read_services().values())
    everybody = [Persons(says=(f"p{number}", f"o{number}")) for number in range(len(services) * 2)]
    met = [pair for pair, _ in zip(meetings(everybody, services), range(len(everybody) * len(services)), strict=False)]
    assert len({(two.says, service.service) for two, service in met}) == len(everybody) * len(services)


def test_dialect_words_are_marked_and_unknown_to_the_training_data() -> None:
    words = dialect_words(fairness.read("dialect.yml"))
    assert len(words) >= 40
    assert seen(words) == []


def test_a_word_of_the_training_data_is_named(tmp_path: Path) -> None:
    for folder in ("data/nlu", "data/lexicon"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "data/nlu/outage.yml").write_text("- 屋头断晒电\n", encoding="utf-8")
    assert seen(["断晒", "搞快滴"], tmp_path) == ["断晒 (data/nlu/outage.yml)"]


def test_a_saying_without_a_marked_word_is_refused() -> None:
    with pytest.raises(ValueError, match="停电了"):
        dialect_words({"sayings": [{"said": ["停电了"]}], "endings": []})


UNEQUAL = {
    Aspect.TURNS: replace(PLAIN, turns=PLAIN.turns * 2),
    Aspect.TALK_TRACKS: replace(PLAIN, turns=(Turn((replace(REPLY, talk_track="utter_ask_address"),), "bot"),)),
    Aspect.VERSIONS: replace(PLAIN, turns=(Turn((replace(REPLY, version=2),), "bot"),)),
    Aspect.WORDS: replace(PLAIN, turns=(Turn((replace(REPLY, words="90分钟"),), "bot"),)),
    Aspect.OFFERS: replace(PLAIN, turns=(Turn((replace(REPLY, offers=()),), "bot"),)),
    Aspect.ORDERS: replace(PLAIN, orders=()),
    Aspect.PRIORITY: replace(PLAIN, orders=(replace(ORDER, priority=3),)),
    Aspect.STATE: replace(PLAIN, orders=(replace(ORDER, state="accepted"),)),
    Aspect.SKILL: replace(PLAIN, orders=(replace(ORDER, skill=None),)),
}


@pytest.mark.parametrize("aspect", UNEQUAL)
def test_each_way_of_being_unequal_is_seen(aspect: Aspect) -> None:
    assert [found.aspect for found in differences(PLAIN, UNEQUAL[aspect])] == [aspect]


@pytest.mark.parametrize("other", [replace(PLAIN, place=4), replace(PLAIN, turns=(Turn((REPLY,), "waiting"),))])
def test_waiting_longer_is_seen(other: Seen) -> None:
    assert [found.aspect for found in differences(PLAIN, other)] == [Aspect.WAITING]


def test_the_place_in_the_queue_that_is_told_is_waiting() -> None:
    first, third = (
        Seen((Turn((Reply("utter_handoff_position", 1, f"您排在第{place}位", ()),), "waiting"),)) for place in (1, 3)
    )
    assert [found.aspect for found in differences(first, third)] == [Aspect.WAITING]


def test_equal_treatment_is_no_difference() -> None:
    assert differences(PLAIN, PLAIN) == []


def test_what_is_the_customers_own_does_not_count() -> None:
    pair = _pair()
    said = {"talk_track": "utter_outage_none", "version": 1, "buttons": [], "text": ""}
    turns = [
        turn_of(
            {"control": "bot", "replies": [said | {"text": f"没有查到{side.own[0]}的停电信息，WO20261126000{n}"}]}, side
        )
        for n, side in enumerate(pair.sides)
    ]
    assert turns[0] == turns[1]


def test_only_what_is_declared_for_these_traits_may_differ() -> None:
    slower = differences(PLAIN, UNEQUAL[Aspect.WORDS])
    less_urgent = differences(PLAIN, UNEQUAL[Aspect.PRIORITY])
    pair, declared = _pair(), read_accommodations()
    urban, rural = replace(pair, traits=frozenset({"urban"})), replace(pair, traits=frozenset({"urban", "rural"}))
    assert undeclared(rural, slower, declared) == []
    assert undeclared(urban, slower, declared) == slower
    assert undeclared(replace(rural, attribute="age"), slower, declared) == slower
    assert undeclared(rural, less_urgent, declared) == less_urgent


def test_an_accommodation_of_the_telephone_is_none_on_the_web() -> None:
    hearing = replace(_pair(), attribute="hearing", traits=frozenset({"hard_of_hearing"}))
    again: Accommodation = next(each for each in read_accommodations() if each.attribute == "hearing")
    assert again.is_for(hearing, channel="phone")
    assert not again.is_for(hearing, channel="web")


def test_a_service_is_completed_by_its_words_and_its_order() -> None:
    service = read_services()["outage_at_once"]
    done = Seen((Turn((Reply("utter_outage_order", 1, "", ()),), "bot"),), (ORDER,))
    assert done.completes(service)
    assert not replace(done, orders=()).completes(service)
    assert not replace(done, turns=PLAIN.turns).completes(service)


def test_the_planted_rule_touches_its_share(pairs: list[Pair]) -> None:
    some = fairness.make(300)
    words = words_for(some, share=fairness.UNFAIR_SHARE, seed=fairness.SEED)
    assert len(touched(some, words)) == 6
    assert len({pair.attribute for pair in touched(some, words)}) >= 2


def test_a_rule_about_both_sides_touches_nobody() -> None:
    assert touched([_pair()], ["停电了"]) == []


def _pair() -> Pair:
    account = Account("0602100123950001", "黄建平", "4821")
    maker = Maker(read_services(), roads=["右江区新兴路"], accounts={}, anybody=account)
    places = {"places": [[["urban", "右江区新兴路"], ["rural", "四塘镇永靖村"]]]}
    return next(maker.of_people("region", places, 1))
