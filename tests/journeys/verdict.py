"""Does what happened fit what was expected? Pure: values in, a list of complaints out."""

from dataclasses import dataclass, field
from typing import Any

from tests.journeys.script import Expectation, names


@dataclass(frozen=True)
class Outcome:
    """What a turn led to: the bot's replies, who has control, the conversation's orders (newest last)."""

    replies: list[dict[str, Any]]
    control: str
    work_orders: list[dict[str, Any]]
    hung_up: bool = False

    @property
    def said(self) -> str:
        return "\n".join(str(reply["text"]) for reply in self.replies)

    @property
    def tracks(self) -> set[str]:
        return {str(reply["talk_track"]) for reply in self.replies if reply["talk_track"]}

    @property
    def buttons(self) -> set[str]:
        return {str(button["title"]) for reply in self.replies for button in reply.get("buttons") or []}


@dataclass
class Complaints:
    found: list[str] = field(default_factory=list)

    def unless(self, holds: bool, words: str) -> None:
        if not holds:
            self.found.append(words)


def judge(expected: Expectation, outcome: Outcome) -> list[str]:
    """Each way in which `outcome` is not what was `expected`; empty: all is well."""
    complaints = Complaints()
    for track in names(expected.talk_track):
        complaints.unless(track in outcome.tracks, f"talk track {track} not said, but {sorted(outcome.tracks)}")
    if expected.any_of:
        complaints.unless(
            bool(outcome.tracks & set(expected.any_of)), f"none of {expected.any_of}, but {sorted(outcome.tracks)}"
        )
    for track in names(expected.not_talk_track):
        complaints.unless(track not in outcome.tracks, f"talk track {track} was said")
    for word in names(expected.words):
        complaints.unless(word in outcome.said, f"“{word}” is not in “{outcome.said}”")
    for word in names(expected.not_words):
        complaints.unless(word not in outcome.said, f"“{word}” is in “{outcome.said}”")
    for title in names(expected.buttons):
        complaints.unless(title in outcome.buttons, f"no button “{title}”, but {sorted(outcome.buttons)}")
    if expected.control:
        complaints.unless(expected.control == outcome.control, f"control is {outcome.control}, not {expected.control}")
    if expected.published:
        unapproved = [r["talk_track"] for r in outcome.replies if r["talk_track"] and not r["version"]]
        complaints.unless(not unapproved, f"not published: {unapproved}")
    if expected.hang_up is not None:
        complaints.unless(expected.hang_up == outcome.hung_up, f"hung up: {outcome.hung_up}")
    _orders(expected, outcome, complaints)
    return complaints.found


def _orders(expected: Expectation, outcome: Outcome, complaints: Complaints) -> None:
    if expected.work_orders is not None:
        count = len(outcome.work_orders)
        complaints.unless(count == expected.work_orders, f"{count} work orders, not {expected.work_orders}")
    if expected.work_order is not None:
        newest = max(outcome.work_orders, key=lambda order: str(order["number"]), default={})
        for name, value in expected.work_order.items():
            complaints.unless(newest.get(name) == value, f"the order's {name} is {newest.get(name)!r}, not {value!r}")
