"""How one report becomes a row, an order of its own, or part of an outage that is known; many in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ticketing.audit import service as audit
from ticketing.conversations.models import Conversation
from ticketing.customers.models import Standing
from ticketing.outages import flows, network, orders, repeats, restoration
from ticketing.outages.alive import ALIVE, is_certain, span
from ticketing.outages.models import OutageReport
from ticketing.outages.network import Network
from ticketing.outages.place import Place
from ticketing.outages.schedule import known_for
from ticketing.outages.urgency import Care, Need, care, need_of
from ticketing.personal import vault
from ticketing.work_orders import service as work_orders
from ticketing.work_orders.models import WorkOrder


@dataclass(frozen=True)
class Report:
    """What the customer said. `address` in their words; `actor`: who passes it on."""

    key: str
    conversation: str
    address: str
    scope: str | None
    event_time: str | None
    contact_phone: str | None
    description: str
    actor: str
    need: Need | None = None


class Known(Protocol):
    """An outage as far as a caller is concerned: a row of one query for all, or the outage itself."""

    @property
    def id(self) -> str: ...
    @property
    def order_number(self) -> str | None: ...


@dataclass(frozen=True)
class Outcome:
    """The outage that is known, an order that was made, or both: the outage is known and does not explain all."""

    outage: Known | None
    order: WorkOrder | None


class Taking:
    """What several reports of one transaction share: the network, the outages that are on, who called before."""

    def __init__(self, session: Session, reports: Sequence[Report], *, at: datetime, joins: bool = True) -> None:
        self._session, self._at = session, at
        self._network: Network = network.read(session)
        self._alive = {row.id: row for row in session.execute(ALIVE)}
        self._spans = [span(row) for row in self._alive.values()]
        self._accounts = _accounts(session, {said.conversation for said in reports})
        self._rows: list[OutageReport] = []
        self._trail: list[Mapping[str, Any]] = []
        self._numbers = _numbers(session, {said.conversation for said in reports})
        callers = {self._caller(said) for said in reports}
        self._calls = _calls(session, callers)
        self._asked = restoration.dark_again(session, callers)
        self._own = repeats.own_orders(session, callers, at=at) if joins else {}

    def take(self, said: Report) -> Outcome:
        place = self._network.gazetteer.locate(said.address)
        node = self._network.tree.meeting(place.transformers) if place and place.exact else None
        outage: Known | None = self._again(said, node) or (self._known(said, place) if place and node else None)
        need = said.need or need_of(said.description)
        before = self._own.get((self._caller(said), node)) if outage is None and need is None else None
        cared = care(need, calls=self._count(said, outage)) if outage else Care()
        order = repeats.again(self._session, before, key=said.key, at=self._at) or self._order(
            said, place, cared, outage
        )
        settled = outage is not None or node is None or before is not None
        self._rows.append(
            OutageReport(
                key=said.key,
                conversation=said.conversation,
                transformer=next(iter(place.transformers)) if place and len(place.transformers) == 1 else None,
                node=node,
                caller=self._caller(said),
                outage=outage.id if outage else None,
                order_number=order.number if order else None,
                address=said.address,
                scope=said.scope,
                need=need,
                event_time=said.event_time,
                contact_phone=self._phone(said),
                description=said.description,
                at=self._at,
                settled_at=self._at if settled else None,
            )
        )
        if order and settled and before is None:
            flows.start_of_order(self._session, order.number, at=self._at)
        self._record(said, outage, order, node)
        return Outcome(outage, order)

    def _again(self, said: Report, node: str | None) -> Known | None:
        """Who was asked whether power is back, and reports instead, says no: the outage is open again."""
        asked = self._asked.pop(self._caller(said), None) if node else None
        return restoration.answer(self._session, asked, power=False, actor=said.actor, at=self._at) if asked else None

    def _known(self, said: Report, place: Place) -> Known | None:
        """What explains the report. One that a few calls made likely explains a new caller's only to the next round.

        Until then such a caller has an order, which goes into the outage's; whoever called about it before is told.
        """
        above = self._network.tree.above(place.transformers)
        found = known_for(above, self._spans, at=self._at) if place.exact else None
        if found is None:
            return None
        called_before = (self._caller(said), found.id) in self._calls
        return self._alive[found.id] if called_before or is_certain(self._alive[found.id]) else None

    def _order(self, said: Report, place: Place | None, cared: Care, outage: Known | None) -> WorkOrder | None:
        """The caller's own order: where no outage is known, or where one is and this caller needs more than it."""
        unheard = cared.escalate and outage is not None and outage.order_number is None
        if outage is not None and cared.own_order is None and not unheard:
            if cared.escalate and outage.order_number is not None:
                key = f"report:{said.key}:escalated"
                orders.escalate(self._session, outage.order_number, key=key, reason=cared.why, at=self._at)
            return None
        order = work_orders.create(
            self._session,
            key=f"report:{said.key}",
            kind=cared.own_order or "outage",
            conversation=said.conversation,
            address=said.address,
            contact_phone=self._phone(said),
            account_number=self._accounts.get(said.conversation),
            description=said.description,
            details={"scope": said.scope, "event_time": said.event_time, "why": cared.why or None},
            place=place,
            at=self._at,
            actor=said.actor,
            flow=False,  # its flow begins once it is known whether it is one home or an outage
        )
        if cared.escalate:
            key = f"report:{said.key}:escalated"
            orders.escalate(self._session, order.number, key=key, reason=cared.why, at=self._at)
        return order

    def _count(self, said: Report, outage: Known | None) -> int:
        """Which call of this customer about this outage it is, from 1."""
        about = (self._caller(said), outage.id if outage else None)
        self._calls[about] = self._calls.get(about, 0) + 1
        return self._calls[about]

    def _phone(self, said: Report) -> str | None:
        return said.contact_phone or self._numbers.get(said.conversation)

    def _caller(self, said: Report) -> str:
        return vault.index(self._phone(said) or f"conversation:{said.conversation}")

    def _record(self, said: Report, outage: Known | None, order: WorkOrder | None, node: str | None) -> None:
        subject = f"outage:{outage.id}" if outage else f"order:{order.number if order else ''}"
        data = {"conversation": said.conversation, "known": outage is not None, "node": node}
        self._trail.append({"subject": subject, "actor": said.actor, "data": data})

    def write(self) -> None:
        """All rows at once: a storm's report costs a share of two statements."""
        self._session.add_all(self._rows)
        for row in self._trail:
            audit.add(self._session, kind="outage.reported", at=self._at, **row)
        self._session.flush()


def _accounts(session: Session, conversations: set[str]) -> dict[str, str]:
    """The account that each conversation has proven, where it has."""
    proven = session.scalars(select(Standing).where(Standing.conversation.in_(conversations)))
    return {standing.conversation: standing.account.number for standing in proven}


def _numbers(session: Session, conversations: set[str]) -> Mapping[str, str]:
    """The number that each conversation calls from, where there is one."""
    query = select(Conversation.id, Conversation.caller).where(
        Conversation.id.in_(conversations), Conversation.caller_index.is_not(None)
    )
    return {id: caller for id, caller in session.execute(query) if caller}


def _calls(session: Session, callers: set[str]) -> dict[tuple[str, str | None], int]:
    query = (
        select(OutageReport.caller, OutageReport.outage, func.count())
        .where(OutageReport.caller.in_(callers), OutageReport.outage.is_not(None))
        .group_by(OutageReport.caller, OutageReport.outage)
    )
    return {(caller or "", outage): count for caller, outage, count in session.execute(query)}
