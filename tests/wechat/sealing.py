"""WeChat's side of signing and sealing, written apart from the front door's, so that one checks the other."""

import base64
import hashlib
import os

from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC


def signature(*parts: str) -> str:
    digest = hashlib.sha1()
    for part in sorted(parts):
        digest.update(part.encode())
    return digest.hexdigest()


def seal(message: bytes, *, aes_key: str, app_id: str) -> str:
    key = base64.b64decode(aes_key + "=")
    plain = os.urandom(16) + len(message).to_bytes(4, "big") + message + app_id.encode()
    padder = padding.PKCS7(256).padder()
    padded = padder.update(plain) + padder.finalize()
    sealer = Cipher(AES256(key), CBC(key[:16])).encryptor()
    return base64.b64encode(sealer.update(padded) + sealer.finalize()).decode()
