"""What each rule of `shapes/` looks at: the paths from a thing along which a change can make or mend a fault of it.

Read from the shapes themselves; only for what is written in SPARQL the paths are given here by hand (`_BY_QUERY`).
From the paths follow both which things a change concerns and which statements a rule needs to judge one thing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from childdev.model.iris import BASE, PREFIXES
from childdev.model.modules import RDF_TYPE
from childdev.validation.shapes import rules

_SH = "http://www.w3.org/ns/shacl#"
_RDF = PREFIXES["rdf"]
_SHAPE = f"{BASE}shape/"

#: a relation (its IRI, or ANY) and whether it is walked from its object to its subject
Step: TypeAlias = tuple[str, bool]
Path: TypeAlias = tuple[Step, ...]
_Node: TypeAlias = NamedNode | BlankNode | Literal | Triple
ANY = "*"
_TYPE: Path = ((RDF_TYPE.value, False),)

_CLAIMED = ["buildsOn", "canAlsoGrowFrom", "enables", "mayIndicate", "measures", "strengthens", "supports", "weakens"]
_MATCHES = ["broad", "close", "exact", "narrow", "related"]
_WORKED_OUT = (
    *("affects", "canHelpWith", "contributesTo", "enabledBy", "holds", "isBuiltOnBy", "measuredBy", "preparesFor"),
    *("restsOn", "underpins"),
)

#: by the shape that has them: the paths that its queries follow. The vocabulary is always at hand to them, and
#: rings of `buildsOn`, which are no path, are found by walking (`context`).
_BY_QUERY: dict[str, tuple[str, ...]] = {
    "ClaimedLinkStands": ("cd:claimSubject/*", "cd:claimProperty", "cd:claimObject"),
    "Ends": ("*/rdf:type", "rdf:type"),
    "FeatureInStage": ("cd:inStage/cd:toMonths", "cd:typicalFromMonths"),
    "GrowsFrom": ("cd:buildsOn/skos:prefLabel", "cd:buildsOn/cd:typicalFromMonths", "cd:typicalToMonths"),
    "LinkHasClaim": (
        *(f"cd:{relation}/skos:prefLabel" for relation in _CLAIMED),
        "^cd:claimSubject/cd:claimProperty",
        "^cd:claimSubject/cd:claimObject",
    ),
    "NoScore": ("*",),
    "PointsToSomething": (
        "cd:supports/rdf:type",
        "dcterms:isReplacedBy/rdf:type",
        *(f"skos:{kind}Match/rdf:type" for kind in _MATCHES),
    ),
    "RestsOnSource": ("dcterms:source/rdf:type",),
    "WorkedOut": tuple(f"cd:{relation}" for relation in _WORKED_OUT),
}

#: what a shape says by other shapes: of one shape, and of a list of them
_BY_SHAPE = ("node", "not", "property", "qualifiedValueShape")
_BY_SHAPES = ("and", "or", "xone")
#: what it says of the values at the end of its path, for which the values are enough
_OF_VALUES = (
    *("datatype", "flags", "hasValue", "in", "languageIn", "maxCount", "maxInclusive", "minCount", "minInclusive"),
    *("nodeKind", "pattern", "qualifiedMinCount", "uniqueLang"),
)
_BESIDE = ("message", "severity")
_TARGETS = ("targetClass", "targetSubjectsOf")


@dataclass(frozen=True)
class Rule:
    """One of the things that a shape with a target says, written as a shape of its own.

    It is meant for the things of some classes and for those that have some relations.
    """

    shape: NamedNode
    written: tuple[Triple, ...] = field(compare=False, repr=False)
    classes: frozenset[str] = field(compare=False)
    relations: frozenset[str] = field(compare=False)
    paths: frozenset[Path] = field(compare=False)

    @property
    def aims(self) -> tuple[frozenset[str], frozenset[str]]:
        """What it is for: the classes and the relations."""
        return self.classes, self.relations


@cache
def looks() -> tuple[Rule, ...]:
    """Every rule with what it looks at.

    Raises:
        NotImplementedError: a shape says something, or asks a query, of which it is not known here what it looks at.
    """
    shapes = _Shapes(rules())
    return tuple(rule for shape in shapes.named() for rule in shapes.rules(shape))


class _Shapes:
    def __init__(self, quads: Iterable[Quad]) -> None:
        self._about: defaultdict[object, list[tuple[str, _Node]]] = defaultdict(list)
        for q in quads:
            self._about[q.subject].append((q.predicate.value, q.object))

    def named(self) -> list[NamedNode]:
        return [shape for shape in self._about if isinstance(shape, NamedNode)]

    def rules(self, shape: NamedNode) -> Iterator[Rule]:
        """The things that a shape says, one by one; its queries are one thing."""
        targets = {said for said, _ in self._sayings(shape) if said.startswith("target")}
        if not targets:
            return
        if not targets <= {*_TARGETS}:
            raise NotImplementedError(f"{shape} has a kind of target that is not known to childdev.validation.looks.")
        classes, relations = (frozenset(map(_iri, self._said(shape, target))) for target in _TARGETS)
        aims = [*([_TYPE] if classes else []), *(((relation, False),) for relation in relations)]
        beside = [s for s in self._sayings(shape) if s[0] in _BESIDE]
        alone = [[s] for s in self._sayings(shape) if s[0] not in (*_BESIDE, *_TARGETS, "sparql")]
        queries = [s for s in self._sayings(shape) if s[0] == "sparql"]
        for n, sayings in enumerate(filter(None, [*alone, queries])):
            made = NamedNode(f"{shape.value}-{n}")
            written = tuple(Triple(made, NamedNode(_SH + said), value) for said, value in [*sayings, *beside])
            paths = {path for said, value in sayings for path in self._paths(shape, said, value, (), ())}
            yield Rule(made, written, classes, relations, frozenset(paths.union(aims)))

    def _within(self, shape: _Node, start: Path) -> Iterator[Path]:
        """What a shape looks at when it judges what stands at the end of a path."""
        end = start + tuple(step for path in self._said(shape, "path") for step in self._steps(path))
        if end:
            yield end
        for said, value in self._sayings(shape):
            if said not in (*_BESIDE, *_OF_VALUES, "path"):
                yield from self._paths(shape, said, value, start, end)

    def _paths(self, shape: _Node, said: str, value: _Node, start: Path, end: Path) -> Iterator[Path]:
        """What one saying looks at: of what stands at `start`, whose values by the shape's path are at `end`."""
        if said in _BY_SHAPE:
            yield from self._within(value, end)
        elif said in _BY_SHAPES:
            for member in self._members(value):
                yield from self._within(member, end)
        elif said == "class":
            yield end + _TYPE
        elif said in ("lessThan", "lessThanOrEquals"):
            yield start + self._steps(value)
        elif said == "sparql" and (name := _name(value, shape)) in _BY_QUERY:
            yield from (start + _written(path) for path in _BY_QUERY[name])
        else:
            raise NotImplementedError(f"What sh:{said} of {shape} looks at is not known to childdev.validation.looks.")

    def _sayings(self, shape: _Node) -> list[tuple[str, _Node]]:
        return [(p.removeprefix(_SH), o) for p, o in self._about[shape] if p.startswith(_SH)]

    def _said(self, shape: _Node, what: str) -> list[_Node]:
        return [value for said, value in self._sayings(shape) if said == what]

    def _steps(self, path: _Node) -> Path:
        if isinstance(path, NamedNode):
            return ((path.value, False),)
        if inverse := self._said(path, "inversePath"):
            return tuple((relation, not back) for relation, back in reversed(self._steps(inverse[0])))
        return tuple(step for member in self._members(path) for step in self._steps(member))

    def _members(self, node: _Node) -> Iterator[_Node]:
        while parts := dict(self._about[node]):
            yield parts[_RDF + "first"]
            node = parts[_RDF + "rest"]


def _iri(node: _Node) -> str:
    assert isinstance(node, NamedNode)
    return node.value


def _name(query: _Node, shape: _Node) -> str:
    """A query that several shapes share has a name of its own; others go by their shape."""
    named = query if isinstance(query, NamedNode) else shape
    return _iri(named).removeprefix(_SHAPE) if isinstance(named, NamedNode) else ""


def _written(path: str) -> Path:
    steps = []
    for step in path.split("/"):
        prefix, _, name = step.removeprefix("^").partition(":")
        steps.append((ANY if step == ANY else PREFIXES[prefix] + name, step.startswith("^")))
    return tuple(steps)
