"""Tables of accounts: the people, their sessions, and every try to log in."""

from datetime import datetime

from sqlalchemy import Boolean, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ticketing.db import Base, Moment
from ticketing.personal import Sealed


class DeskAccount(Base):
    """A person who may log in. `login`: the staff number (工号); `name`: as customers and colleagues see it."""

    __tablename__ = "desk_accounts"

    login: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    role: Mapped[str] = mapped_column(String(16))
    password: Mapped[str] = mapped_column(String(200))
    """Argon2id, with its salt and parameters."""
    totp_secret: Mapped[str | None] = mapped_column(Sealed)
    """Base32; None: no second factor."""
    totp_used: Mapped[int | None] = mapped_column(Integer)
    """The 30-second step of the last code accepted: no code works twice."""
    disabled: Mapped[bool] = mapped_column(Boolean, default=False)
    created: Mapped[datetime] = mapped_column(Moment)


class DeskSession(Base):
    """A login that lasts. Only the hash of its token is kept: who reads this table cannot act as anybody."""

    __tablename__ = "desk_sessions"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    login: Mapped[str] = mapped_column(ForeignKey("desk_accounts.login"), index=True)
    address: Mapped[str] = mapped_column(String(60))
    opened: Mapped[datetime] = mapped_column(Moment)
    seen: Mapped[datetime] = mapped_column(Moment)
    """When the person last did something; screens that refresh by themselves do not count."""
    ended: Mapped[datetime | None] = mapped_column(Moment)
    ended_why: Mapped[str | None] = mapped_column(String(16))

    account: Mapped[DeskAccount] = relationship()


class LoginTry(Base):
    """One try to log in. The name is kept as a blind index: people type passwords into the wrong field."""

    __tablename__ = "login_tries"
    __table_args__ = (
        Index("ix_login_tries_name", "name_index", "at"),
        Index("ix_login_tries_address", "address", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name_index: Mapped[str] = mapped_column(String(64))
    address: Mapped[str] = mapped_column(String(60))
    outcome: Mapped[str] = mapped_column(String(8))
    at: Mapped[datetime] = mapped_column(Moment)
