"""Each rule of the lint by example: a sentence that it catches at its place, and a near one that it leaves alone."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from ticketing.talk_tracks.lint.book import read
from ticketing.talk_tracks.lint.finding import Channel, Finding, Level
from ticketing.talk_tracks.lint.run import lint
from ticketing.talk_tracks.lint.said import Said

ON = date(2026, 11, 23)
GOLDEN: dict[str, dict[str, list[Any]]] = yaml.safe_load(Path(__file__).with_name("golden.yml").read_text("utf-8"))


def said(example: Any) -> Said:
    each: dict[str, Any] = {"say": example} if isinstance(example, str) else example
    text = each["say"] if "say" in each else each["repeat"][0] * each["repeat"][1]
    channel = Channel(each.get("via", "chat"))
    return Said(text, channel, each.get("as"), personal=frozenset(each.get("personal", [])), emergency="set" in each)


def found(rule: str, example: Any) -> list[Finding]:
    return [each for each in lint(said(example), read(), ON) if each.rule == rule]


@pytest.mark.parametrize(("rule", "example"), [(rule, each) for rule in GOLDEN for each in GOLDEN[rule]["catches"]])
def test_a_rule_catches_the_place(rule: str, example: dict[str, Any]) -> None:
    findings = found(rule, example)
    assert findings, f"{rule} does not catch it"
    text = said(example).text
    for each in findings:
        assert each.text == text[each.start : each.end]
        assert each.why and each.mend and each.rule == rule
    if "quote" in example:
        assert example["quote"] in [each.text for each in findings]
    if "mend" in example:
        assert example["mend"] in findings[0].mend


@pytest.mark.parametrize(("rule", "example"), [(rule, each) for rule in GOLDEN for each in GOLDEN[rule]["spares"]])
def test_a_rule_spares_the_near_one(rule: str, example: Any) -> None:
    assert found(rule, example) == []


def test_every_rule_has_its_examples() -> None:
    assert set(read().ids) == set(GOLDEN) - {"promises.number_example"}
    assert all(each["catches"] and each["spares"] for each in GOLDEN.values())


def test_a_finding_can_be_had_again_and_stands_in_the_order_of_places() -> None:
    text = "你这个残废，自己看！！"
    first = lint.__wrapped__(Said(text, Channel.CHAT), read(), ON)
    again = lint.__wrapped__(Said(text, Channel.CHAT), read.__wrapped__(), ON)
    assert first == again
    assert [each.start for each in first] == sorted(each.start for each in first)
    assert {each.rule for each in first} == {"discrimination.disability", "tone.rude", "tone.shouting", "tone.you"}
    assert {each.level for each in first if each.rule.startswith("tone.y")} == {Level.WARNING}
