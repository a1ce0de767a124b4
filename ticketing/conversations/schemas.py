"""What goes over the wires of conversations, as in docs/architecture.md."""

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from ticketing.work_orders.schemas import OrderView

ConversationId = Annotated[str, StringConstraints(pattern=r"^[\w.:@~+=-]{1,100}$")]
Key = Annotated[str, StringConstraints(pattern=r"^[\w.:@~+=/-]{1,160}$")]
Name = Annotated[str, StringConstraints(pattern=r"^\w{1,100}$")]
AgentName = Annotated[str, StringConstraints(pattern=r"^[\w. -]{1,60}$", strip_whitespace=True)]
Channel = Annotated[str, StringConstraints(pattern=r"^\w{1,20}$")]
Skill = Literal["general", "billing", "outage", "complaint"]
Reason = Literal["asked", "identity", "engine_down", "backend_down", "misunderstood", "hazard", "complaint"]
Kind = Literal["text", "keys", "speech", "silence"]


class Wire(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Inbound(Wire):
    """What the customer said, as the front door received it."""

    id: Key
    channel: Channel
    kind: Kind
    text: str
    at: AwareDatetime
    reply_to: str = Field(min_length=1, max_length=300)
    caller: str | None = Field(None, max_length=40)
    confidence: float | None = Field(None, ge=0, le=1)


class Recorded(Wire):
    seq: int
    control: str
    epoch: int
    repeated: bool


class Button(Wire):
    title: str = Field(max_length=200)
    payload: str = Field(max_length=400)


class Reply(Wire):
    """A talk track to be said: its name and slots, and the default text in case nothing is published."""

    talk_track: Name
    slots: dict[str, Any] = {}
    default: str = ""
    buttons: list[Button] = []


class Entity(BaseModel):
    model_config = ConfigDict(extra="allow")

    entity: str = Field(max_length=60)
    value: Any = None


class Decision(BaseModel):
    """What the engine understood, and whether it acted on it."""

    model_config = ConfigDict(extra="ignore")

    intent: str | None = Field(None, max_length=60)
    confidence: float | None = None
    decision: str | None = Field(None, max_length=20)
    entities: list[Entity] = []


class Turn(Wire):
    """The bot's answer to one message."""

    turn: Key
    epoch: int
    channel: Channel
    replies: list[Reply] = Field(max_length=30)
    decision: Decision | None = None


class Said(Wire):
    """Words that are recorded and may be said."""

    id: str
    talk_track: str
    version: int
    text: str
    buttons: list[Button]


class Answered(Wire):
    replies: list[Said]
    control: str
    epoch: int


class DeliveryReport(Wire):
    reply: str = Field(max_length=200)
    state: Literal["delivered", "dropped", "cut"]
    at: AwareDatetime | None = None
    cut_at_ms: int | None = Field(None, ge=0)


class Deliveries(Wire):
    deliveries: list[DeliveryReport] = Field(max_length=500)


class DeliveriesRecorded(Wire):
    recorded: int
    unknown: list[str]


class SpooledEntry(Wire):
    """One sentence that was heard or said while ticketing was down."""

    key: Key
    at: AwareDatetime
    channel: Channel
    speaker: Literal["customer", "bot"]
    kind: Kind = "text"
    text: str
    confidence: float | None = Field(None, ge=0, le=1)
    talk_track: Name | None = None
    version: int | None = None
    slots: dict[str, Any] = {}
    buttons: list[Button] = []
    reply_to: str | None = Field(None, max_length=300)
    caller: str | None = Field(None, max_length=40)
    turn: Key | None = None


class Spooled(Wire):
    entries: list[SpooledEntry] = Field(max_length=1000)


class SpooledRecorded(Wire):
    recorded: int


class HandoffWish(Wire):
    key: Key
    reason: Reason
    skill: Skill
    summary: str = ""
    contact_phone: str | None = Field(None, max_length=40)


class HandoffAnswer(Wire):
    control: str
    epoch: int
    position: int | None
    wait_s: int | None
    order: OrderView | None


class Duty(Wire):
    agent: AgentName
    skills: list[Skill] = []
    on: bool


class AgentTurn(Wire):
    agent: AgentName


class AgentMessage(Wire):
    agent: AgentName
    id: Key
    text: str = Field(min_length=1)
