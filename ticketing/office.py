"""Who acts in the office (inspection, holds, erasure): the caller behind the token names the person, and is believed.

The desk's accounts (`ticketing.accounts`) are not asked here yet. Once they are, `by` goes, and the session says who
acts.
"""

from typing import Annotated

from fastapi import Depends
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from ticketing.access import Caller, Only
from ticketing.errors import Conflict

Office = Annotated[Caller, Depends(Only(Caller.DEMO))]
Person = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[\w. -]{1,60}$")]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


class Act(BaseModel):
    """Something that a person does."""

    model_config = ConfigDict(extra="forbid")

    by: Person = Field(description="the person's name")


class Reasoned(Act):
    """Something that a person does and must give a reason for."""

    reason: Reason


class SamePerson(Conflict):
    """Two different people are needed, and this is one and the same."""
