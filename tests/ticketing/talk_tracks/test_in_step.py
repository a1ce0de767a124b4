"""The words, `domain.yml`, the declared places and the code that fills them say the same."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from actions import values
from ticketing.talk_tracks.files import EMERGENCY, Signed, read, read_defaults
from ticketing.talk_tracks.fill import places
from ticketing.talk_tracks.gate import refusals
from ticketing.talk_tracks.lint import book
from ticketing.talk_tracks.lint.run import errors, lint_words
from ticketing.talk_tracks.load import DOMAIN, FILES, ROOT
from ticketing.talk_tracks.placeholders import SHORT
from ticketing.talk_tracks.words import Words

RULES = book.read()
PLACES = RULES.placeholders
TRACKS = read(FILES)
DEFAULTS = read_defaults(DOMAIN)
ON = date(2026, 11, 23)
CODE = ("actions", "bot", "ticketing")


@pytest.mark.parametrize("signed", TRACKS, ids=lambda each: f"{each.file}:{each.name}")
def test_the_projects_own_words_may_be_published(signed: Signed) -> None:
    people = {"author": signed.author, "reviewer": signed.reviewer, "publisher": signed.publisher}
    assert refusals(signed.words, RULES, on=ON, **people) == ()


def test_every_response_of_the_domain_has_words_and_its_default_breaks_no_rule_of_the_screen() -> None:
    names = {each.name for each in TRACKS if each.emergency_set is None}
    personal = {each.name: each.words.personal for each in TRACKS if each.emergency_set is None}
    assert {each.name for each in DEFAULTS} <= names
    for each in DEFAULTS:
        buttons = tuple((button["title"], button["payload"]) for button in each.buttons)
        words = Words(each.name, each.text, buttons=buttons, personal=personal[each.name])
        wrong = [found for found in errors(lint_words(words, RULES, ON)) if found.part != "phone"]
        assert wrong == [], each.name


def test_a_default_needs_no_value_that_its_words_do_not_need() -> None:
    words = {each.name: each.words for each in TRACKS if each.emergency_set is None}
    for each in DEFAULTS:
        assert places(each.text) == places(words[each.name].chat), each.name


def test_emergency_words_replace_words_that_there_are() -> None:
    usual = {each.name for each in TRACKS if each.emergency_set is None}
    for each in TRACKS:
        if each.emergency_set:
            assert each.name in usual and each.file.startswith(f"{EMERGENCY}/{each.emergency_set}")


def sources(folder: str) -> list[Path]:
    """Our own files: the engine says nothing of itself, and its environment lies inside its folder."""
    return [file for file in sorted((ROOT / folder).rglob("*.py")) if "engine" not in file.parts]


def spoken(folder: str) -> Iterator[tuple[str, set[str]]]:
    """Every `say("utter_…", slot=…)` and `Question("utter_…", {"slot": …})` of the code, with its slots."""
    for file in sources(folder):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and node.args and _called(node) in {"say", "say_first", "Question"}:
                yield from ((name, _slots(node)) for name in _names(node.args[0]))


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _names(node: ast.expr) -> list[str]:
    found = [each.value for each in ast.walk(node) if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    return [each for each in found if re.fullmatch(r"utter_\w+[a-z0-9]", each)]


def _slots(node: ast.Call) -> set[str]:
    given = {each.arg for each in node.keywords if each.arg}
    for each in node.args[1:]:
        if isinstance(each, ast.Dict):
            given |= {key.value for key in each.keys if isinstance(key, ast.Constant) and isinstance(key.value, str)}
    return given


def test_the_code_fills_exactly_the_declared_places() -> None:
    filled: dict[str, list[set[str]]] = defaultdict(list)
    for folder in CODE:
        for name, slots in spoken(folder):
            filled[name].append(slots)
    assert len(filled) > 60
    for name, calls in filled.items():
        declared = set(PLACES.talk_tracks.get(name, {}))
        assert all(slots == declared for slots in calls), f"{name}: {calls} are given, {declared} are declared"


def test_every_declared_place_is_filled_somewhere() -> None:
    """Also of names that are put together (`utter_order_{kind}`) or handed over in a dictionary."""
    code = "\n".join(file.read_text("utf-8") for folder in CODE for file in sources(folder))
    for name, slots in PLACES.talk_tracks.items():
        stems = [
            name,
            name.removesuffix("_promise"),
            *(f"{name[: match.start()]}_{{" for match in re.finditer("_", name) if match.start() > 6),
        ]
        assert any(stem in code for stem in stems) or name.startswith(("utter_tariff_", "utter_storm_")), name
        for slot in slots:
            assert re.search(rf'\b{slot}=|"{slot}"', code), f"{name}: nobody fills {slot}"


def test_every_name_is_declared_once_with_its_places_or_without() -> None:
    names = {each.name for each in TRACKS}
    assert set(PLACES.talk_tracks) | PLACES.without_places == {each for each in names if not each.endswith(SHORT)}
    assert not set(PLACES.talk_tracks) & PLACES.without_places


def test_a_name_that_is_given_nothing_has_no_place_at_all() -> None:
    assert PLACES.is_said("utter_greet") and PLACES.of("utter_greet") == {}
    assert "amount" in PLACES.of("utter_not_said_yet")
    assert set(PLACES.of("utter_greet", emergency=True)) == {"emergency_area", "emergency_time"}


AT = datetime(2026, 11, 25, 10, 30, tzinfo=UTC)
FILLED: dict[str, list[str]] = {
    "money": [values.yuan(12850), values.yuan(5), values.yuan(0)],
    "date": [values.day(AT.date())],
    "moment": [values.moment(AT), f"{AT:%H:%M}"],
    "month": [values.month("2026-10")],
    "energy": [values.quantity(256.0), values.quantity(1.5)],
    "order_tail": [values.tail("WO202611230001")],
    "account_tail": [values.tail("0602100123450018")],
}


@pytest.mark.parametrize("kind", sorted(PLACES.types))
def test_what_fills_a_place_is_of_its_kind(kind: str) -> None:
    for value in [PLACES.types[kind].sample, *FILLED.get(kind, [])]:
        assert re.fullmatch(PLACES.types[kind].pattern, value), f"{value} is no {kind}"


def test_every_type_is_used() -> None:
    used = {kind for slots in PLACES.talk_tracks.values() for kind in slots.values()} | set(PLACES.emergency.values())
    assert used == set(PLACES.types)


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("x.yml", "words: [{id: x.y, why: 为什么这样, mend: 怎样改正, words: []}]", r"x\.yml: words\.0\.words"),
        ("x.yml", "patterns: [{id: x.y, why: 为什么这样, mend: 怎样改正, patterns: ['(']}]", "is no pattern"),
        ("x.yml", "patterns: [", r"x\.yml: not YAML"),
        ("x.yml", "wrods: []", "Extra inputs"),
        ("x.yml", "patterns: [{id: tone.you, why: 为什么这样, mend: 怎样改正, patterns: [a]}]", "stands twice"),
        ("placeholders.yml", "types: {}", "placeholders.yml"),
    ],
)
def test_rules_that_cannot_be_used_are_refused_with_their_place(
    tmp_path: Path, file: str, content: str, said: str
) -> None:
    for each in book.FOLDER.glob("*.yml"):
        (tmp_path / each.name).write_bytes(each.read_bytes())
    (tmp_path / file).write_text(content, encoding="utf-8")
    with pytest.raises(book.RulesBroken, match=said):
        book.read.__wrapped__(tmp_path)
    (tmp_path / "placeholders.yml").unlink()
    with pytest.raises(book.RulesBroken, match="is missing"):
        book.read.__wrapped__(tmp_path)


def test_the_edition_changes_with_any_rule(tmp_path: Path) -> None:
    for each in book.FOLDER.glob("*.yml"):
        (tmp_path / each.name).write_bytes(each.read_bytes())
    same: Any = book.read.__wrapped__(tmp_path)
    assert same.edition == RULES.edition
    (tmp_path / "tone.yml").write_text("# nothing\n", encoding="utf-8")
    assert book.read.__wrapped__(tmp_path).edition != RULES.edition
