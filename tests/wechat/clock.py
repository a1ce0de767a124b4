"""A clock that may be set forward: 48 hours, a minute, 7,200 seconds, three days, without waiting for them."""

from datetime import UTC, datetime, timedelta


class Clock:
    """Runs as the real one does, `ahead` of it by what was asked for."""

    def __init__(self) -> None:
        self._ahead = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def forward(self, **by: float) -> None:
        """By `hours=48`, `seconds=20` and the like."""
        self._ahead += timedelta(**by)
