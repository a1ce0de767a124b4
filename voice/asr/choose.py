"""Which recogniser this machine can run: `VOICE_RECOGNISER=auto` takes the Chinese Vosk model, else Whisper, else
none."""

import importlib.util

import structlog

from voice.asr import Recogniser
from voice.asr.vosk import VoskRecogniser
from voice.asr.whisper import WhisperRecogniser
from voice.config import Settings

log = structlog.get_logger()


def choose(settings: Settings) -> Recogniser | None:
    """None: callers can only press keys. Raises `ModelMissing` when a recogniser asked for by name is not there."""
    wanted = _best(settings) if settings.recogniser == "auto" else settings.recogniser
    log.info("voice.recogniser", name=wanted)
    if wanted == "vosk":
        return VoskRecogniser(settings.vosk_model)
    if wanted == "whisper":
        return WhisperRecogniser(settings.whisper_model, threads=settings.whisper_threads, places=settings.places)
    log.warning("voice.keys_only", hint="run `make model`, or `python -m voice.model whisper`")
    return None


def _best(settings: Settings) -> str:
    if (settings.vosk_model / "am").is_dir():
        return "vosk"
    if (settings.whisper_model / "model.bin").exists() and importlib.util.find_spec("faster_whisper"):
        return "whisper"
    return "none"
