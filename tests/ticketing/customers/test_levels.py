"""Which parts open which level, and what a refusal may not tell."""

import pytest

from ticketing.customers.levels import Matches, Outcome, judge


def parts(**given: bool | int | None) -> Matches:
    return Matches(**{"caller": False, "name": None, "id_last4": None, "code": None, "before": 0, **given})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "outcome", "level"),
    [
        (parts(), Outcome.INCOMPLETE, 0),
        (parts(name=True), Outcome.VERIFIED, 1),
        (parts(caller=True), Outcome.VERIFIED, 1),
        (parts(name=True, caller=True), Outcome.VERIFIED, 1),
        (parts(name=True, id_last4=True), Outcome.VERIFIED, 2),
        (parts(name=True, code=True), Outcome.VERIFIED, 2),
        (parts(caller=True, code=True), Outcome.VERIFIED, 2),
        (parts(before=1, id_last4=True), Outcome.VERIFIED, 2),
        (parts(before=2), Outcome.VERIFIED, 2),
        (parts(name=False), Outcome.REFUSED, 0),
        (parts(name=False, id_last4=True), Outcome.REFUSED, 0),
        (parts(name=True, id_last4=False), Outcome.REFUSED, 0),
        (parts(caller=True, name=False), Outcome.REFUSED, 0),
        (parts(before=1, id_last4=False), Outcome.REFUSED, 1),
        (parts(name=True, id_last4=True, code=False), Outcome.REFUSED, 0),
    ],
)
def test_levels(given: Matches, outcome: Outcome, level: int) -> None:
    assert judge(given) == (outcome, level)


@pytest.mark.parametrize("right", [True, False])
def test_a_card_without_a_name_tells_nothing(right: bool) -> None:
    assert judge(parts(id_last4=right)) == (Outcome.INCOMPLETE, 0)
