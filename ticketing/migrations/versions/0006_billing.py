"""Bills like the utility's own: customer class and area of an account, monthly and daily usage of a metering point."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("accounts", sa.Column("area_code", sa.String(length=6), nullable=False, server_default=""))
    op.add_column("accounts", sa.Column("category", sa.String(length=16), nullable=False, server_default="residential"))
    op.create_table(
        "metered_months",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("metering_point", sa.String(length=32), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("kwh", sa.Integer(), nullable=False),
        sa.Column("detail", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["metering_point"], ["metering_points.code"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("metering_point", "month"),
    )


def downgrade() -> None:
    op.drop_table("metered_months")
    op.drop_column("accounts", "category")
    op.drop_column("accounts", "area_code")
