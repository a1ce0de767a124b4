"""The ordering bench sees what it shall see: each fault is put into a good conversation and must be found."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from tests.bench.agreement import Findings, compare

SENT = ["m-0", "m-1", "m-2"]


def good() -> dict[str, Any]:
    def customer(id: str) -> dict[str, Any]:
        return {"speaker": "customer", "id": id, "turn": None, "talk_track": None}

    def bot(id: str) -> dict[str, Any]:
        return {"speaker": "bot", "id": f"r-{id}", "turn": id, "talk_track": "utter_echo"}

    return {
        "sent": SENT,
        "record": [line for id in SENT for line in (customer(id), bot(id))],
        "tracker": [
            event
            for id in SENT
            for event in (
                {"event": "user", "message_id": id},
                {"event": "bot", "metadata": {"utter_action": "utter_echo"}},
            )
        ],
        "page": [event for id in SENT for event in ({"type": "customer", "id": id}, {"type": "bot", "id": f"r-{id}"})],
        "second_answers": {"m-1": ["r-m-1"]},
        "orders": ["outage", "call_back"],
    }


def test_a_good_conversation_has_no_finding() -> None:
    assert compare(**good()) == Findings()


def test_news_of_an_order_and_an_answer_too_late_to_be_said_are_no_faults() -> None:
    conversation = good()
    news = {"speaker": "system", "id": "out-1", "turn": None, "talk_track": "utter_crew_sent"}
    late = {**conversation["record"][1], "id": "r-late", "deliveries": [{"state": "dropped"}]}
    conversation["record"][1:1] = [late, news]
    conversation["page"].append({"type": "bot", "id": "out-1"})
    assert compare(**conversation) == Findings()


def test_what_the_front_door_adds_while_ticketing_is_away_is_counted_and_no_fault() -> None:
    conversation = good()
    added = {**conversation["record"][1], "id": "r-added", "talk_track": "utter_ticketing_down"}
    conversation["record"].insert(2, added)
    conversation["page"].insert(2, {"type": "bot", "id": "r-added"})
    assert compare(**conversation) == Findings(called_back=["m-0"])


def swap(lines: list[Any], one: int, other: int) -> None:
    lines[one], lines[other] = lines[other], lines[one]


def change(line: dict[str, Any], **values: Any) -> None:
    line.update(values)


FAULTS: dict[str, tuple[str, Callable[[dict[str, Any]], Any]]] = {
    "not recorded": ("lost", lambda it: it["record"].pop(2)),
    "not stepped": ("lost", lambda it: it["tracker"].pop(2)),
    "not answered": ("lost", lambda it: it["record"].pop(3)),
    "answer not shown": ("lost", lambda it: it["page"].pop(3)),
    "dropped and shown": ("doubled", lambda it: it["record"][1].update(deliveries=[{"state": "dropped"}])),
    "not shown as taken": ("lost", lambda it: it["page"].pop(2)),
    "recorded twice": ("doubled", lambda it: it["record"].append(it["record"][0])),
    "stepped twice": ("doubled", lambda it: it["tracker"].extend(it["tracker"][:2])),
    "answered twice": ("doubled", lambda it: it["record"].append({**it["record"][1], "id": "r-other"})),
    "shown twice": ("doubled", lambda it: it["page"].append(it["page"][1])),
    "never sent": ("doubled", lambda it: it["record"].append({**it["record"][0], "id": "m-9"})),
    "ordered twice": ("doubled", lambda it: it["orders"].append("outage")),
    "repeat answered otherwise": ("doubled", lambda it: change(it["second_answers"], **{"m-1": []})),
    "Rasa said something else": ("doubled", lambda it: change(it["record"][3], talk_track="utter_other")),
    "recorded late": ("out_of_order", lambda it: swap(it["record"], 0, 2)),
    "stepped late": ("out_of_order", lambda it: swap(it["tracker"], 0, 2)),
    "answered late": ("out_of_order", lambda it: swap(it["record"], 1, 3)),
    "shown late": ("out_of_order", lambda it: swap(it["page"], 1, 3)),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_found(fault: str) -> None:
    where, put_in = FAULTS[fault]
    conversation = deepcopy(good())
    put_in(conversation)
    assert getattr(compare(**conversation), where)
