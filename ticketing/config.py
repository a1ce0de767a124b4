"""Settings of the ticketing service, read once from the environment (prefix `TICKETING_`)."""

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Defaults run the demo on a laptop; a missing secret stops the start."""

    model_config = SettingsConfigDict(env_prefix="TICKETING_", env_ignore_empty=True, populate_by_name=True)

    home: Path = Field(Path("var"), alias="LAMPLIGHTER_HOME")
    demo: bool = Field(False, alias="LAMPLIGHTER_DEMO")
    database_url: str = Field("", alias="DATABASE_URL")
    redis_url: str = Field("", alias="REDIS_URL")
    front_door_url: str = "http://127.0.0.1:8001"
    console_url: str = "http://127.0.0.1:8030"
    """The agents' console, which is reached at `/console` here."""
    billing_url: str = ""
    """Base URL of the utility's own marketing system; empty: the built-in store answers."""
    billing_token: SecretStr = SecretStr("")
    marketing_url: str = ""
    """Where the flows ask the marketing system about accounts and file finished orders; empty: as `billing_url`."""
    sms_url: str = ""
    crew_app_url: str = ""
    """Base URL of the crews' app; empty: crews are told by other means."""
    crew_app_token: SecretStr = SecretStr("")
    crew_app_secret: SecretStr = SecretStr("")
    """Signs the events that the crews' app sends back; empty: its events are refused."""
    legacy_url: str = ""
    """The old duty register, which has no API: a robot types into it with a browser."""
    legacy_user: str = ""
    legacy_password: SecretStr = SecretStr("")
    dispatcher_phone: str = ""
    """Who is told by text message when a promise is about to break."""
    audit_checkpoints: Path | None = None
    """The directory for the audit trail's checkpoints, best on another machine; empty: in the data directory."""
    audit_checkpoint_s: float = Field(30, gt=0)
    audit_checkpoint_records: int = Field(1000, ge=1)
    """A checkpoint is signed after so many seconds, or so many records, whichever is first."""
    retention_hour: int = Field(3, ge=0, le=23)
    """The hour (Asia/Shanghai) in which `data/retention.yml` is applied, once a day."""
    report_back_min: int = Field(30, ge=1)
    """Minutes after which a crew that has finished is reminded to report back."""
    wait_limit_s: int = 180
    duty_phones: str = ""
    """Numbers of the dispatchers on duty, separated by commas: a hazard rings one after the other until one accepts."""
    join_reports: bool | None = None
    """Whether reports that fall together become one outage. Left open: everywhere but in the demo, whose town strangers
    share, each with an outage of their own to try."""
    account_digits_min: int = Field(10, ge=1)
    account_digits_max: int = Field(16, le=32)
    """Account numbers (户号) have 16 digits at China Southern Power Grid, 10 or 13 elsewhere."""
    identity_tries: int = Field(3, ge=1)
    identity_window_h: int = Field(24, ge=1)
    """So many wrong tries within so many hours lock an account, a conversation or a caller's number."""

    bot_token: SecretStr
    actions_token: SecretStr
    front_door_token: SecretStr
    flows_token: SecretStr | None = None
    demo_token: SecretStr | None = None
    console_token: SecretStr | None = None
    """The console's own, to ask for logins; empty: nobody logs in."""
    demo_desk_password: SecretStr | None = None
    """Of the demo's accounts at the desk; without a demo it is not looked at."""
    metrics_token: SecretStr | None = None
    """What Prometheus sends to read `/metrics`; empty: nobody but the demo may."""
    audit_key: SecretStr | None = None
    """Signs the audit trail's checkpoints (Ed25519, base64 of 32 bytes); empty: the trail is chained, not signed."""
    data_key: SecretStr

    @property
    def joins_reports(self) -> bool:
        return not self.demo if self.join_reports is None else self.join_reports

    @property
    def sqlalchemy_url(self) -> str:
        """`DATABASE_URL` with the psycopg 3 driver, or the SQLite file in the data directory."""
        if not self.database_url:
            return f"sqlite:///{self.home / 'ticketing.db'}"
        scheme, separator, rest = self.database_url.partition("://")
        if scheme in {"postgres", "postgresql"}:
            scheme = "postgresql+psycopg"
        return f"{scheme}{separator}{rest}"
