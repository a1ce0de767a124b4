"""Business: customers, bills, the network and its outages, work orders, offices."""

revision = "0001"
down_revision = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
