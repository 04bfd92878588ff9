"""Small numbers are left out, and so is whatever would give them away.

A figure is left out where fewer than `LEAST` children are counted, or fewer than `LEAST` are not. Counts of areas add
up to that of the area around them, so a figure that stands alone among those left out could be got by subtraction: then
more are left out, the smallest first, until it can't.

In each sum (an area and the areas in it, of one indicator and year) either nothing is left out, or at least two of the
smaller areas are, and together they have at least `LEAST` children counted and not counted. Each figure stands in two
sums at most, once as a part and once as the whole, so the sums make a forest. Whoever adds and subtracts any of them
is left with at least two figures that are not known, since k sums joined by k - 1 figures hold at least 2k, of which
2(k - 1) cancel. That the unknown ones have some size together keeps their sum from giving them away, as that of 0
would.

Areas that no row names count as one more part, `the rest`: what subtraction leaves of the whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from childdev.store.observations import Area, Observation

#: fewer children than this are never shown, and never to be worked out
LEAST = 6


@dataclass(slots=True)
class _Cell:
    """A figure in the making: how many are counted and how many not, as far as anybody could work it out."""

    code: str
    counted: int | None
    others: int | None
    left_out: bool
    is_fixed: bool  # it stands in the record already, and can't be left out any more

    @property
    def has_numbers(self) -> bool:
        return self.counted is not None and self.others is not None

    @property
    def is_small(self) -> bool:
        return self.counted is not None and self.others is not None and min(self.counted, self.others) < LEAST


def protect(new: Iterable[Observation], known: Iterable[Observation], areas: Mapping[str, Area]) -> list[Observation]:
    """The new figures with all left out that has to be, beside what is `known` already and can't be taken back."""
    fresh, stored = list(new), list(known)
    sizes = _sizes((*fresh, *stored))
    wanted = {(o.indicator, o.year) for o in fresh}
    sums: defaultdict[tuple[str, int], dict[str, _Cell]] = defaultdict(dict)
    for some, is_fixed in ((stored, True), (fresh, False)):
        for o in some:
            if (o.indicator, o.year) in wanted:
                counted, others = _numbers(o, sizes)
                cell = _Cell(o.area, counted, others, o.left_out, is_fixed or o.left_out)
                if not is_fixed:
                    cell.left_out = cell.left_out or cell.is_small or _gives_away(o, sizes)
                sums[o.indicator, o.year][o.area] = cell
    for cells in sums.values():
        _Sums(cells, areas).settle()
    return [_safe(o, sums[o.indicator, o.year][o.area].left_out) for o in fresh]


def _safe(o: Observation, left_out: bool) -> Observation:
    return replace(o, count=None, denominator=None, percent=None, left_out=True) if left_out else o


def _sizes(some: Iterable[Observation]) -> dict[tuple[str, int], set[int]]:
    """How many children there are by area and year, from any indicator: others may be of the same children."""
    found: defaultdict[tuple[str, int], set[int]] = defaultdict(set)
    for o in some:
        if o.denominator is not None:
            found[o.area, o.year].add(o.denominator)
    return found


def _numbers(o: Observation, sizes: Mapping[tuple[str, int], set[int]]) -> tuple[int | None, int | None]:
    """How many are counted and how many not: told, or to be worked out from the share."""
    count, denominator = o.count, o.denominator
    if denominator is None and count is not None and o.percent:
        denominator = max(count, round(count * 100 / o.percent))
    if denominator is None:
        denominator = max(sizes.get((o.area, o.year), ()), default=None)
    if count is None and denominator is not None and o.percent is not None:
        count = round(o.percent * denominator / 100)
    if count is None or denominator is None:
        return None, None
    return count, denominator - count


def _gives_away(o: Observation, sizes: Mapping[tuple[str, int], set[int]]) -> bool:
    """Whether a share alone tells of few: none or all, or few of any number of children known of that area and year."""
    if o.left_out or o.percent is None or o.denominator is not None:
        return o.count is not None and o.count < LEAST
    if o.percent <= 0 or o.percent >= 100:
        return True
    shares = (round(o.percent * n / 100) for n in sizes.get((o.area, o.year), ()))
    return any(n < LEAST for n in shares) or any(
        n - round(o.percent * n / 100) < LEAST for n in sizes.get((o.area, o.year), ())
    )


