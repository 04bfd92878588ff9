"""A version of the model by things and lines, as pictures need it: gathered once, read many times."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property, lru_cache

import networkx as nx
from pyoxigraph import Literal, NamedNode

from childdev import terms as cd
from childdev.ages import age_range
from childdev.model.iris import ID, PREFIXES, iri, kind_and_slug
from childdev.store.reader import ALT_LABEL, HIDDEN_LABEL, Reader
from childdev.views.graphs.spec import group_words, relations
from childdev.views.things import retired
from childdev.views.words import FAMILY_OF, STRENGTHS

#: kinds of thing that pictures show, with the relation that holds a line of words about them
KINDS = {
    "feature": cd.everydayWords,
    "environment": cd.mechanism,
    "factor": cd.mechanism,
    "need": None,
    "capital": None,
    "asset": cd.mechanism,
    "agency": None,
    "system-feature": None,
}
_STATUS = NamedNode(PREFIXES["vs"] + "term_status")
#: what things are filtered and grouped by → its relation; those of the first line are filters
FACETS = {
    **{"stage": cd.inStage, "domain": cd.inDomain, "need": cd.relatesToNeedArea, "level": cd.atLevel},
    **{"status": _STATUS, "form": cd.formOf, "sector": cd.sector},
}
FILTERS = ("stage", "domain", "need", "level", "evidence", "status")


@dataclass(frozen=True)
class Thing:
    """A thing of the model. `id` is its kind and slug, `first` and `last` the months between which it is usually
    seen, `facets` what it is filtered and grouped by, `names` all it is called, in small letters."""

    id: str
    kind: str
    label: str
    family: str
    first: int | None
    last: int | None
    note: str
    facets: dict[str, tuple[str, ...]]
    names: str
    strength: str

    @property
    def ages(self) -> str:
        """When it is usually seen, in words."""
        return age_range(self.first, self.last) if self.first is not None and self.last is not None else ""

    @property
    def iri(self) -> NamedNode:
        """Its name in the model."""
        return NamedNode(ID + self.id)


@dataclass(frozen=True)
class Bond:
    """A line between two things as it is drawn, with the strength of its evidence and its claim."""

    first: str
    last: str
    relation: str
    strength: str
    claim: str

    @property
    def id(self) -> str:
        """Its name in a picture."""
        return f"{self.relation}:{self.first}>{self.last}"


class Facts:
    """All things and lines of a version that pictures show. What was retired is left out."""

    def __init__(self, reader: Reader) -> None:
        self.version = reader.version
        self.reader = reader
        gone = retired(reader)
        values = {facet: _values(reader, p) for facet, p in FACETS.items()}
        first, last = _numbers(reader, cd.typicalFromMonths), _numbers(reader, cd.typicalToMonths)
        names = _names(reader)
        self._strength = {s: v[0] for s, v in _values(reader, cd.strength).items()}
        position = _numbers(reader, cd.position)
        begins = _numbers(reader, cd.fromMonths)
        #: facet → value → its words, in the order in which they are read
        self.words: dict[str, dict[str, str]] = {}
        for facet, kind in (("stage", "stage"), ("domain", "domain"), ("level", "level"), ("form", "capital")):
            self.words[facet] = self._in_order(kind, begins if kind == "stage" else position)
        areas = {v for some in values["need"].values() for v in some}
        self.words["need"] = {k: v for k, v in self._in_order("need", position).items() if k in areas}
        self.words["status"], self.words["sector"] = group_words()["status"], group_words()["sector"]
        self.words["evidence"] = {key: words for key, (_, words) in STRENGTHS.items()}
        order = list(FAMILY_OF)
        self.words["domain"] = dict(sorted(self.words["domain"].items(), key=lambda d: _place(order, d[0])))
        self.things: dict[str, Thing] = {}
        for kind, said in KINDS.items():
            notes = _texts(reader, said) if said else {}
            for s in reader.of_kind(kind):
                if s in gone:
                    continue
                facets = {f: some[s] for f, some in values.items() if s in some}
                if "stage" in facets:
                    facets["stage"] = tuple(sorted(facets["stage"], key=list(self.words["stage"]).index))
                domain = facets.get("domain", ("",))[0]
                family = FAMILY_OF.get(domain)
                ages = self._stands(reader.claim(s, cd.typicalFromMonths, None)) if kind == "feature" else ""
                self.things[s.value[len(ID) :]] = Thing(
                    s.value[len(ID) :],
                    kind,
                    reader.label(s),
                    family.key if family else "",
                    first.get(s),
                    last.get(s),
                    notes.get(s, ""),
                    facets,
                    names.get(s, ""),
                    ages,
                )
        self.bonds: dict[str, list[Bond]] = {name: self._bonds(reader, name) for name in relations()}

    def _in_order(self, kind: str, position: dict[NamedNode, int]) -> dict[str, str]:
        things = sorted(self.reader.of_kind(kind), key=lambda s: (position.get(s, 0), self.reader.label(s)))
        return {s.value.rsplit("/", 1)[-1]: self.reader.label(s) for s in things}

    def _stands(self, claim: NamedNode | None) -> str:
        return self._strength.get(claim, "workshop-view") if claim else ""

    def _bonds(self, reader: Reader, name: str) -> list[Bond]:
        p, backwards = NamedNode(PREFIXES["cd"] + name), relations()[name].backwards
        found = set()
        for q in reader.store.quads_for_pattern(None, p, None, None):
            s, o = q.subject, q.object
            if isinstance(s, NamedNode) and isinstance(o, NamedNode):
                ends = s.value[len(ID) :], o.value[len(ID) :]
                if ends[0] in self.things and ends[1] in self.things:
                    claim = reader.claim(s, p, o)
                    first, last = reversed(ends) if backwards else ends
                    found.add(Bond(first, last, name, self._stands(claim), claim.value[len(ID) :] if claim else ""))
        return sorted(found, key=lambda b: (b.first, b.last))

    @cached_property
    def around(self) -> dict[str, dict[str, list[Bond]]]:
        """For each kind of line and each thing: the lines at its ends."""
        found: dict[str, dict[str, list[Bond]]] = {}
        for name, bonds in self.bonds.items():
            ends: defaultdict[str, list[Bond]] = defaultdict(list)
            for b in bonds:
                ends[b.first].append(b)
                ends[b.last].append(b)
            found[name] = dict(ends)
        return found

    @cached_property
    def contested(self) -> dict[str, list[str]]:
        """For each thing, in words, the contested statements that touch it."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for claim in self.reader.subjects(cd.strength, cd.contested):
            for thing in self.reader.objects(claim, cd.touches):
                found[thing.value[len(ID) :]].append(self.reader.label(claim))
        return dict(found)

    @cached_property
    def growth(self) -> nx.DiGraph[str]:
        """Features, with a line from each to what usually grows from it."""
        graph: nx.DiGraph[str] = nx.DiGraph()
        graph.add_nodes_from(t.id for t in self.things.values() if t.kind == "feature")
        graph.add_edges_from(
            (b.first, b.last, {"strength": b.strength or "workshop-view"}) for b in self.bonds["buildsOn"]
        )
        return graph


