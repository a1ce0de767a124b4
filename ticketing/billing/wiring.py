"""Choose the gateway: the utility's own system where its address is set, else the built-in store."""

from sqlalchemy.orm import Session, sessionmaker

from ticketing.billing.gateway import Gateway
from ticketing.billing.http import HttpGateway
from ticketing.billing.service import Desk
from ticketing.billing.store import Store
from ticketing.billing.tariff import check
from ticketing.config import Settings
from ticketing.rulebook.promises import Promises


def open_desk(settings: Settings, sessions: sessionmaker[Session], promises: Promises) -> Desk:
    check(promises.rulebook)
    gateway: Gateway = Store(sessions, promises.rulebook)
    if settings.billing_url:
        gateway = HttpGateway(settings.billing_url, settings.billing_token.get_secret_value())
    return Desk(sessions, gateway, promises)
