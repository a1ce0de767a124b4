"""How much may be sent to a customer now: WeChat lets us answer, not speak first. Pure; the times are passed in.

Source: WeChat's 客服消息 limits as of the reference: 5 messages within 48 hours of a customer's message, 2 within a
minute of entering the chat. The public pages differ over the years, so the numbers are settings.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Rules:
    per_message: int = 5
    open_for: timedelta = timedelta(hours=48)
    on_entering: int = 2
    entering_for: timedelta = timedelta(minutes=1)


@dataclass(frozen=True)
class Window:
    """When the customer spoke and entered last, and how many messages were sent since."""

    spoke_at: datetime | None = None
    used: int = 0
    entered_at: datetime | None = None
    used_entering: int = 0

    def left(self, at: datetime, rules: Rules) -> int:
        """Messages that may be sent at `at`."""
        return self._left_speaking(at, rules) + self._left_entering(at, rules)

    def until(self, rules: Rules) -> datetime | None:
        """When the window closes; None: it was never open."""
        ends = [self.spoke_at + rules.open_for] if self.spoke_at else []
        ends += [self.entered_at + rules.entering_for] if self.entered_at else []
        return max(ends, default=None)

    def spoke(self, at: datetime) -> "Window":
        """A message of the customer at `at`; one that was told late does not turn the clock back."""
        if self.spoke_at is not None and at < self.spoke_at:
            return self
        return replace(self, spoke_at=at, used=0)

    def entered(self, at: datetime) -> "Window":
        if self.entered_at is not None and at < self.entered_at:
            return self
        return replace(self, entered_at=at, used_entering=0)

    def spent(self, at: datetime, rules: Rules) -> "Window":
        """One more was sent: first of what ends first."""
        if self._left_entering(at, rules):
            return replace(self, used_entering=self.used_entering + 1)
        return replace(self, used=self.used + 1)

    def used_up(self, rules: Rules) -> "Window":
        """WeChat says 45047: it has counted more than we."""
        return replace(self, used=rules.per_message, used_entering=rules.on_entering)

    def closed(self) -> "Window":
        """WeChat says 45015: the customer has been silent for too long."""
        return Window()

    def _left_speaking(self, at: datetime, rules: Rules) -> int:
        is_open = self.spoke_at is not None and at < self.spoke_at + rules.open_for
        return max(rules.per_message - self.used, 0) if is_open else 0

    def _left_entering(self, at: datetime, rules: Rules) -> int:
        is_open = self.entered_at is not None and at < self.entered_at + rules.entering_for
        return max(rules.on_entering - self.used_entering, 0) if is_open else 0
