"""What happened outside, each effect once under its key; kept in a file, so that a killed town remembers."""

import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any


class Refused(Exception):
    """The system refuses: `status` as over HTTP, and a name for the reason."""

    def __init__(self, status: int, error: str) -> None:
        super().__init__(error)
        self.status, self.error = status, error


@dataclass(frozen=True)
class Effect:
    """Something that happened in `system` and cannot be taken back. `meaning`: equal for what must not happen twice."""

    system: str
    what: str
    key: str
    meaning: str
    content: dict[str, Any]
    at: str = "1970-01-01T00:00:00+00:00"
    """When it happened; ISO 8601, UTC."""

    @property
    def receipt(self) -> str:
        return f"{self.system}-{sha256(self.key.encode()).hexdigest()[:12]}"


@dataclass
class Ledger:
    """All effects. `file`: where they are kept, or None (a test that ends with the process)."""

    file: Path | None = None
    effects: list[Effect] = field(default_factory=list)
    asked_again: int = 0
    """Requests whose key was known: the first answer was given again, nothing happened."""
    _by_key: dict[tuple[str, str], Effect] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for line in self._lines():
            self._remember(Effect(**json.loads(line)))

    def happen(self, system: str, what: str, *, key: str, meaning: str, content: Mapping[str, Any]) -> Effect:
        """Let it happen unless `key` did before. Raises Refused: no key, or a key that stood for something else."""
        if not key:
            raise Refused(400, "IdempotencyKeyMissing")
        known = self._by_key.get((system, key))
        if known is not None:
            if known.content != dict(content):
                raise Refused(409, "IdempotencyKeyReused")
            self.asked_again += 1
            return known
        effect = Effect(system, what, key, meaning, dict(content), datetime.now(UTC).isoformat())
        self._keep(effect)
        self._remember(effect)
        return effect

    def of(self, system: str, what: str | None = None) -> Iterator[Effect]:
        return (each for each in self.effects if each.system == system and what in {None, each.what})

    def since(self, system: str, moment: datetime) -> list[Effect]:
        """What happened in `system` from `moment` on, oldest first."""
        return [each for each in self.of(system) if datetime.fromisoformat(each.at) >= moment]

    def doubles(self) -> list[str]:
        """What happened more than once although it meant the same: `crew_app job WO…`."""
        counted = Counter(f"{each.system} {each.what} {each.meaning}" for each in self.effects)
        return [what for what, times in counted.items() for _ in range(times - 1)]

    def _remember(self, effect: Effect) -> None:
        self.effects.append(effect)
        self._by_key[effect.system, effect.key] = effect

    def _lines(self) -> list[str]:
        return self.file.read_text("utf-8").splitlines() if self.file and self.file.exists() else []

    def _keep(self, effect: Effect) -> None:
        if self.file is None:
            return
        line = json.dumps(vars(effect), ensure_ascii=False) + "\n"
        handle = os.open(self.file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(handle, "a", encoding="utf-8") as out:
            out.write(line)
