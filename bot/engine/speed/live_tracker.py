"""A tracker that does not grow with its conversation: Rasa's, with a short memory of events and a whole one of facts.

What lies some turns back is folded into a `Past`: its slots stay set, its states stay known as far back as a policy
looks, and its events stay in the store, from where `retrieve_full_tracker` still brings them all. So copies, forms,
predictions and the payload of an action handle the last turns only, whether it is turn 5 or turn 500.
"""

from __future__ import annotations

from collections import deque
from itertools import islice
from typing import Any, Dict, FrozenSet, Iterable, List, NamedTuple, Optional, Text, Tuple

from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    Event,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine.speed.lookback import Lookback
from bot.engine.speed.past import Past, duplicate
from bot.engine.speed.patch import known

KEPT_TURNS = 3
"""Turns that stay as events. Rasa's own actions take back two at most; one that repeats needs the last."""
NEW_BEGINNING = (Restarted, SessionStarted)

known(DialogueStateTracker.applied_events, "764d5065ea9997d6")


class LiveTracker(DialogueStateTracker):
    """`lookback` None: nothing is folded, it is Rasa's tracker."""

    lookback: Optional[Lookback] = None
    stored = 0
    """How many of `events`, from the first, are in the store or stand for what is."""
    last_row = 0
    """The store's number of the last event that this tracker knows."""
    folded_messages: FrozenSet[str] = frozenset()
    """Ids of the customer's messages that are in the store and no more among `events`."""
    _past: Optional[Past] = None
    _folded = 0
    """How many of `events` stand for the past: one for each slot that is set, one for an open form."""
    _worked_out: Tuple[int, List[State], List[State]] = (-1, [], [])

    def past_states(
        self,
        domain: Domain,
        omit_unset_slots: bool = False,
        ignore_rule_only_turns: bool = False,
        rule_only_data: Optional[Dict[Text, Any]] = None,
    ) -> List[State]:
        """The last states, as many as a policy of this model can tell apart; worked out once for all policies."""
        if self.lookback is None or omit_unset_slots:  # the latter only in training
            return super().past_states(domain, omit_unset_slots, ignore_rule_only_turns, rule_only_data)
        if self._worked_out[0] != len(self.events):
            past = self._past_so_far().twin()
            past.go_on(self.applied_events()[self._folded :], domain)
            self._worked_out = (len(self.events), *past.states(domain))
        return [duplicate(state) for state in self._worked_out[2 if ignore_rule_only_turns else 1]]

    def update(self, event: Event, domain: Optional[Domain] = None) -> None:
        super().update(event, domain)
        if isinstance(event, NEW_BEGINNING):  # what was before counts no more
            self._past, self._folded = None, 0

    def fold(self, domain: Domain) -> None:
        """Put what lies more than `KEPT_TURNS` turns back into the past. Only between turns, with all events stored."""
        found = self._cut() if self.lookback else None
        if found is None:
            return
        end, before = found
        past = self._past_so_far()
        past.go_on(before[self._folded :], domain)
        head = self._head(past, at=self.events[end.number - 1].timestamp)
        folded = (event for event in islice(self.events, end.number) if isinstance(event, UserUttered))
        self.folded_messages |= {event.message_id for event in folded if event.message_id}
        self.events = deque([*head, *islice(self.events, end.number, None)], self._max_event_history)
        self._past, self._folded, self.stored = past, len(head), len(self.events)
        self._worked_out = (-1, [], [])

    def _past_so_far(self) -> Past:
        assert self.lookback is not None
        return self._past or Past(self, self.lookback)

    @staticmethod
    def _head(past: Past, *, at: float) -> List[Event]:
        """Events that bring a copy of this tracker to where the past ends: its slots and the form it is in."""
        head: List[Event] = [SlotSet(name, value, timestamp=at) for name, value in past.slot_values()]
        return [*head, ActiveLoop(past.loop, timestamp=at)] if past.loop else head

    def _cut(self) -> Optional[Tuple["TurnEnd", List[Event]]]:
        """The last end of a turn that has enough turns behind it and nothing that depends on what is before it, and the
        applied events up to there."""
        ends = turn_ends(islice(self.events, self._folded, None), loop=self._past.loop if self._past else None)
        now = self.applied_events()
        for number, loop in reversed(ends[:-KEPT_TURNS]):
            end = TurnEnd(number + self._folded, loop)
            before = applied(islice(self.events, end.number))
            is_kept = len(before) <= len(now) and all(one is other for one, other in zip(before, now))
            if is_kept and (end.loop is None or has_run(end.loop, now[len(before) :])):
                return end, before
        return None


class TurnEnd(NamedTuple):
    """`number`: how many events there are up to it; `loop`: the form that is open then."""

    number: int
    loop: Optional[Text]


def turn_ends(events: Iterable[Event], *, loop: Optional[Text]) -> List[TurnEnd]:
    """Where turns end. `loop`: the form that is open before the first event."""
    ends, heard = [], False
    for number, event in enumerate(events, start=1):
        if isinstance(event, UserUttered):
            heard = True
        elif isinstance(event, NEW_BEGINNING):
            loop = None
        elif isinstance(event, ActiveLoop):
            loop = event.name
        elif isinstance(event, ActionExecuted) and event.action_name == ACTION_LISTEN_NAME and heard:
            ends.append(TurnEnd(number, loop))
            heard = False
    return ends


def applied(events: Iterable[Event]) -> List[Event]:
    """Those of `events` that were not taken back."""
    tracker = DialogueStateTracker("", [])
    tracker.events.extend(events)
    return tracker.applied_events()


def has_run(loop: Text, events: Iterable[Event]) -> bool:
    """Whether the form runs in `events`: then Rasa, which folds a form's turns together, looks back no further."""
    return any(isinstance(event, ActionExecuted) and event.action_name == loop for event in events)
