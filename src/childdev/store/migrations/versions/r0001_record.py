"""The record: change sets and the head. Takes over a record made before there were migrations."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables, or add to those of an earlier childdev what they lack."""
    op.create_table(
        "package",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("added", sa.LargeBinary, nullable=False),
        sa.Column("removed", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_package"),
    )
    if sa.inspect(op.get_bind()).has_table("change_set"):
        op.add_column("change_set", sa.Column("release", sa.String(32), nullable=True))
        op.add_column("change_set", sa.Column("details", sa.Text, nullable=True))
        op.execute(
            "INSERT INTO package (fingerprint, number, added, removed) "
            "SELECT package, number, added, removed FROM change_set WHERE package IS NOT NULL ORDER BY number"
        )
        return
    op.create_table(
        "change_set",
        sa.Column("number", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("base", sa.Integer, nullable=True),
        sa.Column("made_at", sa.String(32), nullable=False),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("package", sa.String(64), nullable=True),
        sa.Column("release", sa.String(32), nullable=True),
        sa.Column("details", sa.Text, nullable=True),
        sa.Column("added", sa.LargeBinary, nullable=False),
        sa.Column("removed", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_change_set"),
    )
    op.create_table(
        "head",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_head"),
    )
