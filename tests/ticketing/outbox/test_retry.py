"""When a sending is tried again, and when it is over."""

from datetime import UTC, datetime, timedelta

from ticketing.outbox.retry import is_for_good, is_too_old, wait_s

AT = datetime(2026, 11, 23, tzinfo=UTC)


def test_the_wait_doubles_up_to_a_minute() -> None:
    assert [wait_s(attempts) for attempts in (1, 2, 3, 8, 10_000)] == [0.5, 1, 2, 60, 60]


def test_only_what_cannot_be_mended_is_given_up() -> None:
    assert [status for status in (400, 401, 403, 404, 408, 413, 422, 429, 500, 503) if is_for_good(status)] == [
        400,
        404,
        413,
        422,
    ]


def test_a_code_grows_old_sooner_than_words() -> None:
    assert is_too_old("sms", created=AT, at=AT + timedelta(minutes=11))
    assert not is_too_old("outgoing", created=AT, at=AT + timedelta(hours=23))
    assert is_too_old("outgoing", created=AT, at=AT + timedelta(hours=25))
