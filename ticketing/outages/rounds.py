"""One round of placing: read the calls, decide where the faults are, write what has changed.

Reading and deciding hold no lock: a round over ten thousand calls must not keep a customer waiting. The writing is
short and fenced: a round whose picture another worker has overtaken is thrown away, so several may run, and one that
is killed leaves nothing half done.
"""

from datetime import datetime

from sqlalchemy.orm import Session, sessionmaker

from ticketing.db import alone
from ticketing.outages import etr, marks
from ticketing.outages.cluster import place
from ticketing.outages.picture import ROUND, Picture, look, signals
from ticketing.outages.placing import GRACE, Placing
from ticketing.outages.reconcile import Verdict, reconcile


def run(sessions: sessionmaker[Session], book: etr.Rulebook, *, at: datetime, joins: bool = True) -> int:
    """Place what has been reported; returns how many reports were settled or outages changed.

    Without `joins` every report is one home's, and goes its own way.
    """
    with sessions() as session:
        session.connection(execution_options={"reading": True})
        picture = look(session, at=at)
    if all(call.settled and call.at < at - GRACE for call in picture.calls):
        return 0
    verdicts = decide(picture, at=at) if joins else []
    with sessions.begin() as session:
        alone(session, "outage-round")
        if not marks.advance_from(session, ROUND, picture.fence):
            return 0
        return Placing(session, picture, book, at=at).write(verdicts)


def decide(picture: Picture, *, at: datetime) -> list[Verdict]:
    """Where the faults are, and which of the outages that stand each one is. Pure."""
    tree = picture.network.tree
    return reconcile(tree, picture.standing, place(tree, signals(picture), at=at))
