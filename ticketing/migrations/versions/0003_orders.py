"""Work orders: merged into an outage, late events, where crews start from."""

import sqlalchemy as sa
from alembic import op

revision = "0003_orders"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("work_orders", sa.Column("outage", sa.String(length=32), nullable=True))
    op.create_index(op.f("ix_work_orders_outage"), "work_orders", ["outage"], unique=False)
    op.add_column("work_order_transitions", sa.Column("crew", sa.String(length=32), nullable=True))
    op.add_column("work_order_transitions", sa.Column("happened", sa.DateTime(timezone=True), nullable=True))
    op.add_column("crews", sa.Column("longitude", sa.Float(), nullable=True))
    op.add_column("crews", sa.Column("latitude", sa.Float(), nullable=True))
    op.create_table(
        "transformer_sites",
        sa.Column("transformer", sa.String(length=32), nullable=False),
        sa.Column("longitude", sa.Float(), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("transformer"),
    )


def downgrade() -> None:
    op.drop_table("transformer_sites")
    op.drop_column("crews", "latitude")
    op.drop_column("crews", "longitude")
    op.drop_column("work_order_transitions", "happened")
    op.drop_column("work_order_transitions", "crew")
    op.drop_index(op.f("ix_work_orders_outage"), "work_orders")
    op.drop_column("work_orders", "outage")
