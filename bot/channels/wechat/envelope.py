"""What WeChat signs and seals: SHA-1 over sorted parts, AES-256-CBC with PKCS#7 to 32 bytes.

Source: WeChat's 消息加解密 pages; both directions pass the official vectors. The signature covers the sealed text and
is checked first, so an error in the padding tells a stranger nothing.
"""

import base64
import binascii
import hashlib
import hmac
import os
import struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

PADDED_TO = 32
RANDOM_BYTES = 16
HEAD_BYTES = RANDOM_BYTES + 4


class Refused(Exception):
    """This did not come from WeChat, or not now, or it cannot be read. The words are for the log, not the sender."""


def sign(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


def is_signed(signature: str, *parts: str) -> bool:
    """Compared in constant time."""
    return hmac.compare_digest(sign(*parts).encode(), signature.encode())


class Envelope:
    """Opens and seals under one EncodingAESKey (43 characters of base64). Raises ValueError for any other key."""

    def __init__(self, aes_key: str, *, app_id: str) -> None:
        key = base64.b64decode(aes_key + "=", validate=True)
        if len(key) != 32:
            raise ValueError("the EncodingAESKey has 43 characters")
        self._cipher = Cipher(algorithms.AES(key), modes.CBC(key[:16]))
        self._app_id = app_id.encode()

    def open(self, sealed: str) -> bytes:
        """The message inside. Raises Refused: not base64, wrong padding or length, another application's."""
        try:
            data = base64.b64decode(sealed, validate=True)
        except (binascii.Error, ValueError) as error:
            raise Refused("not base64") from error
        if not data or len(data) % 16:
            raise Refused("not whole blocks")
        opener = self._cipher.decryptor()
        return self._message(_unpadded(opener.update(data) + opener.finalize()))

    def _message(self, plain: bytes) -> bytes:
        if len(plain) < HEAD_BYTES:
            raise Refused("too short")
        (length,) = struct.unpack(">I", plain[RANDOM_BYTES:HEAD_BYTES])
        message, app_id = plain[HEAD_BYTES : HEAD_BYTES + length], plain[HEAD_BYTES + length :]
        if len(message) != length or not hmac.compare_digest(app_id, self._app_id):
            raise Refused("another application's")
        return message

    def seal(self, message: bytes, *, random: bytes | None = None) -> str:
        """`random`: 16 bytes, of the system's choice if not given."""
        plain = (random or os.urandom(RANDOM_BYTES)) + struct.pack(">I", len(message)) + message + self._app_id
        fill = PADDED_TO - len(plain) % PADDED_TO
        sealer = self._cipher.encryptor()
        return base64.b64encode(sealer.update(plain + bytes([fill]) * fill) + sealer.finalize()).decode()


def _unpadded(padded: bytes) -> bytes:
    fill = padded[-1]
    if not 1 <= fill <= PADDED_TO or padded[-fill:] != bytes([fill]) * fill:
        raise Refused("bad padding")
    return padded[:-fill]
