"""Settings of the phone gateway, read once from the environment (prefix `VOICE_`)."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class ModelSettings(BaseSettings):
    """Where the speech models are, and where the official Chinese one comes from. Needs no secret."""

    model_config = SettingsConfigDict(env_prefix="VOICE_", populate_by_name=True)

    models: Path = Path(".models")
    vosk_model: Path = Path(".models/vosk-model-small-cn-0.22")
    whisper_model: Path = Path(".models/whisper-base")
    english_model: Path = Path(".models/vosk-model-small-en-us-0.15")
    vosk_url: str = "https://alphacephei.com/vosk/models/vosk-model-small-cn-0.22.zip"
    vosk_size: int = 43_898_754
    """Bytes of the zip behind `vosk_url`; 0: unknown, not checked (for another model)."""
    connect_timeout_s: float = 10


class Settings(ModelSettings):
    """Defaults run the demo on a laptop; a missing secret stops the start."""

    home: Path = Field(Path("var"), alias="LAMPLIGHTER_HOME")
    host: str = "127.0.0.1"
    port: int = 9092
    bot_url: str = "http://127.0.0.1:8001"
    bot_token: SecretStr
    bot_timeout_s: float = 20
    """Of one turn: the front door answers within its own time-outs, which are shorter."""
    max_calls: int = 8
    """Calls above this are refused early, so that the dialplan gives them to people."""
    max_call_s: int = 1800
    recogniser: Literal["auto", "vosk", "whisper", "none"] = "auto"
    whisper_threads: int = 2
    places: str = "百色市，右江区，田阳区，靖西市，平果市"
    """Names of the bureau's places: they help Whisper to hear addresses."""
    tts_voice: str = "sit/cmn-latn-pinyin"
    tts_rate: int = 170
    """espeak's words a minute; its default of 200 is hurried for pinyin."""
    tts_timeout_s: float = 10
    talk_tracks: Path = Path("data/talk_tracks")
    domain: Path = Path("domain.yml")
    """Rasa's domain: default words (version 0) of what is said when the front door is down."""
