"""Addresses as people say them find the stretch that a transformer feeds; what is not known is not guessed."""

import pytest

from ticketing import demo
from ticketing.outages.place import Place, Served, locate, normalise

SERVED = [
    Served(node.code, node.city, node.district, node.zone, each.road, each.first, each.last, each.landmark)
    for _, node in demo.read().transformers()
    for each in node.places
]


def find(address: str) -> Place:
    place = locate(address, SERVED)
    assert place is not None, address
    return place


@pytest.mark.parametrize(
    "address",
    [
        "百色市右江区中山二路8号",
        "广西百色市右江区中山二路8号",
        "广西壮族自治区百色市右江区中山二路8号3单元",
        "右江区中山二路8号",
        "右江中山二路八号",
        "中山二路8号",
        "中山2路8号",
        "中山二路 8 号附近",
        "我在中山二路8号旁边",
        "就在右江区，中山二路，8号对面。",
        "中山二路八号那个小卖部",
        "中山二路８号",
        "百色起义纪念馆对面",
    ],
)
def test_many_ways_to_say_one_place(address: str) -> None:
    place = find(address)
    assert place.transformers == {"TX-ZS2A"}
    assert (place.district, place.zone, place.exact) == ("右江区", "urban", True)


@pytest.mark.parametrize(
    ("address", "transformers"),
    [
        ("中山二路120号", {"TX-ZS2B"}),
        ("中山二路一百二十号", {"TX-ZS2B"}),
        ("中山二路", {"TX-ZS2A", "TX-ZS2B"}),
        ("中山二路9999号", {"TX-ZS2A", "TX-ZS2B"}),
        ("城东大道百色学院旁边", {"TX-CD1"}),
        ("城东花园6栋1801室", {"TX-CD2"}),
        ("城东大道168号6号楼", {"TX-CD2"}),
        ("阳圩镇阳圩街7号", {"TX-YX1"}),
        ("桂林中山中路73号", {"TX-GL1"}),
        ("南宁市青秀区民族大道136号", {"TX-MZ1"}),
    ],
)
def test_the_transformers_that_may_feed_a_place(address: str, transformers: set[str]) -> None:
    assert find(address).transformers == transformers


@pytest.mark.parametrize("address", ["右江区", "百色市右江区这边", "田阳"])
def test_a_district_alone_is_a_place_but_not_an_exact_one(address: str) -> None:
    assert not find(address).exact


@pytest.mark.parametrize("address", ["", "外婆家后山", "我家", "123", "😀😀", "/restart", "北京市朝阳区建国路"])
def test_what_nobody_knows_is_no_place(address: str) -> None:
    assert locate(address, SERVED) is None


def test_a_road_in_another_district_is_not_taken_for_it() -> None:
    assert not find("田阳区中山二路8号").exact


def test_a_place_is_read_back_in_words() -> None:
    assert find("中山二路八号附近").name == "右江区中山二路8号"
    assert find("百色学院").name == "右江区百色学院"


def test_a_number_of_a_building_is_not_a_house_number() -> None:
    assert find("中山二路3号楼").number is None


def test_normalising_leaves_nothing_that_only_fills() -> None:
    assert normalise("我在 广西百色市右江区，") == "百色市右江区"
