"""Business: customers, bills, the network and its outages, work orders, offices."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "crews",
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("area", sa.String(length=40), nullable=False),
        sa.Column("skill", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_table(
        "customers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("id_last4", sa.LargeBinary(), nullable=False),
        sa.Column("phone", sa.LargeBinary(), nullable=False),
        sa.Column("phone_index", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_customers_phone_index"), "customers", ["phone_index"], unique=False)
    op.create_table(
        "identity_checks",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("conversation", sa.String(length=128), nullable=False),
        sa.Column("account_index", sa.String(length=64), nullable=True),
        sa.Column("caller_index", sa.String(length=64), nullable=True),
        sa.Column("wrong", sa.Boolean(), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("account_tail", sa.String(length=4), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("ix_identity_checks_account", "identity_checks", ["account_index", "at"], unique=False)
    op.create_index("ix_identity_checks_caller", "identity_checks", ["caller_index", "at"], unique=False)
    op.create_index("ix_identity_checks_conversation", "identity_checks", ["conversation", "at"], unique=False)
    op.create_table(
        "network_nodes",
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("parent", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["parent"],
            ["network_nodes.code"],
        ),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_index(op.f("ix_network_nodes_parent"), "network_nodes", ["parent"], unique=False)
    op.create_table(
        "offices",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("city", sa.String(length=40), nullable=False),
        sa.Column("district", sa.String(length=40), nullable=False),
        sa.Column("address", sa.String(length=160), nullable=False),
        sa.Column("near", sa.String(length=200), nullable=False),
        sa.Column("hours", sa.String(length=80), nullable=False),
        sa.Column("phone", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "one_time_codes",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("conversation", sa.String(length=128), nullable=False),
        sa.Column("account_index", sa.String(length=64), nullable=True),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("sent", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("ix_one_time_codes_account", "one_time_codes", ["account_index", "at"], unique=False)
    op.create_index(op.f("ix_one_time_codes_conversation"), "one_time_codes", ["conversation"], unique=False)
    op.create_table(
        "work_order_numbers",
        sa.Column("day", sa.String(length=8), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day"),
    )
    op.create_table(
        "metering_points",
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("transformer", sa.String(length=32), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["transformer"],
            ["network_nodes.code"],
        ),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_index(op.f("ix_metering_points_transformer"), "metering_points", ["transformer"], unique=False)
    op.create_table(
        "outages",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("node", sa.String(length=32), nullable=False),
        sa.Column("area", sa.String(length=120), nullable=False),
        sa.Column("cause", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("started", sa.DateTime(timezone=True), nullable=False),
        sa.Column("etr", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["node"],
            ["network_nodes.code"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_outages_state", "outages", ["state", "node"], unique=False)
    op.create_table(
        "served_places",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("transformer", sa.String(length=32), nullable=False),
        sa.Column("city", sa.String(length=40), nullable=False),
        sa.Column("district", sa.String(length=40), nullable=False),
        sa.Column("zone", sa.String(length=16), nullable=False),
        sa.Column("road", sa.String(length=60), nullable=True),
        sa.Column("first", sa.Integer(), nullable=True),
        sa.Column("last", sa.Integer(), nullable=True),
        sa.Column("landmark", sa.String(length=60), nullable=True),
        sa.ForeignKeyConstraint(
            ["transformer"],
            ["network_nodes.code"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_served_places_district"), "served_places", ["district"], unique=False)
    op.create_index(op.f("ix_served_places_transformer"), "served_places", ["transformer"], unique=False)
    op.create_table(
        "accounts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("metering_point", sa.String(length=32), nullable=False),
        sa.Column("number", sa.LargeBinary(), nullable=False),
        sa.Column("number_index", sa.String(length=64), nullable=False),
        sa.Column("balance_fen", sa.Integer(), nullable=False),
        sa.Column("cut_off", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
        ),
        sa.ForeignKeyConstraint(
            ["metering_point"],
            ["metering_points.code"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("number_index"),
    )
    op.create_index(op.f("ix_accounts_customer_id"), "accounts", ["customer_id"], unique=False)
    op.create_table(
        "meters",
        sa.Column("asset_number", sa.String(length=32), nullable=False),
        sa.Column("metering_point", sa.String(length=32), nullable=False),
        sa.Column("installed_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["metering_point"],
            ["metering_points.code"],
        ),
        sa.PrimaryKeyConstraint("asset_number"),
    )
    op.create_index(op.f("ix_meters_metering_point"), "meters", ["metering_point"], unique=False)
    op.create_table(
        "outage_reports",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("conversation", sa.String(length=128), nullable=False),
        sa.Column("transformer", sa.String(length=32), nullable=True),
        sa.Column("outage", sa.String(length=32), nullable=True),
        sa.Column("order_number", sa.String(length=16), nullable=True),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("scope", sa.String(length=16), nullable=True),
        sa.Column("event_time", sa.String(length=32), nullable=True),
        sa.Column("contact_phone", sa.LargeBinary(), nullable=True),
        sa.Column("description", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["outage"],
            ["outages.id"],
        ),
        sa.ForeignKeyConstraint(
            ["transformer"],
            ["network_nodes.code"],
        ),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index(op.f("ix_outage_reports_conversation"), "outage_reports", ["conversation"], unique=False)
    op.create_index(op.f("ix_outage_reports_order_number"), "outage_reports", ["order_number"], unique=False)
    op.create_index(op.f("ix_outage_reports_outage"), "outage_reports", ["outage"], unique=False)
    op.create_table(
        "bills",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("kwh", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("amount_fen", sa.Integer(), nullable=False),
        sa.Column("late_fee_fen", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("invoice", sa.String(length=16), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("account_id", "month"),
    )
    op.create_table(
        "standings",
        sa.Column("conversation", sa.String(length=128), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
        ),
        sa.PrimaryKeyConstraint("conversation"),
    )
    op.create_table(
        "work_orders",
        sa.Column("number", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("conversation", sa.String(length=128), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("crew", sa.String(length=32), nullable=True),
        sa.Column("zone", sa.String(length=16), nullable=True),
        sa.Column("address", sa.LargeBinary(), nullable=True),
        sa.Column("contact_phone", sa.LargeBinary(), nullable=True),
        sa.Column("contact_index", sa.String(length=64), nullable=True),
        sa.Column("description", sa.LargeBinary(), nullable=False),
        sa.Column("details", sa.LargeBinary(), nullable=False),
        sa.Column("urges", sa.Integer(), nullable=False),
        sa.Column("confidential", sa.Boolean(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
        ),
        sa.ForeignKeyConstraint(
            ["crew"],
            ["crews.code"],
        ),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("key"),
    )
    op.create_index(op.f("ix_work_orders_account_id"), "work_orders", ["account_id"], unique=False)
    op.create_index(op.f("ix_work_orders_contact_index"), "work_orders", ["contact_index"], unique=False)
    op.create_index("ix_work_orders_conversation", "work_orders", ["conversation", "created"], unique=False)
    op.create_index(op.f("ix_work_orders_state"), "work_orders", ["state"], unique=False)
    op.create_table(
        "work_order_notes",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("order_number", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_number"],
            ["work_orders.number"],
        ),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index(op.f("ix_work_order_notes_order_number"), "work_order_notes", ["order_number"], unique=False)
    op.create_table(
        "work_order_transitions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_number", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_number"],
            ["work_orders.number"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    op.create_index(
        op.f("ix_work_order_transitions_order_number"), "work_order_transitions", ["order_number"], unique=False
    )


def downgrade() -> None:
    op.drop_table("work_order_transitions")
    op.drop_table("work_order_notes")
    op.drop_table("work_orders")
    op.drop_table("standings")
    op.drop_table("bills")
    op.drop_table("outage_reports")
    op.drop_table("meters")
    op.drop_table("accounts")
    op.drop_table("served_places")
    op.drop_table("outages")
    op.drop_table("metering_points")
    op.drop_table("work_order_numbers")
    op.drop_table("one_time_codes")
    op.drop_table("offices")
    op.drop_table("network_nodes")
    op.drop_table("identity_checks")
    op.drop_table("customers")
    op.drop_table("crews")
