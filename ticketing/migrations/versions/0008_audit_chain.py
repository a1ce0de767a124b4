"""The audit trail becomes a chain: places and hashes, personal texts beside it, and a list of what has no place yet.

Records from before wait on that list, and are chained by the first sealing.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("audit_records", sa.Column("text_hash", sa.String(length=64), nullable=True))
    op.create_table(
        "audit_texts",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("hash"),
    )
    op.create_table(
        "audit_pending",
        sa.Column("seq", NUMBER, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_table(
        "audit_chain",
        sa.Column("position", NUMBER, autoincrement=False, nullable=False),
        sa.Column("seq", NUMBER, nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["seq"], ["audit_records.seq"]),
        sa.PrimaryKeyConstraint("position"),
        sa.UniqueConstraint("seq"),
    )
    op.execute("INSERT INTO audit_pending (seq) SELECT seq FROM audit_records")
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER audit_records_wait AFTER INSERT ON audit_records "
            "BEGIN INSERT INTO audit_pending (seq) VALUES (NEW.seq); END"
        )
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_chain_no_{change.lower()} BEFORE {change} ON audit_chain "
                "BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION audit_records_wait() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN INSERT INTO audit_pending (seq) VALUES (NEW.seq); RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_records_wait AFTER INSERT ON audit_records "
        "FOR EACH ROW EXECUTE FUNCTION audit_records_wait()"
    )
    op.execute(
        "CREATE TRIGGER audit_chain_no_change BEFORE UPDATE OR DELETE ON audit_chain "
        "FOR EACH ROW EXECUTE FUNCTION audit_records_refuse()"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER audit_records_wait ON audit_records")
        op.execute("DROP FUNCTION audit_records_wait()")
    else:
        op.execute("DROP TRIGGER audit_records_wait")
    op.drop_table("audit_chain")
    op.drop_table("audit_pending")
    op.drop_table("audit_texts")
    op.drop_column("audit_records", "text_hash")
