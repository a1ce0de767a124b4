"""One dark home: what is asked before a crew drives there. Pure.

Neighbours first (then it is an outage), the breaker (then it is back in a second), an arrears cut (then no crew helps;
it is only mentioned to who has proven who they are), and what lies behind the meter, which is the owner's to repair.
"""

from dataclasses import dataclass
from enum import StrEnum


class Advice(StrEnum):
    OUTAGE = "outage"
    """Others are dark too: it is, or joins, an outage."""
    PAY = "pay"
    """Cut off for arrears, and the customer may be told so."""
    VERIFY = "verify"
    """There is something about the account that only the holder may hear: verify first. Words must not say more."""
    ASK_NEIGHBOURS = "ask_neighbours"
    ASK_BREAKER = "ask_breaker"
    CLOSE_BREAKER = "close_breaker"
    OWN_ELECTRICIAN = "own_electrician"
    """The fault is behind the meter: an electrician of their own, or the utility's paid service."""
    CREW = "crew"


@dataclass(frozen=True)
class Facts:
    """What is known of the home. `known_outage`: one covers it; `others`: callers on the same transformer lately.

    `verified`: the conversation has proven to be the holder's (level 1 or more). None: not asked yet.
    """

    known_outage: bool
    others: int
    cut_off: bool
    verified: bool
    neighbours_lit: bool | None
    breaker: str | None


def advise(facts: Facts) -> Advice:  # noqa: PLR0911  (a rule a line, in the order in which they count)
    """The next thing to say or do."""
    if facts.known_outage or (facts.neighbours_lit is False and facts.others):
        return Advice.OUTAGE
    if facts.neighbours_lit is not False and facts.cut_off:
        return Advice.PAY if facts.verified else Advice.VERIFY
    if facts.neighbours_lit is None:
        return Advice.ASK_NEIGHBOURS
    if facts.neighbours_lit is False:
        return Advice.CREW
    match facts.breaker:
        case None:
            return Advice.ASK_BREAKER
        case "down":
            return Advice.CLOSE_BREAKER
        case "trips_again":
            return Advice.OWN_ELECTRICIAN
    return Advice.CREW
