"""What work orders refuse, by name."""

from ticketing.errors import Conflict, NotFound, TicketingError


class WorkOrderNotFound(NotFound):
    """There is no such order, or this conversation may not see it: the answer is the same."""


class CrewNotFound(NotFound):
    """No crew has this code."""


class WorkOrderClosed(Conflict):
    """The order is done or withdrawn; a new one is needed."""


class TransitionRefused(Conflict):
    """The table of states has no way from here to there."""


class AlreadyClosed(TransitionRefused):
    """The order was closed before: it is not closed twice, and nothing else is done to it."""


class NotOnSite(TransitionRefused):
    """An order that needs a visit cannot be finished before somebody was there."""


class AcceptedByAnother(TransitionRefused):
    """Two crews reached for the order, and the other one has it."""


class NotYourOrder(TransitionRefused):
    """The order is another crew's."""


class SkillMissing(TransitionRefused):
    """This crew does other work."""


class NobodyAble(Conflict):
    """No crew can do this order there; a person must find one."""


class NotMergeable(TransitionRefused):
    """Only reports of a fault are merged, and only into an outage that is still on."""


class ActorRefused(TicketingError):
    """This step is not for those who asked for it."""

    status = 403


class ReasonMissing(TicketingError):
    """This change must be explained."""

    status = 422


class OutageMissing(TicketingError):
    """Merging needs the outage into which the order goes."""

    status = 422


class EventFromTheFuture(TicketingError):
    """The event says that it happened later than now: its clock is wrong, or it is made up."""

    status = 422


class KeyReused(Conflict):
    """The key stands for another step already; a repetition must ask for the same."""
