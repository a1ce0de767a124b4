"""Vosk: streaming, one model for all calls, one recogniser an utterance, in threads (it frees the interpreter's lock).

Where digits or yes and no are expected the recogniser gets a grammar: seven times cheaper and much surer
(reference: a digit grammar turned "nah no to i know" into "nine oh two one oh")."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import structlog
import vosk

from voice.asr import Heard
from voice.audio import LINE_RATE, Samples, to_bytes
from voice.errors import ModelMissing
from voice.expects import Expects, Kind

log = structlog.get_logger()
BATCH_BYTES = 3200  # 200 ms: fewer hops between threads, still in step with the speaker

DIGITS = ["零", "幺", "一", "二", "两", "三", "四", "五", "六", "七", "八", "九", "洞", "拐", "不对", "不是", "是"]
YES_NO = [
    "是",
    "是的",
    "对",
    "对的",
    "对啊",
    "好",
    "好的",
    "可以",
    "行",
    "嗯",
    "没错",
    "不",
    "不是",
    "不对",
    "不用",
    "不用了",
    "不要",
    "没有",
    "错了",
    "转人工",
    "人工",
]
ENGLISH_DIGITS = ["zero", "oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
ENGLISH_YES_NO = ["yes", "yeah", "right", "correct", "no", "nope", "wrong"]
GRAMMARS = {Kind.DIGITS: [DIGITS, ENGLISH_DIGITS], Kind.YES_NO: [YES_NO, ENGLISH_YES_NO]}
UNKNOWN = "[unk]"


class VoskRecogniser:
    name = "vosk"

    def __init__(self, model_folder: Path, *, threads: int = 2) -> None:
        """Loads the model (0.7 s, 130 MB for a small one). Raises `ModelMissing`."""
        if not (model_folder / "am").is_dir():
            raise ModelMissing(f"No Vosk model in {model_folder}: run `make model`, or set VOICE_VOSK_MODEL.")
        vosk.SetLogLevel(-1)
        self._model = vosk.Model(str(model_folder))
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="vosk")
        self._grammars = {kind: self._grammar(kind) for kind in GRAMMARS}

    def open(self, expects: Expects) -> "VoskStream":
        grammar = self._grammars.get(expects.kind)
        words = [json.dumps(grammar, ensure_ascii=False)] if grammar else []
        return VoskStream(partial(vosk.KaldiRecognizer, self._model, LINE_RATE, *words), self._threads)

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _grammar(self, kind: Kind) -> list[str] | None:
        """The words that this model has; Vosk itself drops the others with a mere warning. None: none of them."""
        for wanted in GRAMMARS[kind]:
            known = [word for word in wanted if self._model.vosk_model_find_word(word) >= 0]
            if len(known) * 2 > len(wanted):
                missing = sorted(set(wanted) - set(known))
                if missing:
                    log.info("voice.grammar_words_missing", kind=kind, missing=missing)
                return [*known, UNKNOWN]
        log.warning("voice.no_grammar", kind=kind)
        return None


class VoskStream:
    def __init__(self, make: "partial[Any]", threads: ThreadPoolExecutor) -> None:
        self._make, self._threads = make, threads
        self._recogniser: Any = None
        self._waiting = b""
        self._words: list[dict[str, Any]] = []

    async def hear(self, samples: Samples) -> None:
        self._waiting += to_bytes(samples)
        if len(self._waiting) >= BATCH_BYTES:
            batch, self._waiting = self._waiting, b""
            await self._in_thread(self._accept, batch)

    def pause(self) -> None: ...

    def resume(self) -> None: ...

    async def finish(self) -> Heard:
        await self._in_thread(self._accept, self._waiting)
        self._keep(json.loads(await self._in_thread(self._recogniser.FinalResult)))
        words = [word for word in self._words if word["word"] != UNKNOWN]
        if not words:
            return Heard("")
        return Heard(spell([word["word"] for word in words]), sum(word["conf"] for word in words) / len(words))

    async def _in_thread(self, function: Any, *arguments: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._threads, function, *arguments)

    def _accept(self, batch: bytes) -> None:
        if self._recogniser is None:
            self._recogniser = self._make()
            self._recogniser.SetWords(True)
        if batch and self._recogniser.AcceptWaveform(batch):  # Vosk's own endpoint: a part is ready, ours decides
            self._keep(json.loads(self._recogniser.Result()))

    def _keep(self, result: dict[str, Any]) -> None:
        self._words += result.get("result", [])


def spell(words: list[str]) -> str:
    """Chinese is written together, words of letters apart."""
    text = ""
    for word in words:
        text += " " + word if text and text[-1].isascii() and word.isascii() else word
    return text
