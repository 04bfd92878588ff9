"""The number of a release, worked out from what it changes and what follows from that.

Wording only is a patch. Where something is new and all that held before still holds, it is a minor release. Where
something that held before holds no more, stated or inferred, it is a major one, because somebody's question may now
have another answer. On what a claim stands, and the particulars of a source, are not what holds of children: where they
change, it is a minor release.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from childdev import terms as cd
from childdev.contribution.changes.making import EVIDENCE_PARTS
from childdev.errors import InvalidError
from childdev.model.iris import PREFIXES, kind_and_slug
from childdev.model.modules import CORE, RDF_TYPE, Model
from childdev.model.stated import Delta
from childdev.reasoning.inference import Inference

ONTOLOGY = NamedNode(cd.NAMESPACE)
_ANNOTATION = NamedNode(PREFIXES["owl"] + "AnnotationProperty")
_LABEL = NamedNode(PREFIXES["rdfs"] + "label")
#: that a thing is deprecated is said beside its retirement, which is what counts
_BESIDE = {_LABEL, NamedNode(PREFIXES["rdfs"] + "comment"), NamedNode(PREFIXES["owl"] + "deprecated"), *EVIDENCE_PARTS}


class Step(StrEnum):
    """How far a release goes, the least first."""

    PATCH = "patch"
    MINOR = "minor"
    MAJOR = "major"


@dataclass(frozen=True)
class Numbering:
    """How far a release goes, its number, and what no longer holds (of what was stated or inferred before)."""

    step: Step
    number: str
    lost: tuple[Triple, ...]

    @property
    def because(self) -> str:
        """Why, in words."""
        if self.step == Step.PATCH:
            return "Only words change."
        if self.step == Step.MINOR:
            return "Something is new or stands on other evidence, and all that held before still holds."
        some = len(self.lost)
        if not some:
            return "A rule of the vocabulary changes."
        return (
            "One thing that held before holds no more."
            if some == 1
            else (f"{some:,} things that held before hold no more, stated or inferred.")
        )


def numbering(last: str, before: Model, after: Model) -> Numbering:
    """How far it is from the last release to a new state, and the number that this gives."""
    delta = between(before, after)
    if all(isinstance(q.object, Literal) and q.object.language for q in (*delta.added, *delta.removed)):
        return Numbering(Step.PATCH, following(last, Step.PATCH), ())
    lost = tuple(sorted(_lost(delta.removed, before, after), key=str))
    vocabulary = any(isinstance(n, BlankNode) for q in delta.removed for n in (q.subject, q.object))
    step = Step.MAJOR if lost or vocabulary else Step.MINOR
    return Numbering(step, following(last, step), lost)


def between(before: Model, after: Model) -> Delta:
    """What leads from one state to another, but for what a model says of its own version."""
    old, new = set(before.quads()), set(after.quads())
    return Delta(frozenset(_unversioned(new - old)), frozenset(_unversioned(old - new)))


def following(last: str, step: Step) -> str:
    """The number of the release after another: 1.2.3 → 1.2.4, 1.3.0 or 2.0.0."""
    major, minor, patch = (int(part) for part in [*last.split("."), "0", "0"][:3])
    if step == Step.MAJOR:
        return f"{major + 1}.0.0"
    return f"{major}.{minor + 1}.0" if step == Step.MINOR else f"{major}.{minor}.{patch + 1}"


def agreed(worked_out: Numbering, given: str) -> str:
    """The number to use, if the one that somebody typed is right; an empty one is.

    Raises:
        InvalidError: it is not; says which it has to be, and why.
    """
    given = given.strip()
    if given not in ("", worked_out.number):
        raise InvalidError(
            f"This release can't be {given[:40]}. It is {worked_out.number}, a {worked_out.step} release: "
            f"{worked_out.because}"
        )
    return worked_out.number


def _unversioned(quads: Iterable[Quad]) -> Iterable[Quad]:
    return (q for q in quads if q.subject != ONTOLOGY)


def _lost(removed: Iterable[Quad], before: Model, after: Model) -> set[Triple]:
    """What was stated or inferred of things and their kinds and is no more, without words, notes and evidence."""
    was, now = Inference(before), Inference(after)
    notes = {t.subject for t in before.modules[CORE] if t.predicate == RDF_TYPE and t.object == _ANNOTATION}
    beside = notes | _BESIDE
    gone = {
        q.triple
        for q in removed
        if q.predicate not in beside and not isinstance(q.object, BlankNode) and not _of_source(q)
    }
    lost = {t for t in gone if now.why(t) is None}
    for p, relation in was.relations.items():
        if p not in beside:
            still = now.relations.get(p, {})
            lost |= {Triple(s, p, o) for s, os in relation.items() for o in os - still.get(s, set())}
    return lost


def _of_source(q: Quad) -> bool:
    """Whether this is a particular of a source (its year, its address), or names nothing."""
    named = kind_and_slug(q.subject) if isinstance(q.subject, NamedNode) else ("source", "")
    return named is not None and named[0] == "source" and q.predicate != RDF_TYPE
