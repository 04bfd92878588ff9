"""The stated quads with indexes, and what they would be after a change: cheap enough for every keystroke."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from childdev import terms as cd
from childdev.model.iris import GRAPH, PREFIXES, iri, kind_and_slug
from childdev.model.modules import RDF_TYPE, Model, nquads

PREF_LABEL = NamedNode(PREFIXES["skos"] + "prefLabel")
_LABEL = NamedNode(PREFIXES["rdfs"] + "label")
_MODULE = f"{GRAPH}model/"

_Index = dict[str, frozenset[Quad]]
_NOTHING: frozenset[Quad] = frozenset()


@dataclass(frozen=True)
class Delta:
    """Ground quads to add and to remove. No quad is in both."""

    added: frozenset[Quad] = field(default_factory=frozenset)
    removed: frozenset[Quad] = field(default_factory=frozenset)

    @property
    def inverse(self) -> Delta:
        """What takes this back."""
        return Delta(self.removed, self.added)

    def then(self, later: Delta) -> Delta:
        """This and then another, as one: what is added and removed again is in neither."""
        added = (self.added - later.removed) | (later.added - self.removed)
        removed = (self.removed - later.added) | (later.removed - self.added)
        return Delta(added, removed)

    def __bool__(self) -> bool:
        return bool(self.added or self.removed)

    def lines(self) -> tuple[frozenset[str], frozenset[str]]:
        """Added and removed as lines of N-Quads, as the record keeps them."""
        return frozenset(nquads(self.added)), frozenset(nquads(self.removed))

    @classmethod
    def of_lines(cls, added: Iterable[str], removed: Iterable[str]) -> Delta:
        """From lines of N-Quads."""
        return cls(_quads(added), _quads(removed))


class Stated:
    """The stated quads of a version, looked up by subject and by object; `after` lays a change over them."""

    def __init__(self, quads: Iterable[Quad]) -> None:
        about: defaultdict[str, set[Quad]] = defaultdict(set)
        towards: defaultdict[str, set[Quad]] = defaultdict(set)
        for q in quads:
            about[_key(q.subject)].add(q)
            if isinstance(end := q.object, NamedNode):
                towards[end.value].add(q)
        self._about: _Index = {k: frozenset(v) for k, v in about.items()}
        self._towards: _Index = {k: frozenset(v) for k, v in towards.items()}
        self._over: dict[str, tuple[_Index, _Index]] | None = None
        self.delta = Delta()

    @classmethod
    def of(cls, model: Model) -> Stated:
        """The stated quads of a model."""
        return cls(model.quads())

    def after(self, delta: Delta) -> Stated:
        """The same with a change made. To add what is there, or to remove what is not, makes no difference."""
        made = object.__new__(Stated)
        made._about, made._towards = self._about, self._towards
        made.delta = self.delta.then(self.real(delta))
        added, removed = Stated(made.delta.added), Stated(made.delta.removed)
        made._over = {"about": (added._about, removed._about), "towards": (added._towards, removed._towards)}
        return made

    def real(self, delta: Delta) -> Delta:
        """The part of a change that makes a difference here."""
        return Delta(delta.added - self._beside(delta.added), delta.removed & self._beside(delta.removed))

    def about(self, thing: NamedNode | str) -> frozenset[Quad]:
        """Everything stated of a thing."""
        return self._look(self._about, "about", thing)

    def towards(self, thing: NamedNode | str) -> frozenset[Quad]:
        """Everything that leads to a thing."""
        return self._look(self._towards, "towards", thing)

    def _look(self, base: _Index, side: str, thing: NamedNode | str) -> frozenset[Quad]:
        key = thing if isinstance(thing, str) else thing.value
        found = base.get(key, _NOTHING)
        if self._over is None:
            return found
        added, removed = (index.get(key) for index in self._over[side])
        if removed:
            found = found - removed
        return found | added if found and added else added or found

    def _beside(self, quads: Iterable[Quad]) -> frozenset[Quad]:
        """Everything stated of the subjects of some quads: each is looked up once."""
        return _NOTHING.union(*map(self.about, {_key(q.subject) for q in quads}))

    def __contains__(self, quad: Quad) -> bool:
        return quad in self.about(_key(quad.subject))

    def __iter__(self) -> Iterator[Quad]:
        for key in self._about:
            yield from self.about(key)
        if self._over is not None:
            for key in self._over["about"][0]:
                if key not in self._about:
                    yield from self.about(key)

    def objects(self, s: NamedNode, p: NamedNode) -> list[NamedNode | Literal]:
        """The objects of a relation, in a fixed order."""
        found = [q.object for q in self.about(s) if q.predicate == p]
        return sorted((o for o in found if isinstance(o, NamedNode | Literal)), key=str)

    def value(self, s: NamedNode, p: NamedNode) -> NamedNode | Literal | None:
        """The first object of a relation, or None."""
        return next(iter(self.objects(s, p)), None)

    def exists(self, s: NamedNode) -> bool:
        """Whether it is said what kind of thing this is."""
        return any(q.predicate == RDF_TYPE and isinstance(q.object, NamedNode | Literal) for q in self.about(s))

    def label(self, s: NamedNode | str) -> str:
        """What a thing is called, in English where it has an English name; the end of its IRI without a name."""
        node = NamedNode(s) if isinstance(s, str) else s
        names = [q.object for q in self.about(node) if q.predicate in (PREF_LABEL, _LABEL)]
        texts = sorted(
            (not (n.language or "").startswith("en"), n.value) for n in names if isinstance(n, Literal) and n.value
        )
        return texts[0][1] if texts else node.value.rstrip("/").rpartition("/")[2].rpartition("#")[2]

    def claim(self, s: NamedNode, p: NamedNode, o: NamedNode | None) -> NamedNode | None:
        """The claim that says on what a link stands; with None as object, the claim for a range of ages."""
        for q in self.towards(s):
            if q.predicate == cd.claimSubject and isinstance(q.subject, NamedNode):
                claim = q.subject
                if self.value(claim, cd.claimProperty) == p and self.value(claim, cd.claimObject) == o:
                    return claim
        return None

    def module(self, s: NamedNode) -> str | None:
        """The module that says what kind of thing this is."""
        graphs = sorted(
            q.graph_name.value for q in self.about(s) if q.predicate == RDF_TYPE and isinstance(q.graph_name, NamedNode)
        )
        return graphs[0].removeprefix(_MODULE) if graphs else None

    def of_kind(self, kind: str) -> list[NamedNode]:
        """Every thing whose IRI is of a kind and that is stated to be something, by IRI."""
        keys = {*self._about, *(self._over["about"][0] if self._over is not None else ())}
        start = iri(kind, "").value
        nodes = (NamedNode(k) for k in keys if k.startswith(start) and kind_and_slug(k) is not None)
        return sorted((n for n in nodes if self.exists(n)), key=lambda n: n.value)


def _key(node: object) -> str:
    return node.value if isinstance(node, NamedNode) else str(node)


def _quads(lines: Iterable[str]) -> frozenset[Quad]:
    return frozenset(parse(input="\n".join(lines), format=RdfFormat.N_QUADS))
