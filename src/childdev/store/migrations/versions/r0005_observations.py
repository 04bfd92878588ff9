"""Figures of areas: whole sets of observations."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "observation_set",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("details", sa.Text, nullable=False),
        sa.Column("made_at", sa.String(40), nullable=False),
        sa.Column("made_by", sa.String(64), nullable=False),
        sa.Column("figures", sa.Integer, nullable=False),
        sa.Column("left_out", sa.Integer, nullable=False),
        sa.Column("ended_at", sa.String(40), nullable=True),
        sa.Column("ended_by", sa.String(64), nullable=True),
        sa.Column("replaced_by", sa.Integer, nullable=True),
        sa.Column("data", sa.LargeBinary, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_observation_set"),
    )
