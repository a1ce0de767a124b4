"""Settings of the action server, read once from the environment (prefix `ACTIONS_`)."""

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Defaults run the demo on a laptop; a missing secret stops the start."""

    model_config = SettingsConfigDict(env_prefix="ACTIONS_")

    host: str = "127.0.0.1"
    port: int = 5055
    token: SecretStr
    """What Rasa sends as `?token=`."""
    ticketing_url: str = "http://127.0.0.1:8000"
    ticketing_token: SecretStr
    ticketing_timeout_s: float = 3.0
    log_level: str = "INFO"
