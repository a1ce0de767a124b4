"""What time does: in the running service, with rules that changed meanwhile, and with several processes at once."""

import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session, sessionmaker

from tests.ticketing.conftest import TOKENS
from tests.ticketing.talk_tracks.conftest import PUBLISHER, Desk
from ticketing.audit.service import trail
from ticketing.db import now
from ticketing.talk_tracks.clock import tick
from ticketing.talk_tracks.lint import book

Sessions = sessionmaker[Session]
NAME = "utter_stopped"
HOUR = timedelta(hours=1)


def scheduled(desk: Desk, text: str, *, after: timedelta) -> int:
    number = desk.approved(NAME, chat=text)
    desk.step(NAME, number, "schedule", by=PUBLISHER, published_from=(now() + after).isoformat())
    return number


def kinds(sessions: Sessions) -> list[str]:
    with sessions() as session:
        return [each.kind for each in trail(session, limit=1000)]


def test_the_running_service_brings_words_into_force(service: FastAPI) -> None:
    with TestClient(service, headers={"Authorization": f"Bearer {TOKENS['demo']}"}) as client:
        desk = Desk(client)
        scheduled(desk, "新。", after=timedelta(seconds=1))
        until = time.monotonic() + 20
        while time.monotonic() < until and desk.get("")[0]["in_force"] is None:
            time.sleep(0.2)
        assert desk.get("")[0]["in_force"] == 1


def test_words_that_the_rules_forbid_by_then_go_back_with_the_reason(
    desk: Desk, sessions: Sessions, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    scheduled(desk, "好的，先搁下。", after=HOUR)
    folder = Path(shutil.copytree(book.FOLDER, tmp_path / "rules"))
    rule = "words: [{id: forbidden.new, why: 不再这样说, mend: 换一个说法, words: [搁下]}]"
    (folder / "new.yml").write_text(rule, encoding="utf-8")
    stricter = book.read.__wrapped__(folder)
    monkeypatch.setattr(book, "read", lambda: stricter)
    assert tick(sessions, at=now() + HOUR) == 1
    assert tick(sessions, at=now() + HOUR) == 0
    [shown] = desk.get(f"/{NAME}")
    assert (shown["state"], shown["publish_from"]) == ("approved", None)
    assert "forbidden.new" in shown["reason"]
    assert kinds(sessions)[-1] == "talk_track.schedule_refused"


def test_several_processes_do_what_is_due_once(desk: Desk, sessions: Sessions) -> None:
    scheduled(desk, "新。", after=HOUR)
    at = now() + HOUR
    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(lambda _: tick(sessions, at=at), range(4))) == 1
    assert kinds(sessions).count("talk_track.published") == 1


def test_of_several_who_publish_at_once_one_does(desk: Desk, demo: TestClient, sessions: Sessions) -> None:
    number = desk.approved(NAME, chat="新。")
    path = f"/api/talk-tracks/{NAME}/versions/{number}/publish"
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: demo.post(path, json={"by": PUBLISHER}).status_code, range(4)))
    assert sorted(answers) == [200, 409, 409, 409]
    assert kinds(sessions).count("talk_track.published") == 1
