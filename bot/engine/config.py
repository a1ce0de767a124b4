"""What the engine's process needs to know, read once from the environment (prefix `ENGINE_`)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Optional

from pydantic import BaseSettings, Field, ValidationError

ACTION_TIMEOUT_S = 5  # Rasa's own default is 5 minutes: a caller has hung up by then
RESPONSE_TIMEOUT_S = 20  # one turn, all its actions included; Rasa's own default is one hour


class EngineError(Exception):
    """Something the operator must mend before the engine can start."""


class Settings(BaseSettings):
    """The engine's settings; `DATABASE_URL` empty means SQLite in `LAMPLIGHTER_HOME`."""

    token: str = Field(..., min_length=1)
    actions_token: str = Field(..., min_length=1)
    data_key: str = Field(..., min_length=1)
    actions_url: str = "http://127.0.0.1:5055"
    host: str = "127.0.0.1"
    port: int = 5005
    home: Path = Field(Path("var"), env="LAMPLIGHTER_HOME")
    database_url: str = Field("", env="DATABASE_URL")
    redis_url: str = Field("", env="REDIS_URL")

    class Config:
        env_prefix = "ENGINE_"


def read_settings(host: Optional[str] = None, port: Optional[int] = None) -> Settings:
    """Settings of this process; the command line's host and port win. Raises EngineError in words."""
    given = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    try:
        return Settings(**given)
    except ValidationError as error:
        names = ", ".join(variable(str(item["loc"][0])) for item in error.errors())
        raise EngineError(f"missing or wrong settings: {names}. `make run` writes them; see .env.example.") from error


def variable(field: str) -> str:
    """The environment's name of a setting."""
    return {"home": "LAMPLIGHTER_HOME", "database_url": "DATABASE_URL", "redis_url": "REDIS_URL"}.get(
        field, f"ENGINE_{field.upper()}"
    )


def tracker_url(settings: Settings) -> str:
    """Where conversations are kept, as SQLAlchemy 1.4 with psycopg2 wants it written."""
    if not settings.database_url or settings.database_url.startswith("sqlite"):
        return f"sqlite:///{(settings.home / 'engine.db').resolve()}"
    _, _, rest = settings.database_url.partition("://")
    return f"postgresql+psycopg2://{rest}"


def publish(settings: Settings) -> None:
    """Hand the settings to Rasa's own YAML files, which read `${…}` from the environment."""
    os.environ.update(
        {
            "RASA_TELEMETRY_ENABLED": "false",
            "ENGINE_TOKEN": settings.token,
            "ENGINE_DATA_KEY": settings.data_key,
            "ENGINE_ACTIONS_URL": settings.actions_url.rstrip("/"),
            "ENGINE_ACTIONS_TOKEN": settings.actions_token,
            "ENGINE_TRACKER_URL": tracker_url(settings),
            "ENGINE_LOCK_URL": settings.redis_url,
        }
    )
