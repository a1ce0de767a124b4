"""Slots as the record keeps them: personal ones as salted hashes, so that a record can be proven and not read."""

import hashlib
import hmac
import json
import os
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any

SALT_BYTES = 16


def new_salt() -> bytes:
    return os.urandom(SALT_BYTES)


def conceal(slots: Mapping[str, Any], *, open_slots: AbstractSet[str], salt: bytes | None) -> dict[str, Any]:
    """`slots` with all but `open_slots` as `{"hash": …}`: HMAC-SHA256 of the value's JSON under the salt.

    Each slot has its own hash, also for equal values. A conversation whose salt was erased keeps no hash either.
    """
    return {name: value if name in open_slots else {"hash": _hash(name, value, salt)} for name, value in slots.items()}


def _hash(name: str, value: Any, salt: bytes | None) -> str | None:
    if salt is None:
        return None
    words = json.dumps([name, value], ensure_ascii=False, sort_keys=True)
    return hmac.new(salt, words.encode(), hashlib.sha256).hexdigest()
