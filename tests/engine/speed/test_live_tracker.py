"""A live tracker's states are those of Rasa's own tracker, over long conversations of every kind of turn."""

import random
from pathlib import Path

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    BotUttered,
    DefinePrevUserUtteredFeaturization,
    LoopInterrupted,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine.speed.live_tracker import KEPT_TURNS, LiveTracker
from bot.engine.speed.lookback import Lookback

DOMAIN = Domain.load(str(Path(__file__).resolve().parents[3] / "domain.yml"))
RULE_ONLY = {"rule_only_slots": ["asking"], "rule_only_loops": []}
LOOKBACK = Lookback(states=7, rule_only=RULE_ONLY)
FORM, LISTEN = "service_form", "action_listen"


def said(intent):
    return [UserUttered(intent, {"name": intent, "confidence": 1.0}), DefinePrevUserUtteredFeaturization(False)]


def acted(name, chance):
    return ActionExecuted(name, hide_rule_turn=chance.random() < 0.7)


def light(chance):
    return [*said("thank"), acted("action_thank", chance), BotUttered("好"), ActionExecuted(LISTEN)]


def form_opens(chance):
    asked = [SlotSet("asking", True), SlotSet("address", str(chance.random()))]
    opened = [ActiveLoop(FORM), SlotSet("requested_slot", "address")]
    begun = [acted("action_begin_service", chance), *asked]
    return [*said("report_outage"), *begun, acted(FORM, chance), *opened, ActionExecuted(LISTEN)]


def form_answered(chance):
    return [*said("inform"), acted(FORM, chance), SlotSet("requested_slot", "event_time"), ActionExecuted(LISTEN)]


def form_interrupted(chance):
    turned = [ActionExecutionRejected(FORM), acted("action_answer", chance), LoopInterrupted(True)]
    return [*said("ask_tariff"), *turned, acted(FORM, chance), ActionExecuted(LISTEN)]


def form_closes(chance):
    closed = [ActiveLoop(None), SlotSet("requested_slot", None), SlotSet("asking", False)]
    done = [acted("action_finish_service", chance), SlotSet("order_number", str(chance.random()))]
    return [*said("inform"), acted(FORM, chance), *closed, *done, ActionExecuted(LISTEN)]


def taken_back(chance):
    return [
        *said("out_of_scope"),
        acted("action_default_fallback", chance),
        UserUtteranceReverted(),
        ActionExecuted(LISTEN),
    ]


def turns(chance, number, *, patience=1):
    """Turns in an order that Rasa could have produced; `patience`: how long forms stay open."""
    in_form = False
    for _ in range(number):
        kinds = (
            [form_answered, *[form_interrupted] * patience, form_closes]
            if in_form
            else [light, light, form_opens, taken_back]
        )
        kind = chance.choice(kinds)
        in_form = kind in (form_opens, form_answered, form_interrupted)
        yield kind(chance)
        if not in_form and chance.random() < 0.03:
            yield [ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted(LISTEN)]
        if not in_form and chance.random() < 0.02:
            yield [Restarted(), ActionExecuted(LISTEN)]


def live(lookback=LOOKBACK):
    tracker = LiveTracker("c-1", DOMAIN.slots)
    tracker.lookback = lookback
    return tracker


def views(tracker):
    """The last states as rules and as stories see them."""
    as_stories = {"ignore_rule_only_turns": True, "rule_only_data": RULE_ONLY}
    return [tracker.past_states(DOMAIN, **view)[-LOOKBACK.states :] for view in ({}, as_stories)]


@pytest.mark.parametrize("patience", [1, 20])
@pytest.mark.parametrize("seed", range(6))
def test_the_states_are_those_of_rasas_own_tracker_at_every_event(seed, patience):
    ours, rasas, longest = live(), DialogueStateTracker("c-1", DOMAIN.slots), 0
    for events in turns(random.Random(seed), 60, patience=patience):
        for event in events:
            ours.update(event)
            rasas.update(event)
            if isinstance(event, (ActionExecuted, ActiveLoop, DefinePrevUserUtteredFeaturization)):
                assert views(ours) == views(rasas)
        assert ours.current_slot_values() == rasas.current_slot_values()
        ours.stored = len(ours.events)
        ours.fold(DOMAIN)
        longest = max(longest, len(ours.events))
        assert ours.copy().current_slot_values() == rasas.current_slot_values()
        assert ours.copy().active_loop_name == rasas.active_loop_name
    assert longest < len(rasas.events) / 2


def test_a_fact_of_the_first_turn_is_there_after_two_hundred_and_nothing_grows():
    tracker, chance = live(), random.Random(1)
    tracker.update_with_events([ActionExecuted(LISTEN), *said("inform"), SlotSet("account_number", "0602")], DOMAIN)
    lengths = []
    for _ in range(200):
        tracker.update_with_events(light(chance), DOMAIN)
        tracker.stored = len(tracker.events)
        tracker.fold(DOMAIN)
        lengths.append(len(tracker.events))
    assert tracker.copy().get_slot("account_number") == "0602"
    assert max(lengths) == max(lengths[:10])
    assert sum(isinstance(event, UserUttered) for event in tracker.events) == KEPT_TURNS


def test_nothing_grows_in_a_form_that_stays_open():
    tracker, chance = live(), random.Random(1)
    tracker.update_with_events([ActionExecuted(LISTEN), *form_opens(chance)], DOMAIN)
    lengths = []
    for _ in range(100):
        tracker.update_with_events(form_interrupted(chance), DOMAIN)
        tracker.stored = len(tracker.events)
        tracker.fold(DOMAIN)
        lengths.append(len(tracker.events))
    assert tracker.copy().active_loop_name == FORM
    assert max(lengths[50:]) == max(lengths[:10])


def test_without_a_lookback_nothing_is_folded():
    tracker, chance = live(lookback=None), random.Random(1)
    for _ in range(20):
        tracker.update_with_events(light(chance), DOMAIN)
        tracker.fold(DOMAIN)
    assert sum(isinstance(event, UserUttered) for event in tracker.events) == 20
