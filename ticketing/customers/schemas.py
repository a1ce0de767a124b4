"""Identity on the wire."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from ticketing.work_orders.schemas import ConversationId, Key

AccountNumber = Annotated[str, Field(pattern=r"^\d{1,32}$")]
"""How many digits an account number has is a setting; the endpoint checks it."""


class NewCheck(BaseModel):
    key: Key
    conversation: ConversationId
    account_number: AccountNumber | None = None
    customer_name: Annotated[str, Field(max_length=80)] | None = None
    id_last4: Annotated[str, Field(max_length=8)] | None = None
    code: Annotated[str, Field(max_length=12)] | None = None


class CheckResult(BaseModel):
    outcome: Literal["verified", "incomplete", "refused", "locked"]
    level: int
    account_tail: str | None


class NewCode(BaseModel):
    key: Key
    conversation: ConversationId
    account_number: AccountNumber | None = None


class CodeSent(BaseModel):
    sent: Literal[True] = True


class CallerView(BaseModel):
    caller_known: bool
    caller_tail: str | None
    account_tail: str | None
    level: int
    address: str | None
    control: str
    last_order: str | None
