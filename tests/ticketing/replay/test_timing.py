"""Each part of a turn has its milliseconds, and none where a station was never reached."""

from tests.ticketing.replay.conftest import ms
from ticketing.replay.timing import Times, first, said_took, took


def test_every_station_was_reached() -> None:
    assert took(Times(ms(0), ms(20), answered_at=ms(400), delivered_at=ms(901))) == {
        "heard_to_recorded": 20,
        "recorded_to_answered": 380,
        "answered_to_delivered": 501,
        "heard_to_delivered": 901,
    }


def test_what_never_happened_took_no_time() -> None:
    assert took(Times(ms(0), ms(20))) == {
        "heard_to_recorded": 20,
        "recorded_to_answered": None,
        "answered_to_delivered": None,
        "heard_to_delivered": None,
    }
    assert said_took(Times(ms(0), ms(0), delivered_at=first([ms(9), ms(7)]))) == {"recorded_to_delivered": 7}
    assert first([]) is None
