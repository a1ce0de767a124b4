"""Business halls over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict

from ticketing.access import Caller, Only
from ticketing.db import Reading
from ticketing.offices import service

router = APIRouter(prefix="/api/offices", tags=["offices"])


class OfficeView(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    name: str
    address: str
    hours: str
    phone: str


@router.get("")
def near(
    session: Reading,
    caller: Annotated[Caller, Depends(Only(Caller.ACTIONS, Caller.BOT, Caller.DEMO))],
    near: str | None = None,
) -> list[OfficeView]:
    return [OfficeView.model_validate(office) for office in service.near(session, near)]
