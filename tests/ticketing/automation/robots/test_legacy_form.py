"""The robot in a real browser: once in the register, whatever was killed; pictures of each step."""

from collections.abc import Iterator

import pytest

from tests.outside import PASSWORD, Outside, outside
from tests.redis_server import free_port
from ticketing.automation.errors import Business, NotSetUp, Technical
from ticketing.automation.robots.legacy_form import Entry, LegacyForm, browser

needs_browser = pytest.mark.skipif(browser() is None, reason="no Chromium on this machine")
ENTRY = Entry(order="WO202611250001", kind="outage", area="右江区", crew="右江供电所抢修一班")
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def world() -> Iterator[Outside]:
    with outside() as running:
        yield running


def robot(world: Outside, password: str = PASSWORD) -> LegacyForm:
    return LegacyForm(f"{world.url}/register", user="robot", password=password)


@needs_browser
def test_the_order_is_entered_once_and_each_page_is_seen(world: Outside) -> None:
    pictures: dict[str, bytes] = {}
    number = robot(world).register(ENTRY, see=pictures.__setitem__)
    assert list(pictures) == ["signed_in", "searched", "filled_in", "saved"]
    assert all(picture.startswith(PNG) for picture in pictures.values())
    pictures.clear()
    # As if the worker had been killed between the click and its record: it is looked up, not entered again.
    assert robot(world).register(ENTRY, see=pictures.__setitem__) == number
    assert list(pictures) == ["signed_in", "searched"]
    [line] = world.ledger.of("register")
    assert {name: line.content[name] for name in ("order", "crew")} == {"order": ENTRY.order, "crew": ENTRY.crew}


@needs_browser
def test_what_the_register_refuses_is_business(world: Outside) -> None:
    pictures: dict[str, bytes] = {}
    with pytest.raises(Business, match="工单号"):
        robot(world).register(Entry("XX1", "outage", "右江区", "班"), see=pictures.__setitem__)
    assert "saved" in pictures and list(world.ledger.of("register")) == []


@needs_browser
def test_a_wrong_password_and_a_register_that_is_away_are_technical(world: Outside) -> None:
    with pytest.raises(Technical, match="TICKETING_LEGACY_USER"):
        robot(world, "wrong").register(ENTRY, see=lambda *_: None)
    with pytest.raises(Technical, match="ERR_CONNECTION_REFUSED"):
        LegacyForm(f"http://127.0.0.1:{free_port()}", user="u", password="p").register(ENTRY, see=lambda *_: None)


def test_without_an_address_the_setting_is_named() -> None:
    with pytest.raises(NotSetUp, match="TICKETING_LEGACY_URL"):
        LegacyForm("", user="", password="").register(ENTRY, see=lambda *_: None)
