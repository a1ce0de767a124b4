"""Which days are working days: the rule book's holidays and working weekends (调休), else Monday to Friday. Pure.

A row of `data/rulebook/calendar.yml` is in force on just the days that it means, so the rule book's own checks hold for
the calendar too: no two rows on one day. A year without rows counts Monday to Friday.
"""

from datetime import date

from ticketing.rulebook.rules import Confidence, Rulebook

OFF = ("calendar.off", "calendar.off.guangxi")
"""Two items, because the region's own holiday (壮族三月三) may touch one of the country's."""
WORKED = "calendar.worked"
SATURDAY = 5


class Calendar:
    """The days of one rule book. `examples`: also days that nobody has published yet count (the demo)."""

    def __init__(self, rulebook: Rulebook, *, examples: bool) -> None:
        self._rulebook, self._examples = rulebook, examples

    def is_working(self, day: date) -> bool:
        if self._says(WORKED, day):
            return True
        return day.weekday() < SATURDAY and not any(self._says(item, day) for item in OFF)

    def _says(self, item: str, day: date) -> bool:
        rule = self._rulebook.find(item, on=day)
        return rule is not None and (self._examples or rule.confidence is not Confidence.EXAMPLE)
