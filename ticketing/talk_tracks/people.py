"""Who acts on talk tracks.

The desk's accounts (`ticketing.accounts`) are not asked here yet: the caller behind the bearer token names the person
in the body, and is believed. This module is the one place that does so; once they are, `acting` returns the session's
person and the field `by` goes.
"""

from typing import Annotated

from fastapi import Depends
from pydantic import BaseModel, Field, StringConstraints

from ticketing.access import Caller, Only

Desk = Annotated[Caller, Depends(Only(Caller.DEMO))]
Typist = Annotated[Caller, Depends(Only(Caller.DEMO, Caller.BOT))]
"""May have a text checked: the desk, for what a person types."""
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60, pattern=r"^[^\s:/]")]


class Act(BaseModel):
    """Something that a person does."""

    by: Annotated[Name, Field(description="the person's name")]


def acting(caller: Caller, act: Act) -> str:
    """The person behind an act."""
    assert caller is Caller.DEMO  # nobody else is let in by `Desk`
    return act.by
