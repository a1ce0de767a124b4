"""How much has been proven? Takes which parts matched, never the parts themselves. Pure.

Level 1 (the amount due): account number and holder's name, or the caller's number alone. Level 2 (everything):
in addition the last four of the identity card, or the code sent to the registered phone. A tenant knows the account
number and the landlord's name, so these two never open more than level 1.
"""

from dataclasses import dataclass
from enum import StrEnum

AMOUNT_DUE = 1
EVERYTHING = 2


class Outcome(StrEnum):
    VERIFIED = "verified"
    INCOMPLETE = "incomplete"
    REFUSED = "refused"
    LOCKED = "locked"


@dataclass(frozen=True)
class Matches:
    """Of each part: matched, did not, or None when it was not given.

    `caller`: the conversation's number is the account's registered phone. `before`: the level that this conversation
    had proven for this account.
    """

    caller: bool
    name: bool | None
    id_last4: bool | None
    code: bool | None
    before: int = 0


def judge(parts: Matches) -> tuple[Outcome, int]:
    """The outcome and the level reached.

    Card and code are looked at only beside a name, a caller's number or what was proven before: without them the
    answer is `incomplete`, the same for an account that exists and one that does not.
    """
    base = max(parts.before, AMOUNT_DUE if parts.caller or parts.name else 0)
    decisive = [parts.name, parts.id_last4, parts.code] if base else [parts.name]
    if False in decisive:
        return Outcome.REFUSED, parts.before
    if not base:
        return Outcome.INCOMPLETE, 0
    return Outcome.VERIFIED, EVERYTHING if parts.id_last4 or parts.code else base
