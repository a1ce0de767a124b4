"""The only door to ticketing: typed, async, with time-outs. Reads, and writes that carry a key, are tried twice."""

from collections.abc import Mapping
from typing import Any

import httpx
from pydantic import TypeAdapter, ValidationError

from actions.facts import (
    Bill,
    Caller,
    Due,
    Explanation,
    Fact,
    Handoff,
    HomeAdvice,
    IdentityOutcome,
    Invoice,
    Office,
    Order,
    OutagesHere,
    ReportOutcome,
    Tariff,
    Usage,
)

TRIES = 2
OFFICES = TypeAdapter(tuple[Office, ...])
ORDERS = TypeAdapter(tuple[Order, ...])


class BackendError(Exception):
    """What ticketing refused or could not do. The base of this module's errors."""


class BackendDown(BackendError):
    """Ticketing did not answer in time, failed, or answered something that is not on the wire."""


class IdentityRequired(BackendError):
    """The conversation has not proven enough; `level_needed` says what would do."""

    def __init__(self, level_needed: int) -> None:
        super().__init__(f"identity level {level_needed} is needed")
        self.level_needed = level_needed


class NotThere(BackendError):
    """No such bill or order, or none that this conversation may see."""


class InvalidAccountNumber(BackendError):
    """Not as many digits as this utility's account numbers have."""


class Closed(BackendError):
    """The order has ended: it can be neither urged, amended nor cancelled."""


