"""What inspection refuses, by name."""

from ticketing.errors import Conflict, NotFound, TicketingError


class InspectionNotFound(NotFound):
    """No scoring sheet has this number."""


class ScoresDoNotFit(TicketingError):
    """The points are not those of the sheet."""

    status = 422


class AgentNotInConversation(Conflict):
    """Who did not speak in it is not scored for it."""


class AlreadyFilled(Conflict):
    """This agent was scored for this conversation before."""


class NotTheAgent(Conflict):
    """Only who was scored may contest it."""


class ContestedBefore(Conflict):
    """A sheet is contested once."""


class TooLate(Conflict):
    """The time for contesting is over."""


class NotContested(Conflict):
    """There is nothing to decide."""


class SheetChanged(Conflict):
    """The sheet has another version now: the old points can be upheld, not given anew."""
