"""Log in: tries counted, the password checked outside of any transaction, the outcome recorded whatever it is."""

from datetime import datetime

from sqlalchemy.orm import Session, sessionmaker

from ticketing.accounts import passwords, sessions, tries
from ticketing.accounts.errors import LoginLocked, LoginRefused
from ticketing.accounts.models import DeskAccount
from ticketing.accounts.tries import Source
from ticketing.audit import service as audit
from ticketing.db import alone
from ticketing.personal import vault

ACTOR = "console"


def log_in(
    factory: sessionmaker[Session], *, login: str, password: str, code: str, address: str, at: datetime
) -> tuple[str, DeskAccount]:
    """Open a session; returns its token and the account. Raises LoginRefused, LoginLocked; both are recorded first.

    Argon2 takes a tenth of a second: on SQLite nobody else could write meanwhile, so it stands between two
    transactions, and the second one looks at the tries again.
    """
    source = Source(vault.index(f"login:{login}"), address[:60])
    with factory() as session:
        session.connection(execution_options={"reading": True})
        wait = tries.locked_for_s(session, source, at=at)
        account = session.get(DeskAccount, login)
        kept = account.password if account else None
    right = not wait and passwords.is_right(kept, password)
    with factory.begin() as session:
        alone(session, f"login:{source.name_index}")
        wait = tries.locked_for_s(session, source, at=at)
        account = session.get(DeskAccount, login, with_for_update=True, populate_existing=True)
        opened = None
        if not wait and right and account is not None and _may_enter(account, kept, code, at=at):
            opened = sessions.open_session(session, account, address=address, at=at)
        outcome = tries.RIGHT if opened else tries.LOCKED if wait else tries.WRONG
        tries.note(session, source, outcome, at=at)
        _record(session, account, outcome, address=address, at=at)
    if opened and account is not None:
        return opened, account
    if wait:
        raise LoginLocked(f"too many wrong tries; try again in {wait} s", retry_s=wait)
    raise LoginRefused("login, password or code is wrong")


def _may_enter(account: DeskAccount, checked: str | None, code: str, *, at: datetime) -> bool:
    """Also whether the password that was checked is still the account's. Uses the code up."""
    if account.disabled or account.password != checked:
        return False
    if account.totp_secret is None:
        return True
    step = passwords.totp_step(account.totp_secret, code, at=at, used=account.totp_used)
    if step is None:
        return False
    account.totp_used = step
    return True


def _record(session: Session, account: DeskAccount | None, outcome: str, *, address: str, at: datetime) -> None:
    """The name that was typed stays out of the trail unless it is an account's."""
    kind = "desk.logged_in" if outcome == tries.RIGHT else "desk.login_failed"
    subject = f"account:{account.login}" if account else "account:unknown"
    data = {"outcome": outcome, "address": address[:60]}
    actor = f"agent:{account.name}" if account and outcome == tries.RIGHT else ACTOR
    audit.record(session, kind=kind, subject=subject, actor=actor, data=data, at=at)
