"""Make and change accounts. Every change is in the trail, and ends the sessions that it concerns."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from ticketing.accounts import passwords, sessions
from ticketing.accounts.errors import AccountExists, AccountNotFound
from ticketing.accounts.models import DeskAccount
from ticketing.accounts.roles import Right, Role
from ticketing.audit import service as audit
from ticketing.conversations.models import DeskAgent


def add(
    session: Session,
    *,
    login: str,
    name: str,
    role: Role,
    skills: Sequence[str],
    password: str,
    at: datetime,
    actor: str,
) -> DeskAccount:
    """A new account; who serves customers is known at the desk, off duty. Raises AccountExists, PasswordTooWeak."""
    if session.scalar(select(DeskAccount.login).where(or_(DeskAccount.login == login, DeskAccount.name == name))):
        raise AccountExists(f"there is an account with login '{login}' or name '{name}'")
    passwords.check_strength(password, login=login, name=name)
    account = DeskAccount(
        login=login, name=name, role=role, password=passwords.make_hash(password), disabled=False, created=at
    )
    session.add(account)
    if Right.SERVE in role.rights and session.get(DeskAgent, name) is None:
        session.add(DeskAgent(name=name, skills=list(skills), on_duty=False, since=at))
    session.flush()
    _record(session, login, "added", actor=actor, at=at, role=role)
    return account


def disable(session: Session, login: str, *, disabled: bool, at: datetime, actor: str) -> None:
    """Shut an account, or open it again. Raises AccountNotFound."""
    account = find(session, login)
    account.disabled = disabled
    if disabled:
        sessions.end_all(session, login, why="disabled", at=at)
    _record(session, login, "disabled" if disabled else "enabled", actor=actor, at=at)


def set_password(session: Session, login: str, password: str, *, at: datetime, actor: str) -> None:
    """A new password; whoever was logged in with the old one is out. Raises AccountNotFound, PasswordTooWeak."""
    account = find(session, login)
    passwords.check_strength(password, login=login, name=account.name)
    account.password = passwords.make_hash(password)
    sessions.end_all(session, login, why="password", at=at)
    _record(session, login, "password", actor=actor, at=at)


def set_totp(session: Session, login: str, secret: str | None, *, at: datetime, actor: str) -> None:
    """Ask for codes from now on, or (None) no more. Raises AccountNotFound."""
    account = find(session, login)
    account.totp_secret, account.totp_used = secret, None
    _record(session, login, "totp_on" if secret else "totp_off", actor=actor, at=at)


def find(session: Session, login: str) -> DeskAccount:
    """Raises AccountNotFound."""
    account = session.get(DeskAccount, login, with_for_update=True, populate_existing=True)
    if account is None:
        raise AccountNotFound(f"no account '{login}'")
    return account


def everybody(session: Session) -> Sequence[DeskAccount]:
    return session.scalars(select(DeskAccount).order_by(DeskAccount.login)).all()


def _record(session: Session, login: str, change: str, *, actor: str, at: datetime, **more: str) -> None:
    data = {"change": change, **more}
    audit.record(session, kind="desk.account_changed", subject=f"account:{login}", actor=actor, data=data, at=at)
