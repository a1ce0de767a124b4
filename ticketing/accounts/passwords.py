"""Passwords and codes: Argon2id (RFC 9106, second recommended option) and TOTP (RFC 6238). No database."""

import secrets
import threading
from datetime import datetime

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from ticketing.accounts.errors import PasswordTooWeak

SHORTEST = 10
"""Characters. Length is what counts (NIST SP 800-63B); which signs they are does not."""
LONGEST = 200
STEP_S = 30
hasher = PasswordHasher()
_at_once = threading.BoundedSemaphore(2)
"""Each check takes 64 MiB and a core for a moment: a storm of logins must not take the whole machine."""


def check_strength(password: str, *, login: str, name: str) -> None:
    """Raises PasswordTooWeak, in words."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise PasswordTooWeak(f"a password has {SHORTEST} to {LONGEST} characters")
    if len(set(password)) < 5 or login in password or name in password:
        raise PasswordTooWeak("a password has at least 5 different characters and does not hold the login or the name")


def make_hash(password: str) -> str:
    with _at_once:
        return hasher.hash(password)


NOBODY = hasher.hash(secrets.token_urlsafe(32))
"""Stands in for an account that does not exist, so that both answers take the same time."""


def is_right(kept: str | None, password: str) -> bool:
    """Whether `password` is the one that was hashed; False, after the same work, where there is none (None)."""
    with _at_once:
        try:
            return hasher.verify(kept or NOBODY, password) and kept is not None
        except VerificationError:
            return False


def new_totp_secret() -> str:
    return pyotp.random_base32()


def totp_address(secret: str, *, login: str) -> str:
    """`otpauth://…`, to be shown as a QR code or typed into an authenticator."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name="Lamplighter")


def totp_step(secret: str, code: str, *, at: datetime, used: int | None) -> int | None:
    """The step that `code` belongs to (this one or one beside it), or None: wrong, or not newer than `used`."""
    totp, now = pyotp.TOTP(secret, interval=STEP_S), int(at.timestamp()) // STEP_S
    fitting = [step for step in (now - 1, now, now + 1) if totp.verify(code, for_time=step * STEP_S)]
    fresh = [step for step in fitting if used is None or step > used]
    return fresh[0] if fresh else None
