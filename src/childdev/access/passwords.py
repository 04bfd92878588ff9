"""Passwords: long ones of any kind (NIST SP 800-63B), kept only as argon2 digests."""

from __future__ import annotations

import functools
import re
import threading
import unicodedata
from itertools import pairwise

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import select, update
from sqlalchemy.engine import Connection

from childdev.access import accounts
from childdev.access.accounts import Account, AccountError
from childdev.access.tables import ACCOUNTS

SHORTEST, LONGEST = 12, 200

#: what is tried first by those who guess, as whole passwords once digits and signs at the ends are gone
_OBVIOUS = re.compile(
    r"((my)?passwor[dt]|letmein(please)?|welcome|changeme(please)?|qwerty(uiop(as(dfghjkl)?)?)?|asdfghjkl|iloveyou|"
    r"admin(istrator)?|correcthorsebatterystaple|(healthy)?child(dev(elopment)?)?|trustno|sunshine|football)*"
)
#: a digest takes 64 MiB while it is made
_AT_ONCE = threading.BoundedSemaphore(2)
_HASHER = PasswordHasher()


def set_password(connection: Connection, account: Account, password: str) -> None:
    """Give an account a password.

    Raises:
        AccountError: it is too short, too long, or easily guessed.
    """
    _check_rules(password, account.name)
    with _AT_ONCE:
        kept = _HASHER.hash(_normal(password))
    connection.execute(update(ACCOUNTS).where(ACCOUNTS.c.id == account.id).values(password=kept))


def check(connection: Connection, name: str, password: str) -> Account | None:
    """The account of this name, if this is its password. An unknown name takes as long as a wrong password."""
    c = ACCOUNTS.c
    query = select(c.id, c.password).where(c.name_key == accounts.key(name), c.active)
    found = connection.execute(query).one_or_none()
    kept = found.password if found is not None and found.password is not None else _nobody()
    try:
        with _AT_ONCE:
            _HASHER.verify(kept, _normal(password[:LONGEST]))
    except (VerifyMismatchError, InvalidHashError):
        return None
    if found is None or found.password is None:
        return None
    if _HASHER.check_needs_rehash(kept):
        with _AT_ONCE:
            again = _HASHER.hash(_normal(password))
        connection.execute(update(ACCOUNTS).where(c.id == found.id).values(password=again))
    return accounts.get(connection, found.id)


@functools.cache
def _nobody() -> str:
    """The digest of no password."""
    return _HASHER.hash("\0")


def _check_rules(password: str, name: str) -> None:
    if len(password) < SHORTEST:
        raise AccountError(
            "password", f"Enter a password of at least {SHORTEST} letters. A few words in a row do well."
        )
    if len(password) > LONGEST:
        raise AccountError("password", f"Enter a password of at most {LONGEST} letters.")
    plain = "".join(_normal(password).casefold().split())
    own = "".join(accounts.key(name).split())
    if len(own) > 2 and own in plain and len(plain.replace(own, "")) < 8:
        raise AccountError("password", "Enter a password that is not made of your name.")
    core = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", plain)
    steps = {ord(b) - ord(a) for a, b in pairwise(plain)}  # two in 123456789012
    if (core and _OBVIOUS.fullmatch(core)) or len(steps) < 3 or len(set(plain)) < 5:
        raise AccountError("password", "Enter a password that is harder to guess. A few words in a row do well.")


def _normal(password: str) -> str:
    """The same password, however the keyboard wrote its letters."""
    return unicodedata.normalize("NFKC", password)
