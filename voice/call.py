"""One call: greeting, then hear, turn, speak, until somebody hangs up. Decisions are in `endpoint` and `keys`; here
they are acted on."""

import asyncio
import contextlib
import time
from collections import deque
from typing import Literal, Protocol
from uuid import UUID

import structlog

from voice.asr import Recogniser, Stream
from voice.audio import Samples
from voice.ear import Ear, Hole, Stretch
from voice.endpoint import BargeIn, Endpointer, Verdict, patience
from voice.errors import FrontDoorDown, HungUp, VoiceError
from voice.expects import Expects
from voice.front_door import Answer, Delivery
from voice.keys import Keypad
from voice.lines import Key, Line
from voice.utterance import Utterance
from voice.words import KEYS_ONLY, UNAVAILABLE

log = structlog.get_logger()
BEFORE_SPEECH = 25  # stretches (0.8 s) kept from before the listening, so that no first syllable is lost
PAUSE_MS = 300  # of silence: the caller has perhaps finished
SILENCES = 5  # in a row; the dialogue should have ended the call earlier


class Office(Protocol):
    """What a call needs of the front door."""

    async def answer(self, call: UUID) -> Answer: ...
    async def turn(self, call: UUID, *, id: str, kind: str, text: str, confidence: float | None) -> Answer: ...
    async def deliveries(self, call: UUID, deliveries: list[Delivery]) -> None: ...
    async def end(self, call: UUID, *, reason: Literal["caller", "bot", "error"]) -> None: ...


class Mouth(Protocol):
    """Text to sound, quickly when it was said before."""

    async def speak(self, text: str) -> Samples: ...


class OwnWords(Protocol):
    """What the gateway says of itself, by talk-track name; its record is safe before the words leave."""

    def say(self, name: str, *, call: UUID) -> Samples: ...


