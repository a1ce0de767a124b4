"""What outages refuse, by name."""

from ticketing.errors import Conflict, NotFound


class OutageNotFound(NotFound):
    """There is no such outage, call-back or alarm."""


class OutageNotActive(Conflict):
    """It is restored, cancelled or merged already, or has not begun."""


class AlarmTaken(Conflict):
    """Another dispatcher has accepted this hazard."""
