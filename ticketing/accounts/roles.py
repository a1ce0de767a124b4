"""Roles at the desk and the rights of each: as few as the work needs. Pure."""

from enum import StrEnum


class Right(StrEnum):
    SERVE = "serve"
    """Take conversations, speak in one's own, order work for their customers."""
    WATCH = "watch"
    """Read conversations that are other people's."""
    WALL = "wall"
    """See the numbers of the whole desk, and the lists behind them."""
    REASSIGN = "reassign"
    """Give a conversation that somebody else has to another person."""
    ACCEPT_HAZARD = "accept_hazard"
    """Take responsibility for a danger that rings."""
    AUDIT = "audit"
    """Read the trail of who did what."""
    ACCOUNTS = "accounts"
    """Make, disable and unlock accounts."""


class Role(StrEnum):
    AGENT = "agent"
    SENIOR = "senior"
    SUPERVISOR = "supervisor"
    INSPECTOR = "inspector"
    """Checks quality: reads everything, touches nothing."""
    ADMINISTRATOR = "administrator"
    """Looks after accounts, and sees no customer."""

    @property
    def rights(self) -> frozenset[Right]:
        return RIGHTS[self]


_AGENT = frozenset({Right.SERVE})
_SENIOR = _AGENT | {Right.WATCH}
RIGHTS: dict[Role, frozenset[Right]] = {
    Role.AGENT: _AGENT,
    Role.SENIOR: _SENIOR,
    Role.SUPERVISOR: _SENIOR | {Right.WALL, Right.REASSIGN, Right.ACCEPT_HAZARD},
    Role.INSPECTOR: frozenset({Right.WATCH, Right.WALL, Right.AUDIT}),
    Role.ADMINISTRATOR: frozenset({Right.ACCOUNTS}),
}
