"""What the robots that speak HTTP share: the key goes along, and each failure is called business or technical."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import httpx
from pydantic import AwareDatetime, BaseModel, ValidationError

from ticketing.automation.errors import Business, NotSetUp, Technical
from ticketing.outbox.retry import is_for_good

TIMEOUT = httpx.Timeout(5.0, connect=2.0)


class Effect(BaseModel):
    """Something that an outside system has done or been told: `id` is its receipt for `key`."""

    key: str
    id: str
    what: str
    at: AwareDatetime
    content: dict[str, Any]


class _Log(BaseModel):
    entries: list[Effect]
    more: bool = False


type Memory = Callable[[str], str | None]
"""The receipt of an effect that is known to be had, by its key (see `recovery.fence`)."""


def no_memory(key: str) -> None:
    """Nothing was ever restored."""


class Door:
    """One outside system. Safe to use from several threads. `setting` names what is missing when `base` is empty."""

    def __init__(self, base: str, *, setting: str, token: str = "", memory: Memory = no_memory) -> None:
        self.base, self._setting, self._memory = base.rstrip("/"), setting, memory
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        # trust_env off: no proxy of the environment sees customers' data.
        self._http = httpx.Client(headers=headers, timeout=TIMEOUT, trust_env=False)

    @property
    def is_set_up(self) -> bool:
        return bool(self.base)

    def post(self, path: str, *, key: str, content: Mapping[str, Any]) -> dict[str, Any]:
        """Have the effect `key` happen; the system lets it happen once. Raises Business, Technical."""
        if (receipt := self._memory(key)) is not None:
            return {"id": receipt}
        return self._answer("POST", path, json=dict(content), headers={"Idempotency-Key": key})

    def get(self, path: str, **query: str) -> dict[str, Any]:
        """Raises Business, Technical."""
        return self._answer("GET", path, params=query)

    def done_since(self, since: datetime) -> list[Effect]:
        """GET {base}/log?since=…&after=0 → {"entries": [{"key", "id", "what", "at", "content"}], "more"}, oldest first.

        Raises Business, Technical.
        """
        found: list[Effect] = []
        while True:
            answer = self.get("/log", since=since.isoformat(), after=str(len(found)))
            try:
                page = _Log.model_validate(answer)
            except ValidationError as error:
                raise Technical("its log cannot be understood") from error
            found += page.entries
            if not page.more:
                return found

    def _answer(self, method: str, path: str, **request: Any) -> dict[str, Any]:
        if not self.base:
            raise NotSetUp(f"{self._setting} is not set")
        try:
            response = self._http.request(method, self.base + path, **request)
            content: Any = response.json() if response.content else {}
        except httpx.HTTPError as error:
            raise Technical(type(error).__name__) from error
        except ValueError as error:
            raise Technical(f"status {response.status_code}, and not JSON") from error
        if response.is_success and isinstance(content, dict):
            return content
        reason = str(content.get("error", "")) if isinstance(content, dict) else ""
        refused = Business if is_for_good(response.status_code) else Technical
        raise refused(f"status {response.status_code} {reason}".strip())

    def close(self) -> None:
        self._http.close()
