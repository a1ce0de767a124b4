"""What time does to talk tracks: scheduled words come into force, emergencies end, missing reviews are recorded."""

from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, sessionmaker

from ticketing.talk_tracks import emergency, publishing
from ticketing.talk_tracks.lint import book as rules
from ticketing.talk_tracks.models import State, TalkTrack, Variant


def tick(sessions: sessionmaker[Session], *, at: datetime) -> int:
    """Do what is due, each in a transaction of its own; how much it was. Several processes may do it together."""
    with sessions() as session:
        session.connection(execution_options={"reading": True})
        due = [(each.name, each.version) for each in session.scalars(_due(at))]
        unsettled = emergency.unsettled(session, at=at)
    done = 0
    for name, version in due:
        with sessions.begin() as session:
            done += publishing.bring_due(session, name, version, book=rules.read(), at=at)
    for id in unsettled:
        with sessions.begin() as session:
            done += emergency.settle(session, id, at=at)
    return done


def _due(at: datetime) -> Select[TalkTrack]:
    """Oldest first: of two versions of a name that are both due, the later one stays."""
    waiting = (TalkTrack.state == State.SCHEDULED, TalkTrack.variant == Variant.CHAT, TalkTrack.publish_from <= at)
    return select(TalkTrack).where(*waiting).order_by(TalkTrack.publish_from, TalkTrack.version)
