"""What the flows take from the rule book: the terms of an order, and what of them may be said."""

from collections.abc import Sequence
from datetime import date, timedelta

from ticketing.automation.decide import Limits
from ticketing.automation.jobs import Job
from ticketing.rulebook.promises import Promises
from ticketing.work_orders.numbers import LOCAL
from ticketing.work_orders.reading import calendar_of
from ticketing.work_orders.terms import Term, terms


class Book:
    """One rule book, for one process. `report_back`: a setting, because no rule says how soon a crew reports back."""

    def __init__(self, promises: Promises, *, report_back: timedelta) -> None:
        self._promises, self._report_back = promises, report_back
        self._calendar = calendar_of(promises)

    def is_working(self, day: date) -> bool:
        return self._calendar.is_working(day)

    def limits(self, *, on: date) -> Limits:
        """Our own targets. Examples count here, because nobody is told them."""
        acceptance, answer = self._minutes("acceptance", on=on), self._minutes("follow_up", on=on)
        return Limits(acceptance=acceptance, report_back=self._report_back, answer=answer)

    def _minutes(self, item: str, *, on: date) -> timedelta:
        rule = self._promises.rulebook.find(item, on=on)
        if rule is None:
            raise LookupError(f"the rule book has no '{item}' in force on {on}")
        return timedelta(**{rule.unit: float(rule.number)})

    def promise(self, job: Job, *items: str) -> tuple[Term, str] | None:
        """The first of `items` that holds for the order and may be told, with its words; None: no number is said."""
        for term in self._terms(job):
            if term.item in items and (words := self._quoted(job, term)):
                return term, words
        return None

    def _terms(self, job: Job) -> Sequence[Term]:
        return terms(job.kind, zone=job.zone, on=self._day(job), rulebook=self._promises.rulebook)

    def _quoted(self, job: Job, term: Term) -> str | None:
        for item in (term.item, *(f"{term.item}.{zone}" for zone in ("urban", "rural", "remote"))):
            rule = self._promises.rulebook.find(item, on=self._day(job))
            if rule is not None and rule.id == term.rule:
                quoted = self._promises.quote(rule)
                return quoted.text if quoted else None
        return None

    def _day(self, job: Job) -> date:
        return job.created.astimezone(LOCAL).date()
