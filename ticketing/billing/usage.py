"""What a metering point took in one calendar month, day by day: what every bill is made from. Pure."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

HOURS = 24


class UsageRefused(ValueError):
    """These figures cannot be a month's usage; the words say why."""


@dataclass(frozen=True)
class MonthUse:
    """kWh of each day from `first` on, within one calendar month (fewer days where a contract began or ended).
    `hours`: for time of use, 24 kWh figures a day that add up to the day's."""

    first: date
    days: tuple[int, ...]
    hours: tuple[tuple[int, ...], ...] = ()

    def __post_init__(self) -> None:
        room = monthrange(self.first.year, self.first.month)[1] - self.first.day + 1
        if not 0 < len(self.days) <= room:
            raise UsageRefused(f"{len(self.days)} days from {self.first} are not within one month")
        if min(self.days) < 0 or any(hour < 0 for day in self.hours for hour in day):
            raise UsageRefused("energy is never negative")
        if self.hours and [sum(day) for day in self.hours] != list(self.days):
            raise UsageRefused("the hours do not add up to their days")
        if any(len(day) != HOURS for day in self.hours):
            raise UsageRefused(f"a day has {HOURS} hours")

    @property
    def last(self) -> date:
        return self.first + timedelta(days=len(self.days) - 1)

    @property
    def kwh(self) -> int:
        return sum(self.days)

    def within(self, first: date, last: date) -> slice:
        """Where the days from `first` to `last` stand in `days` and `hours`."""
        return slice((first - self.first).days, (last - self.first).days + 1)
