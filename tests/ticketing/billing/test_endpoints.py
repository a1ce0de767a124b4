"""Bills over the wire, from the built-in store and from a marketing system elsewhere."""

from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from tests.ticketing.billing.marketing_system import TOKEN, running
from tests.ticketing.conftest import TOKENS
from ticketing.audit.models import AuditRecord
from ticketing.billing.models import StoredBill
from ticketing.billing.months import shift
from ticketing.config import Settings
from ticketing.customers import accounts
from ticketing.db import now
from ticketing.main import app
from ticketing.work_orders.numbers import LOCAL

pytestmark = pytest.mark.usefixtures("town")
LAST_MONTH = shift(f"{now().astimezone(LOCAL):%Y-%m}", -1)


def prove(client: TestClient, *, tail: str = "0001", name: str = "韦小明", card: str = "123X") -> None:
    given = {"account_number": f"060210012345{tail}", "customer_name": name, "id_last4": card}
    answer = client.post("/api/identity/checks", json={"key": f"k-{tail}", "conversation": "c-1", **given})
    assert answer.json()["level"] == 2


def get(client: TestClient, what: str, **query: str) -> dict[str, Any]:
    answer = client.get(f"/api/billing/{what}", params={"conversation": "c-1", **query})
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def test_a_bill_is_the_sum_of_its_tiers_in_every_month(client: TestClient) -> None:
    prove(client)
    for back in range(13):
        bill = get(client, "bill", month=shift(LAST_MONTH, -back))
        assert bill["amount_fen"] == sum(item["amount_fen"] for item in bill["items"]) + bill["late_fee_fen"]
        assert bill["kwh"] == sum(item["kwh"] for item in bill["items"])


def test_without_a_month_it_is_the_newest_bill(client: TestClient) -> None:
    prove(client)
    assert get(client, "bill")["month"] == LAST_MONTH


def test_the_explanation_adds_up_and_usage_agrees_with_the_bills(client: TestClient) -> None:
    prove(client, tail="0007", name="张伟", card="7751")  # paid late: the newest bill has a late fee
    explanation = get(client, "explanation", month=LAST_MONTH)
    assert (
        sum(cause["fen"] for cause in explanation["causes"]) == explanation["amount_fen"] - explanation["previous_fen"]
    )
    assert "arrears" in {cause["cause"] for cause in explanation["causes"]}
    usage = get(client, "usage", month=LAST_MONTH)
    assert usage["kwh"] == get(client, "bill", month=LAST_MONTH)["kwh"]
    assert usage["previous_kwh"] == get(client, "bill", month=shift(LAST_MONTH, -1))["kwh"]
    assert usage["last_year_kwh"] == get(client, "bill", month=shift(LAST_MONTH, -12))["kwh"]


def test_arrears_are_due_with_their_late_fee(client: TestClient, sessions: sessionmaker[Session]) -> None:
    prove(client, tail="0004", name="陆文英", card="3306")
    due = get(client, "due")
    assert due["cut_off"] is True
    assert due["overdue_days"] > 0
    bills = [get(client, "bill", month=shift(LAST_MONTH, -back)) for back in range(3)]
    assert not any(bill["paid"] for bill in bills)
    assert due["due_date"] == bills[-1]["due_date"]
    assert due["due_fen"] > sum(bill["amount_fen"] for bill in bills)


