"""Access tokens as `stable_token` gives them: one at a time, 7,200 s, a new one in the last 5 minutes or by force."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

LIFE = timedelta(seconds=7200)
OVERLAP = timedelta(minutes=5)


@dataclass
class Tokens:
    clock: Callable[[], datetime]
    fetches: int = 0
    _ends: dict[str, datetime] = field(default_factory=dict)
    _now: str = ""

    def give(self, *, force: bool) -> tuple[str, int]:
        """The token and its seconds. The one before works for 5 minutes more, at most to its own end."""
        self.fetches += 1
        at = self.clock()
        if force or not self._now or self._ends[self._now] - at <= OVERLAP:
            if self._now:
                self._ends[self._now] = min(self._ends[self._now], at + OVERLAP)
            self._now = "tok-" + secrets.token_hex(16)
            self._ends[self._now] = at + LIFE
        return self._now, int((self._ends[self._now] - at).total_seconds())

    def refusal(self, token: str | None) -> int | None:
        """The errcode for this token; None: it is good."""
        if not token:
            return 41001
        if token not in self._ends:
            return 40001
        return 42001 if self._ends[token] <= self.clock() else None

    def forget(self) -> None:
        """Every token is void at once, as when somebody resets the secret."""
        self._ends.clear()
        self._now = ""
