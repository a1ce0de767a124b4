"""The rule book finds what holds on a day, and a broken row is named with its file."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from ticketing.rulebook.rules import RulebookBroken, load

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
        (ROW.replace("source: s, ", ""), r"rules.yml, row 2 \(b\): source: Field required"),
        (ROW.replace("example", "sure"), r"rules.yml, row 2 \(b\): confidence"),
        (ROW.replace("2020-12-31", "2019-12-31"), r"row 2 \(b\): row: .*lies before"),
        (ROW.replace("unit: hours", "units: hours"), r"row 2 \(b\)"),
        (ROW, "both set 'x' on 2020-01-01"),
        (ROW.replace("id: a", "id: a2"), "both set"),
        ("just words", "row 2"),
    ],
)
def test_a_broken_row_is_named(tmp_path: Path, row: str, said: str) -> None:
    with pytest.raises(RulebookBroken, match=said):
        load(write(tmp_path, ROW, row.replace("id: a,", "id: b,")))


def test_a_file_that_is_not_yaml_is_named(tmp_path: Path) -> None:
    (tmp_path / "rules.yml").write_text("rules: [", encoding="utf-8")
    with pytest.raises(RulebookBroken, match=r"rules\.yml cannot be read"):
        load(tmp_path)