@lru_cache(maxsize=3)
def facts(reader: Reader) -> Facts:
    """The things and lines of a version; gathered once for each."""
    return Facts(reader)


def node(name: str) -> NamedNode | None:
    """A thing by "kind/slug", or None where that is no name of a thing."""
    kind, _, slug = name.partition("/")
    found = iri(kind, slug) if kind and slug else None
    return found if found is not None and kind_and_slug(found) else None


def _place(order: list[str], key: str) -> int:
    return order.index(key) if key in order else len(order)


def _values(reader: Reader, p: NamedNode) -> dict[NamedNode, tuple[str, ...]]:
    """For each thing the values of a relation, of a thing the last part of its name."""
    found: defaultdict[NamedNode, set[str]] = defaultdict(set)
    for q in reader.store.quads_for_pattern(None, p, None, None):
        if isinstance(q.subject, NamedNode) and isinstance(q.object, NamedNode | Literal):
            found[q.subject].add(q.object.value.rsplit("/", 1)[-1])
    return {s: tuple(sorted(some)) for s, some in found.items()}


def _texts(reader: Reader, p: NamedNode) -> dict[NamedNode, str]:
    quads = reader.store.quads_for_pattern(None, p, None, None)
    return {
        q.subject: q.object.value for q in quads if isinstance(q.subject, NamedNode) and isinstance(q.object, Literal)
    }


def _numbers(reader: Reader, p: NamedNode) -> dict[NamedNode, int]:
    return {s: int(text) for s, text in _texts(reader, p).items()}


def _names(reader: Reader) -> dict[NamedNode, str]:
    """All that things are called, in small letters."""
    found: defaultdict[NamedNode, set[str]] = defaultdict(set)
    for p in (ALT_LABEL, HIDDEN_LABEL, cd.everydayWords):
        for q in reader.store.quads_for_pattern(None, p, None, None):
            if isinstance(q.subject, NamedNode) and isinstance(q.object, Literal):
                found[q.subject].add(q.object.value.casefold())
    return {s: " · ".join([reader.label(s).casefold(), *sorted(some)]) for s, some in found.items()}