class Backend:
    """One client per process; the caller owns its life through `close`."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    @classmethod
    def at(cls, url: str, *, token: str, timeout_s: float) -> "Backend":
        headers = {"Authorization": f"Bearer {token}"}
        return cls(httpx.AsyncClient(base_url=url, headers=headers, timeout=timeout_s))

    async def close(self) -> None:
        await self._client.aclose()

    async def is_reachable(self) -> bool:
        try:
            return (await self._client.get("/health")).status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False

    # Conversation and identity

    async def caller(self, conversation: str) -> Caller:
        return await self._get(Caller, f"/api/conversations/{conversation}/caller")

    async def check_identity(self, conversation: str, *, key: str, **proofs: str | None) -> IdentityOutcome:
        """`proofs`: account_number, customer_name, id_last4, code; those that are None are not sent."""
        given = {name: value for name, value in proofs.items() if value}
        return await self._post(IdentityOutcome, "/api/identity/checks", key=key, conversation=conversation, **given)

    async def send_code(self, conversation: str, *, key: str, account_number: str | None) -> None:
        given = {"account_number": account_number} if account_number else {}
        await self._send("POST", "/api/identity/codes", json={"key": key, "conversation": conversation, **given})

    async def hand_off(
        self, conversation: str, *, key: str, reason: str, skill: str, summary: str, contact_phone: str | None
    ) -> Handoff:
        path = f"/api/conversations/{conversation}/handoff"
        return await self._post(
            Handoff, path, key=key, reason=reason, skill=skill, summary=summary, contact_phone=contact_phone
        )

    # Money

    async def due(self, conversation: str) -> Due:
        return await self._get(Due, "/api/billing/due", conversation=conversation)

    async def bill(self, conversation: str, month: str) -> Bill:
        return await self._get(Bill, "/api/billing/bill", conversation=conversation, month=month)

    async def usage(self, conversation: str, month: str) -> Usage:
        return await self._get(Usage, "/api/billing/usage", conversation=conversation, month=month)

    async def explanation(self, conversation: str, month: str) -> Explanation:
        return await self._get(Explanation, "/api/billing/explanation", conversation=conversation, month=month)

    async def invoice(self, conversation: str, month: str) -> Invoice:
        return await self._get(Invoice, "/api/billing/invoice", conversation=conversation, month=month)

    async def tariff(self) -> Tariff:
        return await self._get(Tariff, "/api/billing/tariff")

    # Places, outages, orders

    async def offices(self, near: str | None) -> tuple[Office, ...]:
        answer = await self._send("GET", "/api/offices", params={"near": near or ""})
        return _read(OFFICES, answer)

    async def outages(self, address: str, day: str | None = None) -> OutagesHere:
        given = {"day": day} if day else {}
        return await self._get(OutagesHere, "/api/outages", address=address, **given)

    async def report_outage(self, conversation: str, *, key: str, **facts: str | None) -> ReportOutcome:
        """`facts`: address, scope, event_time, contact_phone, description."""
        return await self._post(ReportOutcome, "/api/outages/reports", key=key, conversation=conversation, **facts)

    async def check_home(self, order: str, *, neighbours: str | None, breaker: str | None) -> HomeAdvice:
        """What is next for the one dark home of this order; None: not asked yet."""
        path = f"/api/outages/homes/{order}/check"
        return await self._post(HomeAdvice, path, neighbours=neighbours, breaker=breaker)

    async def create_order(
        self,
        conversation: str,
        *,
        key: str,
        kind: str,
        description: str,
        address: str | None,
        contact_phone: str | None,
        details: Mapping[str, str],
    ) -> Order:
        return await self._post(
            Order,
            "/api/work-orders",
            key=key,
            kind=kind,
            conversation=conversation,
            address=address,
            contact_phone=contact_phone,
            description=description,
            details=dict(details),
        )

    async def find_orders(self, conversation: str, tail: str | None = None) -> tuple[Order, ...]:
        """Orders that this conversation may see, newest first; `tail`: the last digits of the number."""
        given = {"tail": tail} if tail else {}
        answer = await self._send("GET", "/api/work-orders/find", params={"conversation": conversation, **given})
        return _read(ORDERS, answer)

    async def change_order(self, conversation: str, number: str, change: str, *, key: str, **what: str | None) -> Order:
        """`change`: urge, amend or cancel; `what`: text, address, reason. Raises NotThere, Closed."""
        given = {name: value for name, value in what.items() if value}
        return await self._post(
            Order, f"/api/work-orders/{number}/{change}", key=key, conversation=conversation, **given
        )

    # The wire

    async def _get[T: Fact](self, fact: type[T], path: str, **params: str) -> T:
        return _read(TypeAdapter(fact), await self._send("GET", path, params=params))

    async def _post[T: Fact](self, fact: type[T], path: str, **body: Any) -> T:
        return _read(TypeAdapter(fact), await self._send("POST", path, json=body))

    async def _send(self, method: str, path: str, **what: Any) -> httpx.Response:
        """One request, a second try when the first found nobody; every write carries a key, so twice is once."""
        for last in (False, True):
            try:
                answer = await self._client.request(method, path, **what)
            except httpx.TransportError as error:
                if last:
                    raise BackendDown(f"{method} {path}: {type(error).__name__}") from error
                continue
            if answer.is_server_error and not last:
                continue
            return _accept(answer, method=method, path=path)
        raise AssertionError("unreachable")


_REFUSALS: dict[str, type[BackendError]] = {"WorkOrderClosed": Closed, "InvalidAccountNumber": InvalidAccountNumber}


def _accept(answer: httpx.Response, *, method: str, path: str) -> httpx.Response:
    """The answer if ticketing did what was asked, else the refusal by its name."""
    if answer.is_success:
        return answer
    refusal = _refusal(answer)
    name = refusal.get("error")
    if name == "IdentityRequired":
        raise IdentityRequired(int(refusal.get("level_needed", 2)))
    if answer.status_code == httpx.codes.NOT_FOUND and name:
        raise NotThere(name)
    if name in _REFUSALS:
        raise _REFUSALS[name](name)
    raise BackendDown(f"{method} {path}: {answer.status_code} {name}")


def _refusal(answer: httpx.Response) -> dict[str, Any]:
    try:
        body = answer.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _read[T](adapter: TypeAdapter[T], answer: httpx.Response) -> T:
    try:
        return adapter.validate_json(answer.content)
    except ValidationError as error:
        raise BackendDown(
            f"{answer.request.url.path}: the answer is not on the wire ({error.error_count()} errors)"
        ) from error
