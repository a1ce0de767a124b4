"""The nearest business hall: what is named decides, and nobody is left without an answer."""

import pytest
from fastapi.testclient import TestClient

pytestmark = pytest.mark.usefixtures("town")


def near(client: TestClient, place: str | None) -> list[str]:
    answer = client.get("/api/offices", params={"near": place} if place else {})
    assert answer.status_code == 200
    return [office["name"] for office in answer.json()]


@pytest.mark.parametrize(
    ("place", "first"),
    [
        ("百色学院附近", "右江城东供电营业厅"),
        ("龙景一路", "右江龙景供电营业厅"),
        ("田阳", "田阳田州供电营业厅"),
        ("柳州市", "柳州城中供电营业厅"),
    ],
)
def test_what_is_named_comes_first(client: TestClient, place: str, first: str) -> None:
    assert near(client, place)[0] == first


def test_a_city_lists_its_own_halls_only(client: TestClient) -> None:
    assert near(client, "南宁") == ["南宁青秀供电营业厅"]


@pytest.mark.parametrize("place", [None, "月亮上"])
def test_without_a_match_some_are_named(client: TestClient, place: str | None) -> None:
    assert len(near(client, place)) == 3
