"""Restores: the gap that each made, and what the outside systems hold from it."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "restores",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("taken_at", MOMENT, nullable=False),
        sa.Column("restored_at", MOMENT, nullable=False),
        sa.Column("reconciled_at", MOMENT, nullable=True),
        sa.Column("adopted", sa.Integer(), nullable=False),
        sa.Column("remade", sa.Integer(), nullable=False),
        sa.Column("unknown", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "outside_effects",
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("system", sa.String(length=16), nullable=False),
        sa.Column("receipt", sa.String(length=120), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("order_number", sa.String(length=16), nullable=True),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index(op.f("ix_outside_effects_order_number"), "outside_effects", ["order_number"], unique=False)


def downgrade() -> None:
    op.drop_table("outside_effects")
    op.drop_table("restores")
