"""What stops the engine, in words; and which model it takes."""

import os

import pytest

from bot.engine.config import EngineError, read_settings, tracker_url
from bot.engine.models import fingerprint, newest_model
from bot.engine.serve import chosen_model

SECRETS = {"ENGINE_TOKEN": "t", "ENGINE_ACTIONS_TOKEN": "a", "ENGINE_DATA_KEY": "k"}


def test_a_missing_secret_is_named(monkeypatch):
    for name in SECRETS:
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(EngineError, match="ENGINE_TOKEN.*ENGINE_ACTIONS_TOKEN.*ENGINE_DATA_KEY"):
        read_settings()


def test_the_database_is_a_file_or_a_postgresql(monkeypatch, tmp_path):
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("LAMPLIGHTER_HOME", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert tracker_url(read_settings()) == f"sqlite:///{tmp_path / 'engine.db'}"
    monkeypatch.setenv("DATABASE_URL", "postgresql+psycopg://u:p@h:5432/d")
    assert tracker_url(read_settings()) == "postgresql+psycopg2://u:p@h:5432/d"


def test_a_missing_model_says_how_to_make_one(tmp_path):
    with pytest.raises(EngineError, match=r"bot\.engine\.train"):
        chosen_model(tmp_path / "none.tar.gz")
    with pytest.raises(EngineError, match="no model"):
        chosen_model(None, tmp_path)


def test_the_newest_model_is_served(tmp_path):
    for age, name in ((100, "old"), (10, "new")):
        (tmp_path / f"{name}.tar.gz").touch()
        os.utime(tmp_path / f"{name}.tar.gz", (1000 - age, 1000 - age))
    assert newest_model(tmp_path).name == "new.tar.gz"


def test_a_fingerprint_follows_names_and_contents(tmp_path):
    file = tmp_path / "a.yml"
    file.write_text("x")
    first = fingerprint([file], tmp_path)
    assert fingerprint([file], tmp_path) == first
    file.write_text("y")
    assert fingerprint([file], tmp_path) != first
