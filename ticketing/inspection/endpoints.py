"""Inspectors' doors: search, sample, score, contest, decide."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from pydantic import AwareDatetime
from sqlalchemy.orm import Session

from ticketing.audit import service as audit
from ticketing.db import Reading, Writing, now
from ticketing.inspection import sampling, service
from ticketing.inspection.schemas import Decision, FoundView, InspectionView, NewInspection, SampleView
from ticketing.inspection.search import Wanted, ids, search
from ticketing.inspection.service import State
from ticketing.inspection.sheet import Sheet
from ticketing.office import Office, Person, Reasoned
from ticketing.work_orders.kinds import Kind

router = APIRouter(prefix="/api/inspection", tags=["inspection"])
Word = Annotated[str, Query(min_length=1, max_length=50)]


def _sheet(request: Request) -> Sheet:
    sheet: Sheet = request.app.state.sheet
    return sheet


def _wanted(
    *,
    talk_track: str | None = None,
    version: Annotated[int | None, Query(ge=0)] = None,
    intent: str | None = None,
    decision: str | None = None,
    agent: str | None = None,
    channel: str | None = None,
    order_kind: Kind | None = None,
    since: AwareDatetime | None = None,
    until: AwareDatetime | None = None,
    words: Annotated[list[Word], Query(max_length=10)] = [],  # noqa: B006 - FastAPI copies it
    without: Annotated[list[Word], Query(max_length=10)] = [],  # noqa: B006
) -> Wanted:
    return Wanted(
        *(talk_track, version, intent, decision, agent, channel, order_kind, since, until),
        words=tuple(words),
        without=tuple(without),
    )


Form = Annotated[Sheet, Depends(_sheet)]
Looked = Annotated[Wanted, Depends(_wanted)]
Limit = Annotated[int, Query(ge=1, le=200)]


@router.get("/search")
def find_conversations(
    session: Writing,
    wanted: Looked,
    caller: Office,
    after: Annotated[str | None, Query(max_length=100)] = None,
    limit: Limit = 50,
) -> FoundView:
    """The newest first. `words` are somewhere in it, `without` in nothing that we said. `next` goes into `after`."""
    found = search(session, wanted, after=after, limit=limit)
    _audit(session, "searched", wanted, caller, {"found": len(found.conversations)})
    return FoundView(**asdict(found))


@router.get("/sample")
def draw(
    session: Writing,
    wanted: Looked,
    caller: Office,
    seed: Annotated[str, Query(min_length=1, max_length=80)],
    size: Limit = 20,
) -> SampleView:
    """The same seed, size and `until` draw the same conversations."""
    wanted = Wanted(**{**asdict(wanted), "until": wanted.until or now()})
    assert wanted.until is not None
    population = ids(session, wanted)
    drawn = sampling.sample(population, size=size, seed=seed)
    told = {"seed": seed, "size": size, "population": len(population), "digest": sampling.digest(population)}
    _audit(session, "sampled", wanted, caller, {**told, "drawn": drawn})
    return SampleView(**told, until=wanted.until, conversations=drawn)


@router.get("/sheet")
def read_sheet(sheet: Form, _: Office) -> Sheet:
    return sheet


@router.post("/sheets")
def fill(asked: NewInspection, sheet: Form, session: Writing, _: Office) -> InspectionView:
    """404 ConversationNotFound; 409 AgentNotInConversation, AlreadyFilled, SamePerson; 422 ScoresDoNotFit."""
    return InspectionView.model_validate(service.fill(session, sheet, **dict(asked), at=now()))


@router.get("/sheets")
def read_sheets(
    session: Reading,
    _: Office,
    agent: Person | None = None,
    state: State | None = None,
    after: Annotated[int, Query(ge=0)] = 0,
    limit: Limit = 50,
) -> list[InspectionView]:
    rows = service.listed(session, agent=agent, state=state, after=after, limit=limit)
    return [InspectionView.model_validate(each) for each in rows]


@router.get("/sheets/{number}")
def read_one(number: int, session: Reading, _: Office) -> InspectionView:
    """404 InspectionNotFound."""
    return InspectionView.model_validate(service.find(session, number))


@router.post("/sheets/{number}/contest")
def contest(number: int, asked: Reasoned, sheet: Form, session: Writing, _: Office) -> InspectionView:
    """404 InspectionNotFound; 409 ContestedBefore, NotTheAgent, TooLate."""
    contested = service.contest(session, sheet, number, by=asked.by, reason=asked.reason, at=now())
    return InspectionView.model_validate(contested)


@router.post("/sheets/{number}/decision")
def decide(number: int, asked: Decision, sheet: Form, session: Writing, _: Office) -> InspectionView:
    """404 InspectionNotFound; 409 NotContested, SamePerson, SheetChanged; 422 ScoresDoNotFit."""
    return InspectionView.model_validate(service.decide(session, sheet, number, **dict(asked), at=now()))


def _audit(session: Session, what: str, wanted: Wanted, actor: str, data: dict[str, Any]) -> None:
    """Words that are looked for may be somebody's name: they are kept as erasable text."""
    open_ones = {
        name: str(value) for name, value in asdict(wanted).items() if value and name not in {"words", "without"}
    }
    words = "\n".join([*wanted.words, "—", *wanted.without]) if wanted.words or wanted.without else None
    audit.record(
        session,
        kind=f"inspection.{what}",
        subject="inspection:search",
        actor=actor,
        data={**data, "wanted": open_ones},
        at=now(),
        text=words,
    )
