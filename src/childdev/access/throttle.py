"""Guessing made slow: failed tries are counted per account and per network address, in memory only."""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Mapping

from childdev.errors import ChilddevError

#: seconds for which a failed try counts
WINDOW = 900
#: failed tries within that time
PER_ACCOUNT, PER_ADDRESS = 10, 50
#: accounts and addresses that are remembered
_MOST = 20_000


class ThrottledError(ChilddevError):
    """There were too many failed tries; `headers` say in how many seconds one may try again."""

    status = 429
    title = "Please wait a little"

    def __init__(self, seconds: int) -> None:
        minutes = math.ceil(seconds / 60)
        wait = f"{minutes} minutes" if minutes > 1 else "a minute"
        super().__init__(f"There were too many tries that failed. Nothing is lost; try again in {wait}.")
        self.headers = {"Retry-After": str(seconds)}


class Throttle:
    """Tries of the last quarter of an hour."""

    def __init__(self) -> None:
        self._tries: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def enter(self, limits: Mapping[str, int]) -> None:
        """Count a try before it is made, so that many at once are counted too: for each key, how many may fail.

        Raises:
            ThrottledError: there were too many. This one is not counted.
        """
        now = time.monotonic()
        with self._lock:
            tries = {key: self._recent(key, now) for key in limits}
            waits = [t[-limits[key]] + WINDOW - now for key, t in tries.items() if len(t) >= limits[key]]
            if waits:
                raise ThrottledError(max(1, math.ceil(max(waits))))
            for t in tries.values():
                t.append(now)
            while len(self._tries) > _MOST:
                self._tries.popitem(last=False)

    def forgive(self, *keys: str) -> None:
        """Uncount the last try, which did not fail. Earlier ones count on, or anyone's own account would clear them."""
        with self._lock:
            for key in keys:
                if self._tries.get(key):
                    self._tries[key].pop()

    def _recent(self, key: str, now: float) -> deque[float]:
        tries = self._tries.setdefault(key, deque())
        self._tries.move_to_end(key)
        while tries and tries[0] < now - WINDOW:
            tries.popleft()
        return tries
