"""How often somebody may do something: a bucket that fills slowly."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable

_KEPT = 10_000


class Throttle:
    """Up to `burst` at once, then `per_second`; each key has a bucket of its own."""

    def __init__(self, burst: int, per_second: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._burst, self._per_second, self._clock = burst, per_second, clock
        self._buckets: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()

    def left(self, key: Hashable) -> float:
        """How many are left just now."""
        left, at = self._buckets.get(key, (float(self._burst), 0.0))
        return min(float(self._burst), left + (self._clock() - at) * self._per_second)

    def take(self, key: Hashable) -> bool:
        """Take one, if there is one left."""
        left = self.left(key)
        self._buckets[key] = (max(0.0, left - 1), self._clock())
        self._buckets.move_to_end(key)
        if len(self._buckets) > _KEPT:
            self._buckets.popitem(last=False)
        return left >= 1

    def wait(self, key: Hashable) -> int:
        """Whole seconds until the next."""
        return max(1, round((1 - self.left(key)) / self._per_second))
