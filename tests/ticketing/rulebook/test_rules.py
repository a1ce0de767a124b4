"""The rule book finds what holds on a day, and a broken row is named with its file."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from ticketing.rulebook.rules import FOLDER, DatesOverlap, NotInForce, RulebookBroken, load

ROW = "{id: a, item: x, value: 1, unit: hours, source: s, from: 2020-01-01, until: 2020-12-31, confidence: example}"


def write(folder: Path, *rows: str) -> Path:
    (folder / "rules.yml").write_text("rules:\n" + "".join(f"  - {row}\n" for row in rows), encoding="utf-8")
    return folder


def test_the_shipped_rule_book_is_whole() -> None:
    book = load()
    assert book.number("arrival.urban", on=date(2026, 11, 23)) == 45
    assert book.number("tariff.residential.tier1.price", on=date(2026, 11, 23)) == Decimal("0.5283")


def test_a_rule_holds_from_its_first_to_its_last_day(tmp_path: Path) -> None:
    later = ROW.replace("id: a", "id: b").replace("value: 1", "value: 2").replace("2020-12-31", "null")
    book = load(write(tmp_path, ROW, later.replace("2020-01-01", "2021-01-01")))
    assert book.find("x", on=date(2019, 12, 31)) is None
    assert book.number("x", on=date(2020, 12, 31)) == 1
    assert book.number("x", on=date(2021, 1, 1)) == 2


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (ROW.replace("source: s, ", ""), r"rules.yml:3 \(b\): source: Field required"),
        (ROW.replace("example", "sure"), r"rules.yml:3 \(b\): confidence"),
        (ROW.replace("2020-12-31", "2019-12-31"), r"rules.yml:3 \(b\): row: .*lies before"),
        (ROW.replace("unit: hours", "units: hours"), r"rules.yml:3 \(b\)"),
        (ROW.replace("value: 1", "value: many"), r"rules.yml:3 \(b\): row: .*must be a number"),
        (ROW.replace("value: 1", "value: -1"), r"rules.yml:3 \(b\): row: .*not negative"),
        (ROW.replace("value: 1", "value: NaN"), r"rules.yml:3 \(b\): row: .*must be a number"),
        (ROW.replace("value: 1", "value: 1, value: 2"), r"rules.yml:3 the field 'value' stands twice"),
        (ROW.replace("2020-12-31", "2020-13-45"), r"rules.yml:3 cannot be read"),
        (ROW.replace("hours", "[hours"), r"rules.yml:3 cannot be read"),
        ("just words", "rules.yml:3: row"),
    ],
)
def test_a_broken_row_is_named(tmp_path: Path, row: str, said: str) -> None:
    with pytest.raises(RulebookBroken, match=said):
        load(write(tmp_path, ROW, row.replace("id: a,", "id: b,")))


def test_an_id_that_stands_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RulebookBroken, match=r"rules.yml:3 \('a'\): the id stands already at rules.yml:2"):
        load(write(tmp_path, ROW, ROW.replace("item: x", "item: y")))


@pytest.mark.parametrize(
    ("since", "until"),
    [("2020-12-31", "null"), ("2019-06-01", "2020-01-01"), ("2020-03-01", "2020-03-01"), ("2019-01-01", "2022-01-01")],
)
def test_dates_that_overlap_are_refused_by_name_and_both_lines_are_told(tmp_path: Path, since: str, until: str) -> None:
    other = ROW.replace("id: a", "id: b").replace("2020-12-31", until).replace("from: 2020-01-01", f"from: {since}")
    with pytest.raises(DatesOverlap, match="sets 'x' from ") as refused:
        load(write(tmp_path, ROW, other))
    assert "rules.yml:2 ('a')" in str(refused.value) and "rules.yml:3 ('b')" in str(refused.value)


def test_rows_spread_over_lines_are_pointed_at_field_by_field(tmp_path: Path) -> None:
    row = "id: b\n    item: y\n    value: 1\n    unit: hours\n    source: s\n    from: 2020-01-01\n    until: null"
    with pytest.raises(RulebookBroken, match=r"rules.yml:10 \(b\): confidence"):
        load(write(tmp_path, ROW, f"{row}\n    confidence: sure"))


def test_numbers_keep_the_digits_that_were_written(tmp_path: Path) -> None:
    book = load(write(tmp_path, ROW.replace("value: 1", "value: 0.10000000000000000001")))
    assert str(book.number("x", on=date(2020, 1, 1))) == "0.10000000000000000001"


def test_an_item_without_a_row_in_force_is_refused_by_name() -> None:
    with pytest.raises(NotInForce, match=r"no rule 'arrival.urban' is in force on 1999-01-01"):
        load().number("arrival.urban", on=date(1999, 1, 1))


def test_the_days_on_which_another_row_begins(tmp_path: Path) -> None:
    later = ROW.replace("id: a", "id: b").replace("2020-12-31", "null").replace("2020-01-01", "2021-01-01")
    book = load(write(tmp_path, ROW, later))
    assert book.starts(["x"], after=date(2020, 1, 1), until=date(2021, 1, 1)) == [date(2021, 1, 1)]
    assert book.starts(["x"], after=date(2020, 1, 1), until=date(2020, 12, 31)) == []


def test_every_item_has_a_golden_row_and_it_holds() -> None:
    """Whoever changes a row says in `golden/rows.yml` what it shall be."""
    book, golden = load(), yaml.safe_load((FOLDER / "golden" / "rows.yml").read_text("utf-8"))["rows"]
    for row in golden:
        rule = book.rule(row["item"], on=row["day"])
        assert (rule.id, str(rule.value)) == (row["rule"], str(row["value"]))
    own = {item for item in book.items() if not item.startswith("calendar.")}  # days: work_orders/test_working_days.py
    assert {row["item"] for row in golden} == own


def test_a_file_that_is_not_yaml_is_named(tmp_path: Path) -> None:
    (tmp_path / "rules.yml").write_text("rules: [", encoding="utf-8")
    with pytest.raises(RulebookBroken, match=r"rules\.yml:1 cannot be read"):
        load(tmp_path)
