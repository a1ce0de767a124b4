"""What retention refuses, by name."""

from ticketing.errors import Conflict, NotFound


class HoldNotFound(NotFound):
    """No hold has this number."""


class ErasureNotFound(NotFound):
    """No erasure has this number."""


class HoldLifted(Conflict):
    """The hold was lifted before."""
