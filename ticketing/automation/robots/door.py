"""What the robots that speak HTTP share: the key goes along, and each failure is called business or technical."""

from collections.abc import Mapping
from typing import Any

import httpx

from ticketing.automation.errors import Business, NotSetUp, Technical
from ticketing.outbox.retry import is_for_good

TIMEOUT = httpx.Timeout(5.0, connect=2.0)


class Door:
    """One outside system. Safe to use from several threads. `setting` names what is missing when `base` is empty."""

    def __init__(self, base: str, *, setting: str, token: str = "") -> None:
        self.base, self._setting = base.rstrip("/"), setting
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        # trust_env off: no proxy of the environment sees customers' data.
        self._http = httpx.Client(headers=headers, timeout=TIMEOUT, trust_env=False)

    @property
    def is_set_up(self) -> bool:
        return bool(self.base)

    def post(self, path: str, *, key: str, content: Mapping[str, Any]) -> dict[str, Any]:
        """Have the effect `key` happen; the system lets it happen once. Raises Business, Technical."""
        return self._answer("POST", path, json=dict(content), headers={"Idempotency-Key": key})

    def get(self, path: str, **query: str) -> dict[str, Any]:
        """Raises Business, Technical."""
        return self._answer("GET", path, params=query)

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
