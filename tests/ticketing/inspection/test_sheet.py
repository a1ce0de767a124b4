"""The sheet adds up, and points that are not its points are refused by name."""

from pathlib import Path

import pytest

from ticketing.inspection.errors import ScoresDoNotFit
from ticketing.inspection.sheet import FILE, SheetBroken, load

SHEET = load()
FULL = {each.id: each.points for each in SHEET.criteria}


def test_points_add_up_and_a_fatal_error_takes_them_all() -> None:
    assert SHEET.total(FULL) == 100
    assert SHEET.total({**FULL, "greeting": 4}) == 94
    assert SHEET.total({**FULL, "verification": 0}) == 0
    assert SHEET.total(dict.fromkeys(FULL, 0)) == 0


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"greeting": 11}, "'greeting' gets 0 to 10 points, not 11"),
        ({"greeting": -1}, "'greeting' gets 0 to 10"),
        ({"verification": 7}, "'verification' gets 0 or 15 points, not 7"),
        ({"looks": 5}, "every criterion is scored once: looks"),
    ],
)
def test_other_points_are_refused(changed: dict[str, int], said: str) -> None:
    with pytest.raises(ScoresDoNotFit, match=said):
        SHEET.total(FULL | changed)
    with pytest.raises(ScoresDoNotFit, match="greeting"):
        SHEET.total({name: points for name, points in FULL.items() if name != "greeting"})


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("points: 20", "points: 21", "must add up to 100, and are 101"),
        ("id: manner", "id: greeting", "stands twice"),
        ("contest_days: 7", "contest_days: 0", "contest_days"),
    ],
)
def test_a_sheet_that_cannot_be_right_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    words = FILE.read_text(encoding="utf-8")
    assert old in words
    (tmp_path / "sheet.yml").write_text(words.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SheetBroken, match=said):
        load(tmp_path / "sheet.yml")
