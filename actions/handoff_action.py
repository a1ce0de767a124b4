"""The customer asks for a person, from anywhere."""

from actions import handoff
from actions.action import Act
from actions.turn import Turn


class HandOff(Act):
    def name(self) -> str:
        return "action_handoff"

    async def act(self, turn: Turn) -> None:
        turn.understood()
        turn.set(offer=None)
        if turn.is_waiting and turn.get("handoff_key"):
            await handoff.still_waiting(turn, self.backend)
        else:
            await handoff.to_a_person(turn, self.backend, reason="asked")
