"""Settings of the console, read once from the environment (prefix `CONSOLE_`)."""

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """A missing token stops the start."""

    model_config = SettingsConfigDict(env_prefix="CONSOLE_", env_ignore_empty=True)

    ticketing_url: str = "http://127.0.0.1:8000"
    ticketing_token: SecretStr
