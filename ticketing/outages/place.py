"""Where is that? Reads a free-text Chinese address and compares it with the places that a transformer serves.

Pure: text in, values out. A caller leaves out the city, says 附近 or 对面, speaks numbers in characters; all of that
must find the same road. What is not understood is left out, never guessed.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace

import cn2an

FILLERS = re.compile(
    r"(?:就在|我在|我家在|家住|住在|位于|地址是|地址在|这里是|这边是|我这边|我这里|我们这|[,，。;；、!！?？\s]|的那个|那个|那边|这边|那里|这里|一带)"
)
PROVINCE = re.compile(r"^(?:广西壮族自治区|广西省|广西)")
NUMBERED_ROAD = re.compile(r"\d{1,2}(?=路|街|巷|里)")
SPOKEN_NUMBER = re.compile(r"[零〇幺一二三四五六七八九十百两]+(?=(?:号|栋|幢|座|单元|室|房|巷|弄|楼|组|队))")
NUMBER = re.compile(r"(?P<number>\d{1,5})\s*号(?!楼|栋|院|线|桥)")


@dataclass(frozen=True)
class Served:
    """A stretch that one transformer feeds, as the network's data has it. `first`, `last`: house numbers."""

    transformer: str
    city: str
    district: str
    zone: str
    road: str | None
    first: int | None
    last: int | None
    landmark: str | None


@dataclass(frozen=True)
class Place:
    """What was understood of an address, and the transformers that may feed it.

    `exact`: narrowed down to a road's stretch or a landmark; else only the city or district is known.
    """

    district: str | None
    zone: str | None
    road: str | None = None
    number: int | None = None
    landmark: str | None = None
    transformers: frozenset[str] = frozenset()
    exact: bool = False

    @property
    def name(self) -> str:
        """The place in words, for reading back: `右江区中山二路8号`."""
        number = f"{self.number}号" if self.number is not None and self.road else ""
        return f"{self.district or ''}{self.road or ''}{number}{self.landmark or ''}"


def normalise(text: str) -> str:
    """One way of writing: 中山2路 as 中山二路, 八号 as 8号, full width folded; fillers and the province left out."""
    folded = unicodedata.normalize("NFKC", text).strip()
    folded = FILLERS.sub("", folded)
    folded = PROVINCE.sub("", folded)
    folded = SPOKEN_NUMBER.sub(lambda found: _digits(found.group()), folded)
    return NUMBERED_ROAD.sub(lambda found: str(cn2an.an2cn(found.group())), folded)


def _digits(spoken: str) -> str:
    plain = spoken.replace("幺", "一").replace("〇", "零")
    try:
        return str(cn2an.cn2an(plain, "smart"))
    except ValueError:
        return spoken


def house_number(text: str) -> int | None:
    """The number in the road (`8号`), not the one of a building or room."""
    found = NUMBER.search(text)
    return int(found.group("number")) if found else None


def locate(address: str, served: Iterable[Served]) -> Place | None:
    """The best reading of `address` among the places served, or None where nothing is recognised."""
    return Gazetteer(served).locate(address)


@dataclass(frozen=True)
class _Area:
    city: str | None
    district: str | None

    def covers(self, row: Served) -> bool:
        return self.city in {None, row.city} and self.district in {None, row.district}


class Gazetteer:
    """The places served, each name once: a storm asks for a place 200 times a second, of thousands of places."""

    def __init__(self, served: Iterable[Served]) -> None:
        self._rows = list(served)
        self._areas = list(dict.fromkeys((row.city, row.district) for row in self._rows))
        self._landmarks = _by_name((row.landmark, row) for row in self._rows)
        self._roads = _by_name((row.road, row) for row in self._rows)

    def locate(self, address: str) -> Place | None:
        """The best reading of `address`, or None where nothing is recognised."""
        text = normalise(address)
        area = self._area(text)
        place = _landmark(text, self._landmarks, area) or _road(text, self._roads, area)
        if place is not None:
            return place
        if area is None:
            return None
        inside = [row for row in self._rows if area.covers(row)]
        zones = {row.zone for row in inside}
        return Place(
            district=area.district or area.city,
            zone=zones.pop() if len(zones) == 1 else None,
            transformers=frozenset(row.transformer for row in inside),
        )

    def _area(self, text: str) -> _Area | None:
        """The district or city that is named: 右江区, 右江, 百色市, 百色 — but not 百色 in 百色学院."""
        for city, district in self._areas:
            if district in text:
                return _Area(city, district)
        for city, district in self._areas:
            if text.startswith(_stem(district)) or f"{_stem(city)}{_stem(district)}" in text:
                return _Area(city, district)
        for city, _ in self._areas:
            if city in text or text.startswith(_stem(city)):
                return _Area(city, None)
        return None


type Named = dict[str, list[Served]]


def _by_name(pairs: Iterable[tuple[str | None, Served]]) -> Named:
    named: Named = {}
    for name, row in pairs:
        if name:
            named.setdefault(name, []).append(row)
    return named


def _longest(text: str, named: Named, area: _Area | None) -> tuple[str, list[Served]] | None:
    """The longest name in the text that stands for a place inside `area`, with its rows there."""
    for name in sorted((name for name in named if name in text), key=len, reverse=True):
        found = [row for row in named[name] if area is None or area.covers(row)]
        if found:
            return name, found
    return None


def _stem(name: str) -> str:
    return name[:-1] if len(name) > 2 and name[-1] in "市区县镇乡" else name


def _landmark(text: str, landmarks: Named, area: _Area | None) -> Place | None:
    """The longest landmark named. Several transformers may feed one (an estate of many buildings)."""
    found = _longest(text, landmarks, area)
    return _place(found[1], landmark=found[0]) if found else None


def _road(text: str, roads: Named, area: _Area | None) -> Place | None:
    found = _longest(text, roads, area)
    if found is None:
        return None
    road, rows = found
    number = house_number(text.split(road, 1)[1])
    return replace(_place(_stretch(rows, number), road=road), number=number)


def _stretch(rows: list[Served], number: int | None) -> list[Served]:
    """Rows whose house numbers hold `number`; all of the road where the number is unknown to the data."""
    if number is None:
        return rows
    holding = [row for row in rows if (row.first or 0) <= number <= (row.last or 10**6)]
    return holding or rows


def _place(rows: list[Served], *, road: str | None = None, landmark: str | None = None) -> Place:
    districts, zones = {row.district for row in rows}, {row.zone for row in rows}
    return Place(
        district=districts.pop() if len(districts) == 1 else None,
        zone=zones.pop() if len(zones) == 1 else None,
        road=road,
        landmark=landmark,
        transformers=frozenset(row.transformer for row in rows),
        exact=True,
    )
