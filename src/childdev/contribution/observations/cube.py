"""Figures as an RDF Data Cube (W3C, 2014): read as rows like those of a table, and written."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from childdev import terms as cd
from childdev.contribution.observations.rows import MOST_ROWS, RawRow, RawTable
from childdev.errors import TableError
from childdev.model.iris import ID, PREFIXES
from childdev.model.modules import RDF_TYPE
from childdev.store.observations import AREA, OBSERVATION, SET, Figures, Observation, ObservationSet

QB = "http://purl.org/linked-data/cube#"
PREFIXES_OF_CUBE = {
    "cd": PREFIXES["cd"],
    "qb": QB,
    "rdfs": PREFIXES["rdfs"],
    "skos": PREFIXES["skos"],
    "dcterms": PREFIXES["dcterms"],
    "xsd": PREFIXES["xsd"],
    "area": AREA,
    "indicator": PREFIXES["indicator"],
    "observation": OBSERVATION,
    "set": SET,
}
_SDMX = "http://purl.org/linked-data/sdmx/2009/dimension#"
_LABELS = (PREFIXES["skos"] + "prefLabel", PREFIXES["rdfs"] + "label")
#: property → column
_COLUMNS = {
    cd.ofIndicator.value: "indicator",
    cd.inArea.value: "area",
    _SDMX + "refArea": "area",
    cd.periodLabel.value: "period",
    cd.count.value: "count",
    cd.denominator.value: "denominator",
    cd.percent.value: "percent",
}
_YEARS = (cd.periodStart.value, _SDMX + "refPeriod")
_MOST_TRIPLES = 16 * MOST_ROWS


# ---------------------------------------------------------------- reading


def is_cube(data: bytes, name: str) -> bool:
    """Whether a file is RDF and no table, by its name or by how it begins."""
    if name.lower().endswith((".ttl", ".nt")):
        return True
    return data[:2000].lstrip().startswith((b"@prefix", b"@base", b"PREFIX", b"<http"))


def read(data: bytes, name: str) -> RawTable:
    """The observations of a cube, in Turtle or N-Triples, as rows.

    Raises:
        TableError: it is neither, is too long, or holds no observation.
    """
    form = RdfFormat.N_TRIPLES if name.lower().endswith(".nt") else RdfFormat.TURTLE
    said: defaultdict[str, dict[str, str]] = defaultdict(dict)
    labels: dict[str, str] = {}
    around: dict[str, str] = {}
    observations: dict[str, None] = {}
    try:
        for number, quad in enumerate(parse(input=data, format=form)):
            if number > _MOST_TRIPLES or len(observations) > MOST_ROWS:
                raise TableError(f"This cube has more than {MOST_ROWS:,} observations. Cut it up.")
            _take(quad, said, labels, around, observations)
    except SyntaxError as e:
        raise TableError(f"This can't be read as Turtle: {e.msg} (line {e.lineno}).") from e
    except ValueError as e:
        raise TableError("This can't be read as Turtle. Is it in UTF-8?") from e
    if not observations:
        raise TableError("This holds no observation (qb:Observation).")
    return RawTable("cube", _rows(observations, said, labels, around))


def _take(
    quad: Quad,
    said: defaultdict[str, dict[str, str]],
    labels: dict[str, str],
    around: dict[str, str],
    observations: dict[str, None],
) -> None:
    s, p, o = quad.subject, quad.predicate.value, quad.object
    subject = s.value if isinstance(s, NamedNode | BlankNode) else str(s)
    value = o.value if isinstance(o, NamedNode | BlankNode | Literal) else ""
    if p == RDF_TYPE.value:
        if value in (QB + "Observation", cd.Observation.value):
            observations[subject] = None
    elif p in _LABELS:
        labels[subject] = value
    elif p == cd.partOfArea.value:
        around[subject] = value
    elif p in _COLUMNS:
        said[subject].setdefault(_COLUMNS[p], value)
    elif p in _YEARS:
        said[subject].setdefault("year", value)
    elif p == cd.isSuppressed.value and value == "true":
        said[subject]["count"] = "c"


def _rows(
    observations: Iterable[str], said: dict[str, dict[str, str]], labels: dict[str, str], around: dict[str, str]
) -> Iterator[RawRow]:
    for number, subject in enumerate(observations, 1):
        cells = dict(said.get(subject, {}))
        area = cells.get("area", "")
        cells["indicator"] = cells.get("indicator", "").rpartition("/")[2]
        cells["period"] = cells.get("period") or cells.pop("year", "").rpartition("/")[2]
        cells.pop("year", None)
        cells["area"] = area.rpartition("/")[2]
        cells["name"] = labels.get(area, "")
        cells["part_of"] = around.get(area, "").rpartition("/")[2]
        yield RawRow(f"Observation {number}", {k: v[:300] for k, v in cells.items()})


# ---------------------------------------------------------------- writing


def quads(figures: Figures, graph: NamedNode) -> Iterator[Quad]:
    """All figures, with the structure of the cube, in a graph."""
    yield from (Quad(t.subject, t.predicate, t.object, graph) for t in triples(figures))


def triples(figures: Figures, observations: Iterable[Observation] | None = None) -> Iterator[Triple]:
    """The cube: its structure, its sets, its areas, and all observations, or those given."""
    some = figures.observations if observations is None else list(observations)
    codes = {o.area for o in some}
    while more := {a.part_of for c in codes if (a := figures.areas.get(c)) is not None and a.part_of} - codes:
        codes |= more
    yield from _structure()
    for number in sorted({figures.set_of[o.key] for o in some}):
        yield from _set(figures.sets[number])
    for code in sorted(codes):
        yield from _area(figures, code)
    for o in some:
        yield from _observation(o, figures.set_of[o.key])


def _structure() -> Iterator[Triple]:
    dsd = NamedNode(SET + "structure")
    yield Triple(dsd, RDF_TYPE, _qb("DataStructureDefinition"))
    yield Triple(dsd, NamedNode(_LABELS[1]), Literal("Figures of indicators by area and period", language="en-gb"))
    for place, (term, role) in enumerate(
        (
            (cd.ofIndicator, "dimension"),
            (cd.inArea, "dimension"),
            (cd.periodStart, "dimension"),
            (cd.periodLabel, "attribute"),
            (cd.isSuppressed, "attribute"),
            (cd.denominator, "attribute"),
            (cd.count, "measure"),
            (cd.percent, "measure"),
        ),
        1,
    ):
        part = NamedNode(f"{SET}structure/{term.value.rpartition('/')[2]}")
        yield Triple(dsd, _qb("component"), part)
        yield Triple(part, RDF_TYPE, _qb("ComponentSpecification"))
        yield Triple(part, _qb(role), term)
        yield Triple(part, _qb("order"), Literal(place))
        yield Triple(term, RDF_TYPE, _qb(f"{role.capitalize()}Property"))


def _set(one: ObservationSet) -> Iterator[Triple]:
    node, about = NamedNode(f"{SET}{one.id}"), one.about
    yield Triple(node, RDF_TYPE, _qb("DataSet"))
    yield Triple(node, _qb("structure"), NamedNode(SET + "structure"))
    yield Triple(node, NamedNode(PREFIXES["dcterms"] + "title"), Literal(about.title, language="en-gb"))
    yield Triple(node, NamedNode(PREFIXES["dcterms"] + "issued"), _time(one.made_at))
    yield Triple(node, cd.publisher, Literal(about.publisher, language="en-gb"))
    yield Triple(node, cd.licence, Literal(about.licence, language="en-gb"))
    yield Triple(node, cd.basis, Literal(about.basis))
    if about.year:
        yield Triple(node, cd.year, Literal(about.year))
    if about.link:
        yield Triple(node, cd.link, Literal(about.link, datatype=NamedNode(PREFIXES["xsd"] + "anyURI")))


def _area(figures: Figures, code: str) -> Iterator[Triple]:
    area, node = figures.areas.get(code), NamedNode(AREA + code)
    yield Triple(node, RDF_TYPE, cd.Area)
    yield Triple(node, NamedNode(_LABELS[0]), Literal(area.name if area else code, language="en-gb"))
    if area is not None and area.part_of:
        yield Triple(node, cd.partOfArea, NamedNode(AREA + area.part_of))


def _observation(o: Observation, number: int) -> Iterator[Triple]:
    node = NamedNode(OBSERVATION + o.slug)
    yield Triple(node, RDF_TYPE, _OBSERVATION)
    yield Triple(node, RDF_TYPE, cd.Observation)
    yield Triple(node, _DATASET, NamedNode(f"{SET}{number}"))
    yield Triple(node, cd.ofIndicator, NamedNode(f"{ID}indicator/{o.indicator}"))
    yield Triple(node, cd.inArea, NamedNode(AREA + o.area))
    yield Triple(node, cd.periodStart, Literal(o.year))
    yield Triple(node, cd.periodLabel, Literal(o.period))
    if o.left_out:
        yield Triple(node, cd.isSuppressed, Literal(True))
        return
    if o.count is not None:
        yield Triple(node, cd.count, Literal(o.count))
    if o.denominator is not None:
        yield Triple(node, cd.denominator, Literal(o.denominator))
    if o.percent is not None:
        yield Triple(node, cd.percent, Literal(str(o.percent), datatype=_DECIMAL))


def csv_lines(figures: Figures, observations: Iterable[Observation]) -> Iterator[str]:
    """The table of observations as CSV, a piece at a time, with headings that can come in again."""

    text = io.StringIO()
    out = csv.writer(text, lineterminator="\r\n")
    out.writerow(("Indicator", "Area code", "Area name", "Part of", "Period", "Count", "Out of", "Per cent", "Source"))
    for number, o in enumerate(observations):
        area, about = figures.areas.get(o.area), figures.sets[figures.set_of[o.key]].about
        numbers = (
            ("c",) * 3 if o.left_out else tuple("" if n is None else n for n in (o.count, o.denominator, o.percent))
        )
        name, part_of = (area.name, area.part_of) if area else ("", "")
        out.writerow((o.indicator, o.area, name, part_of, o.period, *numbers, about.title))
        if number % 500 == 499:
            yield text.getvalue()
            text.seek(0)
            text.truncate()
    yield text.getvalue()


def _qb(name: str) -> NamedNode:
    return NamedNode(QB + name)


_OBSERVATION, _DATASET = _qb("Observation"), _qb("dataSet")
_DECIMAL = NamedNode(PREFIXES["xsd"] + "decimal")


def _time(text: str) -> Literal:
    return Literal(text, datatype=NamedNode(PREFIXES["xsd"] + "dateTime"))
