"""A patch of Rasa: put in once, and only over the very code it was written for."""

from __future__ import annotations

import hashlib
import inspect
from typing import Any

from bot.engine.config import EngineError

MARK = "lamplighter_patch"


def digest(code: Any) -> str:
    """A short digest of a function's source."""
    return hashlib.sha256(inspect.getsource(code).encode()).hexdigest()[:16]


def known(code: Any, expected: str) -> Any:
    """`code`, if its source has the expected digest. Raises EngineError: another Rasa needs another look."""
    if digest(code) != expected:
        raise EngineError(
            f"{code.__module__}.{code.__qualname__} is not Rasa 3.6.21's: look at bot/engine/speed again, then put "
            f"{digest(code)} in place of {expected}"
        )
    return code


def replace(owner: type, name: str, replacement: Any, *, expected: str) -> None:
    """Put `replacement` (a function or staticmethod) in the place of `owner.name`, once."""
    if getattr(getattr(owner, name), MARK, False):
        return
    known(getattr(owner, name), expected)
    setattr(getattr(replacement, "__func__", replacement), MARK, True)
    setattr(owner, name, replacement)
