"""What a worsening figure may touch and what helps, and the page on which people talk about turning the curve."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import NamedNode

from childdev import terms as cd
from childdev.model.iris import iri
from childdev.model.modules import RDF_TYPE
from childdev.pathways.areas import Later, Reach, reach
from childdev.store.reader import DEFINITION, Reader
from childdev.views.people import Helper, by_reach, helper
from childdev.views.people import Reach as Reached
from childdev.views.things import Link, by_age, evidence, link, retired

#: kinds of measure in the order of the manifesto, with the question of each
MEASURES = (
    (cd.TaskAndProcessMeasure, "Task and process"),
    (cd.QualityAndImpactMeasure, "Quality and impact"),
    (cd.OutcomeMeasure, "Outcome"),
)
#: questions that open the story behind a curve
STORY = (
    "What do children, young people and families say about this? Whom have we not heard?",
    "What changed around children in these years: services, money, housing, who lives here, how it was counted?",
    "For which children does it go well, and what do they have around them?",
    "What would this curve do if nothing changed?",
    "What do we not know, and who could tell us?",
)
_FEW = 12


@dataclass(frozen=True)
class LaterLine:
    """A feature that may be touched later, with how close the tie is and by way of what it comes."""

    link: Link
    tie: str
    by_way_of: str


@dataclass(frozen=True)
class Help:
    """An environment that enables what the indicator tells of: how it works, the evidence, and for which features."""

    link: Link
    features: tuple[Link, ...]


@dataclass(frozen=True)
class Measure:
    """A measure of the model: its name, its words, its nature (quantitative or narrative), and the system feature."""

    link: Link
    words: str
    nature: str
    of: Link


@dataclass(frozen=True)
class Lit:
    """What an indicator tells of and what follows; `later` by stage."""

    measured: tuple[Link, ...]
    later: list[tuple[str, list[LaterLine]]]
    later_in_all: int
    helps: list[tuple[str, list[Help]]]


@dataclass(frozen=True)
class Curve:
    """What the dialogue page needs beyond the trend."""

    lit: Lit
    partners: list[Reached]
    system: list[Link]
    measures: list[tuple[str, str, dict[str, list[Measure]]]]


def lit(reader: Reader, indicator: str) -> Lit:
    """What a worsening figure lights up: features, the later ones that rest on them, and what helps."""
    found = reach(reader, indicator)
    nodes = by_age(reader, [NamedNode(f) for f in found.measured])
    node = iri("indicator", indicator)
    return Lit(
        tuple(link(reader, f, evidence=evidence(reader, node, cd.measures, f)) for f in nodes),
        _by_stage(reader, found.later),
        len(found.later),
        _helps(reader, found),
    )


def curve(reader: Reader, indicator: str) -> Curve:
    """Partners, environments and measures for talking about an indicator."""
    found = reach(reader, indicator)
    environments = [NamedNode(e) for e in found.helps]
    system = [s for s in reader.of_kind("system-feature") if set(environments) & set(reader.objects(s, cd.shapes))]
    return Curve(
        lit(reader, indicator),
        _partners(reader, environments),
        [link(reader, s) for s in system[:6]],
        _measures(reader, system[:6]),
    )


def _by_stage(reader: Reader, later: Iterable[Later]) -> list[tuple[str, list[LaterLine]]]:
    """The closest ties in each stage; a feature of two stages stands in the first."""
    grouped: defaultdict[NamedNode, list[LaterLine]] = defaultdict(list)
    for one in later:
        node = NamedNode(one.feature)
        stages = sorted(reader.objects(node, cd.inStage), key=lambda s: reader.number(s, cd.position) or 0)
        if stages:
            line = LaterLine(link(reader, node), one.words, reader.label(one.by_way_of))
            grouped[stages[0]].append(line)
    order = reader.of_kind("stage")
    return [(reader.label(s), grouped[s][:_FEW]) for s in order if s in grouped]


def _helps(reader: Reader, found: Reach) -> list[tuple[str, list[Help]]]:
    grouped: list[tuple[str, list[Help]]] = []
    for level in reader.of_kind("level"):
        some = []
        for e, features in found.helps.items():
            node = NamedNode(e)
            if node not in retired(reader) and reader.holds(node, cd.atLevel, level):
                first = NamedNode(features[0])
                said = link(reader, node, reader.text(node, cd.mechanism), evidence(reader, node, cd.enables, first))
                some.append(Help(said, tuple(link(reader, NamedNode(f)) for f in features)))
        if some:
            grouped.append((reader.label(level), some))
    return grouped


def _partners(reader: Reader, environments: Iterable[NamedNode]) -> list[Reached]:
    """Who holds what supports these environments, those who bring most first."""
    assets = {a for e in environments for a in reader.subjects(cd.supports, e)}
    holders: dict[NamedNode, Helper] = {}
    for a in assets:
        for agency in reader.objects(a, cd.heldBy):
            if agency not in holders and agency not in retired(reader):
                holders[agency] = helper(reader, agency, sorted(assets, key=reader.label))
    return by_reach(sorted(holders.values(), key=lambda h: (-len(h.through), h.link.label)))


def _measures(reader: Reader, system: Iterable[NamedNode]) -> list[tuple[str, str, dict[str, list[Measure]]]]:
    """Measures by type, each with its question, and by nature."""
    found: list[tuple[str, str, dict[str, list[Measure]]]] = []
    for kind, heading in MEASURES:
        by_nature: dict[str, list[Measure]] = {"quantitative": [], "narrative": []}
        for s in system:
            for m in reader.objects(s, cd.hasMeasure):
                if reader.holds(m, RDF_TYPE, kind):
                    nature = reader.text(m, cd.nature)
                    by_nature.setdefault(nature, []).append(
                        Measure(link(reader, m), reader.text(m, DEFINITION), nature, link(reader, s))
                    )
        found.append((heading, reader.text(kind, cd.questionToAsk), by_nature))
    return found
