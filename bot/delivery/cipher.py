"""Encryption at rest of the front door's store: AES-256-GCM, a random 96-bit nonce for each value."""

import base64
import binascii
import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12


class Cipher:
    """Seals texts under the process's data key (base64 of 32 bytes). Raises ValueError for any other key."""

    def __init__(self, key: str) -> None:
        try:
            raw = base64.b64decode(key, validate=True)
        except binascii.Error as error:
            raise ValueError("BOT_DATA_KEY must be the base64 of 32 bytes") from error
        if len(raw) != 32:
            raise ValueError("BOT_DATA_KEY must be the base64 of 32 bytes")
        self._cipher = AESGCM(raw)

    def seal(self, text: str, *, place: str) -> bytes:
        """Encrypt `text`; `place` names the row, so that a value moved to another row does not open."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, text.encode(), place.encode())

    def unseal(self, data: bytes, *, place: str) -> str:
        """Raises cryptography.exceptions.InvalidTag for another key or another place."""
        return self._cipher.decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], place.encode()).decode()