def test_who_owes_nothing_hears_zero(client: TestClient, sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        account = accounts.by_number(session, "0602100123450001")
        assert account
        paid = update(StoredBill).where(StoredBill.account_id == account.id).values(paid_on=now().date())
        session.execute(paid)
    prove(client)
    due = get(client, "due")
    assert (due["due_fen"], due["due_date"], due["overdue_days"]) == (0, None, 0)


def test_a_month_without_a_bill_is_refused_by_name(client: TestClient) -> None:
    prove(client)
    answer = client.get("/api/billing/bill", params={"conversation": "c-1", "month": "2019-01"})
    assert (answer.status_code, answer.json()["error"]) == (404, "BillNotFound")
    assert get(client, "invoice", month="2019-01")["state"] == "none"


def test_the_invoices_title_is_masked(client: TestClient) -> None:
    prove(client)
    assert get(client, "invoice", month=LAST_MONTH) == {"month": LAST_MONTH, "state": "available", "title": "韦**"}


def test_every_look_is_in_the_trail(client: TestClient, sessions: sessionmaker[Session]) -> None:
    prove(client)
    get(client, "due")
    get(client, "usage")
    with sessions() as session:
        seen = session.scalars(select(AuditRecord).where(AuditRecord.kind == "personal.seen")).all()
        assert [(row.data["what"], row.data["conversation"]) for row in seen] == [("due", "c-1"), ("usage", "c-1")]


def test_the_tariff_in_force(client: TestClient) -> None:
    tariff = client.get("/api/billing/tariff").json()
    rules = ["residential-tier1-price", "residential-tier1-limit-peak"]
    assert tariff["tiers"][0] == {"tier": 1, "up_to_kwh": 190, "price": "0.5283", "season": "peak", "rules": rules}
    assert tariff["tiers"][-1]["up_to_kwh"] is None
    assert tariff["confidence"] == "example"


def test_the_hours_of_the_commercial_day_and_the_farms_price(client: TestClient) -> None:
    shops = client.get("/api/billing/tariff", params={"category": "commercial"}).json()
    flat = next(each for each in shops["periods"] if each["period"] == "flat")
    assert (flat["hours"], flat["price"]) == ([[7, 11], [13, 17]], "0.6584")
    assert {"commercial-energy-price", "commercial-hours-flat", "commercial-funds-price"} < set(flat["rules"])
    farms = client.get("/api/billing/tariff", params={"category": "agricultural"}).json()
    assert (farms["price"], farms["rule"], farms["tiers"]) == ("0.4467", "agricultural-price", [])


def test_example_prices_are_not_quoted_in_production(settings: Settings) -> None:
    service = app(settings.model_copy(update={"demo": False}))
    client = TestClient(service, headers={"Authorization": f"Bearer {TOKENS['actions']}"})
    for category in ("residential", "commercial", "agricultural"):
        answer = client.get("/api/billing/tariff", params={"category": category})
        assert (answer.status_code, answer.json()["error"]) == (404, "TariffNotQuotable")
    prove(client)
    assert get(client, "usage")["reached"] is None
    assert get(client, "bill")["items"]  # what was billed is no quotation
    service.state.engine.dispose()


def test_last_year_is_explained_in_figures_that_add_up_too(client: TestClient) -> None:
    prove(client)
    found = get(client, "explanation", month=LAST_MONTH)
    last_year = found["last_year"]
    assert last_year["month"] == shift(LAST_MONTH, -12)
    assert sum(cause["fen"] for cause in last_year["causes"]) == found["amount_fen"] - last_year["amount_fen"]
    assert get(client, "explanation", month=shift(LAST_MONTH, -1))["last_year"] is None


def test_a_bill_names_the_rows_of_its_prices_and_the_tier_it_reached(client: TestClient) -> None:
    prove(client)
    bill, usage = get(client, "bill"), get(client, "usage")
    assert bill["items"][0]["rules"] == ["residential-tier1-price"]
    assert len(usage["daily_kwh"]) == bill["days"] and sum(usage["daily_kwh"]) == bill["kwh"]
    assert usage["reached"]["tier"] == len(bill["items"])
    assert usage["reached"]["left_kwh"] is None or usage["reached"]["left_kwh"] >= 0


def test_a_shops_bill_is_by_the_hours_and_its_arrears_at_its_own_share(
    client: TestClient, sessions: sessionmaker[Session]
) -> None:
    prove(client, tail="0032", name="卢建成", card="8136")
    bill = get(client, "bill")
    assert [item["label"] for item in bill["items"]][-2:] == ["低谷", "政府性基金及附加"]
    assert bill["category"] == "commercial" and get(client, "usage")["reached"] is None
    today = now().astimezone(LOCAL).date()
    with sessions.begin() as session:
        account = accounts.by_number(session, "0602100123450032")
        assert account
        open_bill = StoredBill.account_id == account.id, StoredBill.month == LAST_MONTH
        session.execute(update(StoredBill).where(*open_bill).values(due_on=today - timedelta(days=1), late_fee_fen=100))
    owed = bill["amount_fen"] - 100  # none is due on an earlier penalty
    share = Decimal("0.002") if (today - timedelta(days=1)).year == today.year else Decimal("0.003")
    fee = int((owed * share).quantize(Decimal(1), ROUND_HALF_UP))
    assert get(client, "due")["due_fen"] == bill["amount_fen"] + max(fee, 100)


def test_a_marketing_system_answers_instead_of_the_store_and_its_silence_is_503(settings: Settings) -> None:
    with running() as system:
        service = app(settings.model_copy(update={"billing_url": system.url, "billing_token": SecretStr(TOKEN)}))
        client = TestClient(service, headers={"Authorization": f"Bearer {TOKENS['actions']}"})
        prove(client)
        assert get(client, "due")["due_fen"] == 12850
        assert get(client, "explanation", month="2026-10")["causes"] == []
        system.trouble = 500
        answer = client.get("/api/billing/due?conversation=c-1")
        assert (answer.status_code, answer.json()["error"]) == (503, "BillingUnavailable")
        service.state.engine.dispose()
