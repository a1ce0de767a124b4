"""What goes over the wires of inspection."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from ticketing.conversations.schemas import ConversationId
from ticketing.inspection.service import State
from ticketing.office import Act, Person, Reasoned

Scores = Annotated[dict[str, int], Field(max_length=50)]


class NewInspection(Act):
    conversation: ConversationId
    agent: Person = Field(description="who is scored: a person's name, or `bot`")
    scores: Scores
    remarks: str = Field("", max_length=2000)


class Decision(Reasoned):
    """`scores` not given: the first inspector's are upheld."""

    scores: Scores | None = None


class InspectionView(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    conversation: str
    agent: str
    sheet: str
    state: State
    scores: dict[str, int]
    total: int
    inspector: str
    filled_at: datetime
    remarks: str
    contested_at: datetime | None
    contest: str | None
    hold: int | None
    decided_by: str | None
    decided_at: datetime | None
    decision: str | None
    first_scores: dict[str, int] | None


class FoundView(BaseModel):
    conversations: list[dict[str, Any]]
    next: str | None


class SampleView(BaseModel):
    """`digest`: of all ids that were drawn from, so that two samples can be compared."""

    seed: str
    size: int
    until: datetime
    population: int
    digest: str
    conversations: list[str]
