"""For whom a caller of the API may speak when an order is moved. Pure."""

from ticketing.access import Caller
from ticketing.errors import Forbidden
from ticketing.work_orders.actors import Actor, Role

CLAIMS = {
    Caller.DEMO: frozenset({Role.AGENT, Role.DISPATCHER, Role.CREW}),
    Caller.FLOWS: frozenset({Role.FLOW, Role.ROBOT, Role.SYSTEM, Role.CREW, Role.CUSTOMER}),
}
"""People at the desk play agents, dispatchers and crews; the workers pass on what crews and customers answered."""
DEFAULTS = {Caller.DEMO: Role.DISPATCHER, Caller.FLOWS: Role.FLOW}


def speaker(caller: Caller, claimed: Actor | None) -> Actor:
    """Who acts. Raises Forbidden where the caller may not speak for them."""
    if claimed is None:
        return Actor(DEFAULTS[caller], caller)
    if claimed.kind not in CLAIMS[caller]:
        raise Forbidden(f"'{caller}' may not speak for a {claimed.kind}")
    return claimed
