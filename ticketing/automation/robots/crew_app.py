"""The crews' app: jobs go out by HTTP, and come back as webhooks (`automation/endpoints.py`).

    POST {base}/jobs                    {"order", "crew", "kind", "priority", "address", "phone", "description",
                                         "remark"}
    POST {base}/jobs/{order}/nudges     {"crew", "reason"}       hurry
    POST {base}/jobs/{order}/recalls    {"crew", "reason"}       come back, it is withdrawn
each with `Authorization: Bearer …` and an Idempotency-Key, answered by {"id"}; the app does each key once.

Events come signed: `X-Signature: t=<unix seconds>,v1=<hex HMAC-SHA256 of "t.body">` under the shared secret. The time
is inside the signature, so a recorded event cannot be played back later.
"""

import hmac
from datetime import datetime, timedelta
from hashlib import sha256

from ticketing.automation.robots.door import Door, Memory, no_memory
from ticketing.errors import TicketingError

FRESH = timedelta(minutes=5)


class SignatureRefused(TicketingError):
    """The event was not signed by the crew app, or long ago."""

    status = 401


class CrewApp:
    def __init__(self, base: str, *, token: str, memory: Memory = no_memory) -> None:
        self.door = Door(base, setting="TICKETING_CREW_APP_URL", token=token, memory=memory)

    def send_job(
        self,
        *,
        key: str,
        order: str,
        crew: str,
        kind: str,
        priority: int,
        address: str | None,
        phone: str | None,
        description: str,
        remark: str,
    ) -> str:
        """Returns the app's receipt. Raises Business (unknown crew), Technical."""
        job = {"order": order, "crew": crew, "kind": kind, "priority": priority, "address": address, "phone": phone}
        job |= {"description": description, "remark": remark}
        return str(self.door.post("/jobs", key=key, content=job).get("id", ""))

    def nudge(self, *, key: str, order: str, crew: str, reason: str) -> str:
        return self._about(order, "nudges", key=key, crew=crew, reason=reason)

    def recall(self, *, key: str, order: str, crew: str, reason: str) -> str:
        return self._about(order, "recalls", key=key, crew=crew, reason=reason)

    def _about(self, order: str, what: str, *, key: str, crew: str, reason: str) -> str:
        answer = self.door.post(f"/jobs/{order}/{what}", key=key, content={"crew": crew, "reason": reason})
        return str(answer.get("id", ""))


def sign(body: bytes, *, secret: str, at: datetime) -> str:
    """The header `X-Signature` for an event sent at `at`."""
    moment = str(int(at.timestamp()))
    return f"t={moment},v1={_digest(body, secret=secret, moment=moment)}"


def verify(body: bytes, header: str, *, secret: str, at: datetime) -> None:
    """Raises SignatureRefused, which never says what was wrong with it."""
    parts = dict(part.partition("=")[::2] for part in header.split(","))
    moment, given = parts.get("t", ""), parts.get("v1", "")
    genuine = hmac.compare_digest(given.encode(), _digest(body, secret=secret, moment=moment).encode())
    age = abs(at.timestamp() - int(moment)) if moment.isascii() and moment.isdigit() else float("inf")
    if not secret or not genuine or age > FRESH.total_seconds():
        raise SignatureRefused("sign the event as docs/architecture.md says, with the time of sending")


def _digest(body: bytes, *, secret: str, moment: str) -> str:
    return hmac.new(secret.encode(), moment.encode() + b"." + body, sha256).hexdigest()
