"""One process at a time serves a conversation: it puts its name on the customer's row, and keeps itself alive.

A process renews one row for all its conversations; when it dies they are free after `ALIVE_S`, without Redis too.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from bot.channels.wechat.tables import customer as customers
from bot.channels.wechat.tables import worker as workers

ALIVE_S = 8.0
BEAT_S = 2.0
FORGOTTEN = timedelta(days=1)

THIS = workers.c.id == bindparam("worker_id")
BEAT = update(workers).where(THIS).values(alive_until=bindparam("until"))
ALIVE = select(workers.c.id).where(THIS, workers.c.alive_until > bindparam("now"))
LEAVE = delete(workers).where(THIS)
LEAVE_ALL = update(customers).where(customers.c.worker == bindparam("worker_id")).values(worker=None)
OF_CONVERSATION = customers.c.conversation == bindparam("conversation_id")
HOLDER = select(customers.c.worker).where(OF_CONVERSATION)
TAKE = (
    update(customers)
    .where(OF_CONVERSATION, customers.c.worker.is_not_distinct_from(bindparam("before")))
    .values(worker=bindparam("worker_id"))
)
RELEASE = update(customers).where(OF_CONVERSATION, customers.c.worker == bindparam("worker_id")).values(worker=None)
SWEEP = delete(workers).where(workers.c.alive_until < bindparam("before"))


def beat(connection: Connection, worker: str, *, at: datetime) -> None:
    """Say that the process `worker` lives."""
    until = at + timedelta(seconds=ALIVE_S)
    if connection.execute(BEAT, {"worker_id": worker, "until": until}).rowcount == 0:
        connection.execute(insert(workers), {"id": worker, "alive_until": until})


def claim(connection: Connection, conversation: str, worker: str, *, at: datetime) -> bool:
    """Take the conversation for `worker`; False: a living process has it, or it is nobody's we know."""
    found = connection.execute(HOLDER, {"conversation_id": conversation}).one_or_none()
    if found is None:
        return False
    holder: str | None = found.worker
    if holder == worker:
        return True
    if holder is not None and connection.execute(ALIVE, {"worker_id": holder, "now": at}).one_or_none() is not None:
        return False
    values = {"conversation_id": conversation, "before": holder, "worker_id": worker}
    return connection.execute(TAKE, values).rowcount == 1


def release(connection: Connection, conversation: str, worker: str) -> None:
    connection.execute(RELEASE, {"conversation_id": conversation, "worker_id": worker})


def leave(connection: Connection, worker: str) -> None:
    """The process ends: all that it served is free at once."""
    connection.execute(LEAVE_ALL, {"worker_id": worker})
    connection.execute(LEAVE, {"worker_id": worker})


def sweep(connection: Connection, *, at: datetime) -> int:
    return connection.execute(SWEEP, {"before": at - FORGOTTEN}).rowcount
