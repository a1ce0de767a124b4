"""What a device feeds, in words for customers and crews: 右江区中山二路1至60号、百色起义纪念馆. Pure."""

from collections.abc import Iterable, Sequence

from ticketing.outages.place import Served

LIMIT = 120
NAMED = 4
"""So many places are named; of a feeder's more, that it is the neighbourhood."""


def describe(rows: Iterable[Served], *, fallback: str) -> str:
    """The places by district; `fallback`, the device's name, where the network's data names none."""
    listed = list(rows)
    districts: dict[str, list[str]] = {}
    for row in listed:
        names = districts.setdefault(row.district, [])
        if (name := _name(row, whole_roads=len(listed) > NAMED)) not in names:
            names.append(name)
    parts = [_district(district, names) for district, names in districts.items()]
    return "；".join(parts)[:LIMIT] or fallback


def _district(district: str, names: Sequence[str]) -> str:
    more = "一带" if len(names) > NAMED else ""
    return district + "、".join(names[:NAMED]) + more


def _name(row: Served, *, whole_roads: bool) -> str:
    if row.landmark:
        return row.landmark
    if whole_roads or row.first is None:
        return row.road or ""
    return f"{row.road}{row.first}至{row.last}号" if row.last else f"{row.road}{row.first}号起"
