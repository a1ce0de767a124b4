"""What the sealed file refuses, by name."""

from ticketing.errors import Conflict


class NotHeld(Conflict):
    """There is no dispute: a file for the court while its source may be erased proves little."""


class NoSigningKey(Conflict):
    """TICKETING_AUDIT_KEY is not set: there is nothing to seal with."""
