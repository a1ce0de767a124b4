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
    """Nobody has proven to be the holder. Advised whatever the account's state is, so that it gives nothing away; the
    crew's order stays meanwhile."""
    ASK_NEIGHBOURS = "ask_neighbours"
    ASK_BREAKER = "ask_breaker"
    CLOSE_BREAKER = "close_breaker"
    OWN_ELECTRICIAN = "own_electrician"
    """The fault is behind the meter: an electrician of their own, or the utility's paid service."""
    CREW = "crew"


@dataclass(frozen=True)
class Facts:
    """What is known of the home. `known_outage`: one covers it; `others`: callers on the same transformer lately.

    `urgent`: somebody depends on power, or is shut in; nothing is asked then. `verified`: the conversation has proven
    to be the holder's, far enough to hear of arrears. `neighbours` (lit, dark) and `breaker` (up, down, trips_again)
    are `unknown` where the customer cannot say, None where they were not asked yet.
    """

    known_outage: bool
    others: int
    cut_off: bool
    verified: bool
    neighbours: str | None
    breaker: str | None
    urgent: bool = False


def advise(facts: Facts) -> Advice:  # noqa: PLR0911  (a rule a line, in the order in which they count)
    """The next thing to say or do."""
    dark = facts.neighbours == "dark"
    if facts.known_outage or (dark and facts.others):
        return Advice.OUTAGE
    if facts.urgent or dark:
        return Advice.CREW
    if facts.cut_off and facts.verified:
        return Advice.PAY
    if facts.neighbours is None:
        return Advice.ASK_NEIGHBOURS
    match facts.breaker:
        case None:
            return Advice.ASK_BREAKER
        case "down":
            return Advice.CLOSE_BREAKER
        case "trips_again":
            return Advice.OWN_ELECTRICIAN
        case "up" if not facts.verified:
            return Advice.VERIFY
    return Advice.CREW
