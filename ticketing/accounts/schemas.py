"""Logins and accounts on the wire."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from ticketing.accounts.roles import Right, Role

Login = Annotated[str, StringConstraints(pattern=r"^[\w.@-]{1,40}$", strip_whitespace=True)]


class Credentials(BaseModel):
    """`code`: of the authenticator, for accounts that have one. `address`: where the person's browser is."""

    model_config = ConfigDict(extra="forbid")

    login: str = Field(max_length=200)
    password: str = Field(max_length=1000)
    code: str = Field("", max_length=20)
    address: str = Field("", max_length=60)


class Me(BaseModel):
    login: str
    name: str
    role: Role
    rights: list[Right]


class LoggedIn(BaseModel):
    """`token`: to be sent as a bearer token. `seconds`: how long it works at most."""

    token: str
    seconds: int
    me: Me


class AccountView(BaseModel):
    login: str
    name: str
    role: Role
    disabled: bool
    second_factor: bool


class Shut(BaseModel):
    disabled: bool
