"""A utility's own marketing system over HTTP as a gateway.

    GET {base}/accounts/{number}/due?today=2026-11-23   → the fields of Due
    GET {base}/accounts/{number}/bills?months=2026-10,2026-09   → [bill, …], the months that there are
    GET {base}/accounts/{number}/bills/{month|latest}   → the fields of Bill, or 404
    GET {base}/accounts/{number}/invoices/{month|latest}   → the fields of Invoice
all with `Authorization: Bearer …`. Amounts are fen, prices yuan per kWh as text, dates ISO. An answer that does not
fit is refused as a whole: a bill half understood must not be read to a customer.
"""

from datetime import date
from typing import Any

import httpx
from pydantic import TypeAdapter, ValidationError

from ticketing.billing.gateway import Bill, BillingUnavailable, BillNotFound, Due, Invoice

TIMEOUT = httpx.Timeout(5.0, connect=2.0)
DUE, BILL, INVOICE = TypeAdapter(Due), TypeAdapter(Bill), TypeAdapter(Invoice)
BILLS = TypeAdapter(list[Bill])


class HttpGateway:
    """One client, kept open; safe to use from several threads."""

    def __init__(self, base: str, token: str, *, timeout: httpx.Timeout = TIMEOUT) -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._http = httpx.Client(base_url=base.rstrip("/"), headers=headers, timeout=timeout, trust_env=False)

    def due(self, account: str, *, today: date) -> Due:
        return self._get(DUE, f"/accounts/{account}/due", today=today.isoformat())

    def bill(self, account: str, *, month: str | None) -> Bill:
        return self._get(BILL, f"/accounts/{account}/bills/{month or 'latest'}")

    def bills(self, account: str, *, months: tuple[str, ...]) -> dict[str, Bill]:
        found = self._get(BILLS, f"/accounts/{account}/bills", months=",".join(months))
        return {bill.month: bill for bill in found}

    def invoice(self, account: str, *, month: str | None) -> Invoice:
        return self._get(INVOICE, f"/accounts/{account}/invoices/{month or 'latest'}")

    def close(self) -> None:
        self._http.close()

    def _get[Answer](self, shape: TypeAdapter[Answer], path: str, **query: str) -> Answer:
        """Raises BillNotFound for 404, BillingUnavailable for everything else that is not the answer."""
        try:
            response = self._http.get(path, params=query)
        except httpx.HTTPError as error:
            raise BillingUnavailable(f"the marketing system cannot be reached: {type(error).__name__}") from error
        if response.status_code == httpx.codes.NOT_FOUND:
            raise BillNotFound("the marketing system knows no such bill")
        if response.status_code != httpx.codes.OK:
            raise BillingUnavailable(f"the marketing system answered {response.status_code}")
        return _read(shape, response)


def _read[Answer](shape: TypeAdapter[Answer], response: httpx.Response) -> Answer:
    try:
        content: Any = response.json()
        return shape.validate_python(content)
    except (ValueError, ValidationError) as error:
        raise BillingUnavailable("the marketing system's answer cannot be understood") from error
