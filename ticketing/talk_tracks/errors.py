"""What may be refused about talk tracks, each with its name."""

from collections.abc import Sequence

from ticketing.errors import Conflict, Forbidden, NotFound, TicketingError
from ticketing.talk_tracks.gate import Refusal


class TalkTrackNotFound(NotFound):
    """No version has this name (in this language)."""


class VersionNotFound(NotFound):
    """The name has no such version."""


class WrongState(Conflict):
    """The version is not where this step begins. `state`: where it is."""


class NotTheAuthor(Forbidden):
    """Only who wrote a draft sends it to review."""


class NothingBefore(Conflict):
    """A rollback without an earlier version that was in force."""


class StillSaid(Conflict):
    """Words in force that some part of the system still says would leave it without approved words."""


class PublicationRefused(TicketingError):
    """The gate says no. `reasons`: each with its kind and its words."""

    status = 422

    @classmethod
    def of(cls, name: str, refusals: Sequence[Refusal]) -> "PublicationRefused":
        reasons = [{"reason": str(each.reason), "detail": each.detail} for each in refusals]
        return cls(f"{name} may not be published: {refusals[0].detail}", reasons=reasons)


class EmergencyNotFound(NotFound):
    pass


class EmergencySetEmpty(Conflict):
    """No published words are ready in the set."""


class EmergencyRefused(Conflict):
    """An emergency that is on, over, lapsed or reviewed already."""


class EmergencyTimes(TicketingError):
    """The restoration or the expiry lies in the past, or too far ahead."""

    status = 422


class SecondPersonNeeded(Conflict):
    """One person would act twice where different people must."""
