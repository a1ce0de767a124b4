"""The past of a conversation up to a point between two turns: all that Rasa's states after it depend on.

`Domain.states_for_tracker_history` replays a conversation from its beginning and notes a state before each action, once
as rules see it and once as stories do (without the turns that only rules know). `Past` does the same, step by step, so
that it can stop between two turns and go on from there later.
"""

from __future__ import annotations

import copy
from collections import deque
from typing import Any, Deque, Iterable, List, Optional, Tuple

from rasa.shared.core.constants import PREVIOUS_ACTION
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import ActionExecuted, Event
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine.speed.lookback import Lookback
from bot.engine.speed.patch import known

# Written after these; another Rasa needs another look.
known(Domain.states_for_tracker_history, "035111ce73ac90ba")
known(DialogueStateTracker.generate_all_prior_trackers, "a1f6954347b52649")


class Past:
    """A replayed tracker (without its events) and the last states as rules and as stories see them."""

    def __init__(self, tracker: DialogueStateTracker, lookback: Lookback) -> None:
        """`tracker` gives the name and the slots; the past begins empty."""
        self._lookback = lookback
        self._tracker = tracker.init_copy()
        self._rules: Deque[State] = deque(maxlen=lookback.states)
        self._stories: Deque[State] = deque(maxlen=lookback.states)
        self._last_story_action: Any = None
        self._hidden = False

    def twin(self) -> "Past":
        """A copy that may go on by itself."""
        other = copy.copy(self)
        other._tracker = bare_copy(self._tracker)
        other._rules, other._stories = self._rules.copy(), self._stories.copy()
        return other

    def go_on(self, events: Iterable[Event], domain: Domain) -> None:
        """Replay applied events; a state is noted before each action."""
        for event in events:
            if isinstance(event, ActionExecuted):
                self._note(domain, hide=event.hide_rule_turn)
            self._tracker.update(event)
        self._tracker.events.clear()

    def states(self, domain: Domain) -> Tuple[List[State], List[State]]:
        """The last states for rules and for stories, the present one included. Ends this past: use a twin."""
        self._note(domain, hide=False)
        return list(self._rules), list(self._stories)

    def slot_values(self) -> List[Tuple[str, Any]]:
        """The slots that differ from their beginning."""
        return [(name, slot.value) for name, slot in self._tracker.slots.items() if slot.value != slot.initial_value]

    @property
    def loop(self) -> Optional[str]:
        """The form that is open where this past ends."""
        return self._tracker.active_loop_name

    def _note(self, domain: Domain, *, hide: bool) -> None:
        tracker, state = self._tracker, domain.get_active_state(self._tracker)
        self._rules.append(duplicate(state))
        if not self._hidden:
            self._last_story_action = domain._get_prev_action_sub_state(tracker)
        if not tracker.followup_action and tracker.latest_action_name != tracker.active_loop_name:
            self._hidden = hide
        if self._hidden:
            return
        domain._remove_rule_only_features(state, self._lookback.rule_only)
        if self._stories:
            domain._substitute_rule_only_user_input(state, self._stories[-1])
        if self._last_story_action:
            state[PREVIOUS_ACTION] = self._last_story_action
        self._stories.append(duplicate(domain._clean_state(state)))


def duplicate(state: State) -> State:
    """A state of its own: featurizers take things out of the last one."""
    return {kind: dict(part) for kind, part in state.items()}


def bare_copy(tracker: DialogueStateTracker) -> DialogueStateTracker:
    """The same present without the events that led to it."""
    twin = tracker.init_copy()
    for name, slot in tracker.slots.items():
        twin.slots[name] = copy.copy(slot)
    twin.latest_action, twin.latest_message = tracker.latest_action, tracker.latest_message
    twin.latest_bot_utterance, twin.followup_action = tracker.latest_bot_utterance, tracker.followup_action
    twin.active_loop, twin._paused = copy.copy(tracker.active_loop), tracker._paused
    return twin
