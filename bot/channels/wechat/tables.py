"""WeChat's tables in the front door's store. OpenIDs, words, media ids are sealed; keys, states, times are plain."""

from sqlalchemy import Boolean, Column, ColumnElement, Index, Integer, LargeBinary, String, Table, literal_column

from bot.delivery.tables import Moment, metadata

customer = Table(
    "wechat_customer",
    metadata,
    Column("conversation", String(80), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("spoke_at", Moment),
    Column("used", Integer, nullable=False, default=0),
    Column("entered_at", Moment),
    Column("used_entering", Integer, nullable=False, default=0),
    Column("words_at", Moment),
    Column("is_nudged", Boolean, nullable=False, default=False),
    Column("worker", String(32)),
    Column("choices", LargeBinary),
)
"""A customer: the openid (sealed), the window in which we may write, when words came last, what the numbers of the last
question stand for, and the process (`worker`) that serves the conversation now."""

worker = Table(
    "wechat_worker",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("alive_until", Moment, nullable=False),
)
"""Processes that serve; what a dead one held is free again."""

push = Table(
    "wechat_push",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("key", String(80), nullable=False, unique=True),
    Column("conversation", String(80), nullable=False),
    Column("received_at", Moment, nullable=False, index=True),
    Column("due_at", Moment, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("sealed", LargeBinary, nullable=False),
    Column("done_at", Moment),
)
"""The inbox: a push is here before WeChat is told `success`."""

stamp = Table(
    "wechat_stamp",
    metadata,
    Column("stamp", String(64), primary_key=True),
    Column("key", String(80), nullable=False),
    Column("at", Moment, nullable=False, index=True),
)
"""A signature and the push that came under it: good for no other."""

line = Table(
    "wechat_line",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("key", String(200), nullable=False, unique=True),
    Column("conversation", String(80), nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", String(40)),
    Column("at", Moment, nullable=False, index=True),
    Column("next_at", Moment, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("settled_at", Moment),
    Column("sealed", LargeBinary, nullable=False),
)
"""The outbox: waiting → sending → sent, or parked until the customer's next words, or failed with a reason."""

attachment = Table(
    "wechat_attachment",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("conversation", String(80), nullable=False, index=True),
    Column("at", Moment, nullable=False, index=True),
    Column("sealed", LargeBinary, nullable=False),
)
"""A photo of a customer: WeChat's media id (sealed), good for three days there."""

UNDONE: ColumnElement[bool] = literal_column("done_at IS NULL", Boolean)
OPEN: ColumnElement[bool] = literal_column("settled_at IS NULL", Boolean)
"""Written out, not parameters: only so a database sees that the indexes below have the rows."""
Index("wechat_push_undone", push.c.conversation, push.c.number, sqlite_where=UNDONE, postgresql_where=UNDONE)
Index("wechat_line_open", line.c.conversation, line.c.number, sqlite_where=OPEN, postgresql_where=OPEN)
