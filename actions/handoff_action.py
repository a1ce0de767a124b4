"""The customer asks for a person, from anywhere."""

from actions import handoff, resuming, second
from actions.action import Act
from actions.turn import Turn


class HandOff(Act):
    soothes = False

    def name(self) -> str:
        return "action_handoff"

    async def act(self, turn: Turn) -> None:
        turn.understood()
        turn.set(offer=None)
        if turn.is_waiting and turn.get("handoff_key"):
            await handoff.still_waiting(turn, self.backend)
        else:
            await handoff.to_a_person(turn, self.backend, reason="asked", about=self._about(turn))
            if turn.get("handoff_key") is None:  # nobody is on duty
                resuming.offer_next(turn)

    def _about(self, turn: Turn) -> str | None:
        """转人工，我要查电费: what the person is wanted for, which nobody has begun yet."""
        _, other = second.wanted(turn.message)
        if other is None:
            return None
        second.set_aside(turn, other.intent, {})
        return other.intent
