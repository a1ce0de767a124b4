"""Which crew gets an order: by the kind's skill, then the district, then those who work everywhere. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from ticketing.work_orders.kinds import Kind

EVERYWHERE = "*"


@dataclass(frozen=True)
class Candidate:
    code: str
    name: str
    area: str
    skill: str


def route(kind: Kind, *, district: str | None, crews: Iterable[Candidate]) -> Candidate | None:
    """The crew for an order of `kind` in `district`, or None: then a person dispatches it. Equal ones go by code."""
    able = sorted((crew for crew in crews if crew.skill == kind.skill), key=lambda crew: crew.code)
    near = [crew for crew in able if district is not None and crew.area == district]
    anywhere = [crew for crew in able if crew.area == EVERYWHERE]
    return next(iter([*near, *anywhere]), None)
