"""The tables of accounts. Times are whole seconds since 1970; secrets are kept only as digests."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Integer, String, Table, Text

from childdev.store.database import METADATA

ACCOUNTS = Table(
    "account",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", String(80), nullable=False),
    Column("name_key", String(200), nullable=False, unique=True),
    Column("password", Text, nullable=True),
    Column("active", Boolean, nullable=False),
    Column("credit", String(8), nullable=False),
    Column("outside_key", String(64), nullable=True, unique=True),
    Column("made_at", BigInteger, nullable=False),
)
ROLES = Table(
    "account_role",
    METADATA,
    Column("account", Integer, ForeignKey("account.id"), primary_key=True),
    Column("role", String(20), primary_key=True),
)
LINKS = Table(
    "account_link",
    METADATA,
    Column("digest", String(64), primary_key=True),
    Column("account", Integer, ForeignKey("account.id"), nullable=True),
    Column("purpose", String(16), nullable=False),
    Column("expires_at", BigInteger, nullable=False),
)
SESSIONS = Table(
    "account_session",
    METADATA,
    Column("digest", String(64), primary_key=True),
    Column("account", Integer, ForeignKey("account.id"), nullable=False, index=True),
    Column("made_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
)
TOKENS = Table(
    "account_token",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("account", Integer, ForeignKey("account.id"), nullable=False, index=True),
    Column("label", String(80), nullable=False),
    Column("actions", Text, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
)
AUDIT = Table(
    "audit",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("account", Integer, ForeignKey("account.id"), nullable=True),
    Column("action", String(40), nullable=False),
    Column("subject", String(200), nullable=False),
)
