"""The ticketing API: wiring, once, by hand."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from ticketing import background, errors, health
from ticketing.accounts import endpoints as accounts
from ticketing.audit import endpoints as audit
from ticketing.automation import endpoints as crew_app
from ticketing.automation.store import lease_sessions
from ticketing.billing import endpoints as billing
from ticketing.billing.wiring import open_desk
from ticketing.config import Settings
from ticketing.console_proxy import ConsoleProxy
from ticketing.conversations import desk_endpoints as desk
from ticketing.conversations import endpoints as conversations
from ticketing.customers import endpoints as customers
from ticketing.db import connect, session_factory
from ticketing.desk import endpoints as desk_people
from ticketing.desk import panel_endpoints as desk_panel
from ticketing.desk import wall_endpoints as desk_wall
from ticketing.in_flight import InFlight
from ticketing.inspection import endpoints as inspection
from ticketing.inspection import sheet
from ticketing.offices import endpoints as offices
from ticketing.outages import desk_endpoints as outages_desk
from ticketing.outages import endpoints as outages
from ticketing.outages.intake import Intake
from ticketing.personal import vault
from ticketing.replay import endpoints as replay
from ticketing.retention import endpoints as retention
from ticketing.retention import rules as retention_rules
from ticketing.rulebook import rules
from ticketing.rulebook.promises import Promises
from ticketing.talk_tracks import emergency_endpoints as emergencies
from ticketing.talk_tracks import endpoints as talk_tracks
from ticketing.work_orders import endpoints as work_orders
from ticketing.work_orders import step_endpoints as work_order_steps


def app(settings: Settings | None = None) -> FastAPI:
    """Build the service from the environment (or from given settings, in tests)."""
    settings = settings or Settings()
    vault.open(settings.data_key.get_secret_value())
    engine = connect(settings.sqlalchemy_url)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with background.running(settings, service.state.sessions):
            yield
        await console.close()
        engine.dispose()

    console = ConsoleProxy(settings.console_url)
    service = FastAPI(title="Lamplighter ticketing", version="0.1.0", lifespan=lifespan)
    service.state.settings = settings
    service.state.engine = engine
    service.state.sessions = session_factory(engine)
    service.state.workers = lease_sessions(settings.sqlalchemy_url, settings.home)
    service.state.promises = Promises(rules.load(), demo=settings.demo)
    service.state.intake = Intake(service.state.sessions, service.state.promises, joins=settings.joins_reports)
    service.state.billing = open_desk(settings, service.state.sessions, service.state.promises)
    service.state.retention = retention_rules.load()
    service.state.sheet = sheet.load()
    errors.install(service)
    console.install(service)
    service.add_middleware(InFlight)
    people = (accounts, desk_people, desk_panel, desk_wall)
    control = (replay, inspection, retention, emergencies, talk_tracks)
    for endpoints in (conversations, desk, audit, *people, *control):
        service.include_router(endpoints.router)
    parts = (customers, billing, outages, outages_desk, work_orders, work_order_steps, crew_app, offices, health)
    for endpoints in parts:
        service.include_router(endpoints.router)
    return service
