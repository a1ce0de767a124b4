"""The files of the demo town (`data/demo/*.yml`), read and checked."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from ticketing.work_orders.numbers import LOCAL

FOLDER = Path(__file__).resolve().parents[1] / "data" / "demo"


class DemoBroken(ValueError):
    """A file of the demo town cannot be used; the words name it."""


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ServedRow(_Row):
    road: str | None = None
    first: int | None = None
    last: int | None = None
    landmark: str | None = None


class TransformerRow(_Row):
    code: str
    name: str
    city: str
    district: str
    zone: Literal["urban", "rural", "remote"]
    places: list[ServedRow]


class FeederRow(_Row):
    code: str
    name: str
    transformers: list[TransformerRow]


class SubstationRow(_Row):
    code: str
    name: str
    feeders: list[FeederRow]


class CustomerRow(_Row):
    """`base_kwh`: a mild month's energy; `unpaid`: how many of the newest bills are open."""

    name: str
    id_last4: Annotated[str, Field(pattern=r"^\d{3}[\dX]$")]
    phone: Annotated[str, Field(pattern=r"^1\d{10}$")]
    account: Annotated[str, Field(pattern=r"^\d{10,16}$")]
    meter: str
    transformer: str
    address: str
    base_kwh: int
    unpaid: int = 0
    late_payment: bool = False
    cut_off: bool = False
    balance_fen: int = 0


class OutageRow(_Row):
    """A fault is told in hours from now, a planned outage by day from today and local hours."""

    id: str
    kind: Literal["fault", "planned"]
    node: str
    area: str
    cause: str
    starts_hours: int = 0
    etr_hours: int = 0
    starts_day: int = 0
    starts_at: time = time(8)
    ends_at: time = time(14)

    def span(self, at: datetime) -> tuple[datetime, datetime]:
        if self.kind == "fault":
            return at + timedelta(hours=self.starts_hours), at + timedelta(hours=self.etr_hours)
        day = at.astimezone(LOCAL).date() + timedelta(days=self.starts_day)
        return datetime.combine(day, self.starts_at, LOCAL), datetime.combine(day, self.ends_at, LOCAL)


class CrewRow(_Row):
    code: str
    name: str
    area: str
    skill: str
    longitude: float | None = None
    latitude: float | None = None


class SiteRow(_Row):
    """Where a transformer stands: degrees, WGS 84."""

    transformer: str
    longitude: float
    latitude: float


class OfficeRow(_Row):
    name: str
    city: str
    district: str
    address: str
    near: str
    hours: str
    phone: str


@dataclass(frozen=True)
class Town:
    substations: list[SubstationRow]
    customers: list[CustomerRow]
    outages: list[OutageRow]
    crews: list[CrewRow]
    sites: list[SiteRow]
    offices: list[OfficeRow]

    def transformers(self) -> Iterator[tuple[FeederRow, TransformerRow]]:
        for substation in self.substations:
            for feeder in substation.feeders:
                for transformer in feeder.transformers:
                    yield feeder, transformer


def read(folder: Path = FOLDER) -> Town:
    """Raises DemoBroken, naming the file and the row."""
    return Town(
        substations=_rows(folder / "network.yml", "substations", SubstationRow),
        customers=_rows(folder / "customers.yml", "customers", CustomerRow),
        outages=_rows(folder / "outages.yml", "outages", OutageRow),
        crews=_rows(folder / "crews.yml", "crews", CrewRow),
        sites=_rows(folder / "sites.yml", "sites", SiteRow),
        offices=_rows(folder / "offices.yml", "offices", OfficeRow),
    )


def _rows[Row: _Row](file: Path, name: str, shape: type[Row]) -> list[Row]:
    try:
        content: Any = yaml.safe_load(file.read_text(encoding="utf-8"))
        return TypeAdapter(list[shape]).validate_python(content[name])  # type: ignore[valid-type]
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise DemoBroken(f"{file.name}: {name}.{where}: {first['msg']}") from error
    except (OSError, yaml.YAMLError, KeyError, TypeError) as error:
        raise DemoBroken(f"{file.name} cannot be read: {error}") from error
