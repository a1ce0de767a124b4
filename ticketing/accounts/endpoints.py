"""Log in and out, and accounts, over HTTP. Only the console may ask for a login: it tells where the person is."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request

from ticketing.access import Caller, Only
from ticketing.accounts import login, service, sessions
from ticketing.accounts.models import DeskAccount
from ticketing.accounts.people import May
from ticketing.accounts.roles import Right, Role
from ticketing.accounts.schemas import AccountView, Credentials, LoggedIn, Me, Shut
from ticketing.accounts.sessions import Person
from ticketing.db import Reading, Writing, now

router = APIRouter(prefix="/api/desk", tags=["accounts"])
Console = Annotated[Caller, Depends(Only(Caller.CONSOLE))]
Anybody = Annotated[Person, Depends(May())]
Administrator = Annotated[Person, Depends(May(Right.ACCOUNTS))]


@router.post("/login")
def log_in(given: Credentials, request: Request, _: Console) -> LoggedIn:
    """401 LoginRefused; 429 LoginLocked with `retry_s`."""
    token, account = login.log_in(
        request.app.state.sessions,
        login=given.login.strip(),
        password=given.password,
        code=given.code.strip(),
        address=given.address,
        at=now(),
    )
    return LoggedIn(token=token, seconds=int(sessions.LONGEST.total_seconds()), me=_me(account))


@router.post("/logout")
def log_out(person: Anybody, session: Writing) -> dict[str, Any]:
    """Also takes the person off duty."""
    sessions.end(session, person.session, why="logout", at=now())
    return {"ended": True}


@router.get("/me")
def who_am_i(person: Anybody) -> Me:
    return Me(login=person.login, name=person.name, role=person.role, rights=sorted(person.role.rights))


@router.post("/alive")
def stay(person: Anybody) -> dict[str, Any]:
    """The person is at the desk: moves the end of an idle session."""
    return {"login": person.login}


@router.get("/accounts")
def list_accounts(_: Administrator, session: Reading) -> list[AccountView]:
    return [_view(each) for each in service.everybody(session)]


@router.post("/accounts/{login}/disabled")
def shut(login: str, asked: Shut, person: Administrator, session: Writing) -> AccountView:
    """Shut or open an account. 404 AccountNotFound."""
    service.disable(session, login, disabled=asked.disabled, at=now(), actor=person.actor)
    return _view(service.find(session, login))


def _me(account: DeskAccount) -> Me:
    role = Role(account.role)
    return Me(login=account.login, name=account.name, role=role, rights=sorted(role.rights))


def _view(account: DeskAccount) -> AccountView:
    return AccountView(
        login=account.login,
        name=account.name,
        role=Role(account.role),
        disabled=account.disabled,
        second_factor=account.totp_secret is not None,
    )
