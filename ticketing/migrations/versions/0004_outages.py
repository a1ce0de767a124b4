"""Outages that are placed from calls: their log, the call-backs after restoration, alarms for hazards."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("network_nodes", sa.Column("homes", sa.Integer(), nullable=True))
    op.add_column("outages", sa.Column("predicted", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("outages", sa.Column("confidence", sa.Float(), nullable=True))
    op.add_column("outages", sa.Column("order_number", sa.String(length=16), nullable=True))
    op.add_column("outages", sa.Column("restored_at", MOMENT, nullable=True))
    op.add_column("outages", sa.Column("reopened", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("outage_reports", sa.Column("caller", sa.String(length=64), nullable=True))
    op.add_column("outage_reports", sa.Column("need", sa.String(length=16), nullable=True))
    op.add_column("outage_reports", sa.Column("settled_at", MOMENT, nullable=True))
    op.create_index("ix_outage_reports_settled_at", "outage_reports", ["settled_at"])
    op.execute("UPDATE outage_reports SET settled_at = at")
    # In SQL: Alembic would copy the table on SQLite, and dropping the old one breaks the rows that point at it.
    op.execute("ALTER TABLE outages ADD COLUMN merged_into VARCHAR(32) REFERENCES outages (id)")
    op.execute("ALTER TABLE outage_reports ADD COLUMN node VARCHAR(32) REFERENCES network_nodes (code)")
    op.create_index("ix_outages_order_number", "outages", ["order_number"])
    op.create_index("ix_outage_reports_caller", "outage_reports", ["caller"])
    op.create_index("ix_outage_reports_open", "outage_reports", ["withdrawn_at", "at"])
    op.create_table(
        "outage_placements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("outage", sa.String(length=32), nullable=False),
        sa.Column("node", sa.String(length=32), nullable=False),
        sa.Column("change", sa.String(length=16), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["outage"], ["outages.id"]),
        sa.ForeignKeyConstraint(["node"], ["network_nodes.code"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_outage_placements_outage", "outage_placements", ["outage"])
    op.create_table(
        "outage_callbacks",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("outage", sa.String(length=32), nullable=False),
        sa.Column("report", sa.String(length=200), nullable=False),
        sa.Column("conversation", sa.String(length=128), nullable=False),
        sa.Column("way", sa.String(length=16), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("power", sa.Boolean(), nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["outage"], ["outages.id"]),
        sa.ForeignKeyConstraint(["report"], ["outage_reports.key"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_outage_callbacks_outage", "outage_callbacks", ["outage"])
    op.create_index("ix_outage_callbacks_conversation", "outage_callbacks", ["conversation"])
    op.create_table(
        "hazard_alarms",
        sa.Column("order_number", sa.String(length=16), nullable=False),
        sa.Column("raised_at", MOMENT, nullable=False),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("rung_at", MOMENT, nullable=True),
        sa.Column("accepted_by", sa.String(length=80), nullable=True),
        sa.Column("accepted_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["order_number"], ["work_orders.number"]),
        sa.PrimaryKeyConstraint("order_number"),
    )
    op.create_index("ix_hazard_alarms_accepted_at", "hazard_alarms", ["accepted_at"])
    op.create_table(
        "outage_marks",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )


def downgrade() -> None:
    for table in ("outage_marks", "hazard_alarms", "outage_callbacks", "outage_placements"):
        op.drop_table(table)
    for index, table in (
        ("open", "outage_reports"),
        ("settled_at", "outage_reports"),
        ("caller", "outage_reports"),
        ("order_number", "outages"),
    ):
        op.drop_index(f"ix_{table}_{index}", table)
    for column in ("node", "caller", "need", "settled_at"):
        op.execute(f"ALTER TABLE outage_reports DROP COLUMN {column}")
    for column in ("predicted", "confidence", "order_number", "merged_into", "restored_at", "reopened"):
        op.execute(f"ALTER TABLE outages DROP COLUMN {column}")
    op.execute("ALTER TABLE network_nodes DROP COLUMN homes")
