"""Which crew gets an order: skill and area decide who may, the sooner at the spot who does. Pure.

Sooner: the orders ahead of it, each some time's work, and the way there. Only orders as urgent or more are ahead, so a
danger to life waits for nothing but another one. Rough numbers are enough to tell crews apart; none is told to anybody.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from math import asin, cos, radians, sin, sqrt

from ticketing.work_orders.kinds import Kind

EVERYWHERE = "*"
WORK_MINUTES = 45.0
"""How long one order keeps a crew."""
MINUTES_PER_KM = 2.0
"""30 km/h: town traffic, and worse roads further out."""
UNKNOWN_KM = 15.0
"""Where a crew starts from is not known: as if from the other end of a district."""
BACKSTOP_MINUTES = 60.0
"""Those who work everywhere stand in when the district's own crew is so much later."""
EARTH_KM = 6371.0


@dataclass(frozen=True)
class Position:
    """Degrees, WGS 84."""

    longitude: float
    latitude: float


@dataclass(frozen=True)
class Candidate:
    """A crew. `area`: a district, or `*`; `queue`: how many open orders it has of each priority."""

    code: str
    name: str
    area: str
    skill: str
    position: Position | None = None
    queue: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Choice:
    """Who, and why: `ahead` orders come first there, then `km` to go (None: nobody knows)."""

    crew: Candidate
    ahead: int
    km: float | None

    @property
    def reason(self) -> str:
        """For the log."""
        way = "" if self.km is None else f", {self.km:.1f} km"
        return f"{self.crew.code}: {self.ahead} ahead{way}"


def choose(
    kind: Kind,
    *,
    district: str | None,
    position: Position | None,
    crews: Iterable[Candidate],
    without: Collection[str] = (),
) -> Choice | None:
    """The crew for an order of `kind` there, or None: then a person dispatches it. Equal ones go by code.

    `without`: codes of crews that gave it back.
    """
    able = (crew for crew in crews if crew.skill == kind.skill and crew.code not in without)
    near = [_offer(crew, kind, position) for crew in able if crew.area in {district, EVERYWHERE}]
    return min(near, key=lambda choice: (_minutes(choice), choice.crew.code), default=None)


def _offer(crew: Candidate, kind: Kind, position: Position | None) -> Choice:
    ahead = sum(count for priority, count in crew.queue.items() if priority <= kind.priority)
    if position is None or crew.position is None or not kind.needs_visit:
        return Choice(crew, ahead, None)
    return Choice(crew, ahead, distance_km(crew.position, position))


def _minutes(choice: Choice) -> float:
    km = UNKNOWN_KM if choice.km is None else choice.km
    backstop = BACKSTOP_MINUTES if choice.crew.area == EVERYWHERE else 0.0
    return choice.ahead * WORK_MINUTES + km * MINUTES_PER_KM + backstop


def distance_km(one: Position, other: Position) -> float:
    """As the crow flies (haversine)."""
    north, east = radians(other.latitude - one.latitude), radians(other.longitude - one.longitude)
    flat = cos(radians(one.latitude)) * cos(radians(other.latitude))
    return 2 * EARTH_KM * asin(sqrt(sin(north / 2) ** 2 + flat * sin(east / 2) ** 2))
