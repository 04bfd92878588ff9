"""What the address of a graph view asks for. The address alone makes the picture."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote, urlencode

from childdev.errors import ParameterError
from childdev.views.graphs.facts import FILTERS

_NAME = re.compile(r"[a-z-]+/[A-Za-z0-9.-]+")
_PIN = re.compile(r"([a-z-]+/[A-Za-z0-9.-]+):(-?\d{1,6}),(-?\d{1,6})")
_MOST = 3000
#: values of one name that an address may hold
_MANY = 300
_ENDS = ("from", "to")
KNOWN = frozenset({"q", *FILTERS, "open", "closed", "focus", "pin", "most", *_ENDS, "version", "embed"})


@dataclass(frozen=True)
class State:
    """What an address asks for, parsed. Things are named "kind/slug"."""

    q: str = ""
    filters: dict[str, tuple[str, ...]] = field(default_factory=dict)
    open: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    focus: str = ""
    pins: dict[str, tuple[int, int]] = field(default_factory=dict)
    most: int | None = None
    first: str = ""
    last: str = ""
    version: str = ""
    embed: bool = False

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The query that asks for this, always in the same order."""
        ends = [(name, v) for name, v in zip(_ENDS, (self.first, self.last), strict=True) if v]
        return [
            *ends,
            *([("q", self.q)] if self.q else []),
            *((name, v) for name in FILTERS for v in self.filters.get(name, ())),
            *(("open", v) for v in self.open),
            *(("closed", v) for v in self.closed),
            *([("focus", self.focus)] if self.focus else []),
            *(("pin", f"{name}:{x},{y}") for name, (x, y) in self.pins.items()),
            *([("most", str(self.most))] if self.most is not None else []),
            *([("version", self.version)] if self.version else []),
            *([("embed", "1")] if self.embed else []),
        ]

    @property
    def query(self) -> str:
        """The same as text."""
        return urlencode(self.pairs, quote_via=quote, safe="/:,")

    def but(self, **changes: Any) -> State:
        """The same with something else."""
        return replace(self, **changes)

    def as_data(self) -> dict[str, Any]:
        """As plain data."""
        return {
            **{"q": self.q, **{name: list(self.filters.get(name, ())) for name in FILTERS}},
            **{"open": list(self.open), "closed": list(self.closed), "focus": self.focus or None},
            "pin": {name: list(place) for name, place in self.pins.items()},
            **{"most": self.most, "from": self.first or None, "to": self.last or None},
            "version": self.version or None,
        }


def parsed(query: Iterable[tuple[str, str]], values: Mapping[str, Mapping[str, str]]) -> State:
    """The state for which a query asks; `values` are the values that each filter may have, with their words.

    Raises:
        ParameterError: a value can't be taken; says which and what may stand there. Names that are not known are
            left alone, as addresses are sent on with additions of other programs.
    """
    given: dict[str, list[str]] = {}
    for name, value in query:
        if name in KNOWN and value.strip() and value not in given.setdefault(name, []):
            given[name].append(value.strip())
    for name, some in given.items():
        if len(some) > _MANY or any(len(v) > 300 for v in some):
            raise ParameterError(f"There is too much under “{name}” in the address.")
    filters = {name: _filter(name, given[name], values[name]) for name in FILTERS if name in given}
    for name in ("open", "closed", "focus"):
        for value in given.get(name, ()):
            if not _NAME.fullmatch(value):
                raise ParameterError(f"“{value}” under “{name}” is no name of a thing, such as feature/walks-alone.")
    return State(
        q=given.get("q", [""])[-1][:200],
        filters=filters,
        open=tuple(given.get("open", ())),
        closed=tuple(given.get("closed", ())),
        focus=given.get("focus", [""])[-1],
        pins=dict(_pin(value) for value in given.get("pin", ())),
        most=_most(given["most"][-1]) if "most" in given else None,
        first=given.get("from", [""])[-1],
        last=given.get("to", [""])[-1],
        version=given.get("version", [""])[-1],
        embed=given.get("embed", [""])[-1] == "1",
    )


def _filter(name: str, given: list[str], known: Mapping[str, str]) -> tuple[str, ...]:
    for value in given:
        if value not in known:
            raise ParameterError(f"“{value}” is no value of “{name}”. It may be {', '.join(known)}.")
    return tuple(value for value in known if value in given)


def _pin(value: str) -> tuple[str, tuple[int, int]]:
    found = _PIN.fullmatch(value)
    if not found:
        raise ParameterError(f"“{value}” is no place: write a thing and two whole numbers, as in feature/x:120,80.")
    return found[1], (int(found[2]), int(found[3]))


def _most(value: str) -> int:
    if not value.isascii() or not value.isdigit() or not 1 <= int(value[:9]) <= _MOST:
        raise ParameterError(f"How many are shown at most must be a whole number from 1 to {_MOST}.")
    return int(value)
