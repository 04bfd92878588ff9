"""Shares over time: how sure each is, and whether the last is worse than those before by more than chance.

An interval is Wilson's score interval at 95 % (E. B. Wilson, 1927, Journal of the American Statistical Association 22),
as public health statistics in England use it for shares. Whether two shares differ is told by the interval of their
difference after Newcombe (1998, Statistics in Medicine 17, method 10), which is made of two of Wilson's.

Figures of a whole country are not a sample; the interval then says how much such a share would move from year to year
by chance alone, if nothing had changed around children.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

from childdev.store.observations import Observation

#: the normal deviate of 95 %
Z = 1.959963984540054
#: how many periods before the last one are its past
PAST = 3
#: where no numbers of children are published, a change of so many percentage points is told, as not sure
STEP = 1.0


@dataclass(frozen=True)
class Point:
    """A share in per cent at a period, with its interval where numbers of children are published.

    `share` is None where the figure is left out. `count` and `total` are those published, or worked out from the share.
    """

    year: int
    period: str
    share: float | None
    low: float | None = None
    high: float | None = None
    count: int | None = None
    total: int | None = None
    left_out: bool = False


@dataclass(frozen=True)
class Change:
    """The last share beside its own past, in percentage points, and what that says.

    `verdict` is worse, better, steady (no more than chance), worse-unsure or better-unsure (no numbers of children are
    published), differs (a change where neither way is better), or unknown (nothing to compare).
    """

    verdict: str
    points: float | None = None
    low: float | None = None
    high: float | None = None
    past: tuple[str, ...] = ()
    past_share: float | None = None

    @property
    def is_adverse(self) -> bool:
        """Whether it is a reason to ask what has changed around children."""
        return self.verdict in ("worse", "worse-unsure")


def wilson(count: float, total: float) -> tuple[float, float]:
    """The interval of a share, between 0 and 1. `total` is more than 0."""
    p, z2 = count / total, Z * Z
    middle = (p + z2 / (2 * total)) / (1 + z2 / total)
    half = Z * sqrt(p * (1 - p) / total + z2 / (4 * total * total)) / (1 + z2 / total)
    return max(0.0, middle - half), min(1.0, middle + half)


def difference(count: float, total: float, count_before: float, total_before: float) -> tuple[float, float]:
    """The interval of one share minus another, between -1 and 1."""
    p, q = count / total, count_before / total_before
    (l1, u1), (l2, u2) = wilson(count, total), wilson(count_before, total_before)
    d = p - q
    return d - sqrt((p - l1) ** 2 + (u2 - q) ** 2), d + sqrt((u1 - p) ** 2 + (q - l2) ** 2)


def points(observations: Iterable[Observation]) -> list[Point]:
    """One indicator of one area over time, the oldest first."""
    return [_point(o) for o in sorted(observations, key=lambda o: o.year)]


def _point(o: Observation) -> Point:
    if o.left_out or (o.percent is None and o.count is None):
        return Point(o.year, o.period, None, left_out=o.left_out)
    count, total = o.count, o.denominator
    if count is None and total is not None and o.percent is not None:
        count = round(o.percent * total / 100)
    share = o.percent if o.percent is not None else 100 * (count or 0) / (total or 1)
    if count is None or not total:
        return Point(o.year, o.period, share)
    low, high = wilson(count, total)
    return Point(o.year, o.period, share, 100 * low, 100 * high, count, total)


def change(series: Sequence[Point], better_when: str) -> Change:
    """The last share beside those of up to three periods before it, taken together.

    It is worse where the whole interval of the difference lies on the side that `better_when` (higher, lower or
    neither) calls worse.
    """
    told = [p for p in series if p.share is not None]
    if len(told) < 2 or series[-1].share is None:
        return Change("unknown")
    last, past = told[-1], told[-1 - PAST : -1]
    assert last.share is not None
    periods = tuple(p.period for p in past)
    before = sum(p.share or 0 for p in past) / len(past)
    counted, total = sum(p.count or 0 for p in past), sum(p.total or 0 for p in past)
    if last.total is None or last.count is None or not all(p.total for p in past):
        step = last.share - past[-1].share if past[-1].share is not None else 0.0
        verdict = _verdict(step, better_when) + "-unsure" if abs(step) >= STEP else "unknown"
        return Change(
            "unknown" if verdict.startswith("differs") else verdict,
            step,
            past=(past[-1].period,),
            past_share=past[-1].share,
        )
    before = 100 * counted / total
    low, high = difference(last.count, last.total, counted, total)
    verdict = _verdict(low + high, better_when) if low > 0 or high < 0 else "steady"
    return Change(verdict, last.share - before, 100 * low, 100 * high, periods, before)


def _verdict(step: float, better_when: str) -> str:
    if better_when not in ("higher", "lower"):
        return "differs"
    return "better" if (step > 0) == (better_when == "higher") else "worse"


@dataclass(frozen=True)
class Affected:
    """How many children the last figure speaks of: those whom it does not go well for, and how many more than before.

    None where it can't be told. `total` is how many were looked at.
    """

    children: int | None = None
    more: int | None = None
    total: int | None = None


def affected(last: Point, seen: Change, better_when: str, least: int) -> Affected:
    """The children behind the last figure. Numbers under `least` are not told."""
    if last.count is None or last.total is None or better_when not in ("higher", "lower"):
        return Affected()
    children = last.total - last.count if better_when == "higher" else last.count
    more = None
    if seen.past_share is not None and seen.verdict == "worse":
        usual = seen.past_share / 100 * last.total
        more = round(usual - last.count if better_when == "higher" else last.count - usual)
    return Affected(
        children if children >= least else None, more if more is not None and more >= least else None, last.total
    )
