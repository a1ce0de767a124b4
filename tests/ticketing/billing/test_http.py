"""The HTTP gateway against a real server: typed answers, and one named error for every way it can fail."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import httpx
import pytest

from tests.ticketing.billing.marketing_system import TOKEN, MarketingSystem, running
from ticketing.billing.gateway import BillingUnavailable, BillNotFound, InvoiceState
from ticketing.billing.http import HttpGateway

ACCOUNT = "0602100123450001"


@pytest.fixture
def system() -> Iterator[MarketingSystem]:
    with running() as system:
        yield system


@pytest.fixture
def gateway(system: MarketingSystem) -> Iterator[HttpGateway]:
    gateway = HttpGateway(system.url, TOKEN, timeout=httpx.Timeout(0.5))
    yield gateway
    gateway.close()


def test_what_is_due(gateway: HttpGateway, system: MarketingSystem) -> None:
    due = gateway.due(ACCOUNT, today=date(2026, 11, 23))
    assert (due.due_fen, due.due_date) == (12850, date(2026, 11, 25))
    assert system.asked == [f"/accounts/{ACCOUNT}/due?today=2026-11-23"]


def test_a_bill_with_its_tiers(gateway: HttpGateway) -> None:
    bill = gateway.bill(ACCOUNT, month="2026-10")
    assert (bill.month, bill.items[0].price) == ("2026-10", Decimal("0.5283"))
    assert gateway.bill(ACCOUNT, month=None).month == "2026-10"


def test_several_months_at_once(gateway: HttpGateway) -> None:
    assert set(gateway.bills(ACCOUNT, months=("2026-09", "2025-10"))) == {"2026-09"}


def test_an_invoice(gateway: HttpGateway) -> None:
    assert gateway.invoice(ACCOUNT, month="2026-10").state is InvoiceState.ISSUED


def test_a_month_that_is_not_there(gateway: HttpGateway) -> None:
    with pytest.raises(BillNotFound):
        gateway.bill(ACCOUNT, month="2020-01")


@pytest.mark.parametrize("trouble", [500, 503, 401, "garbage", "half", "slow"])
def test_every_trouble_has_one_name(gateway: HttpGateway, system: MarketingSystem, trouble: int | str) -> None:
    system.trouble = trouble
    with pytest.raises(BillingUnavailable):
        gateway.bill(ACCOUNT, month="2026-10")


def test_a_wrong_token_is_trouble_too(system: MarketingSystem) -> None:
    with pytest.raises(BillingUnavailable, match="401"):
        HttpGateway(system.url, "wrong").due(ACCOUNT, today=date(2026, 11, 23))


def test_nobody_there() -> None:
    with pytest.raises(BillingUnavailable, match="ConnectError"):
        HttpGateway("http://127.0.0.1:9", TOKEN).due(ACCOUNT, today=date(2026, 11, 23))
