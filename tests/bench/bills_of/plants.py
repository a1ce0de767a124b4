"""Twenty errors that a bill could have, each a change of one place in ticketing's source, made while it is imported."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import CodeType, ModuleType


@dataclass(frozen=True)
class Plant:
    """In `module` the text `right` stands once; `wrong` is put in its place."""

    name: str
    module: str
    right: str
    wrong: str


CALCULATION, TARIFF, ITEMS = "ticketing.billing.calculation", "ticketing.billing.tariff", "ticketing.billing.items"
METERING, PENALTY, RULES = "ticketing.billing.metering", "ticketing.billing.penalty", "ticketing.rulebook.rules"

PLANTS = (
    Plant("the first tier ends a kWh early", TARIFF, "Tier(1, first, ", "Tier(1, first - 1, "),
    Plant("the third tier has the second's price", TARIFF, "Tier(3, None, prices[2]", "Tier(3, None, prices[1]"),
    Plant("the season of the month after", TARIFF, "day.month in months(", "day.month % 12 + 1 in months("),
    Plant("super hours in every month", TARIFF, "if on.month in months(str(summer.value), summer.where):",
          "if on.month:"),
    Plant("half a fen to the even side", ITEMS, ", ROUND_HALF_UP))", "))"),
    Plant("each span rounded by itself", ITEMS, "key = charge.label, charge.rules\n",
          "key = charge.label, (*charge.rules, str(len(lines)))\n"),
    Plant("the first day's price all month", CALCULATION, "*book.starts(items, after=first, until=last)", ""),
    Plant("tiers begin anew with a new price", CALCULATION, "before, used = used, used + sum", "before, used = 0, sum"),
    Plant("the clock is an hour out", CALCULATION, "zip(by_hour, periods(", "zip(by_hour[1:] + by_hour[:1], periods("),
    Plant("no funds on the valley", CALCULATION, "len(Period), FUNDS_LABEL, sum(by_hour)",
          "len(Period), FUNDS_LABEL, sum(by_hour) - by_period[Period.VALLEY]"),
    Plant("a change on the last day is missed", RULES, "after < day <= until", "after < day < until"),
    Plant("a dial that ran over", METERING, "grown = (after - before) % dial", "grown = abs(after - before)"),
    Plant("transformers forgotten", METERING, ") * run.multiplier, days)", "), days)"),
    Plant("the old meter's last day forgotten", METERING, "by_day.get(day, 0) + kwh", "kwh"),
    Plant("what is left over goes to the last days", METERING, "(number < rest)", "(number >= days - rest)"),
    Plant("29 February forgotten", METERING, "range((last - first).days + 1)",
          "range(min((last - first).days + 1, 28 if first.month == 2 else 31))"),
    Plant("late on the last day for payment", PENALTY,
          "start, year_end = due_on + timedelta(days=1)", "start, year_end = due_on"),
    Plant("the day of payment not counted", PENALTY, "yield RESIDENTIAL, start, until",
          "yield RESIDENTIAL, start, until - timedelta(days=1)"),
    Plant("no minimum", PENALTY,
          "return max(int(accrued), int(book.number(MINIMUM, on=until) * FEN_PER_YUAN))", "return int(accrued)"),
    Plant("later years at this year's share", PENALTY, "yield LATER_YEAR,", "yield SAME_YEAR,"),
)  # fmt: skip


class _PlantedLoader(SourceFileLoader):
    plant: Plant

    def get_code(self, fullname: str) -> CodeType | None:
        source = self.get_source(fullname) or ""
        if source.count(self.plant.right) != 1:
            raise LookupError(f"'{self.plant.right}' stands {source.count(self.plant.right)} times in {fullname}")
        return compile(source.replace(self.plant.right, self.plant.wrong), self.path, "exec", dont_inherit=True)


@dataclass(frozen=True)
class Planter(MetaPathFinder):
    plant: Plant

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != self.plant.module:
            return None
        spec = PathFinder.find_spec(fullname, path)
        if spec is None or spec.origin is None:
            return None
        loader = _PlantedLoader(fullname, spec.origin)
        loader.plant = self.plant
        spec.loader = loader
        return spec


def put_in(plant: Plant) -> None:
    """From now on its module is imported with the error. Call it before ticketing is imported."""
    assert plant.module not in sys.modules, plant.module
    sys.meta_path.insert(0, Planter(plant))
