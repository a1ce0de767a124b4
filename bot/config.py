"""Settings of the front door, read once from the environment (prefix `BOT_`)."""

from pathlib import Path

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Defaults run the demo on a laptop; a missing secret stops the start."""

    model_config = SettingsConfigDict(env_prefix="BOT_", populate_by_name=True)

    home: Path = Field(Path("var"), alias="LAMPLIGHTER_HOME")
    demo: bool = Field(False, alias="LAMPLIGHTER_DEMO")
    host: str = "127.0.0.1"
    port: int = 8001
    database_url: str = ""
    """A database for the front door alone; empty: `DATABASE_URL`, without that a SQLite file in the data directory."""
    shared_database_url: str = Field("", alias="DATABASE_URL")
    redis_url: str = Field("", alias="REDIS_URL")
    ticketing_url: str = "http://127.0.0.1:8000"
    engine_url: str = "http://127.0.0.1:5005"
    """Several workers: their addresses, separated by commas."""
    domain: Path = ROOT / "domain.yml"
    """Where the default texts (version 0) of the front door's own sentences stand."""
    origins: list[str] = []
    """Other web sites that may embed the chat, e.g. `["https://www.example.com"]`; the page's own site always may."""

    engine_timeout_s: float = 8.0
    ticketing_timeout_s: float = 3.0
    turns_at_once: int = Field(48, ge=1)
    """More than this for one Rasa is a storm (see `bot/storm.py`): at 50 ms a turn the last one waits 2.4 s, and
    WeChat gives up after 5."""
    messages_per_minute: int = 120
    """Per conversation."""
    messages_per_minute_and_address: int = 1200
    visitor_hours: int = 24
    keep_days: int = 30
    """First answers, events and ended calls older than this are swept out of the front door's store."""

    ticketing_token: SecretStr
    engine_token: SecretStr
    voice_token: SecretStr
    outgoing_token: SecretStr
    dialplan_token: SecretStr | None = None
    visitor_key: SecretStr
    data_key: SecretStr

    @property
    def engine_urls(self) -> tuple[str, ...]:
        return tuple(url.strip().rstrip("/") for url in self.engine_url.split(",") if url.strip())

    @property
    def sqlalchemy_url(self) -> str:
        """The store's URL, with the psycopg 3 driver for PostgreSQL."""
        url = self.database_url or self.shared_database_url
        if not url:
            return f"sqlite:///{self.home / 'bot.db'}"
        scheme, separator, rest = url.partition("://")
        if scheme in {"postgres", "postgresql"}:
            scheme = "postgresql+psycopg"
        return f"{scheme}{separator}{rest}"


def read_settings() -> Settings:
    """The settings of this process. Ends the process, naming each variable, when one is missing or wrong."""
    try:
        return Settings()  # the environment gives the values
    except ValidationError as error:
        lines = [f"  {_variable(str(problem['loc'][0]))}: {problem['msg']}" for problem in error.errors()]
        raise SystemExit("the front door cannot start, please mend these settings:\n" + "\n".join(lines)) from None


def _variable(name: str) -> str:
    return name if name.isupper() else f"BOT_{name.upper()}"
