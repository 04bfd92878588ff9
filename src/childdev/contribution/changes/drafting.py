"""A draft: what is stated while many changes are made, one after the other, each for the price of its own quads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from pyoxigraph import NamedNode, Quad

from childdev import terms as cd
from childdev.contribution.changes.names import claim_slug, term_name
from childdev.model.iris import iri
from childdev.model.stated import Delta, Stated

_Sets = defaultdict[str, set[Quad]]


class Draft(Stated):
    """Stated quads that change in place. What is under it must not change while it is in use.

    `made` tells what was changed; `delta` is not kept, as that would cost more than the changes do.
    """

    def __init__(self, base: Stated) -> None:
        super().__init__(())
        self._base = base
        self._plus: dict[str, _Sets] = {"about": defaultdict(set), "towards": defaultdict(set)}
        self._minus: dict[str, _Sets] = {"about": defaultdict(set), "towards": defaultdict(set)}

    def take(self, step: Delta) -> None:
        """Make a change here. It must be real: add nothing that is there, and remove nothing that is not."""
        for quads, there, gone in ((step.added, self._plus, self._minus), (step.removed, self._minus, self._plus)):
            for q in quads:
                for side, node in (("about", q.subject), ("towards", q.object)):
                    if side == "about" or isinstance(node, NamedNode):
                        key = node.value if isinstance(node, NamedNode) else str(node)
                        lost = gone[side].get(key)
                        if lost and q in lost:
                            lost.discard(q)
                        else:
                            there[side][key].add(q)

    def made(self) -> Delta:
        """All that was taken, as one."""
        plus, minus = self._plus["about"].values(), self._minus["about"].values()
        return Delta(frozenset().union(*plus), frozenset().union(*minus))

    def after(self, delta: Delta) -> Stated:
        """The same with a change made, over this draft as it is now."""
        later = Draft(self)
        later.take(self.real(delta))
        return later

    def about(self, thing: NamedNode | str) -> frozenset[Quad]:
        """Everything stated of a thing."""
        return self._laid(self._base.about(thing), "about", thing)

    def towards(self, thing: NamedNode | str) -> frozenset[Quad]:
        """Everything that leads to a thing."""
        return self._laid(self._base.towards(thing), "towards", thing)

    def claim(self, s: NamedNode, p: NamedNode, o: NamedNode | None) -> NamedNode | None:
        """The claim of a link: that of the name which is made for it, or else any that says so."""
        usual = iri("claim", claim_slug(s, term_name(p), o))
        parts = {q.predicate: q.object for q in self.about(usual)}
        if parts.get(cd.claimSubject) == s and parts.get(cd.claimProperty) == p and parts.get(cd.claimObject) == o:
            return usual
        return super().claim(s, p, o)

    def _laid(self, found: frozenset[Quad], side: str, thing: NamedNode | str) -> frozenset[Quad]:
        key = thing if isinstance(thing, str) else thing.value
        plus, minus = self._plus[side].get(key), self._minus[side].get(key)
        if minus:
            found = found - minus
        return found | plus if plus else found

    def __iter__(self) -> Iterator[Quad]:
        made = self.made()
        yield from (q for q in self._base if q not in made.removed)
        yield from made.added

    def of_kind(self, kind: str) -> list[NamedNode]:
        """Every thing whose IRI is of a kind and that is stated to be something, by IRI."""
        return Stated(self).of_kind(kind)
