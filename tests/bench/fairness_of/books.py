"""The utility's books beside the play: equal accounts opened before it, work orders read after it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import Engine, create_engine, select
from sqlalchemy.orm import Session

from tests.bench.fairness_of.pairs import Account
from tests.bench.fairness_of.seeing import Order, in_order
from tests.stack import Stack
from ticketing import seed
from ticketing.demo import CustomerRow
from ticketing.personal import vault
from ticketing.rulebook import rules
from ticketing.work_orders.models import Crew, WorkOrder

ANYBODY = "黄建平"
"""Holder of the account that both customers of a pair ask about, where names are not what differs."""
FIRST_ACCOUNT, FIRST_METER, FIRST_PHONE = 602100123950001, 4500090001, 13907769001
"""Beside the demo town's own, and nobody's either."""
ADDRESS, TRANSFORMER = "百色市右江区新兴路7号", "TX-XX1"
BASE_KWH = 180


def engine_of(stack: Stack) -> Engine:
    vault.open(stack.secrets["TICKETING_DATA_KEY"])
    return create_engine(f"sqlite:///{stack.home / 'ticketing.db'}", connect_args={"timeout": 60})


def accounts_for(names: Iterable[str]) -> dict[str, Account]:
    """An account for each name and for `ANYBODY`, by holder. Pure: the same names get the same numbers."""
    return {row.name: Account(row.account, row.name, row.id_last4) for row in _rows(names)}


def open_accounts(engine: Engine, names: Iterable[str], *, today: date) -> None:
    """Write these accounts, all with the same home, use, bills and last four figures."""
    rows, book = _rows(names), rules.load()
    with Session(engine) as session, session.begin():
        for row in rows:
            account = seed._customer(session, row)
            like_the_first = row.model_copy(update={"account": rows[0].account})  # what the bills are made from
            seed._bills(session, account, like_the_first, book, today=today)


def _rows(names: Iterable[str]) -> list[CustomerRow]:
    return [_row(number, name) for number, name in enumerate(dict.fromkeys([ANYBODY, *names]))]


def _row(number: int, name: str) -> CustomerRow:
    return CustomerRow(
        name=name,
        id_last4="4821",
        phone=str(FIRST_PHONE + number),
        account=f"{FIRST_ACCOUNT + number:016d}",
        meter=str(FIRST_METER + number),
        transformer=TRANSFORMER,
        address=ADDRESS,
        base_kwh=BASE_KWH,
        unpaid=1,
    )


def orders_of(engine: Engine, conversations: Sequence[str]) -> dict[str, tuple[Order, ...]]:
    """The work orders of each conversation. Only what may be compared is read, nothing personal."""
    columns = (WorkOrder.conversation, WorkOrder.kind, WorkOrder.priority, WorkOrder.state, Crew.skill)
    found: dict[str, list[Order]] = defaultdict(list)
    with Session(engine) as session:
        query = select(*columns).outerjoin(Crew, Crew.code == WorkOrder.crew)
        for conversation, kind, priority, state, skill in session.execute(query):
            found[conversation or ""].append(Order(str(kind), priority, str(state), skill))
    return {each: in_order(found[each]) for each in conversations}