class Call:
    def __init__(
        self, line: Line, *, office: Office, recogniser: Recogniser | None, mouth: Mouth, own_words: OwnWords
    ) -> None:
        self._line, self._office, self._recogniser = line, office, recogniser
        self._mouth, self._own_words = mouth, own_words
        self._ear = Ear(line)
        self._before: deque[Stretch | Key] = deque(maxlen=BEFORE_SPEECH)
        self._turns = 0
        self._log = log.bind(call=str(line.id))

    async def run(self) -> None:
        """Ends with the line closed and the front door told why, whatever happens."""
        reason: Literal["caller", "bot", "error"] = "error"
        self._log.info("voice.call_began")
        try:
            async with self._ear:
                reason = await self._converse()
        except HungUp:
            reason = "caller"
        except VoiceError as error:
            self._log.error("voice.call_failed", error=type(error).__name__, detail=str(error))
        finally:
            await self._line.hang_up()
            with contextlib.suppress(FrontDoorDown):
                await self._office.end(self._line.id, reason=reason)
            self._log.info("voice.call_ended", reason=reason, turns=self._turns)

    async def _converse(self) -> Literal["bot", "error"]:
        try:
            answer = await self._office.answer(self._line.id)
            await self._say(answer)
            if self._recogniser is None and not answer.hang_up:
                await self._play(self._own_words.say(KEYS_ONLY, call=self._line.id), BargeIn())
            silences = 0
            while not answer.hang_up and silences < SILENCES:
                said = await self._listen(answer.expected())
                silences = silences + 1 if said.kind == "silence" else 0
                answer = await self._turn(said)
                await self._say(answer)
            return "bot"
        except FrontDoorDown as error:
            self._log.error("voice.front_door_down", detail=str(error))
            await self._play(self._own_words.say(UNAVAILABLE, call=self._line.id), None)
            return "error"

    async def _turn(self, said: Utterance) -> Answer:
        self._turns += 1
        began = time.monotonic()
        answer = await self._office.turn(
            self._line.id, id=f"t-{self._turns}", kind=said.kind, text=said.text, confidence=said.confidence
        )
        self._log.info("voice.turn", kind=said.kind, think_ms=_ms_since(began), replies=len(answer.replies))
        return answer

    async def _say(self, answer: Answer) -> None:
        """Speaks the replies until the caller speaks too; tells the front door what was heard of each. A farewell
        is not cut."""
        barge_in = None if answer.hang_up else BargeIn()
        deliveries: list[Delivery] = []
        interrupted = False
        try:
            for reply in answer.replies:
                if interrupted:
                    break
                sound = await self._mouth.speak(reply.text)
                deliveries.append(Delivery(reply=reply.id, state="dropped"))  # until more is known
                cut_at_ms = await self._play(sound, barge_in, deliveries)
                interrupted = cut_at_ms is not None
        finally:
            told = {each.reply for each in deliveries}
            deliveries += [Delivery(reply=r.id, state="dropped") for r in answer.replies if r.id not in told]
            await self._report(deliveries)

    async def _play(
        self, sound: Samples, barge_in: BargeIn | None, deliveries: list[Delivery] | None = None
    ) -> int | None:
        """Milliseconds heard when the caller cut in, None when all was heard."""
        playing = asyncio.create_task(self._line.play(sound))
        cut = True
        try:
            while not playing.done():
                if self._is_barged_in(await self._ear.next(within_ms=40), barge_in):
                    self._log.info("voice.barge_in", cut_at_ms=self._line.played_ms)
                    return self._line.played_ms
            await playing
            cut = False
            return None
        finally:
            playing.cancel()
            with contextlib.suppress(asyncio.CancelledError, HungUp):
                await playing
            if deliveries:
                heard = {"state": "cut", "cut_at_ms": self._line.played_ms} if cut else {"state": "delivered"}
                deliveries[-1] = Delivery.model_validate({"reply": deliveries[-1].reply, **heard})

    def _is_barged_in(self, moment: Stretch | Key | Hole, barge_in: BargeIn | None) -> bool:
        if not isinstance(moment, Hole):
            self._before.append(moment)
        if barge_in is None or isinstance(moment, Hole):
            return False
        if isinstance(moment, Key):
            return True
        return self._recogniser is not None and barge_in.hear(moment.ms, is_speech=moment.is_speech)

    async def _listen(self, expects: Expects) -> Utterance:
        endpoint, keypad = Endpointer(patience(expects)), Keypad(expects)
        stream = self._recogniser.open(expects) if self._recogniser else None
        verdict = Verdict.LISTENING
        while verdict is Verdict.LISTENING and not keypad.is_finished:
            moment = self._before.popleft() if self._before else await self._ear.next()
            if isinstance(moment, Key):
                keypad.press(moment.key)
                continue
            keypad.wait(moment.ms)
            is_speech = stream is not None and isinstance(moment, Stretch) and moment.is_speech
            if not keypad.in_use:
                verdict = endpoint.hear(moment.ms, is_speech=is_speech)
                if stream and isinstance(moment, Stretch):
                    await stream.hear(moment.samples)
                    _tell_of_pauses(stream, endpoint, moment)
        if keypad.digits:
            return Utterance("keys", keypad.digits)
        if verdict is Verdict.SILENT or stream is None:
            return Utterance("silence")
        return await self._understand(stream, endpoint.silence_ms)

    async def _understand(self, stream: Stream, silence_ms: int) -> Utterance:
        began = time.monotonic()
        heard = await stream.finish()
        self._log.info("voice.heard", endpoint_ms=silence_ms, hear_ms=_ms_since(began), characters=len(heard.text))
        return Utterance("speech", heard.text, heard.confidence) if heard.text else Utterance("silence")

    async def _report(self, deliveries: list[Delivery]) -> None:
        if deliveries:
            try:
                await self._office.deliveries(self._line.id, deliveries)
            except FrontDoorDown as error:
                self._log.warning("voice.deliveries_lost", count=len(deliveries), detail=str(error))


def _tell_of_pauses(stream: Stream, endpoint: Endpointer, moment: Stretch) -> None:
    if moment.is_speech:
        stream.resume()
    elif endpoint.has_begun and endpoint.silence_ms - moment.ms < PAUSE_MS <= endpoint.silence_ms:
        stream.pause()


def _ms_since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)
