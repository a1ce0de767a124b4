"""Wake the flow of an order: a row in the transaction that changed the order, so that the bell rings after it.

The bell carries nothing that the flow relies on: it reads the order anew. So a bell too many, or one that comes late,
does no harm.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from ticketing.outbox import service as outbox

KIND = "bell"


def ring(session: Session, order_number: str, *, key: str, bell: str, at: datetime) -> None:
    """Wake the order's flow once this transaction has committed. The same `key` rings once."""
    outbox.put(session, kind=KIND, key=f"bell:{key}", payload={"order": order_number, "bell": bell}, at=at)
