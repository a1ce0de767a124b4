"""What goes over the wires of holds and erasure."""

from datetime import datetime
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from ticketing.conversations.schemas import ConversationId
from ticketing.office import Reasoned
from ticketing.retention.persons import How
from ticketing.retention.rules import Elsewhere


class NewHold(Reasoned):
    conversation: ConversationId


class HoldView(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    conversation: str
    reason: str
    placed_by: str
    placed_at: datetime
    lifted_by: str | None
    lifted_at: datetime | None
    lift_reason: str | None


class NewErasure(Reasoned):
    """Exactly one of the three says who is to be forgotten."""

    phone: str | None = Field(None, pattern=r"^[\d +-]{5,20}$")
    account: str | None = Field(None, pattern=r"^\d{6,32}$")
    conversation: ConversationId | None = None

    @model_validator(mode="after")
    def names_one(self) -> Self:
        if sum(each is not None for each in (self.phone, self.account, self.conversation)) != 1:
            raise ValueError("give a phone, an account or a conversation")
        return self

    @property
    def who(self) -> tuple[How, str]:
        given = {How.PHONE: self.phone, How.ACCOUNT: self.account, How.CONVERSATION: self.conversation}
        return next((how, value) for how, value in given.items() if value is not None)


class LeftOut(BaseModel):
    conversation: str
    why: str


class ErasureView(BaseModel):
    id: int
    how: How
    asked_by: str
    asked_at: datetime
    finished_at: datetime | None
    conversations: list[str]
    orders: list[str]
    erased: dict[str, int]
    left: list[LeftOut]
    elsewhere: list[Elsewhere]
    """Copies that are not ours to erase, and when they go."""


class PlanView(BaseModel):
    due: dict[str, int]
    kept_by_holds: dict[str, int]
    held: list[str]
    rules: list[dict[str, Any]]
