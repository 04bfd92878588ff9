"""Graph views: a spec of `viz/`, the graph that its query gives, and the list that says the same in sentences."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache

import networkx as nx
from pyoxigraph import NamedNode

from childdev import terms as cd
from childdev.errors import NotFoundError
from childdev.resources import folder
from childdev.store.reader import Reader
from childdev.views.things import Evidence, Link, evidence, link


@dataclass(frozen=True)
class RelationWords:
    """How a kind of line is put into words."""

    heading: str
    sentence: str


@dataclass(frozen=True)
class Spec:
    """A graph view as its file gives it. `most` is how many things are shown at once."""

    name: str
    title: str
    about: str
    intro: str
    layout: str
    most: int
    query: str
    relations: dict[str, RelationWords]


@dataclass
class Node:
    """A thing in the picture, with its place in the picture's own units."""

    link: Link
    first: int | None
    last: int | None
    distance: int
    centre: bool = False
    x: int = 0
    y: int = 0


@dataclass(frozen=True)
class Edge:
    """A line from what comes first to what follows, with its sentence and its evidence."""

    source: str
    target: str
    relation: str
    sentence: str
    evidence: Evidence | None


@dataclass
class GraphView:
    """What is shown, what is hidden and why, and the same as a list."""

    title: str
    intro: str
    nodes: dict[str, Node]
    edges: list[Edge]
    hidden: list[Link]
    listed: list[tuple[str, list[Edge]]]
    width: int = 0
    height: int = 0
    columns: list[tuple[int, str]] = field(default_factory=list)
    lanes: list[tuple[int, int, str, str]] = field(default_factory=list)


@cache
def spec(name: str) -> Spec:
    """A graph view by name.

    Raises:
        NotFoundError: there is no such view.
    """
    file = folder("viz") / f"{name}.toml"
    if not name.isidentifier() or not file.is_file():
        raise NotFoundError(f"There is no graph view '{name}'.")
    raw = tomllib.loads(file.read_text("utf-8"))
    words = {k: RelationWords(**v) for k, v in raw.pop("relations").items()}
    return Spec(name=name, relations=words, **raw)


def build(reader: Reader, view: Spec, about: NamedNode) -> GraphView:
    """The graph of a view about a thing: nearest first, up to the view's `most`; the rest is named as hidden."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_node(about.value, distance=0)
    edges: dict[tuple[str, str, str], Edge] = {}
    for row in reader.query(view.query, {"about": about}):
        source, target, relation, steps = row["source"], row["target"], row["relation"], int(row["steps"].value)
        for end in (source.value, target.value):
            known = graph.nodes[end]["distance"] if end in graph else 99
            graph.add_node(end, distance=min(known, 0 if end == about.value else steps))
        graph.add_edge(source.value, target.value)
        edges[source.value, target.value, relation.value] = _edge(reader, view, source, target, relation)
    nodes = {
        value: Node(
            link(reader, node := NamedNode(value)),
            reader.number(node, cd.typicalFromMonths),
            reader.number(node, cd.typicalToMonths),
            graph.nodes[value]["distance"],
            value == about.value,
        )
        for value in graph
    }
    ranked = sorted(nodes, key=lambda v: (nodes[v].distance, -graph.degree(v), nodes[v].link.label))
    shown = {v: nodes[v] for v in ranked[: view.most]}
    kept = sorted(
        (e for e in edges.values() if e.source in shown and e.target in shown),
        key=lambda e: (list(view.relations).index(e.relation), e.sentence.casefold()),
    )
    listed = [(words.heading, [e for e in kept if e.relation == name]) for name, words in view.relations.items()]
    return GraphView(
        title=view.title.format(label=reader.label(about)),
        intro=view.intro,
        nodes=shown,
        edges=kept,
        hidden=[nodes[v].link for v in ranked[view.most :]],
        listed=[(heading, some) for heading, some in listed if some],
    )


def _edge(reader: Reader, view: Spec, source: NamedNode, target: NamedNode, relation: NamedNode) -> Edge:
    name = relation.value.rsplit("/", 1)[-1]
    sentence = view.relations[name].sentence.format(source=reader.label(source), target=reader.label(target))
    # buildsOn is stated from the later to the earlier; the picture runs with time
    ends = (target, source) if relation == cd.buildsOn else (source, target)
    return Edge(source.value, target.value, name, sentence, evidence(reader, ends[0], relation, ends[1]))
