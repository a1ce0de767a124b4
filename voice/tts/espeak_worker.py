"""The process in which espeak-ng lives (`python -m voice.tts.espeak_worker VOICE RATE`): one JSON request a line
in, one answer out.

espeak-ng is GPL-3 and is loaded here only, by pyttsx3. pyttsx3's traps are handled here too: settings are queued
until a run, unknown voices and unwritable paths raise nothing, and only one `save_to_file` a run is written."""

import ctypes
import json
import os
import sys
from pathlib import Path
from typing import Any

import espeakng_loader


def engine(voice: str, rate: int) -> Any:
    """pyttsx3 asks for `libespeak-ng.so.1`; the one in the wheel, loaded first, answers to that name."""
    os.environ["ESPEAK_DATA_PATH"] = str(Path(espeakng_loader.get_data_path()).parent)
    ctypes.CDLL(espeakng_loader.get_library_path(), mode=ctypes.RTLD_GLOBAL)
    import pyttsx3  # noqa: PLC0415  (it loads the library when imported)

    made = pyttsx3.init("espeak")
    known = {each.id for each in made.getProperty("voices")}
    if voice not in known:
        raise SystemExit(f"espeak-ng has no voice {voice!r}; Mandarin ones: {sorted(v for v in known if 'cmn' in v)}")
    made.setProperty("voice", voice)
    made.setProperty("rate", rate)
    return made


def main() -> None:
    answers, sys.stdout = sys.stdout, Path(os.devnull).open("w")  # noqa: SIM115  (pyttsx3 prints)
    speaker = engine(sys.argv[1], int(sys.argv[2]))
    from pyttsx3.drivers._espeak import Synchronize as synchronise  # noqa: PLC0415  (only now is the library there)

    print(json.dumps({"ready": True}), file=answers, flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        speaker.save_to_file(request["text"], request["file"])
        speaker.runAndWait()
        synchronise()  # else a late "ended" event of this sentence may end the next one with an empty file (1 in 90)
        print(json.dumps({"id": request["id"]}), file=answers, flush=True)


if __name__ == "__main__":
    main()
