"""The time that counts towards a term: all of it, or working days only, pauses left out. Pure.

Working days: the day of the start does not count, the last one ends at 24:00 local (民法典 art. 201, 203). A pause
moves the end by as much counting time as fell into it.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta

from ticketing.work_orders.numbers import LOCAL
from ticketing.work_orders.terms import Term, Unit

HORIZON = timedelta(days=3660)
"""No term lasts that long: a calendar without working days must not be walked for ever."""

type IsWorking = Callable[[date], bool]
type Stretch = tuple[datetime, datetime]


def deadline(started: datetime, term: Term, *, pauses: Sequence[Stretch], is_working: IsWorking) -> datetime:
    """When the term is used up. `pauses` in their order. Raises OverflowError when that is not in sight."""
    left = term.length
    for begin, end in ticking(started, term, pauses=pauses, is_working=is_working):
        if end - begin >= left:
            return begin + left
        left -= end - begin
    raise OverflowError(f"no end of {term.amount} {term.unit} from {started} within {HORIZON.days} days")


def used(
    started: datetime, until: datetime, term: Term, *, pauses: Sequence[Stretch], is_working: IsWorking
) -> timedelta:
    """How much time has counted until then."""
    total = timedelta()
    for begin, end in ticking(started, term, pauses=pauses, is_working=is_working):
        if begin >= until:
            break
        total += min(end, until) - begin
    return total


def ticking(started: datetime, term: Term, *, pauses: Sequence[Stretch], is_working: IsWorking) -> Iterator[Stretch]:
    """The stretches in which the clock runs, in order, up to the horizon."""
    for begin, end in _counting(started, term, is_working):
        at = begin
        for paused, resumed in pauses:
            if at < paused < end:
                yield at, paused
            if paused < end:
                at = max(at, resumed)
        if at < end:
            yield at, end


def _counting(started: datetime, term: Term, is_working: IsWorking) -> Iterator[Stretch]:
    if term.unit is not Unit.WORKING_DAYS:
        yield started, started + HORIZON
        return
    first = started.astimezone(LOCAL).date()
    for ahead in range(1, HORIZON.days):
        day = first + timedelta(days=ahead)
        if is_working(day):
            yield _midnight(day), _midnight(day + timedelta(days=1))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LOCAL)
