"""Settings of the front door, read once from the environment (prefix `BOT_`)."""

from pathlib import Path

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.channels.wechat.push import Mode

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

    wechat_app_id: str = ""
    """Empty: no WeChat, its addresses answer 404."""
    wechat_mode: Mode = Mode.SAFE
    wechat_secret: SecretStr = Field(SecretStr(""), validate_default=True)
    wechat_token: SecretStr = Field(SecretStr(""), validate_default=True)
    wechat_aes_key: SecretStr = Field(SecretStr(""), validate_default=True)
    """The EncodingAESKey, 43 characters; plain mode does without."""
    wechat_api_url: str = "https://api.weixin.qq.com"
    wechat_timeout_s: float = 5.0
    wechat_quota: int = Field(5, ge=1)
    """Messages that may be sent after a customer's message, within `wechat_window_hours`."""
    wechat_window_hours: float = 48
    wechat_quota_on_entering: int = Field(2, ge=0)
    """Messages that may be sent within a minute of a customer's entering the chat."""
    wechat_keep_hours: float = 72
    """A line that could not be delivered for so long has failed, and is reported so."""
    wechat_nudge_template: str = ""
    """Subscribe message that says that words wait; empty: none is sent."""
    wechat_nudge_field: str = "thing1"
    wechat_nudge_page: str = ""

    ticketing_token: SecretStr
    engine_token: SecretStr
    voice_token: SecretStr
    outgoing_token: SecretStr
    dialplan_token: SecretStr | None = None
    visitor_key: SecretStr
    data_key: SecretStr

    @field_validator("wechat_secret", "wechat_token")
    @classmethod
    def _needed_for_wechat(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        if info.data.get("wechat_app_id") and not value.get_secret_value():
            raise ValueError("WeChat needs it (or leave BOT_WECHAT_APP_ID empty)")
        return value

    @field_validator("wechat_aes_key")
    @classmethod
    def _key_of_the_mode(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        is_sealed = info.data.get("wechat_mode") is not Mode.PLAIN
        if info.data.get("wechat_app_id") and is_sealed and len(value.get_secret_value()) != 43:
            raise ValueError("the EncodingAESKey of WeChat has 43 characters (plain mode does without)")
        return value

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
