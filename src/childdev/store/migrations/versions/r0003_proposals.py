"""Suggestions, proposals and what was said of them."""

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the tables."""
