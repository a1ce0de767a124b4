"""`python -m ticketing.accounts add|disable|enable|list|password|totp`: accounts of the desk, from a shell."""

import argparse
import getpass
import os
import secrets
import sys
from collections.abc import Callable

from sqlalchemy.orm import Session

from ticketing.accounts import passwords, service
from ticketing.accounts.roles import Role
from ticketing.commands import Sessions, run
from ticketing.db import now

SKILLS = ("general", "billing", "outage", "complaint")


def main(arguments: list[str] | None = None) -> int:
    asked = _parser().parse_args(arguments)
    return run(lambda _, sessions: _do(asked, sessions))


def _do(asked: argparse.Namespace, sessions: Sessions) -> int:
    act: Callable[[Session, argparse.Namespace], str] = asked.act
    with sessions.begin() as session:
        print(act(session, asked))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ticketing.accounts", description=__doc__)
    commands = parser.add_subparsers(required=True)
    add = commands.add_parser("add", help="a new account")
    add.add_argument("login", help="staff number (工号)")
    add.add_argument("name", help="as customers and colleagues see it")
    add.add_argument("--role", type=Role, choices=list(Role), default=Role.AGENT)
    add.add_argument("--skills", nargs="*", choices=SKILLS, default=["general"])
    add.set_defaults(act=_add)
    for name, act, words in (
        ("disable", _disable, "shut an account and end its sessions"),
        ("enable", _enable, "open it again"),
        ("password", _password, "a new password; ends the sessions"),
        ("totp", _totp, "ask for a code of an authenticator from now on (again: a new secret)"),
    ):
        command = commands.add_parser(name, help=words)
        command.add_argument("login")
        command.set_defaults(act=act)
        if name == "totp":
            command.add_argument("--off", action="store_true", help="ask for none any more")
    for command in (add, commands.choices["password"]):
        command.add_argument("--generate", action="store_true", help="make a password and print it")
    commands.add_parser("list", help="all accounts").set_defaults(act=_list)
    return parser


def _actor() -> str:
    return f"shell:{os.environ.get('USER', 'unknown')}"[:80]


def _chosen(asked: argparse.Namespace) -> tuple[str, str]:
    """The password, and what to print of it."""
    if asked.generate:
        made = secrets.token_urlsafe(12)
        return made, f"; password: {made}"
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n"), ""
    return getpass.getpass("Password: "), ""


def _add(session: Session, asked: argparse.Namespace) -> str:
    password, shown = _chosen(asked)
    who = {"login": asked.login, "name": asked.name, "role": asked.role, "skills": asked.skills}
    service.add(session, **who, password=password, at=now(), actor=_actor())
    return f"{asked.login} {asked.name}: {asked.role}{shown}"


def _disable(session: Session, asked: argparse.Namespace) -> str:
    service.disable(session, asked.login, disabled=True, at=now(), actor=_actor())
    return f"{asked.login} is disabled"


def _enable(session: Session, asked: argparse.Namespace) -> str:
    service.disable(session, asked.login, disabled=False, at=now(), actor=_actor())
    return f"{asked.login} is enabled"


def _password(session: Session, asked: argparse.Namespace) -> str:
    password, shown = _chosen(asked)
    service.set_password(session, asked.login, password, at=now(), actor=_actor())
    return f"{asked.login} has a new password{shown}"


def _totp(session: Session, asked: argparse.Namespace) -> str:
    secret = None if asked.off else passwords.new_totp_secret()
    service.set_totp(session, asked.login, secret, at=now(), actor=_actor())
    return f"{asked.login}: no code" if secret is None else passwords.totp_address(secret, login=asked.login)


def _list(session: Session, _: argparse.Namespace) -> str:
    rows = service.everybody(session)
    return "\n".join(
        f"{each.login}\t{each.name}\t{each.role}\t{'disabled' if each.disabled else 'open'}"
        f"\t{'code' if each.totp_secret else '-'}"
        for each in rows
    )


if __name__ == "__main__":
    sys.exit(main())
