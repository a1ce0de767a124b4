"""Each item has its rule, and a file that cannot be right is refused with the line."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from ticketing.retention import rules
from ticketing.retention.rules import FILE, Item
from ticketing.retention.stores import stores
from ticketing.rulebook.files import RulebookBroken

AT = datetime(2026, 11, 26, tzinfo=UTC)


def test_every_store_has_its_rule_and_every_rule_but_one_its_store(tmp_path: Path) -> None:
    book = rules.load()
    assert {store.item for store in stores(tmp_path)} == set(Item) - {Item.RECORDINGS}
    assert book.before(Item.OUTBOX, at=AT) == datetime(2026, 10, 27, tzinfo=UTC)
    assert any(each.days == 30 and "bot" in each.where for each in book.elsewhere)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("item: messages,", "item: mesages,", r"retention.yml:5: item: "),
        ("item: messages,", "item: orders,", "'messages' must have one rule, and has 0"),
        ("{item: messages, days: 1095", "{item: messages, days: 0", r"retention.yml:5: days: "),
        ("reason: 三年内可能发生争议，之后不再需要", 'reason: ""', r"retention.yml:5: reason: "),
    ],
)
def test_a_file_that_cannot_be_right_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    words = FILE.read_text(encoding="utf-8")
    assert old in words
    (tmp_path / "retention.yml").write_text(words.replace(old, new), encoding="utf-8")
    with pytest.raises(RulebookBroken, match=said):
        rules.load(tmp_path / "retention.yml")
