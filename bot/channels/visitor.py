"""Visitor tokens of the web door: signed (HMAC-SHA256), with an end, bound to one conversation. No state is kept."""

import base64
import binascii
import hmac
import json
from datetime import datetime


def sign(conversation: str, *, until: datetime, key: bytes) -> str:
    """A token that opens `conversation` until `until`."""
    body = _encode(json.dumps({"c": conversation, "e": int(until.timestamp())}).encode())
    return f"{body}.{_encode(_mac(body, key))}"


def opens(token: str, conversation: str, *, at: datetime, key: bytes) -> bool:
    """Is `token` ours, still good at `at`, and for this conversation?"""
    body, _, signature = token.partition(".")
    try:
        if not hmac.compare_digest(_decode(signature), _mac(body, key)):
            return False
        claims = json.loads(_decode(body))
    except (ValueError, binascii.Error):
        return False
    return bool(claims["c"] == conversation and claims["e"] > at.timestamp())


def _mac(body: str, key: bytes) -> bytes:
    return hmac.digest(key, b"visitor " + body.encode(), "sha256")


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
