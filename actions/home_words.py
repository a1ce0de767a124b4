"""What a customer says of their dark home: neighbours, main switch, power. Pure; the words stand in said.yml."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from actions.said import says
from actions.turn import UNKNOWN, Message

SHORT = 12
"""Up to so many characters plain words are an answer, whatever wish they sound like (跳了, 来电了)."""
NEAR = frozenset({"inform", "nlu_fallback", "out_of_scope", "affirm", "deny", "wait", "stop", "cancel_work_order"}) | {
    "report_outage",
    "report_voltage",
    "report_meter_fault",
    "report_hazard",
}
"""What an answer at length may have been taken for."""
VAGUE = NEAR - {"wait", "stop", "cancel_work_order", "report_hazard", "inform"}
"""Short words under these that say nothing usable are a "cannot say", not a new report or a riddle."""
SURE = 0.8
"""From here on 不知道 and its like belong to another wish that was understood (不想等了我要投诉)."""
ASKS = frozenset({"utter_ask_neighbours", "utter_ask_breaker", "utter_home_close_breaker", "utter_ask_power_back"})
PAUSES = frozenset({"utter_take_your_time", "utter_are_you_there", "utter_home_breaker_where"})
"""Said in between, these leave the question where it was."""


@dataclass(frozen=True)
class Answer:
    """`neighbours`: lit, dark, unknown; `breaker`: up, down, trips_again, unknown. `back`: power is on again;
    `pushed`: the switch is closed, the rest is not said; `enough`: ask no more; `noted`: 好的, nothing else."""

    neighbours: str | None = None
    breaker: str | None = None
    back: bool = False
    pushed: bool = False
    enough: bool = False
    noted: bool = False
    where: bool = False


def told(text: str) -> dict[str, str]:
    """Slots that a report fills before anything is asked: others and the switch where they are named."""
    breaker = _breaker(text) if says("breaker_named", text) else None
    found = {"home_neighbours": _neighbours(text), "home_breaker": breaker}
    return {slot: value for slot, value in found.items() if value}


def read(question: str, message: Message, *, just_asked: bool) -> Answer | None:
    """The answer to `neighbours`, `breaker` or `pushed`; None: something else was said. A bare yes or no counts only
    where the question stands right before it."""
    text = message.text.strip("。！!？?，, ")
    if not _may_answer(message, text):
        return None
    if says("breaker_where", text):
        return Answer(where=True)
    found = _pushed(text) if question == "pushed" else _looked(question, text)
    if found is None and just_asked:
        found = _bare(question, message, text)
    return found or _unable(question, message, text, just_asked=just_asked)


def was_just_asked(events: Iterable[Mapping[str, Any]]) -> bool:
    """Whether the last thing said was one of the questions; a pause in between does not count."""
    names: set[str] = set()
    for event in reversed(list(events)):
        if event.get("event") == "bot":
            names.add(str((event.get("metadata") or {}).get("utter_action")))
        elif event.get("event") == "user" and names:
            if not names <= PAUSES:
                return bool(names & ASKS)
            names = set()
    return bool(names & ASKS)


def _may_answer(message: Message, text: str) -> bool:
    """A place, one more wish, or danger is never an answer; a long sentence only where nothing else was meant."""
    if message.entity("address") or says("one_more", text) or says("danger", text):
        return False
    if message.intent == "urge_work_order":  # has words of its own for who is in a hurry
        return False
    return message.intent in NEAR or len(text) <= SHORT


def _looked(question: str, text: str) -> Answer | None:
    neighbours = _neighbours(text)
    breaker = _breaker(text) if question == "breaker" or says("breaker_named", text) else None
    if question == "neighbours" and neighbours is None and says("household", text):  # 只有我家
        neighbours = "lit"
    back = question == "breaker" and says("power_back", text) and not says("still_off", text)
    if back and breaker != "trips_again":
        return Answer(neighbours, breaker, back=True)
    return Answer(neighbours, breaker) if neighbours or breaker else None


def _pushed(text: str) -> Answer | None:
    """After it was pushed up: any fall is one more, power is back, or nothing has changed."""
    if says("breaker_trips", text) or (says("breaker_down", text) and _breaker(text) == "down"):
        return Answer(breaker="trips_again")
    if says("still_off", text):
        return Answer(breaker="up")
    if says("power_back", text) or says("works_again", text):
        return Answer(back=True)
    return Answer(pushed=True) if says("pushed", text) and not says("cannot_say", text) else None


def _bare(question: str, message: Message, text: str) -> Answer | None:
    """好的 is heard, and answers nothing; 有 and 没有 do."""
    if says("acknowledges", text) and message.intent in ("affirm", "inform"):
        return Answer(noted=True)
    if message.intent == "affirm":
        yes = {"neighbours": Answer("lit"), "breaker": Answer(breaker="down"), "pushed": Answer(back=True)}
        return yes[question]
    if says("dark_answer", text):  # 没有
        return Answer("dark") if question == "neighbours" else Answer(breaker="up")
    return Answer("lit") if question == "neighbours" and says("lit_answer", text) else None


def _unable(question: str, message: Message, text: str, *, just_asked: bool) -> Answer | None:
    if message.intent not in NEAR and message.confidence >= SURE:
        return None
    vague = just_asked and len(text) <= SHORT and message.intent in VAGUE
    if says("do_not_ask", text):
        return Answer(enough=True)
    if says("cannot_say", text) or vague:
        return Answer(neighbours=UNKNOWN) if question == "neighbours" else Answer(breaker=UNKNOWN)
    return None


def _neighbours(text: str) -> str | None:
    if says("neighbours_dark", text):
        return "dark"
    return "lit" if says("neighbours_lit", text) else None


def _breaker(text: str) -> str | None:
    if says("breaker_trips", text):
        return "trips_again"
    if says("breaker_up", text):
        return "up"
    return "down" if says("breaker_down", text) else None
