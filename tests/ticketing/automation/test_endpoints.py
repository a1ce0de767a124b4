"""The crews' events: signed, once, in order, each refusal by its name. And what Prometheus may read."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from tests.ticketing.automation.conftest import Maker
from ticketing.automation.robots.crew_app import sign
from ticketing.config import Settings
from ticketing.db import now
from ticketing.work_orders.models import Transition, WorkOrder

SECRET = "crew-secret"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return Settings.model_validate(
        {**settings.model_dump(by_alias=True), "crew_app_secret": SECRET, "metrics_token": "metrics-token"}
    )


class App:
    """The crews' app, as far as its events go."""

    def __init__(self, service: FastAPI, order: str, crew: str) -> None:
        self._client, self.order, self.crew = TestClient(service), order, crew

    def tell(self, event: str, *, id: str | None = None, secret: str = SECRET, **other: Any) -> Response:
        content = {"id": id or event, "order": self.order, "crew": self.crew, "event": event}
        happened, sent = other.pop("happened", now()), other.pop("sent", now())
        body = json.dumps({**content, "happened": happened.isoformat(), **other}).encode()
        return self.send(body, sign(body, secret=secret, at=sent))

    def send(self, body: bytes, signature: str) -> Response:
        headers = {b"X-Signature": signature.encode(), b"Content-Type": b"application/json"}
        return self._client.post("/api/crew-app/events", content=body, headers=headers)


@pytest.fixture
def app(service: FastAPI, make: Maker, sessions: sessionmaker[Session]) -> App:
    order = make()
    with sessions() as session:
        return App(service, order, session.get_one(WorkOrder, order).crew or "")


def refused(answer: Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]


def test_a_crew_moves_its_order_and_a_duplicate_changes_nothing(app: App, sessions: sessionmaker[Session]) -> None:
    first = app.tell("accepted")
    assert first.status_code == 200 and first.json()["state"] == "acknowledged"
    again = app.tell("accepted")
    assert again.json() == first.json()
    with sessions() as session:
        states = session.scalars(select(Transition.state).order_by(Transition.id)).all()
    assert states == ["accepted", "dispatched", "acknowledged"]


def test_events_that_nobody_signed_are_refused(app: App) -> None:
    old = timedelta(minutes=6)
    assert refused(app.tell("accepted", secret="wrong")) == (401, "SignatureRefused")
    assert refused(app.tell("accepted", sent=now() - old)) == (401, "SignatureRefused")
    assert refused(app.tell("accepted", sent=now() + old)) == (401, "SignatureRefused")
    for signature in ("", "v1=", "t=1,v1=x", "t=x,v1=é", "t=²,v1=1"):
        assert refused(app.send(b"{}", signature)) == (401, "SignatureRefused")


def test_a_signature_fits_one_body_only(app: App) -> None:
    body = b'{"id": "1"}'
    assert refused(app.send(body + b" ", sign(body, secret=SECRET, at=now()))) == (401, "SignatureRefused")


def test_refusals_have_their_names(app: App) -> None:
    late: datetime = now() + timedelta(minutes=5)
    assert refused(app.tell("accepted", happened=late)) == (422, "EventFromTheFuture")
    assert refused(app.tell("restored")) == (409, "TransitionRefused")
    assert refused(app.tell("dancing")) == (422, "InvalidRequest")
    assert refused(app.tell("returned")) == (422, "ReasonMissing")
    app.tell("accepted")
    other = app.crew
    app.crew = "CR-ALL-REPAIR"
    assert refused(app.tell("accepted", id="other")) == (409, "AcceptedByAnother")
    assert refused(app.tell("arrived", id="other-2")) == (409, "NotYourOrder")
    app.crew, app.order = other, "WO202601010001"
    assert refused(app.tell("arrived")) == (404, "WorkOrderNotFound")


def test_without_a_secret_no_event_is_taken(service: FastAPI, app: App) -> None:
    service.state.settings = service.state.settings.model_copy(
        update={"crew_app_secret": type(service.state.settings.crew_app_secret)("")}
    )
    assert refused(app.tell("accepted", secret="")) == (401, "SignatureRefused")


def test_metrics_are_counts_behind_a_token(service: FastAPI, app: App, client: TestClient) -> None:
    assert TestClient(service).get("/metrics").status_code == 401
    assert client.get("/metrics").status_code == 403
    prometheus = TestClient(service, headers={"Authorization": "Bearer metrics-token"})
    answer = prometheus.get("/metrics")
    assert answer.status_code == 200
    assert 'lamplighter_orders{kind="outage",state="dispatched"} 1.0' in answer.text
    assert 'lamplighter_outbox_open{kind="flow"} 1.0' in answer.text
    assert app.order not in answer.text
    assert prometheus.get(f"/api/work-orders/{app.order}").status_code == 403
