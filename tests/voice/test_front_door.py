"""The client against a real server that speaks tests/contracts/call_*.json."""

from uuid import UUID

import pytest

from tests.voice.peer import TOKEN, FrontDoorPeer, answer, contract
from voice.errors import FrontDoorDown
from voice.expects import Expects, Kind
from voice.front_door import Answer, Delivery, FrontDoor

CALL = UUID("6f1c2a4e-0f6b-4d2c-9d53-3a2b1c0d9e8f")


def client(peer: FrontDoorPeer, *, token: str = TOKEN, timeout_s: float = 2) -> FrontDoor:
    return FrontDoor(peer.url, token, timeout_s=timeout_s, retry_after_s=(0.02, 0.05))


@pytest.mark.parametrize("name", ["call_answer", "call_turn"])
def test_the_answers_of_the_contract_are_understood(name: str) -> None:
    shape = contract(name)["response"]["json"]
    understood = Answer.model_validate(shape)
    assert [reply.text for reply in understood.replies] == [reply["text"] for reply in shape["replies"]]
    assert understood.expected() == Expects(Kind(shape["expects"]["kind"]), shape["expects"]["length"])
    assert understood.hang_up is shape["hang_up"]


async def test_what_is_sent_is_what_the_contract_shows() -> None:
    turn = contract("call_turn")["request"]["json"]
    delivery = contract("call_deliveries")["request"]["json"]["deliveries"][0]
    async with FrontDoorPeer(answer("好的。")) as peer:
        door = client(peer)
        await door.turn(CALL, **turn)
        await door.deliveries(CALL, [Delivery(**delivery)])
        await door.end(CALL, reason=contract("call_end")["request"]["json"]["reason"])
        await door.close()
    assert (peer.turns, peer.deliveries, peer.ends) == ([turn], [delivery], ["caller"])


async def test_a_wrong_token_is_an_error_at_once() -> None:
    async with FrontDoorPeer() as peer:
        door = client(peer, token="wrong")
        with pytest.raises(FrontDoorDown, match="401"):
            await door.answer(CALL)
        await door.close()


async def test_a_turn_asked_again_after_a_lost_answer_happens_once() -> None:
    async with FrontDoorPeer(answer("好的。")) as peer:
        door = client(peer)
        both = [await door.turn(CALL, id="t-1", kind="speech", text="停电", confidence=None) for _ in range(2)]
        await door.close()
    assert both[0] == both[1]
    assert len(peer.turns) == 1


async def test_a_front_door_that_is_slower_than_its_time_out_counts_as_down() -> None:
    async with FrontDoorPeer(delay_s=1) as peer:
        door = client(peer, timeout_s=0.1)
        with pytest.raises(FrontDoorDown, match="in time"):
            await door.answer(CALL)
        await door.close()


async def test_an_answer_of_another_shape_counts_as_down() -> None:
    async with FrontDoorPeer({"words": []}) as peer:
        door = client(peer)
        with pytest.raises(FrontDoorDown, match=r"architecture\.md"):
            await door.answer(CALL)
        await door.close()
