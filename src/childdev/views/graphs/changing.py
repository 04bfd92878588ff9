"""What is otherwise in one version than in another, as things and lines."""

from __future__ import annotations

from collections import Counter

from childdev.views.graphs.facts import Bond, Facts, Thing
from childdev.views.graphs.sources import Gathered
from childdev.views.graphs.spec import Spec, relations
from childdev.views.words import STRENGTHS


def changed(spec: Spec, before: Facts, after: Facts) -> Gathered:
    """The things and lines that are new, gone or said otherwise in `after`, with the ends of those lines."""
    things = before.things | after.things
    notes = {n: said for n in things if (said := _otherwise(before, after, n))}
    marks = {n: "New" if n not in before.things else "Gone" if n not in after.things else "Changed" for n in notes}
    bonds, sentences = _lines(spec, before, after, things)
    ends = Counter(end for b in bonds for end in (b.first, b.last))
    order = sorted({*notes, *ends}, key=lambda n: (n not in notes, -ends[n], things[n].label.casefold(), n))
    title = spec.title.format(first=before.version, last=after.version)
    missing = "" if order else "Nothing that pictures show is otherwise in one than in the other."
    found = {n: things[n] for n in order}
    return Gathered(found, bonds, title, notes=notes, marks=marks, sentences=sentences, missing=missing)


def _otherwise(before: Facts, after: Facts, name: str) -> str:
    """What changed about a thing, or nothing."""
    old, new = before.things.get(name), after.things.get(name)
    if new is None:
        return f"No longer in {after.version}."
    if old is None:
        return f"New in {after.version}."
    if old == new:
        return ""
    said = []
    if old.label != new.label:
        said.append(f"it was called “{old.label}”")
    if old.ages != new.ages:
        said.append(f"it was usually seen: {old.ages}")
    if old.facets != new.facets:
        said.append("it stands elsewhere in the model")
    if old.strength != new.strength:
        said.append(f"the evidence of its ages was {STRENGTHS[old.strength][1] if old.strength else 'not stated'}")
    return f"Changed: {'; '.join(said) or 'its words'}."


def _lines(spec: Spec, before: Facts, after: Facts, things: dict[str, Thing]) -> tuple[list[Bond], dict[str, str]]:
    bonds, sentences = [], {}
    for relation in spec.relations:
        old, new = ({b.id: b for b in some.bonds[relation]} for some in (before, after))
        for name in sorted(old.keys() | new.keys()):
            a, b = old.get(name), new.get(name)
            if a and b and a.strength == b.strength:
                continue
            bond = b or a
            assert bond is not None
            first, last = things[bond.first].label, things[bond.last].label
            said = relations()[relation].sentence.format(first=first, last=last)
            sentences[name] = f"{_how(a, b)}: {said}"
            bonds.append(bond)
    return bonds, sentences


def _how(old: Bond | None, new: Bond | None) -> str:
    if old is None or new is None:
        return "New" if old is None else "No longer"
    words = [STRENGTHS[b.strength][1] if b.strength else "not stated" for b in (old, new)]
    return f"The evidence was {words[0]} and is {words[1]}"
