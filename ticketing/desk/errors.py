"""Refusals of the desk."""

from ticketing.errors import Conflict, NotFound, TicketingError


class MovedOn(Conflict):
    """The conversation has changed hands since the screen was drawn; what was typed is kept by who typed it."""


class NothingHidden(NotFound):
    """There is no such field to show."""


class AddressMissing(TicketingError):
    """Somebody has to go there, so somebody has to know where."""

    status = 422
