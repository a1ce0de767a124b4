"""What work orders refuse, by name."""

from ticketing.errors import Conflict, NotFound, TicketingError


class WorkOrderNotFound(NotFound):
    """There is no such order, or this conversation may not see it: the answer is the same."""


class WorkOrderClosed(Conflict):
    """The order is done or withdrawn; a new one is needed."""


class TransitionRefused(Conflict):
    """The table of states has no way from here to there."""


class NotOnSite(TransitionRefused):
    """An order that needs a visit cannot be finished before somebody was there."""


class ReasonMissing(TicketingError):
    """This change must be explained."""

    status = 422
