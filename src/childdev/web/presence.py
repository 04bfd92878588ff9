"""Who has which form open at this moment: told to the others who have it open, kept nowhere."""

from __future__ import annotations

import time

from childdev.access.accounts import Account

#: seconds after which somebody who was not heard of is gone
_GONE = 45.0


class Presence:
    """The people at each form."""

    def __init__(self) -> None:
        self._there: dict[str, dict[int, tuple[str, float]]] = {}

    def others(self, place: str, account: Account) -> list[str]:
        """Write down that somebody is at a place; gives the names of the others there."""
        now = time.monotonic()
        here = {k: v for k, v in self._there.get(place, {}).items() if now - v[1] < _GONE}
        here[account.id] = (account.name, now)
        self._there[place] = here
        return sorted(name for key, (name, _) in here.items() if key != account.id)
