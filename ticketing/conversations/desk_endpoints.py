"""The agents' desk over HTTP: the console's wire, and the demo's way to play an agent."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends

from ticketing.access import Caller, Only
from ticketing.conversations import desk
from ticketing.conversations.control import State
from ticketing.conversations.schemas import AgentMessage, AgentTurn, ConversationId, Duty, Recorded
from ticketing.db import Reading, Writing, now

Person = Annotated[Caller, Depends(Only(Caller.DEMO))]
router = APIRouter(prefix="/api", tags=["desk"])


@router.post("/desk/duty")
def set_duty(duty: Duty, session: Writing, _: Person) -> dict[str, Any]:
    """Put a person on duty, or off."""
    agent = desk.set_duty(session, duty, at=now())
    return {"agent": agent.name, "skills": agent.skills, "on": agent.on_duty}


@router.get("/desk/queue")
def read_queue(session: Reading, _: Person) -> dict[str, Any]:
    """Who waits, next first, and who is on duty."""
    return {"waiting": desk.queue(session, at=now()), "on_duty": desk.people_on_duty(session)}


@router.post("/conversations/{conversation}/take")
def take(conversation: ConversationId, by: AgentTurn, session: Writing, _: Person) -> dict[str, Any]:
    """Take a conversation over. 409 TakenByAnother, NotOnDuty."""
    return _shown(desk.take(session, conversation, agent=by.agent, at=now()))


@router.post("/conversations/{conversation}/agent-messages")
def say(conversation: ConversationId, message: AgentMessage, session: Writing, _: Person) -> Recorded:
    """Say something to the customer. 409 NotYours."""
    return desk.say(session, conversation, message, at=now())


@router.post("/conversations/{conversation}/return")
def give_back(conversation: ConversationId, by: AgentTurn, session: Writing, _: Person) -> dict[str, Any]:
    """Return the customer to the bot. 409 NotYours."""
    return _shown(desk.give_back(session, conversation, agent=by.agent, at=now()))


@router.post("/conversations/{conversation}/wrap-up")
def finish(conversation: ConversationId, by: AgentTurn, session: Writing, _: Person) -> dict[str, Any]:
    """Speak no more and write up. 409 NotYours."""
    return _shown(desk.finish(session, conversation, agent=by.agent, at=now()))


@router.post("/conversations/{conversation}/close")
def close(conversation: ConversationId, by: AgentTurn, session: Writing, _: Person) -> dict[str, Any]:
    """Close the conversation after the write-up. 409 NotYours."""
    return _shown(desk.close(session, conversation, agent=by.agent, at=now()))


def _shown(state: State) -> dict[str, Any]:
    return {"control": state.control, "epoch": state.epoch, "agent": state.agent}
