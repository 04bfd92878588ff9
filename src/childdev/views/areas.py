"""The picture of an area: each indicator over time beside the area's own past and England. Never a ranking."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import NamedNode

from childdev import terms as cd
from childdev.ages import age
from childdev.contribution.observations.suppression import LEAST
from childdev.model.iris import iri
from childdev.pathways.trends import Affected, Change, Point, affected, change, points
from childdev.store.observations import ENGLAND, Area, Figures, Observation, ObservationSet
from childdev.store.reader import DEFINITION, Reader
from childdev.views.charts import Series, scale, trend
from childdev.views.things import Link, family, link
from childdev.views.words import FAMILIES, Family

#: what an indicator is about that measures no feature of a child
AROUND = "Around children: services and circumstances"
#: what an indicator is about that tells of features of so many families of domains
ACROSS, _MANY = "Across development", 4
ByIndicator = Mapping[str, list[Observation]]


@dataclass(frozen=True)
class Row:
    """A line of the table beside a chart: a period with the figure here and in England, as words."""

    year: int
    period: str
    own: str
    interval: str
    counts: str
    whole: str


@dataclass(frozen=True)
class Trend:
    """One indicator of an area: the chart, the table that says the same, and what the last figure says in words."""

    slug: str
    link: Link
    definition: str
    better_when: str
    series: tuple[Point, ...]
    change: Change
    affected: Affected
    now: str
    says: str
    beside: str
    svg: str
    title: str
    scale: str
    rows: tuple[Row, ...]
    sources: tuple[ObservationSet, ...]
    family: Family | None
    is_wide: bool

    @property
    def last(self) -> Point:
        """The last period."""
        return self.series[-1]

    @property
    def has_left_out(self) -> bool:
        """Whether a figure is left out."""
        return any(p.left_out for p in self.series)


def trends(reader: Reader, figures: Figures, area: Area, own: ByIndicator, england: ByIndicator) -> list[Trend]:
    """All indicators of an area, by the age at which they are collected."""
    found = [one(reader, figures, area, slug, own, england) for slug in own]
    return sorted(found, key=lambda t: (reader.number(iri("indicator", t.slug), cd.collectedAtMonths) or 0, t.slug))


def one(reader: Reader, figures: Figures, area: Area, slug: str, own: ByIndicator, england: ByIndicator) -> Trend:
    """One indicator of an area."""
    node = iri("indicator", slug)
    better = reader.text(node, cd.betterWhen) or "neither"
    series = points(own[slug])
    whole = points(england.get(slug, ())) if area.code != ENGLAND else []
    seen = change(series, better)
    known = reader.label(node)
    rows = tuple(_rows(series, whole))
    title = _title(known, area, series, whole)
    some = _series(area.name, series, rows), _series("England", whole, rows) if whole else None
    years, periods = tuple(r.year for r in rows), tuple(r.period for r in rows)
    svg = trend(years, periods, *some, title, f"c-{slug}") if any(some[0].shares) else ""
    sets = {figures.set_of[o.key] for o in (*own[slug], *(england.get(slug, ()) if whole else ()))}
    return Trend(
        slug,
        link(reader, node),
        reader.text(node, DEFINITION),
        better,
        tuple(series),
        seen,
        affected(series[-1], seen, better, LEAST),
        _now(series[-1]),
        says(seen, series[-1]),
        _beside(series[-1], whole),
        svg,
        title,
        _scale(some),
        rows,
        tuple(figures.sets[n] for n in sorted(sets)),
        *_aspect(reader, node),
    )


def by_aspect(found: Iterable[Trend]) -> list[tuple[Family | None, str, list[Trend]]]:
    """Trends by the family of what they tell of; those that tell of no feature last."""
    grouped: defaultdict[str, list[Trend]] = defaultdict(list)
    for t in found:
        grouped[t.family.key if t.family else ACROSS if t.is_wide else ""].append(t)
    known = [(f, f.label, grouped[f.key]) for f in FAMILIES if f.key in grouped]
    wide = [(None, ACROSS, grouped[ACROSS])] if ACROSS in grouped else []
    return [*wide, *known, *([(None, AROUND, grouped[""])] if "" in grouped else [])]


def says(seen: Change, last: Point) -> str:
    """What a change says, in a sentence or two."""
    if last.left_out:
        return "The last figure is left out, so that no child can be told from it. There is no trend to tell."
    if seen.points is None:
        return "There are not two figures to compare yet, so there is no trend to tell."
    past = _span(seen.past)
    by = f"{abs(seen.points):.1f} percentage points {'higher' if seen.points > 0 else 'lower'} than in {past}"
    if seen.verdict == "steady":
        return f"No clear change beside {past}: the difference is no more than chance could bring."
    if seen.verdict in ("worse", "better", "differs"):
        kind = {"worse": "Worse", "better": "Better", "differs": "Changed"}[seen.verdict]
        low, high = sorted((abs(seen.low or 0), abs(seen.high or 0)))
        more = " A change either way is a question to ask." if seen.verdict == "differs" else ""
        return f"{kind}: {by}, more than chance alone would bring (95 % interval {low:.1f} to {high:.1f} points).{more}"
    kind = {"worse-unsure": "It looks worse: ", "better-unsure": "It looks better: "}.get(seen.verdict, "")
    told = f"{kind}{by}." if kind or abs(seen.points) >= 0.05 else f"The same as in {past}."
    return f"{told} How many children were looked at is not known here, so nobody can say whether that is chance."


def _span(periods: tuple[str, ...]) -> str:
    if len(periods) == 1:
        return periods[0]
    return f"{periods[0]} to {periods[-1]} together"


def _now(last: Point) -> str:
    if last.share is None:
        return f"left out in {last.period}" if last.left_out else f"no figure in {last.period}"
    return f"{last.share:.1f} % in {last.period}"


def _beside(last: Point, whole: list[Point]) -> str:
    same = next((p for p in whole if p.year == last.year and p.share is not None), None)
    return f"England: {same.share:.1f} % in {same.period}." if same is not None else ""


def _rows(series: list[Point], whole: list[Point]) -> Iterable[Row]:
    own, other = {p.year: p for p in series}, {p.year: p for p in whole}
    for year in sorted({*own, *other}):
        p, q = own.get(year), other.get(year)
        period = (p or q).period if (p or q) is not None else str(year)  # type: ignore[union-attr]
        yield Row(year, period, _share(p), _interval(p), _counts(p), _share(q))


def _share(p: Point | None) -> str:
    if p is None:
        return "no figure"
    return "left out" if p.left_out else "no figure" if p.share is None else f"{p.share:.1f} %"


def _interval(p: Point | None) -> str:
    return f"{p.low:.1f} to {p.high:.1f} %" if p is not None and p.low is not None else "not known"


def _counts(p: Point | None) -> str:
    return (
        f"{p.count:,} of {p.total:,}" if p is not None and p.count is not None and p.total is not None else "not known"
    )


def _series(name: str, series: list[Point], rows: tuple[Row, ...]) -> Series:
    known = {p.year: p for p in series}
    some = [known.get(r.year) for r in rows]
    return Series(
        name,
        tuple(p.share if p else None for p in some),
        tuple(p.low if p else None for p in some),
        tuple(p.high if p else None for p in some),
    )


def _title(label: str, area: Area, series: list[Point], whole: list[Point]) -> str:
    told = [f"{p.period} {_share(p)}" for p in series]
    also = f"; England {', '.join(f'{p.period} {_share(p)}' for p in whole)}" if whole else ""
    return f"{label}. {area.name}: {', '.join(told)}{also}. The table beside says the same."


def _scale(some: tuple[Series, Series | None]) -> str:
    first, last = scale([s for s in some if s is not None])
    return f"The scale runs from {first:g} to {last:g} %, not from 0 to 100." if (first, last) != (0, 100) else ""


def _aspect(reader: Reader, indicator: NamedNode) -> tuple[Family | None, bool]:
    """The family of what an indicator tells of, or that it tells of many."""
    found = [f for f in (family(reader, m) for m in reader.objects(indicator, cd.measures)) if f is not None]
    if len(set(found)) >= _MANY:
        return None, True
    return (max(FAMILIES, key=found.count) if found else None), False


def collected(reader: Reader, slug: str) -> str:
    """The age at which an indicator is collected, in words."""
    months = reader.number(iri("indicator", slug), cd.collectedAtMonths)
    return age(months) if months is not None else ""


# ---------------------------------------------------------------- areas


@dataclass(frozen=True)
class AreaLine:
    """An area in a list: how many indicators there are and until when."""

    code: str
    name: str
    indicators: int
    until: str
    within: int


def listed(
    areas: Mapping[str, Area], by_area: Mapping[str, ByIndicator], part_of: str | None, q: str = ""
) -> list[AreaLine]:
    """Areas with figures, by name: those in one area, or (`part_of` None) all whose name or code holds `q`."""
    within: defaultdict[str, int] = defaultdict(int)
    for a in areas.values():
        within[a.part_of] += 1
    words = q.casefold().strip()
    found = []
    for code, some in by_area.items():
        area = areas[code]
        if part_of is not None and area.part_of != part_of:
            continue
        if words and words not in area.name.casefold() and words != code.casefold():
            continue
        last = max((o for obs in some.values() for o in obs), key=lambda o: o.year)
        found.append(AreaLine(code, area.name, len(some), last.period, within[code]))
    return sorted(found, key=lambda a: (a.code != ENGLAND, a.name.casefold(), a.code))
