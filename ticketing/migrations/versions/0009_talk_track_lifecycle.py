"""Talk tracks from draft to retirement, in languages; emergencies; what the files said last."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

MOMENT = sa.DateTime(timezone=True)
IN_FORCE = sa.text("state = 'published'")
NEW = ("emergency_set", "drafted_at", "reviewed_at", "reason", "publish_from")


def upgrade() -> None:
    op.drop_index("uq_talk_tracks_in_force", "talk_tracks")
    with op.batch_alter_table("talk_tracks") as table:
        table.add_column(sa.Column("language", sa.String(length=10), nullable=False, server_default="zh-CN"))
        table.add_column(sa.Column("emergency_set", sa.String(length=40), nullable=True))
        table.add_column(sa.Column("drafted_at", MOMENT, nullable=True))
        table.add_column(sa.Column("reviewed_at", MOMENT, nullable=True))
        table.add_column(sa.Column("reason", sa.Text(), nullable=True))
        table.add_column(sa.Column("publish_from", MOMENT, nullable=True))
        table.alter_column("reviewer", existing_type=sa.String(length=80), nullable=True)
        table.alter_column("publisher", existing_type=sa.String(length=80), nullable=True)
    _in_force("name", "variant", "language")
    op.create_index("ix_talk_tracks_state", "talk_tracks", ["state", "publish_from"], unique=False)
    op.create_table(
        "talk_track_file_words",
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "talk_track_emergencies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("emergency_set", sa.String(length=40), nullable=False),
        sa.Column("area", sa.String(length=80), nullable=False),
        sa.Column("restoration", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("asked_by", sa.String(length=80), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("on_by", sa.String(length=80), nullable=True),
        sa.Column("on_at", MOMENT, nullable=True),
        sa.Column("off_by", sa.String(length=80), nullable=True),
        sa.Column("off_at", MOMENT, nullable=True),
        sa.Column("off_reason", sa.String(length=300), nullable=True),
        sa.Column("reviewed_by", sa.String(length=80), nullable=True),
        sa.Column("reviewed_at", MOMENT, nullable=True),
        sa.Column("accepted", sa.Boolean(), nullable=True),
        sa.Column("remarks", sa.String(length=1000), nullable=True),
        sa.Column("overdue_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_talk_track_emergencies_off_at"), "talk_track_emergencies", ["off_at"], unique=False)


def _in_force(*columns: str) -> None:
    op.create_index(
        "uq_talk_tracks_in_force",
        "talk_tracks",
        list(columns),
        unique=True,
        sqlite_where=IN_FORCE,
        postgresql_where=IN_FORCE,
    )


def downgrade() -> None:
    """Only what was published can stay: the revision before knows no other words, and one language."""
    op.drop_table("talk_track_emergencies")
    op.drop_table("talk_track_file_words")
    op.drop_index("ix_talk_tracks_state", "talk_tracks")
    op.drop_index("uq_talk_tracks_in_force", "talk_tracks")
    op.execute(
        "DELETE FROM talk_tracks WHERE state NOT IN ('published', 'retired') OR reviewer IS NULL OR publisher IS NULL"
    )
    op.execute("DELETE FROM talk_tracks WHERE language <> 'zh-CN'")
    with op.batch_alter_table("talk_tracks") as table:
        for column in ("language", *NEW):
            table.drop_column(column)
        table.alter_column("reviewer", existing_type=sa.String(length=80), nullable=False)
        table.alter_column("publisher", existing_type=sa.String(length=80), nullable=False)
    _in_force("name", "variant")
