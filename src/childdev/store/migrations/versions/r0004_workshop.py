"""Workshops and the log of their events."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "workshop",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("code", sa.String(6), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("opened_by", sa.String(64), nullable=False),
        sa.Column("opened_at", sa.String(40), nullable=False),
        sa.Column("expires_at", sa.String(40), nullable=False),
        sa.Column("closed_at", sa.String(40), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_workshop"),
        sa.UniqueConstraint("code", name="uq_workshop_code"),
    )
    op.create_table(
        "workshop_event",
        sa.Column("workshop", sa.Integer, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("command", sa.String(36), nullable=False),
        sa.Column("made_at", sa.String(40), nullable=False),
        sa.Column("made_by", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("patch", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("workshop", "sequence", name="pk_workshop_event"),
        sa.UniqueConstraint("workshop", "command", name="uq_workshop_event_workshop_command"),
        sa.ForeignKeyConstraint(["workshop"], ["workshop.id"], name="fk_workshop_event_workshop"),
    )
    op.create_table(
        "workshop_token",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("workshop", sa.Integer, nullable=False),
        sa.Column("participant", sa.Integer, nullable=False),
        sa.Column("expires_at", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_workshop_token"),
        sa.ForeignKeyConstraint(["workshop"], ["workshop.id"], name="fk_workshop_token_workshop"),
    )
    op.create_index("ix_workshop_token_workshop", "workshop_token", ["workshop"])
