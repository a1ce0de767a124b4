"""When more write than Rasa can answer: danger goes in, reports are registered, the rest hear how long."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.desk import DeskDown
from bot.message import Channel, Control, Draft, Kind, Message
from bot.storm import Meaning, StormDesk, read, wait_minutes

WORDS = {
    name: Draft(talk_track=name, default=name)
    for name in ("utter_outage_known", "utter_outage_known_no_etr", "utter_outage_order")
}
OUTAGE = {"id": "O", "area": "右江区中山二路", "etr": "2026-11-23T11:37:06Z"}


class Ticketing:
    def __init__(self, outcome: dict[str, Any] | None) -> None:
        self.outcome = outcome
        self.heard: list[str] = []

    async def report_outage(self, message: Message) -> dict[str, Any]:
        self.heard.append(message.text)
        if self.outcome is None:
            raise DeskDown("down", reached=False)
        return self.outcome


def said(text: str, *, kind: Kind = Kind.TEXT) -> Message:
    return Message(
        conversation="c", id="m", channel=Channel.WEB, kind=kind, text=text, at=datetime.now(UTC), reply_to="web:c"
    )


def desk(outcome: dict[str, Any] | None = None, *, limit: int = 1) -> StormDesk:
    return StormDesk(Ticketing(outcome), own_words=WORDS, limit=limit)


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("电线掉在地上了", Meaning.HAZARD),
        ("变压器冒烟了，停电了", Meaning.HAZARD),
        ("有人触电", Meaning.HAZARD),
        ("老人用呼吸机，停电了", Meaning.HAZARD),
        ("我家停电了", Meaning.OUTAGE),
        ("右江区中山二路8号没有电了", Meaning.OUTAGE),
        ("查上个月电费", Meaning.OTHER),
        ("电线杆在哪里", Meaning.OTHER),
    ],
)
def test_what_a_message_means(text: str, meaning: Meaning) -> None:
    assert read().meaning(text) is meaning


def test_nobody_is_put_off_while_there_is_room() -> None:
    storm = desk()
    assert not storm.relieves(said("查电费"), Control.BOT)
    with storm.inside():
        assert storm.relieves(said("查电费"), Control.BOT)
    assert not storm.relieves(said("查电费"), Control.BOT)


def test_danger_a_persons_customer_and_a_call_are_never_put_off() -> None:
    storm = desk()
    with storm.inside():
        assert not storm.relieves(said("电线掉在地上了"), Control.BOT)
        assert not storm.relieves(said("停电了"), Control.AGENT)
        assert not storm.relieves(said("停电了"), Control.WAITING)
        assert not storm.relieves(said("停电了", kind=Kind.SPEECH), Control.BOT)


def test_a_report_is_registered_and_the_known_outage_told() -> None:
    relief = asyncio.run(desk({"outage": OUTAGE, "order": None}).relieve(said("停电了，中山二路8号")))
    assert [(each.talk_track, each.slots) for each in relief.drafts] == [
        ("utter_outage_known", {"area": "右江区中山二路", "etr": "11月23日19:37"})
    ]
    assert relief.registered


def test_a_report_that_nobody_knows_of_gets_its_order() -> None:
    relief = asyncio.run(desk({"outage": None, "order": {"number": "WO202611230007"}}).relieve(said("停电了")))
    assert relief.drafts[0].slots == {"order_number": "WO202611230007", "tail": "0007"}


def test_a_report_that_ticketing_cannot_take_is_followed_up() -> None:
    relief = asyncio.run(desk(None).relieve(said("停电了")))
    assert (relief.drafts[0].talk_track, relief.registered) == ("utter_storm_wait", False)


def test_all_others_hear_how_long_it_takes() -> None:
    relief = asyncio.run(desk().relieve(said("查上个月电费")))
    assert (relief.drafts[0].talk_track, relief.drafts[0].slots) == ("utter_storm_wait", {"minutes": 1})
    assert wait_minutes(waiting=900, finished_in_a_minute=300) == 3
    assert wait_minutes(waiting=9000, finished_in_a_minute=0) == 60
