"""Which failure of an outside system is business and which technical, and that a key has one effect."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from tests.outside import TOKEN, Outside, outside
from ticketing.automation.errors import Business, NotSetUp, Technical
from ticketing.automation.robots.crew_app import CrewApp
from ticketing.automation.robots.marketing import Marketing
from ticketing.automation.robots.sms import Sms

AT = datetime(2026, 11, 25, tzinfo=UTC)


@pytest.fixture
def world() -> Iterator[Outside]:
    with outside() as running:
        yield running


def test_a_message_is_sent_once_under_its_key(world: Outside) -> None:
    sms = Sms(f"{world.url}/sms")
    first = sms.send(key="k", to="13900000001", text="您好")
    assert sms.send(key="k", to="13900000001", text="您好") == first
    assert len(world.ledger.effects) == 1 and world.ledger.asked_again == 1


def test_a_key_with_other_words_is_refused(world: Outside) -> None:
    sms = Sms(f"{world.url}/sms")
    sms.send(key="k", to="13900000001", text="您好")
    with pytest.raises(Business, match="IdempotencyKeyReused"):
        sms.send(key="k", to="13900000001", text="别的")


@pytest.mark.parametrize("to", ["", "077612345", "1390000000x", "139000000012"])
def test_a_number_that_is_none_is_business(world: Outside, to: str) -> None:
    with pytest.raises(Business, match="NoSuchNumber"):
        Sms(f"{world.url}/sms").send(key="k", to=to, text="您好")


def test_who_is_away_or_breaks_is_technical() -> None:
    with pytest.raises(Technical, match="ConnectError"):
        Sms("http://127.0.0.1:9").send(key="k", to="13900000001", text="您好")
    with pytest.raises(NotSetUp, match="TICKETING_SMS_URL"):
        Sms("").send(key="k", to="13900000001", text="您好")


def test_an_effect_whose_answer_was_lost_is_had_once() -> None:
    with outside(faults=2) as world:  # every first request is done and not answered, every second not done
        sms = Sms(f"{world.url}/sms")
        for _ in range(4):
            with pytest.raises(Technical, match=r"50[34]"):
                sms.send(key="k", to="13900000001", text="您好")
        assert len(world.ledger.effects) == 1 and world.ledger.asked_again == 1


def job(app: CrewApp, crew: str = "CR-YJ-REPAIR") -> str:
    about = {"kind": "outage", "address": "右江区", "phone": None, "description": "停电", "remark": ""}
    return app.send_job(key="k", order="WO202611250001", crew=crew, priority=2, **about)  # type: ignore[arg-type]


def test_the_crew_app_lets_in_who_has_its_token_and_knows_its_crews(world: Outside) -> None:
    with pytest.raises(Technical, match="401 WrongToken"):
        job(CrewApp(f"{world.url}/crew-app", token="wrong"))
    app = CrewApp(f"{world.url}/crew-app", token=TOKEN)
    with pytest.raises(Business, match="UnknownCrew"):
        job(app, crew="CR-NONE")
    with pytest.raises(Business, match="NoSuchJob"):
        app.nudge(key="n", order="WO202611250001", crew="CR-YJ-REPAIR", reason="urgent")
    job(app)
    app.nudge(key="n", order="WO202611250001", crew="CR-YJ-REPAIR", reason="urgent")
    assert [each.what for each in world.ledger.of("crew_app")] == ["job", "nudges"]


def test_the_marketing_system_knows_its_accounts(world: Outside) -> None:
    marketing = Marketing(f"{world.url}/marketing", token="")
    known = next(iter(world.town.accounts))
    assert marketing.standing(known, today=AT.date()).cut_off is world.town.accounts[known]
    with pytest.raises(Business, match="NoSuchAccount"):
        marketing.standing("000", today=AT.date())
    marketing.file(key="k", order="WO1", kind="outage", opened=AT, closed=AT)
    assert [each.what for each in world.ledger.of("marketing")] == ["service_order"]
