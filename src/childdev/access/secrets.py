"""Random secrets for links, sessions and tokens.

Only their digests are stored, so that a copy of the database opens nothing.
"""

from __future__ import annotations

import hashlib
import secrets


def fresh() -> str:
    """A new secret of 256 random bits, fit for an address or a header."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """What is stored of a secret. It needs no salt, since nobody can guess 256 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()
