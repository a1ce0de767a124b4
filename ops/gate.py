"""The health gate: a part starts when those before it really work; a start that fails says why."""

import socket
import time
from collections.abc import Callable
from functools import cache

import httpx

from ops.parts import Part
from ops.progress import Progress
from ops.supervision import BACKOFF, FATAL, Supervisor, tail

PROBE_S = 0.3
SAY_EVERY_S = 5.0


class NotUp(RuntimeError):
    """A part did not become healthy; the message carries the end of its log."""


def healthy(part: Part) -> str:
    """Empty when `part` does its work, else what is missing."""
    try:
        if not part.port:
            return ""
        if not part.health:
            with socket.create_connection(("127.0.0.1", part.port), timeout=2):
                return ""
        answer = _client().get(part.health)
    except (OSError, httpx.HTTPError) as error:
        return type(error).__name__
    return "" if answer.status_code == 200 else f"HTTP {answer.status_code}: {answer.text[:200]}"


@cache
def _client() -> httpx.Client:
    """One for all probes: a new one reads the certificates of the whole world, while the parts want the processor."""
    return httpx.Client(timeout=3, trust_env=False)


def start(parts: list[Part], supervisor: Supervisor, progress: Progress) -> None:
    """Start each part once those it comes after are up; return when all are. Raises NotUp."""
    launched: dict[str, float] = {}
    up: set[str] = set()
    spoke = time.monotonic()
    while len(up) < len(parts):
        for part in parts:
            if part.name not in launched and up.issuperset(part.after):
                supervisor.launch(part.name)
                launched[part.name] = time.monotonic()
            elif part.name in launched and part.name not in up:
                missing = healthy(part)
                if not missing:
                    up.add(part.name)
                    progress.say(part.name, f"up on 127.0.0.1:{part.port}" if part.port else "up")
                else:
                    _patience(part, supervisor, waited=time.monotonic() - launched[part.name], missing=missing)
        if time.monotonic() - spoke > SAY_EVERY_S:
            spoke = time.monotonic()
            waiting = [part.name for part in parts if part.name in launched and part.name not in up]
            progress.say("…", f"waiting for {', '.join(waiting)}")
        time.sleep(PROBE_S)


def _patience(part: Part, supervisor: Supervisor, *, waited: float, missing: str) -> None:
    state = supervisor.states()[part.name]
    crashed = state.code == FATAL or (state.code == BACKOFF and waited > 5)
    if crashed or waited > part.patience_s:
        log = supervisor.logs / f"{part.name}.log"
        why = "stops right after its start" if crashed else f"is not healthy after {waited:.0f} s ({missing})"
        raise NotUp(f"{part.name} {why}. The end of {log}:\n\n{tail(log)}")


def watch(
    parts: list[Part], supervisor: Supervisor, progress: Progress, *, until: Callable[[], bool], every_s: float = 0.5
) -> None:
    """Report each part that dies and the seconds until it is whole again, until `until()`."""
    pids = {name: state.pid for name, state in supervisor.states().items()}
    down: dict[str, float] = {}
    while not until() and supervisor.alive:
        try:
            states = supervisor.states()
        except (OSError, ConnectionError):
            break
        for part in parts:
            state = states[part.name]
            if state.pid != pids[part.name] and part.name not in down:
                down[part.name] = time.monotonic()
                progress.say(part.name, "died; the supervisor starts it again")
            pids[part.name] = state.pid
            if part.name in down and state.pid and not healthy(part):
                progress.say(part.name, f"whole again after {time.monotonic() - down.pop(part.name):.1f} s")
        time.sleep(every_s)
