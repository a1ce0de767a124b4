"""Tables of the desk: words not sent yet, and how conversations ended."""

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from ticketing.conversations.models import CONVERSATION
from ticketing.db import Base, Moment
from ticketing.personal import Sealed


class Draft(Base):
    """What a person has typed in a conversation and not sent: one for each person, so that nobody's is overwritten."""

    __tablename__ = "desk_drafts"

    conversation: Mapped[str] = mapped_column(ForeignKey(CONVERSATION), primary_key=True)
    agent: Mapped[str] = mapped_column(String(80), primary_key=True)
    text: Mapped[str] = mapped_column(Sealed)
    at: Mapped[datetime] = mapped_column(Moment)


class Outcome(Base):
    """How a person's time in control ended: what came of it, and a note for the next one who reads."""

    __tablename__ = "desk_outcomes"

    conversation: Mapped[str] = mapped_column(ForeignKey(CONVERSATION), primary_key=True)
    epoch: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    agent: Mapped[str] = mapped_column(String(80))
    outcome: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(Sealed)
    at: Mapped[datetime] = mapped_column(Moment)
