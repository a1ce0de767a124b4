"""One turn as an action sees it: what was said, what is known; and what it says and sets in return."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

REQUESTED = "requested_slot"
FORM = "service_form"
LISTEN = "action_listen"
UNKNOWN = "unknown"
"""The customer cannot or will not say; accepted wherever the answer is not needed."""
SERVICE_SLOTS = (
    "outage_scope",
    "event_time",
    "bill_month",
    "description",
    "amount",
    "meter_number",
    "work_order_number",
    "id_last4",
    "code",
    "known_outage",
)
"""Facts of one wish; they do not outlive it. Who the customer is does, and where, until the next wish begins."""


@dataclass(frozen=True)
class Message:
    """What the customer said, as understood."""

    text: str
    intent: str
    entities: tuple[tuple[str, str], ...] = ()
    ranking: tuple[str, ...] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict)
    id: str = ""
    confidence: float = 1.0

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> "Message":
        metadata = raw.get("metadata") or {}
        return cls(
            text=(raw.get("text") or "").strip(),
            intent=(raw.get("intent") or {}).get("name") or "nlu_fallback",
            entities=_entities(raw, metadata),
            ranking=tuple(each["name"] for each in raw.get("intent_ranking") or []),
            metadata=metadata,
            confidence=float((raw.get("intent") or {}).get("confidence") or 0.0),
            id=str(metadata.get("message_id") or raw.get("message_id") or ""),
        )

    def entity(self, name: str) -> str | None:
        """The last value said: in a repair (不是三月是四月) that is the one that counts."""
        return next((value for entity, value in reversed(self.entities) if entity == name), None)


def _entities(raw: Mapping[str, Any], metadata: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Understanding leaves a yes and a no without values; 不是这个月，是八月 has one, which the channel sends along."""
    found = raw.get("entities") or metadata.get("values") or []
    return tuple((each["entity"], _meant(each)) for each in found)


def _meant(found: Mapping[str, Any]) -> str:
    """The value to act on: an address that was misheard (又江区) is looked up as what was meant."""
    return str(found.get("heard_as") or found["value"])


class Turn:
    """Collects what an action says (into rasa-sdk's dispatcher) and the events it returns."""

    def __init__(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        self._dispatcher = dispatcher
        self.conversation: str = tracker.sender_id
        self.history: list[dict[str, Any]] = list(tracker.events)
        """The last turns only: what must be known later belongs in a slot."""
        self.slots: dict[str, Any] = dict(tracker.slots)
        self.message = Message.read(tracker.latest_message)
        self.in_form: bool = (tracker.active_loop or {}).get("name") == FORM
        self.events: list[EventType] = []
        self.said: list[str] = []

    @property
    def on_phone(self) -> bool:
        return bool(self.message.metadata.get("channel") == "phone")

    @property
    def caller(self) -> str | None:
        """The number the customer telephones from."""
        return self.message.metadata.get("caller") or None

    @property
    def is_waiting(self) -> bool:
        """The conversation stands in the queue for a person."""
        return bool(self.message.metadata.get("control") == "waiting")

    def told(self, slot: str) -> str | None:
        """What the customer said for `slot`; None also where the answer was that it is not known."""
        value = self.get(slot)
        return None if value == UNKNOWN else value

    def get(self, slot: str) -> str | None:
        value = self.slots.get(slot)
        return None if value is None else str(value)

    def count(self, slot: str) -> int:
        return int(self.slots.get(slot) or 0)

    def key(self, what: str) -> str:
        """Idempotency key: the same message leads to the same deed once, however often it is sent."""
        return f"{self.conversation}:{self.message.id}:{what}"

    def key_of_wish(self, what: str) -> str:
        """Idempotency key of what completes a wish: tried again with a later message (ticketing did it, and the turn
        was lost before its end) it is the same deed. A wish that began with this message has no earlier try."""
        began = self._wish_began()
        return f"{self.conversation}:{self.get('wish')}@{began}:{what}" if began else self.key(what)

    def _wish_began(self) -> float | None:
        """When, if that was in an earlier turn: Rasa dates each event once, and keeps a turn whole or not at all."""
        earlier = False
        for event in reversed(self.history):
            earlier = earlier or event.get("event") == "user"
            if event.get("event") == "slot" and event.get("name") == "wish":
                return event.get("timestamp") if earlier else None
        return None

    def say(self, talk_track: str, buttons: list[dict[str, str]] | None = None, /, **slots: str) -> None:
        self.said.append(talk_track)
        self._dispatcher.utter_message(response=talk_track, buttons=buttons, **slots)

    def say_first(self, talk_track: str) -> None:
        """Before whatever this action has said already."""
        self.say(talk_track)
        self._dispatcher.messages.insert(0, self._dispatcher.messages.pop())

    def set(self, **slots: Any) -> None:
        """Set slots that change; the others make no event."""
        for slot, value in slots.items():
            if self.slots.get(slot) != value:
                self.slots[slot] = value
                self.events.append(SlotSet(slot, value))

    def fill(self, **slots: Any) -> None:
        """Set slots even to what they were: inside the form an event says that the answer was heard."""
        for slot, value in slots.items():
            self.slots[slot] = value
            self.events.append(SlotSet(slot, value))

    def forget(self, *slots: str) -> None:
        self.set(**dict.fromkeys(slots))

    def understood(self) -> None:
        """Something was made of this message: the count of misunderstandings starts anew."""
        if self.count("misunderstood"):
            self.set(misunderstood="0")
        if self.count("silences"):
            self.set(silences="0")
        if self.count("repeats"):
            self.set(repeats="0")

    def close(self) -> None:
        """Leave the form, whatever it was about."""
        self.set(wish=None, asking=False)
        self.forget(*SERVICE_SLOTS)
        self.leave_form()

    def leave_form(self) -> None:
        if self.in_form:
            self.events += [ActiveLoop(None), SlotSet(REQUESTED, None)]
            self.in_form = False

    def rest(self) -> None:
        """Say nothing more in this turn, whatever a rule would do next."""
        self.events.append(FollowupAction(LISTEN))
