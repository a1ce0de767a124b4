"""The utility's marketing system (营销系统), beside what billing asks of it (`ticketing/billing/http.py`).

GET  {TICKETING_MARKETING_URL}/accounts/{number}/due?today=2026-11-25   → {"cut_off": false, …}, or 404
POST {TICKETING_MARKETING_URL}/service-orders   {"order", "kind", "opened", "closed"}   → {"id"}   once per key
"""

from dataclasses import dataclass
from datetime import date, datetime

from ticketing.automation.errors import Technical
from ticketing.automation.robots.door import Door, Memory, no_memory


@dataclass(frozen=True)
class Standing:
    """`cut_off`: disconnected for arrears, so that no crew can help by repairing."""

    cut_off: bool


class Marketing:
    def __init__(self, base: str, *, token: str, memory: Memory = no_memory) -> None:
        self.door = Door(base, setting="TICKETING_MARKETING_URL", token=token, memory=memory)

    def standing(self, account: str, *, today: date) -> Standing:
        """Raises Business (no such account), Technical."""
        cut_off = self.door.get(f"/accounts/{account}/due", today=today.isoformat()).get("cut_off")
        if not isinstance(cut_off, bool):
            raise Technical("the marketing system's answer cannot be understood")
        return Standing(cut_off)

    def file(self, *, key: str, order: str, kind: str, opened: datetime, closed: datetime) -> str:
        """Put the finished order on the customer's file. Returns the receipt. Raises Business, Technical."""
        content = {"order": order, "kind": kind, "opened": opened.isoformat(), "closed": closed.isoformat()}
        return str(self.door.post("/service-orders", key=key, content=content).get("id", ""))
