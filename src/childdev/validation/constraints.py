"""What the shapes and the vocabulary say of single properties, read once, for forms, tables and their checks.

Only rules over the values of one property of one thing are read here; rules over several things ("it builds on
something that begins later") can only be broken by a change and are told of by validation.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, parse

from childdev.model.iris import PREFIXES
from childdev.model.short_names import term_name
from childdev.resources import folder
from childdev.validation.shapes import shape_files

Node = NamedNode | BlankNode | Literal
_SH, _RDF, _RDFS, _OWL = "http://www.w3.org/ns/shacl#", PREFIXES["rdf"], PREFIXES["rdfs"], PREFIXES["owl"]
_COMPONENTS = (
    "class",
    "datatype",
    "in",
    "lessThan",
    "lessThanOrEquals",
    "maxCount",
    "maxInclusive",
    "minCount",
    "minInclusive",
    "not",
    "or",
    "pattern",
    "qualifiedMinCount",
    "uniqueLang",
)


@dataclass(frozen=True)
class Pattern:
    """A regular expression that a value is to match, or not to match (`wanted` false)."""

    expression: str
    ignore_case: bool
    wanted: bool


@dataclass(frozen=True)
class Constraint:
    """One component of a rule on the values of one property.

    `scope` is the short name of the class whose things it holds for, empty where it holds for whatever has the
    property. `value` depends on the component: a number, the short name or text of a term, a tuple of them, or
    a tuple of patterns of which one is to hold.
    """

    scope: str
    property: str
    component: str
    value: int | str | tuple[str, ...] | tuple[Pattern, ...]
    message: str
    warning: bool


@dataclass(frozen=True)
class Declared:
    """What the vocabulary says of a property. `range` and `domain` are short names, empty where it says none."""

    label: str
    definition: str
    note: str
    range: str
    domain: str
    single: bool
    is_relation: bool


class _Graph:
    """Quads by subject and predicate."""

    def __init__(self, quads: Iterator[tuple[Node, NamedNode, Node]]) -> None:
        self._objects: defaultdict[tuple[Node, str], list[Node]] = defaultdict(list)
        self.subjects: list[Node] = []
        for s, p, o in quads:
            if not self._objects[s, p.value]:
                self.subjects.append(s)
            self._objects[s, p.value].append(o)
        self.subjects = list(dict.fromkeys(self.subjects))

    def all(self, s: Node, predicate: str) -> list[Node]:
        return self._objects.get((s, predicate), [])

    def one(self, s: Node, predicate: str) -> Node | None:
        return next(iter(self.all(s, predicate)), None)

    def text(self, s: Node, predicate: str) -> str:
        found = self.one(s, predicate)
        return found.value if isinstance(found, Literal | NamedNode) else ""

    def members(self, head: Node) -> Iterator[Node]:
        """The members of a list."""
        while (first := self.one(head, _RDF + "first")) is not None:
            yield first
            head = self.all(head, _RDF + "rest")[0]


def _graph(*files: object) -> _Graph:
    return _Graph(
        (q.subject, q.predicate, q.object)
        for file in files
        for q in parse(path=str(file), format=RdfFormat.TURTLE, rename_blank_nodes=True)
    )


@cache
def constraints() -> tuple[Constraint, ...]:
    """Every rule on the values of a single property, as the shapes state it."""
    graph = _graph(*shape_files())
    return tuple(
        c for shape in graph.subjects for scope in _scopes(graph, shape) for c in _of_shape(graph, shape, scope)
    )


def _scopes(graph: _Graph, shape: Node) -> Iterator[str]:
    yield from (term_name(str(c.value)) for c in graph.all(shape, _SH + "targetClass"))
    if graph.all(shape, _SH + "targetSubjectsOf"):
        yield ""


def _of_shape(graph: _Graph, shape: Node, scope: str) -> Iterator[Constraint]:
    if classes := _either_class(graph, shape):
        yield Constraint(scope, "rdf:type", "or", classes, graph.text(shape, _SH + "message"), False)
    for rule in graph.all(shape, _SH + "property"):
        path = graph.one(rule, _SH + "path")
        if not isinstance(path, NamedNode):
            continue
        message = graph.text(rule, _SH + "message")
        warning = graph.text(rule, _SH + "severity") == _SH + "Warning"
        for component in _COMPONENTS:
            for value in graph.all(rule, _SH + component):
                read = _read(graph, rule, component, value)
                yield Constraint(scope, term_name(path), component, read, message, warning)


def _read(graph: _Graph, rule: Node, component: str, value: Node) -> int | str | tuple[str, ...] | tuple[Pattern, ...]:
    match component:
        case "in":
            return tuple(_name(member) for member in graph.members(value))
        case "pattern":
            return (_pattern(graph, rule, True),)
        case "not":
            return (_pattern(graph, value, False),)
        case "or" if classes := _either_class(graph, rule):
            return classes
        case "or":
            return tuple(_alternative(graph, member) for member in graph.members(value))
        case "class" | "datatype" | "lessThan" | "lessThanOrEquals":
            return _name(value)
    assert isinstance(value, Literal)
    return 1 if value.value == "true" else int(value.value)


def _name(node: Node) -> str:
    return term_name(node) if isinstance(node, NamedNode) else str(node.value)


def _pattern(graph: _Graph, node: Node, wanted: bool) -> Pattern:
    return Pattern(graph.text(node, _SH + "pattern"), graph.text(node, _SH + "flags") == "i", wanted)


def _alternative(graph: _Graph, node: Node) -> Pattern:
    inner = graph.one(node, _SH + "not")
    return _pattern(graph, node, True) if inner is None else _pattern(graph, inner, False)


def _either_class(graph: _Graph, shape: Node) -> tuple[str, ...]:
    """The classes of an `sh:or` that is about nothing else; what is there beside them is no class to choose."""
    head = graph.one(shape, _SH + "or")
    if head is None:
        return ()
    classes = [graph.one(member, _SH + "class") for member in graph.members(head)]
    return tuple(_name(c) for c in classes if c is not None)


@cache
def worked_out() -> frozenset[str]:
    """Relations that follow from others and are never written down."""
    graph = _graph(*shape_files())
    shape = NamedNode("https://w3id.org/childdev/shape/WorkedOut")
    return frozenset(_name(p) for p in graph.all(shape, _SH + "targetSubjectsOf"))


@cache
def vocabulary() -> dict[str, Declared]:
    """What core.ttl says of each property and class, by short name."""
    graph = _graph(folder("ontology") / "core.ttl")
    return {
        term_name(s): Declared(
            graph.text(s, _RDFS + "label"),
            graph.text(s, PREFIXES["skos"] + "definition"),
            graph.text(s, PREFIXES["skos"] + "scopeNote"),
            _term_or_none(graph, s, "range"),
            _term_or_none(graph, s, "domain"),
            NamedNode(_OWL + "FunctionalProperty") in graph.all(s, _RDF + "type"),
            NamedNode(_OWL + "ObjectProperty") in graph.all(s, _RDF + "type"),
        )
        for s in graph.subjects
        if isinstance(s, NamedNode)
    }


def _term_or_none(graph: _Graph, s: Node, local: str) -> str:
    found = graph.one(s, _RDFS + local)
    return term_name(found) if isinstance(found, NamedNode) else ""


@cache
def subclasses() -> dict[str, frozenset[str]]:
    """Each class with all classes under it, itself among them, by short name."""
    graph = _graph(folder("ontology") / "core.ttl")
    above = {
        term_name(s): {_name(o) for o in graph.all(s, _RDFS + "subClassOf") if isinstance(o, NamedNode)}
        for s in graph.subjects
        if isinstance(s, NamedNode)
    }

    def is_under(name: str, top: str) -> bool:
        return name == top or any(is_under(parent, top) for parent in above.get(name, ()))

    return {top: frozenset(name for name in above if is_under(name, top)) for top in above}
