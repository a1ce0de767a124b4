"""All services and all actions, wired once, by hand."""

from rasa_sdk import Action

from actions import bill, follow_up, hazard, home, orders, outage
from actions.ask import ASKED, Ask
from actions.backend import Backend
from actions.courtesy import Goodbye, Greet, Repeat, Silence, Stop, Thank, Wait
from actions.fallback import Clarify, OutOfScope
from actions.form import BeginService, FinishService, ValidateServiceForm
from actions.handoff_action import HandOff
from actions.hazard import ReportHazard
from actions.offers import Affirm, Deny, Inform
from actions.questions import Answer

SERVICES = {
    service.wish: service
    for service in (
        *outage.SERVICES,
        home.SERVICE,
        hazard.SERVICE,
        *bill.SERVICES,
        *orders.SERVICES,
        *follow_up.SERVICES,
    )
}


def actions(backend: Backend) -> list[Action]:
    """Every custom action of domain.yml, ready to run."""
    with_services = [
        cls(backend, SERVICES)
        for cls in (
            BeginService,
            ValidateServiceForm,
            FinishService,
            ReportHazard,
            Affirm,
            Deny,
            Inform,
            Clarify,
            OutOfScope,
            Stop,
        )
    ]
    alone = [cls(backend) for cls in (Answer, Goodbye, Greet, HandOff, Repeat, Silence, Thank, Wait)]
    return [*with_services, *alone, *(Ask(backend, SERVICES, slot) for slot in ASKED)]
