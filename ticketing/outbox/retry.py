"""When to try again, and when never; pure."""

from datetime import datetime, timedelta

FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 60.0
KEEP_FOR = {"sms": timedelta(minutes=10), "flow": timedelta.max, "bell": timedelta.max}
"""A code that comes an hour later helps nobody; an order is never given up."""
KEEP_OTHERS_FOR = timedelta(hours=24)
REFUSED_FOR_GOOD = frozenset({400, 404, 409, 410, 413, 415, 422})
"""What another try cannot mend. A wrong token (401, 403) is mended by people, so that one is tried again."""


def wait_s(attempts: int) -> float:
    """Seconds until the next try after `attempts` failures: 0.5, 1, 2 … 60."""
    return min(FIRST_WAIT_S * 2.0 ** min(attempts - 1, 20), LONGEST_WAIT_S)


def is_for_good(status: int) -> bool:
    """Whether a receiver that answered `status` would answer the same next time."""
    return status in REFUSED_FOR_GOOD


def is_too_old(kind: str, *, created: datetime, at: datetime) -> bool:
    return at - created > KEEP_FOR.get(kind, KEEP_OTHERS_FOR)
