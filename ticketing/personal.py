"""Personal data at rest: an encrypted column type, a blind index to find it again, and masks for screens.

One key is handed over at start (`vault.open`). AES-256-GCM, a random 96-bit nonce for each value. Equal values get
equal blind indexes (HMAC-SHA256 under a key derived from the data key), so that an account can be looked up
without being readable.
"""

import base64
import hashlib
import hmac
import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Dialect, LargeBinary
from sqlalchemy.types import TypeDecorator

NONCE_BYTES = 12


class VaultClosed(RuntimeError):
    """Personal data was touched before the process was given its key."""


class Vault:
    """Holds the process's data key. There is one, because column types have no other way to reach a key."""

    def __init__(self) -> None:
        self._cipher: AESGCM | None = None
        self._index_key = b""

    def open(self, key: str) -> None:
        """Take the base64 data key (32 bytes). Raises ValueError for any other length."""
        raw = base64.b64decode(key)
        if len(raw) != 32:
            raise ValueError("TICKETING_DATA_KEY must be the base64 of 32 bytes")
        self._cipher = AESGCM(raw)
        self._index_key = hmac.digest(raw, b"blind index", "sha256")

    def seal(self, text: str) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._opened().encrypt(nonce, text.encode(), None)

    def unseal(self, data: bytes) -> str:
        return self._opened().decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], None).decode()

    def index(self, text: str) -> str:
        """Blind index of `text`: 64 hex characters."""
        self._opened()
        return hmac.new(self._index_key, text.encode(), hashlib.sha256).hexdigest()

    def _opened(self) -> AESGCM:
        if self._cipher is None:
            raise VaultClosed("call vault.open(key) at start")
        return self._cipher


vault = Vault()


class Sealed(TypeDecorator[str]):
    """A string column that is encrypted at rest."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else vault.seal(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        return None if value is None else vault.unseal(value)


def mask(value: str, *, keep: int = 4) -> str:
    """`13907760001` → `*******0001`; short values are hidden whole."""
    return "*" * len(value) if len(value) <= keep else "*" * (len(value) - keep) + value[-keep:]


def mask_name(name: str) -> str:
    """`韦小明` → `韦**`: the surname's character stays."""
    return name[:1] + "*" * (len(name) - 1)