class _Sums:
    """The figures of one indicator and year, and the sums in which they stand."""

    def __init__(self, cells: dict[str, _Cell], areas: Mapping[str, Area]) -> None:
        self._cells = cells
        self._whole: dict[str, str] = {}
        self._parts: defaultdict[str, list[_Cell]] = defaultdict(list)
        for code, cell in cells.items():
            whole = _around(code, cells, areas)
            if whole:
                self._whole[code] = whole
                self._parts[whole].append(cell)

    def settle(self) -> None:
        """Leave out more until no sum gives anything away."""
        waiting = sorted(self._parts)
        while waiting:
            whole = waiting.pop()
            while (cell := self._next(whole)) is not None:
                cell.left_out = True
                waiting += [w for w in (cell.code, self._whole.get(cell.code, "")) if w in self._parts and w != whole]
        if any(self._tells(self._cells[w], parts) for w, parts in self._parts.items()):
            # a sum of which all that could be left out stands in the record: then nothing new is shown at all
            for cell in self._cells.values():
                cell.left_out = cell.left_out or not cell.is_fixed

    def _next(self, code: str) -> _Cell | None:
        """What to leave out next so that the sum of this area gives nothing away; None where it gives nothing."""
        whole, parts = self._cells[code], self._parts[code]
        if not self._tells(whole, parts):
            return None
        shown = [c for c in parts if not c.left_out and not c.is_fixed and c.has_numbers]
        if shown:
            return min(shown, key=lambda c: (min(c.counted or 0, c.others or 0), c.code))
        return whole if not whole.left_out and not whole.is_fixed else None

    def _tells(self, whole: _Cell, parts: list[_Cell]) -> bool:
        hidden = [c for c in parts if c.left_out]
        loose = any(not c.left_out and not c.has_numbers for c in parts)  # of which nobody could take anything away
        rest = _rest(whole, parts)
        stout = rest is not None and min(rest) >= LEAST
        if not hidden:
            if loose or stout:
                return False
            if whole.left_out:
                return True
            return bool(rest is not None and sum(rest) > 0 and min(rest) >= 0)
        if not all(c.has_numbers for c in hidden) and whole.has_numbers and not whole.left_out and not loose:
            # of what is left out already only the sum can be told: were it one figure, it would not be small
            return min(_left(whole, [c for c in parts if not c.left_out])) < LEAST
        if len(hidden) + stout < 2:
            return not whole.left_out or len(hidden) < len(parts)
        if (len(hidden) == len(parts) and whole.left_out) or not all(c.has_numbers for c in hidden):
            return False
        together = [sum(n) for n in zip(*((c.counted or 0, c.others or 0) for c in hidden), strict=True)]
        if rest is not None and min(rest) >= 0:
            together = [n + r for n, r in zip(together, rest, strict=True)]
        return bool(min(together) < LEAST)


def _rest(whole: _Cell, parts: list[_Cell]) -> tuple[int, int] | None:
    """What the parts leave of the whole, counted and not; None where it can't be told."""
    return _left(whole, parts) if whole.has_numbers and all(c.has_numbers for c in parts) else None


def _left(whole: _Cell, parts: list[_Cell]) -> tuple[int, int]:
    """What is left of a whole when parts are taken away, counted and not."""
    return (
        (whole.counted or 0) - sum(c.counted or 0 for c in parts),
        (whole.others or 0) - sum(c.others or 0 for c in parts),
    )


def _around(code: str, cells: Mapping[str, _Cell], areas: Mapping[str, Area]) -> str:
    """The nearest area around this one of which there is a figure too."""
    seen = {code}
    while (area := areas.get(code)) is not None and area.part_of and area.part_of not in seen:
        code = area.part_of
        seen.add(code)
        if code in cells:
            return code
    return ""
