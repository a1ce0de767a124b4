"""A scene: a customer's turns played against the action server, with the tracker that Rasa would keep.

It follows data/rules and Rasa's way with forms (hear first, step back if nothing was heard, then the rule), so that
a whole dialogue can be tested without a model. The words are understood by the test: it names intent and entities.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import yaml

ROOT = Path(__file__).resolve().parents[2]
FORM = "service_form"
TOKEN = "actions-server-token"
TODAY = "2026-11-23"


@dataclass(frozen=True)
class Rule:
    """What data/rules says for an intent: the actions in order, and whether the form follows."""

    in_form: bool
    intents: frozenset[str]
    actions: tuple[str, ...]
    asking: bool | None


def read_rules() -> list[Rule]:
    found = []
    for file in sorted((ROOT / "data/rules").glob("*.yml")):
        for rule in yaml.safe_load(file.read_text("utf-8"))["rules"]:
            steps = rule["steps"]
            either = steps[0].get("or", [steps[0]])
            intents = frozenset(step["intent"] for step in either if "intent" in step)
            slots = [value for step in steps for slot in step.get("slot_was_set", []) for value in slot.items()]
            found.append(
                Rule(
                    in_form=any("active_loop" in each for each in rule.get("condition", [])),
                    intents=intents,
                    actions=tuple(step["action"] for step in steps if "action" in step),
                    asking=dict(slots).get("asking"),
                )
            )
    return found


@dataclass
class Scene:
    """One conversation. `said` are the talk tracks of the last turn, `slots_of` their values."""

    server: httpx.AsyncClient
    front_door: httpx.AsyncClient
    id: str = "c-1"
    channel: str = "web"
    caller: str | None = None
    control: str = "bot"
    slots: dict[str, Any] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    loop: str | None = None
    replies: list[dict[str, Any]] = field(default_factory=list)
    numbers: Iterable[int] = field(default_factory=lambda: count(1))
    rules: list[Rule] = field(default_factory=read_rules)

    @property
    def said(self) -> list[str]:
        return [reply["response"] for reply in self.replies]

    @property
    def asked(self) -> str | None:
        return self.slots.get("requested_slot")

    def value(self, talk_track: str, slot: str) -> str:
        return str(next(reply[slot] for reply in self.replies if reply["response"] == talk_track))

    async def hears(self, intent: str, text: str = "", again: bool = False, /, **entities: str) -> list[str]:
        """One turn; `again`: the same message is sent once more, as after a lost answer. Returns the talk tracks."""
        if not again:
            self.number = f"m-{next(iter(self.numbers))}"
        await self._record(text or intent)
        self.replies = []
        self.latest = {
            "intent": {"name": intent, "confidence": 0.9},
            "entities": [{"entity": name, "value": value} for name, value in entities.items()],
            "text": text,
            "message_id": self.number,
            "metadata": {
                "channel": self.channel,
                "caller": self.caller,
                "control": self.control,
                "today": TODAY,
                "clauses": [{"text": said, "intent": wish, "confidence": 0.9} for said, wish in self.clauses],
            },
            "intent_ranking": [{"name": name, "confidence": 0.3} for name in self.ranking],
        }
        self.clauses = ()  # one sentence's only
        self.events.append({"event": "user", "text": text})
        if self.loop == FORM and await self._form_hears():
            await self._ask_or_finish()
        else:
            await self._follow_rule(intent)
        return self.said

    ranking: tuple[str, ...] = ()
    clauses: tuple[tuple[str, str], ...] = ()
    """What the engine reads clause by clause in the next sentence: words and intent."""
    number: str = ""
    latest: dict[str, Any] = field(default_factory=dict)

    async def _record(self, text: str) -> None:
        answer = await self.front_door.post(
            f"/api/conversations/{self.id}/messages",
            json={
                "id": self.number,
                "channel": self.channel,
                "kind": "text",
                "text": text,
                "at": datetime.now(UTC).isoformat(),
                "reply_to": f"{self.channel}:{self.id}",
                "caller": self.caller,
            },
        )
        if answer.is_success:  # a dead ticketing is a scene as well
            self.control = answer.json()["control"]

    async def _follow_rule(self, intent: str) -> None:
        fitting = [rule for rule in self.rules if intent in rule.intents and (self.loop == FORM or not rule.in_form)]
        first = max(fitting, key=lambda rule: rule.in_form)
        if await self._run(first.actions[0]):
            return
        asking = self.slots.get("asking")
        rule = next(each for each in fitting if each.in_form == first.in_form and each.asking in (None, asking))
        for action in rule.actions[1:]:
            if action == FORM:
                self.loop = FORM
                await self._run("validate_service_form", form=True)
                await self._ask_or_finish()
            else:
                await self._run(action)

    async def _form_hears(self) -> bool:
        before = len(self.events)
        await self._run("validate_service_form", form=True)
        return any(each["event"] == "slot" and each["name"] != "requested_slot" for each in self.events[before:])

    async def _ask_or_finish(self) -> None:
        if self.resting:
            return
        if self.asked:
            await self._run(f"action_ask_{self.asked}")
        else:
            self.loop = None
            await self._run("action_finish_service")

    resting: bool = False

    async def _run(self, action: str, *, form: bool = False) -> bool:
        """Run an action and keep its events; True when it ends the turn by itself."""
        if not form:
            self.events.append({"event": "action", "name": action})
        answer = await self.server.post(
            "/webhook",
            params={"token": TOKEN},
            json={
                "next_action": action,
                "sender_id": self.id,
                "domain": {},
                "tracker": {
                    "sender_id": self.id,
                    "slots": self.slots,
                    "latest_message": self.latest,
                    "events": self.events,
                    "active_loop": {"name": self.loop} if self.loop else {},
                },
            },
        )
        assert answer.status_code == 200, answer.text
        result = answer.json()
        self.resting = False
        for event in result["events"]:
            self.events.append({**event, "timestamp": float(len(self.events))})  # Rasa dates what it keeps
            if event["event"] == "slot":
                self.slots[event["name"]] = event["value"]
            elif event["event"] == "active_loop":
                self.loop = event["name"]
            elif event["event"] == "followup":
                self.resting = True
        for response in result["responses"]:
            values = {name: value for name, value in response.items() if value not in (None, [], {})}
            self.replies.append(values)
            slots = {name: value for name, value in values.items() if name not in ("response", "buttons")}
            self.events.append({"event": "bot", "metadata": {"utter_action": values["response"], "slots": slots}})
        return self.resting
