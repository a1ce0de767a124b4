"""The crews and their app: a job comes in, people accept it, drive there, mend it, report back; each step is told by a
signed event, in order, until it is taken.
"""

import asyncio
import hmac
import json
import random
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import httpx

from ops.demo_town.ledger import Ledger, Refused

SYSTEM = "crew_app"
EVENTS = ("accepted", "arrived", "restored", "reported_back")
NEEDED = frozenset({"order", "crew", "kind", "priority", "address", "phone", "description", "remark"})
LONGEST_PAUSE_S = 5.0
ENDS_IT = range(400, 500)
"""Lamplighter refuses the event for good: another try would be refused too."""


@dataclass(frozen=True)
class Pace:
    """Seconds from the step before to each of EVENTS, from and to. `silent`: a job with these words in its description
    is not accepted until the crew is hurried (empty: none).
    """

    accepted: tuple[float, float] = (8, 20)
    arrived: tuple[float, float] = (40, 90)
    restored: tuple[float, float] = (90, 180)
    reported_back: tuple[float, float] = (10, 20)
    silent: str = ""

    def seconds(self, event: str, chance: random.Random) -> float:
        low, high = getattr(self, event)
        return chance.uniform(low, high)

    def is_silent(self, job: Mapping[str, Any]) -> bool:
        return bool(self.silent) and self.silent in job["description"]


class Crews:
    """`known`: the crews' codes. Events go to `events_url`, signed with `secret`."""

    def __init__(
        self, ledger: Ledger, *, known: frozenset[str], token: str, secret: str, events_url: str, pace: Pace
    ) -> None:
        self._ledger, self._known, self._token, self._secret = ledger, known, token, secret
        self._events_url, self._pace = events_url, pace
        self._hurried: dict[str, asyncio.Event] = {}
        self._at_work: dict[str, asyncio.Task[None]] = {}
        self._http = httpx.AsyncClient(trust_env=False, timeout=10)

    def resume(self) -> None:
        """After a restart: jobs whose events did not all arrive are gone on with."""
        for job in self._ledger.of(SYSTEM, "job"):
            self._start(job.content)

    def take_job(self, job: Mapping[str, Any], *, key: str, token: str) -> str:
        """Raises Refused."""
        self.let_in(token)
        if set(job) != NEEDED or not job["order"]:
            raise Refused(422, "JobMisfit")
        if job["crew"] not in self._known:
            raise Refused(422, "UnknownCrew")
        effect = self._ledger.happen(SYSTEM, "job", key=key, meaning=f"{job['order']} {job['crew']}", content=job)
        self._start(job)
        return effect.receipt

    def take_word(self, order: str, what: str, word: Mapping[str, Any], *, key: str, token: str) -> str:
        """A nudge or a recall. Raises Refused."""
        self.let_in(token)
        if not any(job.content["order"] == order for job in self._ledger.of(SYSTEM, "job")):
            raise Refused(404, "NoSuchJob")
        meaning = f"{order} {word.get('reason')}"
        effect = self._ledger.happen(SYSTEM, what, key=key, meaning=meaning, content={**word, "order": order})
        self._hurry(order).set()
        if what == "recalls" and (task := self._at_work.get(order)):
            task.cancel()
        return effect.receipt

    def let_in(self, token: str) -> None:
        if not hmac.compare_digest(token.encode(), f"Bearer {self._token}".encode()):
            raise Refused(401, "WrongToken")

    def _hurry(self, order: str) -> asyncio.Event:
        return self._hurried.setdefault(order, asyncio.Event())

    def _start(self, job: Mapping[str, Any]) -> None:
        order = job["order"]
        if order not in self._at_work or self._at_work[order].done():
            self._at_work[order] = asyncio.create_task(self._work(job))

    async def _work(self, job: Mapping[str, Any]) -> None:
        order, chance = job["order"], random.Random(job["order"])
        told = {event.content["event"] for event in self._ledger.of(SYSTEM, "event") if event.meaning.startswith(order)}
        if self._pace.is_silent(job) and "accepted" not in told:
            await self._hurry(order).wait()
        for event in EVENTS:
            if event in told:
                continue
            await asyncio.sleep(self._pace.seconds(event, chance))
            if not await self._tell(job, event, happened=datetime.now(UTC)):
                return

    async def _tell(self, job: Mapping[str, Any], event: str, *, happened: datetime) -> bool:
        """Send the event until it is taken; False when it is refused for good."""
        id = f"{job['order']}/{job['crew']}/{event}"
        content = {"id": id, "order": job["order"], "crew": job["crew"], "event": event}
        body = json.dumps({**content, "happened": happened.isoformat()}).encode()
        pause = 0.2
        while True:
            try:
                headers = {"X-Signature": self._signature(body), "Content-Type": "application/json"}
                answer = await self._http.post(self._events_url, content=body, headers=headers)
                if answer.is_success:
                    self._ledger.happen(SYSTEM, "event", key=id, meaning=f"{job['order']} {event}", content=content)
                    return True
                if answer.status_code in ENDS_IT:
                    return False
            except httpx.HTTPError:
                pass  # Lamplighter is away for a moment: the event waits for it
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_S)

    def _signature(self, body: bytes) -> str:
        moment = str(int(time.time()))
        digest = hmac.new(self._secret.encode(), moment.encode() + b"." + body, sha256).hexdigest()
        return f"t={moment},v1={digest}"
