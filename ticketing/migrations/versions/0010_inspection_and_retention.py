"""Scoring sheets, legal holds, erasures; and when a row's personal text was erased."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

MOMENT = sa.DateTime(timezone=True)
KEPT = sa.text("erased_at IS NULL")
ERASABLE = (
    *("conversations", "messages", "handoffs", "work_orders", "work_order_notes", "outage_reports"),
    *("outbox", "flow_evidence"),
)


def upgrade() -> None:
    for table in ERASABLE:
        op.add_column(table, sa.Column("erased_at", MOMENT, nullable=True))
    op.create_index("ix_messages_kept", "messages", ["at"], unique=False, sqlite_where=KEPT, postgresql_where=KEPT)
    op.create_table(
        "legal_holds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation", sa.String(length=100), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("placed_by", sa.String(length=80), nullable=False),
        sa.Column("placed_at", MOMENT, nullable=False),
        sa.Column("lift_reason", sa.LargeBinary(), nullable=True),
        sa.Column("lifted_by", sa.String(length=80), nullable=True),
        sa.Column("lifted_at", MOMENT, nullable=True),
        sa.Column("erased_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["conversation"], ["conversations.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_legal_holds_conversation"), "legal_holds", ["conversation"], unique=False)
    op.create_table(
        "erasures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("how", sa.String(length=16), nullable=False),
        sa.Column("who", sa.String(length=100), nullable=True),
        sa.Column("conversations", sa.JSON(), nullable=False),
        sa.Column("orders", sa.JSON(), nullable=False),
        sa.Column("asked_by", sa.String(length=80), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("erased", sa.JSON(), nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    for column in ("who", "finished_at"):
        op.create_index(op.f(f"ix_erasures_{column}"), "erasures", [column], unique=False)
    op.create_table(
        "inspections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation", sa.String(length=100), nullable=False),
        sa.Column("agent", sa.String(length=80), nullable=False),
        sa.Column("sheet", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("scores", sa.JSON(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("inspector", sa.String(length=80), nullable=False),
        sa.Column("filled_at", MOMENT, nullable=False),
        sa.Column("remarks", sa.LargeBinary(), nullable=False),
        sa.Column("contested_at", MOMENT, nullable=True),
        sa.Column("contest", sa.LargeBinary(), nullable=True),
        sa.Column("hold", sa.Integer(), nullable=True),
        sa.Column("decided_by", sa.String(length=80), nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decision", sa.LargeBinary(), nullable=True),
        sa.Column("first_scores", sa.JSON(), nullable=True),
        sa.Column("erased_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["conversation"], ["conversations.id"]),
        sa.ForeignKeyConstraint(["hold"], ["legal_holds.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("conversation", "agent", "sheet", name="uq_inspections"),
    )
    for column in ("conversation", "agent"):
        op.create_index(op.f(f"ix_inspections_{column}"), "inspections", [column], unique=False)


def downgrade() -> None:
    for table in ("inspections", "erasures", "legal_holds"):
        op.drop_table(table)
    op.drop_index("ix_messages_kept", "messages")
    for table in ERASABLE:
        op.drop_column(table, "erased_at")
