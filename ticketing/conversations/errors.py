"""Refusals of conversations and the desk."""

from ticketing.errors import Conflict, NotFound, TicketingError


class ConversationNotFound(NotFound):
    """Nothing was ever recorded under this id."""


class TextTooLong(TicketingError):
    status = 413


class IdTaken(Conflict):
    """The id stands for another speaker's message of this conversation."""


class StaleEpoch(Conflict):
    """A person took over meanwhile; the words are dropped and counted."""


class TakenByAnother(Conflict):
    """Another person has control."""


class NotYours(Conflict):
    """Only who has control may do this."""


class NotOnDuty(Conflict):
    """Only people on duty take conversations."""
