"""Orders go to the crew of the district, then to those who work everywhere, then to a person."""

from ticketing.work_orders.kinds import Kind
from ticketing.work_orders.routing import Candidate, route

NEAR = Candidate("b", "near", "右江区", "repair")
ALSO_NEAR = Candidate("a", "also near", "右江区", "repair")
ANYWHERE = Candidate("0", "anywhere", "*", "repair")
METERS = Candidate("m", "meters", "右江区", "metering")


def test_the_districts_crew_comes_first_and_equal_ones_go_by_code() -> None:
    assert route(Kind.OUTAGE, district="右江区", crews=[ANYWHERE, NEAR, ALSO_NEAR, METERS]) == ALSO_NEAR


def test_without_a_district_or_a_crew_there_it_goes_to_those_who_work_everywhere() -> None:
    assert route(Kind.HAZARD, district=None, crews=[NEAR, ANYWHERE]) == ANYWHERE
    assert route(Kind.HAZARD, district="田阳区", crews=[NEAR, ANYWHERE]) == ANYWHERE


def test_the_skill_decides() -> None:
    assert route(Kind.METER, district="右江区", crews=[NEAR, METERS]) == METERS
    assert route(Kind.COMPLAINT, district="右江区", crews=[NEAR, METERS, ANYWHERE]) is None
