"""The channel `lamplighter`: one turn in, talk-track names, expectation and decision out (docs/architecture.md)."""

from __future__ import annotations

import hmac
import logging
from dataclasses import dataclass, field
from typing import Any, Awaitable, Callable, Dict, List, Optional, Text

from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from rasa.core.lock_store import LockError
from rasa.shared.core.trackers import DialogueStateTracker
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.engine import clauses
from bot.engine.action_failures import failures_of_this_turn
from bot.engine.answered import answered
from bot.engine.expects import expected
from bot.engine.speed.live_store import TrackerMoved

logger = logging.getLogger(__name__)

TEXT_LIMIT = 2000  # characters; a spoken minute is about 300
BODY_LIMIT = 32 * 1024  # bytes
CHANNELS = ("web", "wechat", "phone")
WITHOUT_WORDS = ("silence", "ring")  # kinds of turn that are intents by themselves
FAREWELLS = ("utter_goodbye",)


class TurnRefused(Exception):
    """A request that is not a turn; carries its HTTP status."""

    def __init__(self, status: int, name: str, detail: str) -> None:
        super().__init__(detail)
        self.status, self.name = status, name


@dataclass(frozen=True)
class Turn:
    """What the front door asks: who, which message, what was said and how."""

    sender: str
    message_id: str
    text: str
    kind: str
    metadata: Dict[Text, Any] = field(default_factory=dict)


class Replies(OutputChannel):
    """Collects the turn's talk-track names. Its name is the customer's channel, so domain.yml may vary by it."""

    def __init__(self, channel: str) -> None:
        self._channel = channel
        self.collected: List[Dict[Text, Any]] = []

    def name(self) -> Text:  # type: ignore[override]
        return self._channel

    async def send_response(self, recipient_id: Text, message: Dict[Text, Any]) -> None:
        self.collected += draft(message)


def draft(message: Dict[Text, Any]) -> List[Dict[Text, Any]]:
    """What Rasa wants said, as the front door takes it; nothing when it has no talk track."""
    talk_track = message.get("utter_action")
    if not talk_track:
        logger.error("engine.words_without_talk_track dropped=1")
        return []
    return [
        {
            "talk_track": talk_track,
            "slots": message.get("slots") or {},
            "default": message.get("text") or "",
            "buttons": message.get("buttons") or [],
        }
    ]


class LamplighterInput(InputChannel):
    """`POST /webhooks/lamplighter/turn`, for the front door alone."""

    @classmethod
    def name(cls) -> Text:
        return "lamplighter"

    @classmethod
    def from_credentials(cls, credentials: Optional[Dict[Text, Any]]) -> "LamplighterInput":
        return cls((credentials or {}).get("token") or "")

    def __init__(self, token: str) -> None:
        if not token:
            raise ValueError("the channel needs a token (ENGINE_TOKEN)")
        self._token = token

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        webhook = Blueprint("lamplighter")

        @webhook.post("/turn")
        async def turn(request: Request) -> HTTPResponse:
            try:
                authorise(request.headers.get("authorization"), self._token)
                asked = read_turn(request)
                return response.json(await answer(asked, request.app.ctx.agent), ensure_ascii=False)
            except TurnRefused as refusal:
                return response.json({"error": refusal.name, "detail": str(refusal)}, status=refusal.status)

        return webhook


def authorise(header: Optional[str], token: str) -> None:
    """Bearer authentication in constant time; raises TurnRefused."""
    given = (header or "").encode()
    if not hmac.compare_digest(given, f"Bearer {token}".encode()):
        raise TurnRefused(401, "Unauthorized", "send Authorization: Bearer with the engine's token")


def read_turn(request: Request) -> Turn:
    """The request as a Turn; raises TurnRefused with what to mend."""
    if len(request.body) > BODY_LIMIT:
        raise TurnRefused(413, "MessageTooLong", f"a turn has at most {BODY_LIMIT} bytes")
    try:
        body = request.json
    except Exception as error:  # Sanic raises its own InvalidUsage; a caller needs our shape
        raise TurnRefused(400, "BadTurn", "the body is not JSON") from error
    return parse_turn(body)


def parse_turn(body: Any) -> Turn:
    """Checks the wire's fields; a leading slash is made harmless because Rasa would read it as a command."""
    if not isinstance(body, dict):
        raise TurnRefused(400, "BadTurn", "the body must be a JSON object")
    sender, text = body.get("sender"), body.get("text", "")
    metadata = body.get("metadata") or {}
    if not isinstance(sender, str) or not 0 < len(sender) <= 200:
        raise TurnRefused(400, "BadTurn", "sender must be a text of 1 to 200 characters")
    if not isinstance(text, str) or not isinstance(metadata, dict):
        raise TurnRefused(400, "BadTurn", "text must be a text and metadata an object")
    if len(text) > TEXT_LIMIT:
        raise TurnRefused(413, "MessageTooLong", f"text has at most {TEXT_LIMIT} characters")
    kind = metadata.get("kind") or "text"
    if kind not in ("text", "keys", "speech", *WITHOUT_WORDS):
        raise TurnRefused(400, "BadTurn", "kind must be text, keys, speech, silence or ring")
    if kind not in WITHOUT_WORDS and not text.strip():
        raise TurnRefused(400, "BadTurn", "text is empty; silence is kind silence")
    return Turn(sender, str(body.get("message_id") or ""), as_words(text), kind, metadata)


def as_words(text: str) -> str:
    """`/restart` typed by a customer is five words, not a command: a full-width slash reads the same to people."""
    words = text.strip()
    return "／" + words[1:] if words.startswith("/") else words


