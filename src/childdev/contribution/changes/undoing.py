"""Taking back one past change without the later ones, or saying why that can't be done."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from pyoxigraph import Literal, NamedNode, Quad

from childdev import terms as cd
from childdev.contribution.changes.making import CLAIM_PARTS
from childdev.contribution.changes.names import term_name
from childdev.contribution.changes.wording import called, noun, object_words, verb
from childdev.errors import CannotUndoError
from childdev.model.iris import PREFIXES, kind_and_slug
from childdev.model.modules import RDF_TYPE
from childdev.model.stated import Delta, Stated

_FUNCTIONAL = NamedNode(PREFIXES["owl"] + "FunctionalProperty")
_REPLACED = NamedNode(PREFIXES["dcterms"] + "isReplacedBy")
#: words of which a thing has one in each language
_ONE_OF_A_LANGUAGE = {"skos:prefLabel", "skos:definition", "everydayWords", "explanation"}
#: links of which a thing has one
_ONE = {"inDomain", "atLevel", "formOf", "broaderNeed", "inScheme", "strength", "claimSubject", "claimProperty"}

Later = Iterable[tuple[str, Delta]]


def undo(stated_now: Stated, past: Delta, later: Later = ()) -> Delta:
    """What takes back a past change, and only that, from what is stated now. Whoever uses it validates the result.

    `later` may give the changes made since, the oldest first, each with words for it ("version 1.0.0.4"), so that
    the reason can name the one that stands in the way.

    Raises:
        CannotUndoError: later changes lean on it; says which thing is in the way and what to do.
    """
    _Undo(stated_now, past, tuple(later)).check()
    return stated_now.real(past.inverse)


class _Undo:
    def __init__(self, now: Stated, past: Delta, later: tuple[tuple[str, Delta], ...]) -> None:
        self.now, self.past, self.later = now, past, later
        self.then = now.after(past.inverse)

    def check(self) -> None:
        """Look for what stands in the way, the plainest reason first.

        Raises:
            CannotUndoError: something does.
        """
        if not self.past:
            raise CannotUndoError("This change made no difference, so there is nothing to take back.")
        if not self.now.real(self.past.inverse):
            raise CannotUndoError("This has been taken back already. There is nothing left to do.")
        looks: tuple[Callable[[], Iterator[str]], ...] = (self._gone, self._leant_on, self._taken, self._dangling)
        for look in looks:
            if (reason := next(look(), None)) is not None:
                raise CannotUndoError(reason)

    def _gone(self) -> Iterator[str]:
        """What it added is gone or was changed since, or what it did was done again."""
        for q in _ordered(self.past.added):
            by = self._by("added", {q})
            if q not in self.now:
                yield self._changed(q)
            elif by:
                yield f"What it said was taken away and put back since{by}: {self._says(q)}. Take that back instead."
        for q in _ordered(self.past.removed):
            if by := self._by("removed", {q}):
                yield f"What it took away came back and went again since{by}: {self._says(q)}. Take that back instead."

    def _changed(self, q: Quad) -> str:
        by = self._by("removed", {q})
        if q.predicate == RDF_TYPE:
            return f"{_capital(self._name(_node(q)))}, which it added, has been taken out or retired since{by}."
        now = self._instead(q)
        instead = f" Now it says {object_words(self.now, now)}." if now is not None else ""
        return f"What it said has been changed since{by}: {self._says(q)}.{instead} Change that by hand instead."

    def _leant_on(self) -> Iterator[str]:
        """A thing that it added is linked from elsewhere, or more was said of it."""
        own = self.past.added
        nodes = {_node(q) for q in own if q.predicate == RDF_TYPE and not self.then.exists(_node(q))}
        for node in sorted(nodes, key=lambda n: n.value):
            who = f"{_capital(self._name(node))}, which it added,"
            for q in _ordered(self.now.about(node) - own):
                held = q.predicate == cd.hasPosition
                what = "has a position taken on it" if held else "has been worked on"
                said = object_words(self.now, q.object) if held else self._says(q)
                yield f"{who} {what} since{self._by('added', {q})}: {said}. Take that back first, or retire the thing."
            for q in _ordered(q for q in self.now.towards(node) - own if q.predicate not in CLAIM_PARTS):
                if q.subject not in nodes:
                    by = self._by("added", {q})
                    yield f"{who} is linked with {self._about(q)} now{by}. Take that link back first."

    def _taken(self) -> Iterator[str]:
        """What it removed has been given another value, where there can be only one."""
        for q in self._back():
            beside = [x for x in self.then.about(_node(q)) if x.predicate == q.predicate and x != q and x in self.now]
            for x in _ordered(x for x in beside if self._rivals(x, q)):
                by = self._by("added", {x})
                yield f"Another value has been given since{by}: {self._says(x)}. There can be only one; choose by hand."

    def _dangling(self) -> Iterator[str]:
        """What it removed would lead from or to a thing that is not there, or is retired."""
        for q in self._back():
            link = isinstance(q.object, NamedNode) and kind_and_slug(q.object) and q.predicate != _REPLACED
            for node in (q.subject, q.object) if link else (q.subject,):
                if not isinstance(node, NamedNode) or kind_and_slug(node) is None:
                    continue
                kind = self.then.value(node, RDF_TYPE)
                if kind is None or (kind == cd.Retired and link):
                    gone = "is not in the model any more" if kind is None else "has been retired since"
                    by = self._by("removed", {x for _, d in self.later for x in d.removed if x.subject == node})
                    yield f"It took away what was said of {self._name(node)}, which {gone}{by}, so it can't come back."

    def _back(self) -> list[Quad]:
        """What would come back."""
        return _ordered(q for q in self.past.removed if q not in self.now)

    def _rivals(self, x: Quad, q: Quad) -> bool:
        """Whether two statements of a thing and a property can't stand side by side."""
        name, a, b = term_name(q.predicate), x.object, q.object
        if name in _ONE or any(k.object == _FUNCTIONAL for k in self.now.about(q.predicate)):
            return True
        if name not in _ONE_OF_A_LANGUAGE or not isinstance(a, Literal) or not isinstance(b, Literal):
            return False
        return (a.language or "") == (b.language or "")

    # ------------------------------------------------------------ words

    def _about(self, q: Quad) -> str:
        return self._name(_node(q))

    def _name(self, node: NamedNode) -> str:
        sides = (self.now, self.then, self.now.after(Delta(self.past.added)))
        return called(next((side for side in sides if side.about(node)), self.now), node)

    def _says(self, q: Quad) -> str:
        side = self.now.after(Delta(frozenset([*self.past.added, q])))
        who = called(side, _node(q))
        if isinstance(q.object, NamedNode) and kind_and_slug(q.object):
            return f"{who} {verb(side, q.predicate).present} {object_words(side, q.object)}"
        return f"{noun(side, q.predicate)[0]} of {who}, {object_words(side, q.object)}"

    def _instead(self, q: Quad) -> object:
        """The one value that stands there now."""
        there = [x.object for x in self.now.about(_node(q)) if x.predicate == q.predicate and self._rivals(x, q)]
        return there[0] if len(there) == 1 else None

    def _by(self, side: str, quads: set[Quad]) -> str:
        """The last later change that added or removed any of these, in brackets."""
        names = [name for name, delta in self.later if not quads.isdisjoint(getattr(delta, side))]
        return f" ({names[-1]})" if names else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _node(q: Quad) -> NamedNode:
    """What a statement is about. A nameless part of the vocabulary stands for itself and nothing else."""
    return q.subject if isinstance(q.subject, NamedNode) else NamedNode(f"urn:nameless:{str(q.subject)[2:]}")


def _ordered(quads: Iterable[Quad]) -> list[Quad]:
    """The statements about things first, those on claims after them."""
    return sorted(quads, key=lambda q: ("/claim/" in str(q.subject) or "/position/" in str(q.subject), str(q)))
