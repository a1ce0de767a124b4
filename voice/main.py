"""The phone gateway's process (`python -m voice.main`): wires the parts by hand, answers calls until told to stop."""

import asyncio
import signal
import sys

import structlog
from pydantic import ValidationError

from voice.asr.choose import choose
from voice.call import Call
from voice.config import Settings
from voice.errors import VoiceError
from voice.front_door import FrontDoor
from voice.lines import Line
from voice.lines.audiosocket import AudioSocketServer
from voice.own_words import OwnWords
from voice.tts.cache import SpokenSentences
from voice.tts.pyttsx3 import Pyttsx3Voice
from voice.words import defaults, fixed_sentences

log = structlog.get_logger()
DRAIN_S = 10.0


async def serve(settings: Settings, *, stop: asyncio.Event) -> None:
    """Listens once it can hear and speak. Raises `VoiceError` when it cannot."""
    words = defaults(settings.domain)
    voice = Pyttsx3Voice(voice=settings.tts_voice, rate=settings.tts_rate, timeout_s=settings.tts_timeout_s)
    spoken = SpokenSentences(
        voice, settings.home / "voice/speech", fixed=fixed_sentences(settings.domain, settings.talk_tracks)
    )
    office = FrontDoor(settings.bot_url, settings.bot_token.get_secret_value(), timeout_s=settings.bot_timeout_s)
    recogniser = await asyncio.to_thread(choose, settings)
    try:
        own_words = await OwnWords.render(words, spoken, settings.home / "voice/unrecorded.jsonl")

        async def answer(line: Line) -> None:
            call = Call(line, office=office, recogniser=recogniser, mouth=spoken, own_words=own_words)
            try:
                await asyncio.wait_for(call.run(), settings.max_call_s)
            except TimeoutError:
                log.warning("voice.call_too_long", call=str(line.id))

        server = AudioSocketServer(answer, max_calls=settings.max_calls)
        async with await server.serve(settings.host, settings.port) as listening:
            log.info("voice.listening", host=settings.host, port=settings.port)
            await stop.wait()
            listening.close()
            await server.drain(DRAIN_S)
    finally:
        await office.close()
        await voice.close()
        if recogniser is not None:
            recogniser.close()


async def _until_stopped(settings: Settings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await serve(settings, stop=stop)


def main() -> int:
    structlog.configure(logger_factory=structlog.WriteLoggerFactory(sys.stderr))
    try:
        asyncio.run(_until_stopped(Settings()))
    except ValidationError as error:
        missing = ", ".join(f"VOICE_{each['loc'][0]}".upper() for each in error.errors())
        print(f"The phone gateway does not start: wrong or missing settings: {missing}", file=sys.stderr)
        return 1
    except (VoiceError, OSError) as error:
        print(f"The phone gateway does not start: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
