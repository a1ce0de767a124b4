"""Fetches a large file with progress and resume, and unpacks archives without letting them write elsewhere."""

import shutil
import sys
import tarfile
import zipfile
from pathlib import Path

import httpx

from voice.errors import ModelMissing


def fetch(url: str, target: Path, *, size: int, connect_timeout_s: float) -> None:
    """Downloads to `target`, going on where an earlier try ended. `size` in bytes, 0 if unknown.

    Raises `ModelMissing` when the site cannot be reached or the file has another size."""
    part = target.with_name(target.name + ".part")
    part.parent.mkdir(parents=True, exist_ok=True)
    if not (size and part.exists() and part.stat().st_size == size):
        try:
            _stream(url, part, connect_timeout_s=connect_timeout_s)
        except httpx.HTTPError as error:
            raise ModelMissing(_cannot_fetch(url, target, error)) from error
    if size and part.stat().st_size != size:
        found = part.stat().st_size
        part.unlink()
        raise ModelMissing(f"{url} gave {found} bytes where {size} are expected; nothing was kept. Try again.")
    part.replace(target)


def unpack(archive: Path, folder: Path) -> None:
    """Unpacks a zip or tar into `folder`; refuses members that would land outside it."""
    try:
        if zipfile.is_zipfile(archive):
            with zipfile.ZipFile(archive) as zipped:
                for name in zipped.namelist():
                    if not (folder / name).resolve().is_relative_to(folder.resolve()):
                        raise ModelMissing(f"{archive} wants to write outside its folder: {name}")
                zipped.extractall(folder)
        else:
            with tarfile.open(archive) as tarred:
                tarred.extractall(folder, filter="data")
    except (zipfile.BadZipFile, tarfile.TarError) as error:
        raise ModelMissing(f"{archive} is damaged ({error}); delete it and try again.") from error


def install(folder: Path, target: Path) -> None:
    """Puts a complete folder in place in one step, so that a half-made model is never taken for a model."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(target, ignore_errors=True)
    folder.replace(target)


def progress(label: str, done: int, total: int) -> None:
    """One line that rewrites itself on a terminal, and only the end of it elsewhere."""
    share = min(1.0, done / total) if total else 0.0
    bar = "█" * round(share * 30)
    line = f"{label} [{bar:<30}] {share:4.0%} {done / 1e6:6.1f} MB"
    finished = bool(total) and done >= total
    if sys.stderr.isatty():
        print("\r" + line, end="\n" if finished else "", file=sys.stderr, flush=True)
    elif finished:
        print(line, file=sys.stderr, flush=True)


def _stream(url: str, part: Path, *, connect_timeout_s: float) -> None:
    have = part.stat().st_size if part.exists() else 0
    headers = {"Range": f"bytes={have}-"} if have else {}
    timeout = httpx.Timeout(30, connect=connect_timeout_s)
    with httpx.stream("GET", url, headers=headers, timeout=timeout, follow_redirects=True) as answer:
        answer.raise_for_status()
        if answer.status_code != httpx.codes.PARTIAL_CONTENT:
            have = 0  # the server sends all of it again
        total = have + int(answer.headers.get("content-length", 0))
        with part.open("ab" if have else "wb") as file:
            for block in answer.iter_bytes(1 << 18):
                file.write(block)
                have += len(block)
                progress(part.name.removesuffix(".part"), have, total)


def _cannot_fetch(url: str, target: Path, error: httpx.HTTPError) -> str:
    return (
        f"Cannot fetch {url}: {type(error).__name__} {error}.\n"
        "What was received so far is kept; run it again to go on.\n"
        f"Or fetch the file by other means, put it at {target}, and run it again.\n"
    )
