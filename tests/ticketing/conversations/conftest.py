"""Words in force, people on duty, and short ways to say things."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session, sessionmaker

from ticketing.conversations import desk, service
from ticketing.conversations.schemas import Duty, HandoffWish, Inbound, Recorded, Turn
from ticketing.talk_tracks.load import load

AT = datetime(2026, 11, 23, 1, 2, 3, tzinfo=UTC)

WORDS = """
author: 甲
reviewer: 乙
publisher: 丙
talk_tracks:
  utter_ask_scope:
    chat: 停电的是只有您一户吗？
    phone: 请问只有您家停电吗？
    buttons: [{title: 只有我家, payload: 只有我家停电}]
  utter_created: {chat: "已登记{order_number}，地址{address}。", personal: [address]}
  utter_agent_joined: {chat: "人工客服{agent}为您服务。"}
  utter_bot_back: {chat: 现在由智能客服为您服务。}
  utter_callback_arranged: {chat: "已登记回电{order_number}。"}
"""
DOMAIN = "responses: {utter_ask_scope: [{text: 范围？}], utter_default_only: [{text: 默认的话}]}"


@pytest.fixture
def words(sessions: sessionmaker[Session], tmp_path: Path) -> None:
    """The test's talk tracks, published as version 1."""
    folder = tmp_path / "talk_tracks"
    folder.mkdir()
    (folder / "words.yml").write_text(WORDS)
    (tmp_path / "domain.yml").write_text(DOMAIN)
    with sessions.begin() as session:
        load(session, at=AT, folder=folder, domain=tmp_path / "domain.yml")


@pytest.fixture
def say(sessions: sessionmaker[Session]) -> Callable[..., Recorded]:
    """Record a customer's sentence."""

    def record(id: str = "m-1", *, conversation: str = "c-1", text: str = "我家停电了", **more: Any) -> Recorded:
        inbound = Inbound.model_validate(
            {"id": id, "channel": "web", "kind": "text", "text": text, "at": AT, "reply_to": "web:c-1", **more}
        )
        with sessions.begin() as session:
            return service.record_message(session, conversation, inbound, at=AT)

    return record


@pytest.fixture
def on_duty(sessions: sessionmaker[Session]) -> None:
    """One person on duty for everything, one for bills only."""
    with sessions.begin() as session:
        desk.set_duty(session, Duty(agent="韦晓岚", skills=["general"], on=True), at=AT)
        desk.set_duty(session, Duty(agent="黄志强", skills=["billing"], on=True), at=AT)


def turn(id: str = "m-1", *, epoch: int = 1, **more: Any) -> Turn:
    """A turn with one reply, `utter_created`."""
    reply = {
        "talk_track": "utter_created",
        "slots": {"order_number": "WO1", "address": "右江区中山二路8号"},
        "default": "好",
    }
    return Turn.model_validate({"turn": id, "epoch": epoch, "channel": "web", "replies": [reply], **more})


def wish(key: str = "k-1", **more: Any) -> HandoffWish:
    return HandoffWish.model_validate(
        {"key": key, "reason": "asked", "skill": "general", "summary": "客户要求人工", **more}
    )
