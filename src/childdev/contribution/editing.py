"""From what a person fills in to typed changes: the fewest that take a thing from what is stated to what is wanted."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence

from pyoxigraph import Literal, NamedNode, Quad

from childdev.contribution.changes.kinds import (
    AddThing,
    Change,
    Evidence,
    Link,
    Other,
    ReEvidence,
    SetAges,
    SetValue,
    Unlink,
    Value,
)
from childdev.contribution.changes.making import evidence_of
from childdev.contribution.changes.names import CLAIMED, module_for, thing
from childdev.model.iris import iri, kind_and_slug, module_graph
from childdev.model.modules import nquads
from childdev.model.short_names import term, term_name
from childdev.model.stated import Stated
from childdev.validation.fields import Field, field_of, fields

#: evidence of single links, by relation and the thing to which it leads; ("typicalFromMonths", "") for the ages
Given = Mapping[tuple[str, str], Evidence]
_FROM, _TO = "typicalFromMonths", "typicalToMonths"
_AGES = (_FROM, "")
#: fields whose values are terms of the vocabulary, for which there is no kind of change
_TERMS = ("rdf:type", "strength")
_LONGEST = 60


def values_of(stated: Stated, thing_name: str, only: Collection[str] | None = None) -> dict[str, tuple[str, ...]]:
    """What is stated of a thing, field by field, as it is to be filled in: English words, things as "kind/slug".

    With `only` no other fields than these are looked up.
    """
    node = thing(thing_name)
    wanted = [f for f in fields(thing_name.partition("/")[0]) if only is None or f.property in only]
    return {one.property: tuple(_stated(stated, node, one)) for one in wanted}


def changes_for(
    stated: Stated,
    thing_name: str,
    wanted: Mapping[str, Sequence[str]],
    evidence: Given | None = None,
    otherwise: Evidence | None = None,
) -> tuple[Change, ...]:
    """The fewest changes that make a thing as wanted, by property; what is not in `wanted` stays as it is.

    A thing that is not in the model yet is added. New links that carry meaning stand on what `evidence` gives for
    them, or on `otherwise` (a workshop view if not given); links that are there get other evidence only by `evidence`.

    Raises:
        NotFoundError: things of this kind have no such field.
        ValueError: the name is not one of a thing.
    """
    node = thing(thing_name)
    kind = thing_name.partition("/")[0]
    tidy = {name: _tidy(values) for name, values in wanted.items()}
    known = {name: field_of(kind, name) for name in tidy}
    edit = _Edit(stated, thing_name, node, tidy, known, evidence or {}, otherwise or Evidence())
    return tuple(edit.of_known() if stated.exists(node) else edit.of_new())


def slug_for(stated: Stated, kind: str, label: str, taken: Collection[str] = ()) -> str:
    """A fresh slug made of a label: of nothing that is or was in the model, nor of a name ("kind/slug") in `taken`."""
    plain = unicodedata.normalize("NFKD", label.replace("&", " and ").replace("½", " half"))
    letters = "".join(c for c in plain if c.isascii() and not unicodedata.combining(c)).lower().replace("'", "")
    stem = "-".join(re.findall(r"[a-z0-9]+", letters))
    if len(stem) > _LONGEST:
        stem = stem[: _LONGEST + 1].rpartition("-")[0] or stem[:_LONGEST]
    stem, number = stem or kind, 1
    slug = stem
    while f"{kind}/{slug}" in taken or stated.about(iri(kind, slug)) or stated.towards(iri(kind, slug)):
        number += 1
        slug = f"{stem}-{number}"
    return slug


def _tidy(values: Sequence[str]) -> tuple[str, ...]:
    """Values without stray spaces, each once, and none that is empty."""
    return tuple(dict.fromkeys(t for v in values if (t := " ".join(v.split()))))


def _stated(stated: Stated, node: NamedNode, one: Field) -> Iterator[str]:
    for o in stated.objects(node, term(one.property)):
        if isinstance(o, Literal):
            if not o.language or o.language.startswith("en"):
                yield o.value
        elif one.property in _TERMS:
            if term_name(o) in {c.value for c in one.choices}:
                yield term_name(o)
        elif (named := kind_and_slug(o)) is not None:
            yield "/".join(named)


class _Edit:
    """One thing, what is wanted of it, and the changes that lead there."""

    def __init__(
        self,
        stated: Stated,
        name: str,
        node: NamedNode,
        wanted: Mapping[str, tuple[str, ...]],
        known: Mapping[str, Field],
        evidence: Given,
        otherwise: Evidence,
    ) -> None:
        self._stated, self._name, self._node = stated, name, node
        self._wanted, self._known = wanted, known
        self._evidence, self._otherwise = evidence, otherwise

    def of_new(self) -> Iterator[Change]:
        """The thing with all that is said of it, and then its links that carry meaning."""
        said = [name for name in self._known if name not in (*CLAIMED, *_TERMS)]
        ages = self._wanted.get(_FROM) and self._evidence.get(_AGES, self._otherwise)
        yield AddThing(
            thing=self._name,
            classes=self._wanted.get("rdf:type", ()),
            values=tuple(self._value(name, text) for name in said for text in self._wanted[name]),
            ages=ages or None,
        )
        if strength := self._wanted.get("strength"):
            yield self._of_terms("strength", (), strength)
        for name in self._known:
            if name in CLAIMED:
                yield from (self._link(name, other) for other in self._wanted[name])

    def of_known(self) -> Iterator[Change]:
        """What differs, field by field; the ages go together."""
        ages = self._ages()
        if ages is not None:
            yield ages
        for name, one in self._known.items():
            if ages is not None and name in (_FROM, _TO):
                continue
            before, after = tuple(_stated(self._stated, self._node, one)), self._wanted[name]
            gone = [v for v in before if v not in after]
            new = [v for v in after if v not in before]
            if name in _TERMS:
                if gone or new:
                    yield self._of_terms(name, gone, new)
            elif one.type == "thing":
                yield from self._links(name, gone, new, [v for v in after if v in before])
            else:
                yield from self._values(name, gone, new)

    def _ages(self) -> SetAges | ReEvidence | None:
        """The range of ages, if there is one and it or what it stands on differs."""
        now = values_of(self._stated, self._name, (_FROM, _TO)) if {_FROM, _TO} & set(self._known) else {}
        wanted = [self._wanted.get(name, now.get(name, ())) for name in (_FROM, _TO)]
        if not now or not all(len(v) == 1 and re.fullmatch(r"-?\d+", v[0]) for v in wanted):
            return None
        first, last = (int(v[0]) for v in wanted)
        given = self._other_evidence(_FROM, "")
        if [now[_FROM], now[_TO]] != wanted:
            return SetAges(thing=self._name, first=first, last=last, evidence=given)
        return ReEvidence(subject=self._name, relation=_FROM, evidence=given) if given else None

    def _links(self, name: str, gone: Sequence[str], new: Sequence[str], kept: Sequence[str]) -> Iterator[Change]:
        for other in gone:
            yield Unlink(subject=self._name, relation=name, object=other)
        for other in new:
            yield self._link(name, other)
        for other in kept if name in CLAIMED else ():
            if given := self._other_evidence(name, other):
                yield ReEvidence(subject=self._name, relation=name, object=other, evidence=given)

    def _link(self, name: str, other: str) -> Link:
        claimed = self._evidence.get((name, other), self._otherwise) if name in CLAIMED else None
        return Link(subject=self._name, relation=name, object=other, evidence=claimed)

    def _other_evidence(self, name: str, other: str) -> Evidence | None:
        """The evidence that is given for a link, if it is not what the link stands on already."""
        given = self._evidence.get((name, other))
        claim = self._stated.claim(self._node, term(name), thing(other) if other else None)
        return given if given and (claim is None or evidence_of(self._stated, claim) != given) else None

    def _values(self, name: str, gone: Sequence[str], new: Sequence[str]) -> Iterator[Change]:
        for number in range(max(len(gone), len(new))):
            before = self._value_now(name, gone[number]) if number < len(gone) else None
            after = self._value(name, new[number]) if number < len(new) else None
            yield SetValue(thing=self._name, before=before, after=after)

    def _value(self, name: str, text: str) -> Value:
        return Value(property=name, text=text, type=self._known[name].type)

    def _value_now(self, name: str, text: str) -> Value:
        """A value as it is stated, in its own English."""
        value = self._value(name, text)
        if value.type != "words":
            return value
        found = self._stated.objects(self._node, term(name))
        languages = [o.language for o in found if isinstance(o, Literal) and o.value == text and o.language]
        return value.model_copy(update={"language": min(languages, default="en-gb")})

    def _of_terms(self, name: str, gone: Sequence[str], new: Sequence[str]) -> Other:
        graph = module_graph(module_for(self._stated, self._node))

        def lines(values: Sequence[str]) -> tuple[str, ...]:
            return tuple(nquads(Quad(self._node, term(name), term(v), graph) for v in values))

        return Other(added=lines(new), removed=lines(gone))
