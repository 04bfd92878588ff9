"""Sign-ins through an outside provider that were begun and are not back yet, in memory only."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Literal

from childdev.access.secrets import digest, fresh

#: seconds within which one has to be back
LASTING = 600
#: attempts that are remembered
_MOST = 20_000


@dataclass(frozen=True)
class Attempt:
    """What somebody set out for, and the secrets that show that the answer is to this very attempt.

    `account` is who is signed in and wants to connect; `invitation` is the secret of the link of who is invited;
    `onward` is where to go after signing in. `browser` goes into a cookie, so that nobody else can bring the answer.
    """

    purpose: Literal["sign-in", "connect", "accept"]
    onward: str = ""
    account: int | None = None
    invitation: str = ""
    browser: str = field(default_factory=fresh)
    state: str = field(default_factory=fresh)
    nonce: str = field(default_factory=fresh)
    verifier: str = field(default_factory=fresh)


class Attempts:
    """The attempts of the last minutes. Each can be taken once."""

    def __init__(self) -> None:
        self._begun: OrderedDict[str, tuple[float, Attempt]] = OrderedDict()
        self._lock = threading.Lock()

    def begin(self, attempt: Attempt) -> None:
        """Remember an attempt."""
        with self._lock:
            self._begun[_key(attempt.browser, attempt.state)] = time.monotonic(), attempt
            while len(self._begun) > _MOST:
                self._begun.popitem(last=False)

    def take(self, browser: str, state: str) -> Attempt | None:
        """The attempt that this browser began with this state, unless it was taken before or is too old."""
        with self._lock:
            at, attempt = self._begun.pop(_key(browser, state), (0.0, None))
        return attempt if attempt is not None and time.monotonic() - at < LASTING else None


def _key(browser: str, state: str) -> str:
    return digest(f"{browser} {state}")
