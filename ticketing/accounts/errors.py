"""Refusals of accounts and sessions."""

from ticketing.errors import Conflict, Forbidden, NotFound, TicketingError, Unauthorised


class LoginRefused(Unauthorised):
    """Name, password or code is wrong, or the account is disabled: which of them is never said."""


class LoginLocked(TicketingError):
    """Too many wrong tries under this name or from this address; `retry_s`: seconds until it may work again."""

    status = 429


class SessionEnded(Unauthorised):
    """No session, or one that is over: logged out, idle for too long, too old, account disabled."""


class RightMissing(Forbidden):
    """The person's role does not allow this; the try is in the trail."""


class AccountExists(Conflict):
    pass


class AccountNotFound(NotFound):
    pass


class PasswordTooWeak(TicketingError):
    status = 422
