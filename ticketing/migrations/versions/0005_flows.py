"""Flows: the workers' leases, the steps done, the promises told to customers, the robots' pictures."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "flow_workers",
        sa.Column("executor", sa.String(length=64), nullable=False),
        sa.Column("started", MOMENT, nullable=False),
        sa.Column("beat_at", MOMENT, nullable=False),
        sa.Column("adopted_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("executor"),
    )
    op.create_index(op.f("ix_flow_workers_beat_at"), "flow_workers", ["beat_at"], unique=False)
    op.create_table(
        "flow_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_number", sa.String(length=16), nullable=False),
        sa.Column("step", sa.String(length=60), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("detail", sa.String(length=300), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["order_number"], ["work_orders.number"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("order_number", "step", name="uq_flow_steps"),
    )
    op.create_table(
        "flow_tries",
        sa.Column("order_number", sa.String(length=16), nullable=False),
        sa.Column("step", sa.String(length=60), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(length=300), nullable=False),
        sa.Column("next_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["order_number"], ["work_orders.number"]),
        sa.PrimaryKeyConstraint("order_number", "step"),
    )
    op.create_table(
        "promises",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_number", sa.String(length=16), nullable=False),
        sa.Column("conversation", sa.String(length=128), nullable=False),
        sa.Column("message", sa.String(length=200), nullable=False),
        sa.Column("item", sa.String(length=40), nullable=False),
        sa.Column("rule", sa.String(length=60), nullable=False),
        sa.Column("told_at", MOMENT, nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(length=16), nullable=False),
        sa.Column("check_at", MOMENT, nullable=True),
        sa.Column("warned_at", MOMENT, nullable=True),
        sa.Column("kept_at", MOMENT, nullable=True),
        sa.Column("broken_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["order_number"], ["work_orders.number"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("conversation", "message", "item", name="uq_promises_sentence"),
    )
    op.create_index("ix_promises_check", "promises", ["check_at"], unique=False)
    op.create_index(op.f("ix_promises_order_number"), "promises", ["order_number"], unique=False)
    op.create_table(
        "flow_evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_number", sa.String(length=16), nullable=False),
        sa.Column("step", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["order_number"], ["work_orders.number"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("order_number", "step", "name", name="uq_flow_evidence"),
    )


def downgrade() -> None:
    op.drop_table("flow_evidence")
    op.drop_index(op.f("ix_promises_order_number"), table_name="promises")
    op.drop_index("ix_promises_check", table_name="promises")
    op.drop_table("promises")
    op.drop_table("flow_tries")
    op.drop_table("flow_steps")
    op.drop_index(op.f("ix_flow_workers_beat_at"), table_name="flow_workers")
    op.drop_table("flow_workers")