async def answer(turn: Turn, agent: Any) -> Dict[Text, Any]:
    """The turn's answer. A conversation's turns go one after another; a message asked again is not stepped again."""
    if agent is None or not agent.is_ready():
        raise TurnRefused(503, "EngineNotReady", "the model is still being loaded")
    try:
        async with agent.lock_store.lock(turn.sender):
            with agent.tracker_store.turn(turn.sender):
                return await answer_alone(turn, agent)
    except LockError as error:
        raise TurnRefused(503, "ConversationBusy", str(error)) from error
    except TrackerMoved as error:
        raise TurnRefused(503, "TrackerMoved", str(error)) from error


async def answer_alone(turn: Turn, agent: Any) -> Dict[Text, Any]:
    """The answer of a turn whose conversation nobody else has."""
    tracker = await agent.tracker_store.retrieve(turn.sender)
    if turn.message_id in getattr(tracker, "folded_messages", ()):  # answered long ago
        tracker = await agent.tracker_store.retrieve_full_tracker(turn.sender)
    done = answered(tracker, turn.message_id)
    if done is not None:
        replies = [reply for message in done.said for reply in draft(message)]
        return describe(turn, done.tracker, replies, done.failures)
    return await step(turn, agent, slot_of(tracker))


async def step(turn: Turn, agent: Any, requested: Optional[str]) -> Dict[Text, Any]:
    """Let Rasa handle the turn, then read off the tracker what to expect and how it was understood."""
    channel = turn.metadata.get("channel")
    replies = Replies(channel if channel in CHANNELS else "web")
    also = [] if turn.kind in WITHOUT_WORDS else await clauses.read(turn.text, agent)
    with failures_of_this_turn() as failures:
        message = user_message(turn, replies, requested, also)
        await agent.processor.handle_message(message)  # the lock is held already
    tracker = await agent.tracker_store.retrieve(turn.sender)
    if tracker is None:
        raise TurnRefused(503, "TrackerLost", "the conversation's memory cannot be read")
    return describe(turn, tracker, replies.collected, failures)


def describe(
    turn: Turn, tracker: DialogueStateTracker, replies: List[Dict[Text, Any]], failures: List[str]
) -> Dict[Text, Any]:
    """The answer of a turn that ended with `tracker`. Raises TurnRefused when an action failed in it."""
    if failures:
        raise TurnRefused(502, "ActionFailed", f"no answer from the action server: {', '.join(failures)}")
    return {
        "replies": replies,
        "expects": expectation(tracker, replies),
        "decision": decision(tracker, turn.kind),
        "hang_up": hangs_up(tracker, replies, turn.metadata.get("channel")),
    }


def user_message(
    turn: Turn, replies: Replies, requested_slot: Optional[str], also: List[Dict[Text, Any]]
) -> UserMessage:
    """Rasa's message. The slot that was asked for goes along: four digits mean something else to each question.
    So do the clauses of a sentence, and the values of a no (不是这个月，是八月), for the actions."""
    metadata = {**turn.metadata, "requested_slot": requested_slot}
    if also:
        metadata["clauses"] = also
    if turn.kind not in WITHOUT_WORDS and clauses.may_correct(turn.text):
        metadata["values"] = clauses.values(turn.text, metadata)
    parse_data = None
    if turn.kind in WITHOUT_WORDS:
        intent = {"name": turn.kind, "confidence": 1.0}
        gate = {"decision": "accept", "confidence": 1.0, "candidates": [turn.kind]}
        parse_data = {"text": "", "intent": intent, "intent_ranking": [intent], "entities": [], "gate": gate}
    return UserMessage(
        "" if parse_data else turn.text,
        replies,
        turn.sender,
        parse_data=parse_data,
        input_channel="lamplighter",
        message_id=turn.message_id or None,
        metadata=metadata,
    )


def slot_of(tracker: Optional[DialogueStateTracker]) -> Optional[str]:
    """The slot that a form has asked for last, if any."""
    return tracker.get_slot("requested_slot") if tracker and "requested_slot" in tracker.slots else None


def expectation(tracker: DialogueStateTracker, replies: List[Dict[Text, Any]]) -> Dict[Text, Any]:
    slot = slot_of(tracker)
    slot_type = tracker.slots[slot].type_name if slot in tracker.slots else None
    return expected(slot, slot_type=slot_type, has_buttons=bool(replies and replies[-1]["buttons"]))


def decision(tracker: DialogueStateTracker, kind: str) -> Optional[Dict[Text, Any]]:
    """How the last message was understood, the gate's verdict included."""
    if tracker.latest_message is None:
        return None
    parsed = tracker.latest_message.parse_data or {}
    intent, gate = parsed.get("intent") or {}, parsed.get("gate") or {}
    return {
        "intent": kind if kind in WITHOUT_WORDS else intent.get("name"),
        "confidence": round(float(gate.get("confidence", intent.get("confidence") or 0.0)), 4),
        "decision": gate.get("decision", "accept"),
        "entities": [
            {"entity": found["entity"], "value": found["value"], "text": found.get("text", "")}
            for found in parsed.get("entities") or []
        ],
    }


def hangs_up(tracker: DialogueStateTracker, replies: List[Dict[Text, Any]], channel: Any) -> bool:
    """A call ends after the farewell, or when the dialogue says so in the slot `hang_up`."""
    asked = "hang_up" in tracker.slots and bool(tracker.get_slot("hang_up"))
    return channel == "phone" and (asked or (bool(replies) and replies[-1]["talk_track"] in FAREWELLS))
