"""Suggestions, proposals and what was said of them."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "proposal",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("author", sa.Integer, nullable=True),
        sa.Column("author_role", sa.String(200), nullable=False),
        sa.Column("credit", sa.String(200), nullable=False),
        sa.Column("base", sa.Integer, nullable=False),
        sa.Column("edition", sa.Integer, nullable=False),
        sa.Column("changes", sa.Text, nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.Column("release", sa.String(32), nullable=True),
        sa.Column("details", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["author"], ["account.id"], name="fk_proposal_author"),
        sa.PrimaryKeyConstraint("id", name="pk_proposal"),
    )
    op.create_index("ix_proposal_status", "proposal", ["status"])
    op.create_table(
        "proposal_entry",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("proposal", sa.Integer, nullable=False),
        sa.Column("edition", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("author", sa.Integer, nullable=True),
        sa.Column("role", sa.String(200), nullable=False),
        sa.Column("credit", sa.String(200), nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["proposal"], ["proposal.id"], name="fk_proposal_entry_proposal"),
        sa.ForeignKeyConstraint(["author"], ["account.id"], name="fk_proposal_entry_author"),
        sa.PrimaryKeyConstraint("id", name="pk_proposal_entry"),
    )
    op.create_index("ix_proposal_entry_proposal", "proposal_entry", ["proposal"])
    op.create_table(
        "suggestion",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("about", sa.String(200), nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("role", sa.String(80), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("answered_by", sa.Integer, nullable=True),
        sa.Column("answered_at", sa.BigInteger, nullable=True),
        sa.Column("proposal", sa.Integer, nullable=True),
        sa.ForeignKeyConstraint(["answered_by"], ["account.id"], name="fk_suggestion_answered_by"),
        sa.ForeignKeyConstraint(["proposal"], ["proposal.id"], name="fk_suggestion_proposal"),
        sa.PrimaryKeyConstraint("id", name="pk_suggestion"),
        sa.UniqueConstraint("digest", name="uq_suggestion_digest"),
    )
    op.create_index("ix_suggestion_status", "suggestion", ["status"])
