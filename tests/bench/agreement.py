"""Do the record, Rasa's tracker and the customer's page agree? Counts of what is lost, doubled and out of order."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

CALL_BACK = "utter_ticketing_down"


@dataclass
class Findings:
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    out_of_order: list[str] = field(default_factory=list)
    apologised: list[str] = field(default_factory=list)
    """Turns for which Rasa could not be asked: answered in words, taken to a person, and not in the tracker."""
    called_back: list[str] = field(default_factory=list)
    """Turns that ticketing was too slow to record: to Rasa's words the front door added that somebody calls back."""

    def __iadd__(self, other: "Findings") -> "Findings":
        self.lost += other.lost
        self.doubled += other.doubled
        self.out_of_order += other.out_of_order
        self.apologised += other.apologised
        self.called_back += other.called_back
        return self


def compare(  # noqa: PLR0917
    sent: Sequence[str],
    record: Sequence[dict[str, Any]],
    tracker: Sequence[dict[str, Any]],
    page: Sequence[dict[str, Any]],
    second_answers: dict[str, list[str]],
    orders: Iterable[str],
) -> Findings:
    """One conversation: the ids sent, ticketing's messages, Rasa's events, the page's events, answers to repeats.

    News of an order, which answer nothing, have no place among the turns. What ticketing has as dropped was not said:
    the front door had spoken before ticketing's answer reached it, and that stands on record as well.
    """
    recorded = [line for line in record if line["speaker"] == "customer"]
    replies = [line for line in record if line["speaker"] == "bot" and not _was_dropped(line)]
    news = {line["id"] for line in record if line["speaker"] == "system"}
    shown = [event for event in page if event["type"] == "bot" and event["id"] not in news]
    turn_of = {reply["id"]: reply["turn"] for reply in replies}
    found = Findings(apologised=[line["turn"] for line in replies if line["talk_track"] == "utter_engine_down"])
    stepped = [event["message_id"] for event in tracker if event["event"] == "user"]
    turns = {
        "record": [line["id"] for line in recorded],
        "tracker": stepped,
        "replies": _runs(line["turn"] for line in replies),
        "page": [event["id"] for event in page if event["type"] == "customer"],
        "page's replies": _runs(turn_of.get(event["id"], f"not on record: {event['id']}") for event in shown),
    }
    for place, ids in turns.items():
        found += _against(sent, ids, place)
    found.lost += [f"{id}: the reply never came" for id in turn_of if id not in {event["id"] for event in shown}]
    found.doubled += [f"{id} shown twice" for id, times in Counter(event["id"] for event in page).items() if times > 1]
    found.doubled += [f"{kind} ordered {times} times" for kind, times in Counter(orders).items() if times > 1]
    for id, answer in second_answers.items():
        if answer != [reply["id"] for reply in replies if reply["turn"] == id]:
            found.doubled.append(f"{id}: the repeat got another answer")
    said = _tracks_by_turn(tracker)
    for id in sorted(set(stepped) - set(found.apologised)):
        tracks = [line["talk_track"] for line in replies if line["turn"] == id]
        if tracks[-1:] == [CALL_BACK] and tracks[:-1] == said.get(id):
            found.called_back.append(id)
        elif tracks != said.get(id):
            found.doubled.append(f"{id}: Rasa said {said.get(id)}, the record has something else")
    return found


def _was_dropped(line: dict[str, Any]) -> bool:
    return any(fate["state"] == "dropped" for fate in line.get("deliveries", ()))


def _against(sent: Sequence[str], ids: Sequence[str], place: str) -> Findings:
    """What was sent once and in order, against where it must be found once and in order."""
    number = {id: position for position, id in enumerate(sent)}
    times = Counter(ids)
    found = Findings(
        lost=[f"{id} is not in the {place}" for id in sent if not times[id]],
        doubled=[f"{id} is {count} times in the {place}" for id, count in times.items() if count > 1],
    )
    found.doubled += [f"{id} is in the {place} and was not sent" for id in times if id not in number]
    furthest = -1
    for id in ids:
        if number.get(id, furthest) < furthest:
            found.out_of_order.append(f"{id} comes late in the {place}")
        furthest = max(furthest, number.get(id, furthest))
    return found


def _runs(turns: Iterable[str]) -> list[str]:
    """Several replies of one turn in a row are one answer; the same turn further on is another."""
    return [turn for turn, _ in groupby(turns)]


def _tracks_by_turn(tracker: Sequence[dict[str, Any]]) -> dict[str, list[str]]:
    """Message id → the talk tracks that Rasa remembers to have said for it."""
    said: dict[str, list[str]] = {}
    turn = ""
    for event in tracker:
        if event["event"] == "user":
            turn = event["message_id"]
            said[turn] = []
        elif event["event"] == "bot" and turn:
            said[turn].append(event["metadata"]["utter_action"])
    return said
