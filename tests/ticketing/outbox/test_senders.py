"""Each kind leaves the house as its receiver expects it, and a failure says why without repeating the payload."""

import json
from pathlib import Path

import httpx
import pytest

from tests.ticketing.outbox.receiver import receiving
from ticketing.background import senders
from ticketing.config import Settings
from ticketing.outbox.senders import FileSender, HttpSender, NoSender, NotSent


async def test_words_go_to_the_front_door_with_its_token_and_the_key() -> None:
    with receiving() as door:
        async with httpx.AsyncClient() as client:
            await HttpSender(client, f"{door.url}/outgoing", token="secret").send("out-1", {"id": "out-1"})
    assert door.calls == [{"path": "/outgoing", "authorization": "Bearer secret", "body": {"id": "out-1"}}]
    assert set(door.taken) == {"out-1"}


@pytest.mark.parametrize(
    ("mood", "reason", "for_good"),
    [(500, "status 500", False), (422, "status 422", True), ("never", "no answer within 0.2 s", False)],
)
async def test_a_failure_says_why(mood: int | str, reason: str, for_good: bool) -> None:
    with receiving(mood) as door:
        async with httpx.AsyncClient() as client:
            with pytest.raises(NotSent) as failed:
                await HttpSender(client, door.url, timeout_s=2.0 if mood != "never" else 0.2).send(
                    "k", {"text": "秘密"}
                )
    assert (failed.value.reason, failed.value.for_good) == (reason, for_good)


async def test_nobody_there_is_tried_again() -> None:
    async with httpx.AsyncClient() as client:
        with pytest.raises(NotSent, match="ConnectError") as failed:
            await HttpSender(client, "http://127.0.0.1:1").send("k", {})
    assert not failed.value.for_good


async def test_the_demos_messages_stand_in_a_file_that_only_its_owner_reads(tmp_path: Path) -> None:
    file = tmp_path / "demo-sms.jsonl"
    sender = FileSender(file)
    await sender.send("sms-1", {"to": "13907760001", "text": "验证码"})
    await sender.send("sms-2", {"to": "13907760001", "text": "又一条"})
    assert file.stat().st_mode & 0o777 == 0o600
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert [each["key"] for each in lines] == ["sms-1", "sms-2"]
    with pytest.raises(NotSent, match="No such file"):
        await FileSender(tmp_path / "nowhere" / "x").send("k", {})


async def test_settings_choose_the_senders(settings: Settings) -> None:
    async with httpx.AsyncClient() as client:
        assert isinstance(senders(settings, client)["sms"], FileSender)
        assert isinstance(senders(settings.model_copy(update={"sms_url": "http://sms"}), client)["sms"], HttpSender)
        none = senders(settings.model_copy(update={"demo": False}), client)["sms"]
        assert isinstance(none, NoSender)
        with pytest.raises(NotSent, match="TICKETING_SMS_URL is not set"):
            await none.send("k", {})
