"""A difference between two versions as sentences for people, thing by thing, with nothing left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad

from childdev import terms as cd
from childdev.ages import age_range
from childdev.contribution.changes import kinds
from childdev.contribution.changes.drafting import Draft
from childdev.contribution.changes.kinds import Change, Evidence, Value
from childdev.contribution.changes.making import evidence_of, term_of
from childdev.contribution.changes.names import term, thing, thing_name
from childdev.contribution.changes.recognising import Recognised, recognise
from childdev.contribution.changes.wording import (
    Part,
    Tense,
    basis_words,
    called,
    claimed,
    ended,
    evidence_words,
    in_language,
    kind_words,
    listed,
    noun,
    object_words,
    source_words,
    strength_words,
    verb,
    word_parts,
)
from childdev.model.iris import kind_and_slug
from childdev.model.modules import RDF_TYPE
from childdev.model.stated import Delta, Stated

#: single statements up to this many are told in the sentence itself, more of them beside it
_INLINE = 4
_FIRST = ("add-thing", "retire", "merge", "split")


@dataclass(frozen=True)
class Sentence:
    """What one change does, in words.

    `about` is the thing under which it stands (as "kind/slug", or "" for the vocabulary) and `things` are all that it
    names. `headline` says it without quoting longer texts, `text` says it whole, `details` are the single statements
    where a sentence would be too long for them. Where words were reworded, `reworded` holds the old and the new.
    """

    text: str
    about: str
    things: tuple[str, ...]
    delta: Delta
    kind: str
    change: Change
    headline: str = ""
    details: tuple[str, ...] = ()
    reworded: tuple[str, str] | None = field(default=None, repr=False)

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """The words kept, gone and new of a rewording; empty for all else."""
        return word_parts(*self.reworded) if self.reworded else ()

    def __str__(self) -> str:
        return self.text


def sentences(stated_before: Stated, delta: Delta, tense: Tense = "was") -> list[Sentence]:
    """A difference in sentences, grouped by thing: what "was" done (history), or "will" be done (a proposal).

    Each statement of the difference is in the `delta` of exactly one sentence.
    """
    return told(stated_before, recognise(stated_before, delta), Draft(stated_before).after(delta), tense)


def told(
    stated_before: Stated, recognised: Iterable[Recognised], stated_after: Stated, tense: Tense = "was"
) -> list[Sentence]:
    """The same for changes that were recognised already."""
    teller = _Teller(stated_before, stated_after, tense)
    found = [teller.tell(r) for r in recognised]

    def place(s: Sentence) -> tuple[bool, str, str, bool]:
        return (not s.about, teller.heading(s.about).casefold(), s.about, s.kind not in _FIRST)

    return sorted(found, key=place)


class _Teller:
    def __init__(self, before: Stated, after: Stated, tense: Tense) -> None:
        self.before, self.after, self.tense = before, after, tense
        self.was, self.were = ("was", "were") if tense == "was" else ("will be", "will be")
        self._names: dict[str, str] = {}
        self._headings: dict[str, str] = {"": ""}

    def heading(self, about: str) -> str:
        """The label of the thing under which a sentence stands."""
        if about not in self._headings:
            self._headings[about] = self._side(thing(about)).label(thing(about))
        return self._headings[about]

    def tell(self, r: Recognised) -> Sentence:
        c = r.change
        text, about, things, more = _TELLERS[type(c)](self, c, r.delta)
        more.setdefault("headline", text)
        names = tuple(dict.fromkeys(n for n in (about, *things) if n))
        return Sentence(text, about, names, r.delta, c.change, c, **more)

    # ------------------------------------------------------------ words for things

    def _side(self, node: NamedNode) -> Stated:
        """The version that knows a thing: the one after, or else the one before."""
        return self.after if self.after.about(node) else self.before

    def _called(self, name: str | NamedNode) -> str:
        node = thing(name) if isinstance(name, str) else name
        if node.value not in self._names:
            self._names[node.value] = called(self._side(node), node)
        return self._names[node.value]

    def _kind(self, name: str) -> str:
        return kind_words(self._side(thing(name)), thing(name))

    def _claimed(self, subject: str, relation: str, object_: str | None) -> str:
        s, o = thing(subject), thing(object_) if object_ else None
        side = self.after if all(self.after.about(n) for n in (s, o) if n) else self.before
        return claimed(side, s, term(relation), o)

    def _object(self, node: object) -> str:
        return self._called(node) if isinstance(node, NamedNode) else object_words(self.after, node)

    def _holder(self, name: str) -> str:
        """The thing under which a sentence stands: of a claim or a position, that which it is about."""
        node = thing(name)
        side = self._side(node)
        above: object = None
        if name.startswith("position/"):
            above = next((q.subject for q in side.towards(node) if q.predicate == cd.hasPosition), None)
        elif name.startswith("claim/"):
            above = side.value(node, cd.claimSubject)
        if not isinstance(above, NamedNode) or not kind_and_slug(above) or above == node:
            return name
        return self._holder(thing_name(above)) if name.startswith("position/") else thing_name(above)

    # ------------------------------------------------------------ new things

    def _add_thing(self, c: kinds.AddThing, delta: Delta) -> _Told:
        node = thing(c.thing)
        ages = {v.property: v.text for v in c.values if v.property in ("typicalFromMonths", "typicalToMonths")}
        said = [self._value(v) for v in c.values if v.property not in (*_UNSAID, *(ages if len(ages) == 2 else ()))]
        if len(ages) == 2:
            words = age_range(int(ages["typicalFromMonths"]), int(ages["typicalToMonths"]))
            on = f" ({evidence_words(self.after, c.ages)})" if c.ages else ""
            said.append(f"Its usual age: {words}{on}.")
        elif c.ages:
            said.append(f"Its usual age stands on this: {evidence_words(self.after, c.ages)}.")
        is_ = f" as {listed([self.after.label(term(n)) for n in c.classes])}" if c.classes else ""
        headline = f"The {self._kind(c.thing)} {self._called(node)} {self.was} added{is_}."
        things = [v.text for v in c.values if v.type == "thing" and "/" in v.text and "://" not in v.text]
        text = " ".join([headline, *said])
        return text, self._holder(c.thing), (c.thing, *things), {"headline": headline, "details": tuple(said)}

    def _value(self, v: Value) -> str:
        """What a new thing is said to be or to have."""
        p, o = term(v.property), term_of(v)
        if isinstance(o, NamedNode) and kind_and_slug(o):
            return f"It {verb(self.after, p).present} {self._object(o)}."
        words, _ = noun(self.after, p)
        bare = re.sub(r"^(the|an?) ", "", words)
        return ended(f"{_capital(bare)}: {self._object(o)}")

    # ------------------------------------------------------------ values

    def _set_value(self, c: kinds.SetValue, delta: Delta) -> _Told:
        given = c.after or c.before
        assert given is not None
        p, about = term(given.property), self._holder(c.thing)
        things = [c.thing, *(v.text for v in (c.before, c.after) if v and v.type == "thing" and "/" in v.text)]
        if c.before is not None and c.after is not None:
            text, more = self._other_value(c.thing, p, c.before, c.after)
        else:
            text, more = self._one_value(c.thing, p, given, c.after is not None), {}
        return text, about, [t for t in things if "://" not in t], more

    def _one_value(self, name: str, p: NamedNode, value: Value, added: bool) -> str:
        o = term_of(value)
        if isinstance(o, NamedNode) and kind_and_slug(o):
            return self._link_words(name, p, o, added)
        words, plural = noun(self.after, p)
        be, done = (self.were if plural else self.was), ("added" if added else "taken away")
        if p == RDF_TYPE:
            counts = {"was": "now also counts", "will": "will also count"} if added else _NO_LONGER
            return f"{_capital(self._called(name))} {counts[self.tense]} as “{self.after.label(o)}”."  # type: ignore[arg-type]
        return ended(f"{_capital(words)} of {self._called(name)} {be} {done}: {self._object(o)}")

    def _other_value(self, name: str, p: NamedNode, before: Value, after: Value) -> tuple[str, dict[str, Any]]:
        old, new = term_of(before), term_of(after)
        who = self._called(name)
        if isinstance(old, NamedNode) and isinstance(new, NamedNode):
            if kind_and_slug(old) and kind_and_slug(new):
                return self._moved(name, p, old, new), {}
            a, b = self._label(old), self._label(new)
            words = "the kind" if p == RDF_TYPE else noun(self.after, p)[0]
            return f"{_capital(words)} of {who} {self._from_to(False)} “{a}” {self._to()} “{b}”.", {}
        words, plural = noun(self.after, p)
        language = in_language(after.language) if after.type == "words" else ""
        if before.type == after.type == "words" and before.language == after.language:
            more: dict[str, Any] = {"reworded": (before.text, after.text)}
            if given_name(p) and name.split("/")[0] != "position":
                was = self.before.label(thing(name)) if not language else before.text
                more["headline"] = f"‘{was}’ {self.was} renamed{language}."
                return f"‘{before.text}’ {self.was} renamed ‘{after.text}’{language}.", more
            be = self.were if plural else self.was
            start = f"{_capital(words)} of {who}{language} {be} reworded"
            more["headline"] = f"{start}."
            return f"{start}: from “{before.text}” to “{after.text}”{_stop(after.text)}", more
        a, b = self._object(old), self._object(new)
        if before.language != after.language and before.type == after.type == "words":
            b += in_language(after.language) or " (in English)"
        return f"{_capital(words)} of {who} {self._from_to(plural)} {a} {self._to()} {b}{_stop(b)}", {}

    def _from_to(self, plural: bool) -> str:
        return ("were" if plural else "was") if self.tense == "was" else "will change from"

    def _to(self) -> str:
        return "and is now" if self.tense == "was" else "to"

    def _moved(self, name: str, p: NamedNode, old: NamedNode, new: NamedNode) -> str:
        v = verb(self.after, p)
        start = f"{_capital(self._called(name))} "
        if self.tense == "was":
            return f"{start}{v.now} {self._object(new)}, no longer {self._object(old)}."
        if v.infinitive is None:
            said = f"{self._called(name)} {v.present} {self._object(new)}, no longer {self._object(old)}"
            return f"It will be said that {said}."
        return f"{start}will {v.infinitive} {self._object(new)}, no longer {self._object(old)}."

    def _label(self, node: NamedNode) -> str:
        return self._side(node).label(node)

    # ------------------------------------------------------------ ages, links and evidence

    def _set_ages(self, c: kinds.SetAges, delta: Delta) -> _Told:
        node, who = thing(c.thing), self._called(c.thing)
        new = age_range(c.first, c.last)
        ends = [self.before.value(node, p) for p in (cd.typicalFromMonths, cd.typicalToMonths)]
        numbers = [int(e.value) for e in ends if isinstance(e, Literal) and e.value.lstrip("-").isdecimal()]
        if len(numbers) < 2:
            text = f"The usual age of {who} {self.was} set: {new}."
        elif self.tense == "was":
            text = f"The usual age of {who} was {age_range(*numbers)} and is now {new}."
        else:
            text = f"The usual age of {who}, {age_range(*numbers)}, will be {new}."
        if c.evidence is not None:
            text += f" {_capital(self._evidence(c.thing, 'typicalFromMonths', None)[0])}"
        return text, c.thing, self._sources(c.evidence), {}

    def _link_words(self, name: str, p: NamedNode, o: NamedNode, added: bool, bracket: str = "") -> str:
        s, to, v = self._called(name), f"{self._object(o)}{bracket}", verb(self.after, p)
        comma = "," if v.present.startswith("if ") else ""
        if not added:
            no = "It is no longer said" if self.tense == "was" else "It will no longer be said"
            return f"{no} that {s}{comma} {v.present} {to}."
        if self.tense == "was":
            return f"{_capital(s)}{comma} {v.now} {to}."
        if v.infinitive is None:
            return f"It will be said that {s}{comma} {v.present} {to}."
        return f"{_capital(s)} will {v.infinitive} {to}."

    def _link(self, c: kinds.Link, delta: Delta) -> _Told:
        bracket = f" ({evidence_words(self.after, c.evidence)})" if c.evidence else ""
        p, o = term(c.relation), thing(c.object)
        text = self._link_words(c.subject, p, o, True, bracket)
        headline = self._link_words(c.subject, p, o, True)
        return text, c.subject, (c.object, *self._sources(c.evidence)), {"headline": headline}

    def _unlink(self, c: kinds.Unlink, delta: Delta) -> _Told:
        s, p, o = thing(c.subject), term(c.relation), thing(c.object)
        claim = self.before.claim(s, p, o)
        headline = self._link_words(c.subject, p, o, False)
        text, things = headline, [c.object]
        if claim is not None and any(q.subject == claim for q in delta.removed):
            evidence = evidence_of(self.before, claim)
            things += self._sources(evidence)
            text += f" It stood as {evidence_words(self.before, evidence)}{_stop(evidence.explanation)}"
            held = [x for x in self.before.objects(claim, cd.hasPosition) if isinstance(x, NamedNode)]
            if held:
                text += f" With it {self._go()} {listed([self._position(x) for x in held])}."
        return text, c.subject, things, {"headline": headline}

    def _go(self) -> str:
        return "went" if self.tense == "was" else "will go"

    def _position(self, node: NamedNode) -> str:
        role = self._side(node).value(node, cd.heldByRole)
        return f"{called(self._side(node), node)} ({role.value})" if role else called(self._side(node), node)

    def _sources(self, evidence: Evidence | None) -> list[str]:
        return [f"source/{slug}" for slug in evidence.sources] if evidence else []

    def _re_evidence(self, c: kinds.ReEvidence, delta: Delta) -> _Told:
        text, more = self._evidence(c.subject, c.relation, c.object)
        things = [*([c.object] if c.object else []), *self._sources(c.evidence)]
        return _capital(text), c.subject, things, more

    def _evidence(self, subject: str, relation: str, object_: str | None) -> tuple[str, dict[str, Any]]:
        """How the evidence of a claim differs, part by part."""
        s, p, o = thing(subject), term(relation), thing(object_) if object_ else None
        claims = [side.claim(s, p, o) for side in (self.before, self.after)]
        old, new = (
            evidence_of(side, claim) if claim is not None else Evidence()
            for side, claim in zip((self.before, self.after), claims, strict=True)
        )
        said = list(_evidence_parts(self.after if self.tense else self.before, self.before, old, new))
        words = self._claimed(subject, relation, object_)
        start = f"the evidence for {words} {self.was} changed"
        more: dict[str, Any] = {"headline": _capital(f"{start}."), "details": tuple(_capital(ended(x)) for x in said)}
        if old.explanation and new.explanation and old.explanation != new.explanation:
            more["reworded"] = (old.explanation, new.explanation)
        text = f"{start}: {'; '.join(said)}" if said else start
        return ended(text), more

    def _disagree(self, c: kinds.Disagree, delta: Delta) -> _Told:
        source = f"; {source_words(self.after, c.source)}" if c.source else ""
        headline = f"A position {c.stance} {self._view(thing(c.claim))} {self.was} added"
        text = f"{headline}: “{c.words}” ({c.role}{source})."
        things = [c.claim, *([f"source/{c.source}"] if c.source else [])]
        return text, self._holder(c.claim), things, {"headline": f"{headline}."}

    def _view(self, claim: NamedNode) -> str:
        return called(self._side(claim), claim)

    # ------------------------------------------------------------ retiring, merging, splitting

    def _retire(self, c: kinds.Retire, delta: Delta) -> _Told:
        use = f" Use {listed([self._called(n) for n in c.successors])} instead." if c.successors else ""
        start = f"The {self._old_kind(c.thing)} {self._called(c.thing)} {self.was} retired: {_quoted(c.reason)}{use}"
        return self._gone(start, c.thing, c.successors, delta)

    def _merge(self, c: kinds.Merge, delta: Delta) -> _Told:
        a, b = self._called(c.thing), self._called(c.into)
        start = f"{_capital(a)} {self.was} merged into {b}: {_quoted(c.reason)}"
        return self._gone(start, c.thing, (c.into,), delta)

    def _split(self, c: kinds.Split, delta: Delta) -> _Told:
        names = listed([self._called(n) for n in c.into])
        start = f"{_capital(self._called(c.thing))} {self.was} split into {names}: {_quoted(c.reason)}"
        return self._gone(start, c.thing, c.into, delta)

    def _old_kind(self, name: str) -> str:
        return kind_words(self.before, thing(name))

    def _gone(self, start: str, name: str, successors: Iterable[str], delta: Delta) -> _Told:
        """What goes with a thing and what moves to another, counted, and told in full beside it."""
        taken, made = self._plainly(delta.removed, self.before), self._plainly(delta.added, self.after)
        links = sum(1 for q in delta.removed if self._is_link(q))
        moved = sum(1 for q in delta.added if self._is_link(q))
        text = start
        if links:
            text += f" {_count(links, 'link')} of it {self._go()}"
            text += f", {moved} of them over to {listed([self._called(n) for n in successors])}." if moved else "."
        details = [*(f"No longer: {x}" for x in taken), *(f"New: {x}" for x in made)]
        more = {"headline": start, "details": tuple(details)}
        return text, name, tuple(successors), more

    def _is_link(self, q: Quad) -> bool:
        named = kind_and_slug(q.subject) if isinstance(q.subject, NamedNode) else None
        to = isinstance(q.object, NamedNode) and kind_and_slug(q.object)
        return bool(to) and named is not None and named[0] not in ("claim", "position") and "isReplaced" not in str(q)

    def _plainly(self, quads: Iterable[Quad], side: Stated) -> list[str]:
        """Statements as sentences; a link is told with the claim on which it stands."""
        left, found = set(quads), []
        for q in sorted((q for q in left if self._is_link(q)), key=str):
            assert isinstance(q.subject, NamedNode) and isinstance(q.object, NamedNode)
            found.append(self._saying(q))
            left.discard(q)
            claim = side.claim(q.subject, q.predicate, q.object)
            if claim is not None and side.about(claim) <= left:
                held = [x for x in side.objects(claim, cd.hasPosition) if isinstance(x, NamedNode)]
                words = [f"({evidence_words(side, evidence_of(side, claim))})", *(self._position(x) for x in held)]
                found[-1] = f"{found[-1].removesuffix('.')} {'; '.join(words)}."
                left -= side.about(claim).union(*(side.about(x) for x in held))
        for claim in _claims(left):
            whole = side.about(claim)
            if side.value(claim, cd.claimSubject) is not None and whole <= left and cd.hasPosition not in _used(whole):
                found.append(f"{_capital(called(side, claim))} ({evidence_words(side, evidence_of(side, claim))}).")
                left -= whole
        return [*self._sayings(left), *found]

    def _sayings(self, quads: Iterable[Quad]) -> list[str]:
        ordered = sorted(quads, key=lambda q: (str(q.subject), q.predicate.value, str(q.object)))
        return [self._saying(q) for q in ordered]

    def _saying(self, q: Quad) -> str:
        """One statement as a sentence of its own."""
        s = self._called(q.subject) if isinstance(q.subject, NamedNode) else "a rule of the vocabulary"
        if q.predicate == RDF_TYPE and isinstance(q.object, NamedNode):
            return f"{_capital(s)} is of the kind “{self._label(q.object)}”."
        if isinstance(q.object, NamedNode) and kind_and_slug(q.object):
            v = verb(self.after, q.predicate).present
            return f"{_capital(s)}{',' if v.startswith('if ') else ''} {v} {self._object(q.object)}."
        words, _ = noun(self.after, q.predicate)
        return ended(f"{_capital(words)} of {s}: {self._object(q.object)}")

    # ------------------------------------------------------------ anything else

    def _other(self, c: kinds.Other, delta: Delta) -> _Told:
        quads = sorted((*delta.added, *delta.removed), key=str)
        nodes = [q.subject for q in quads if isinstance(q.subject, NamedNode)]
        main = min(nodes, key=lambda n: (_rank(n), n.value), default=None)
        about = self._holder(thing_name(main)) if main is not None and kind_and_slug(main) else ""
        things = [
            thing_name(n) for q in quads for n in (q.subject, q.object) if isinstance(n, NamedNode) and kind_and_slug(n)
        ]
        start, whole = self._whole(main, delta)
        gone, new = self._plainly(delta.removed, self.before), self._plainly(delta.added, self.after)
        details = [*(f"No longer: {x}" for x in gone), *(f"New: {x}" for x in new)]
        if whole or len(details) > _INLINE:
            return start, about, things, {"details": tuple(details)}
        no, yes = _OTHER[self.tense]
        said = [*(f"{no} {_inner(x)}" for x in gone), *(f"{yes} {_inner(x)}" for x in new)]
        return " ".join(said), about, things, {"headline": start}

    def _whole(self, node: NamedNode | None, delta: Delta) -> tuple[str, bool]:
        """What to say where a thing came or went as a whole, or else how many statements differ."""
        if node is None:
            return f"Rules of the vocabulary {self.were} changed.", False
        there, before = self.after.about(node), self.before.about(node)
        kind = kind_words(self.after if there else self.before, node)
        types = [q for q in delta.removed if q.subject == node and q.predicate == RDF_TYPE]
        if not there:
            what = f"The {kind} {self._called(node)}" if kind_and_slug(node) else _capital(self._called(node))
            return f"{what} {self.was} taken out of the model, with what was said of it.", True
        if not before:
            return f"The {kind} {self._called(node)} {self.was} added.", True
        if any(q.object == cd.Retired for q in types) and self.after.value(node, RDF_TYPE) != cd.Retired:
            return f"The {kind} {self._called(node)} {self.was} taken back into use.", True
        what = self._called(node) if kind_and_slug(node) else f"the term {self._called(node)} of the vocabulary"
        new, old = len(delta.added), len(delta.removed)
        ways = [*([f"{_count(new, 'statement')} added"] if new else [])]
        ways += [f"{_count(old, 'statement')} taken away"] if old else []
        return f"What is said of {what} {self.was} changed: {listed(ways)}.", False


_Told = tuple[str, str, Iterable[str], dict[str, Any]]
_UNSAID = ("skos:prefLabel", "vs:term_status")
_NO_LONGER = {"was": "no longer counts", "will": "will no longer count"}
_OTHER = {
    "was": ("It is no longer said:", "It is now said:"),
    "will": ("It will no longer be said:", "It will be said:"),
}
_TELLERS: dict[type, Callable[[_Teller, Any, Delta], _Told]] = {
    kinds.AddThing: _Teller._add_thing,
    kinds.SetValue: _Teller._set_value,
    kinds.SetAges: _Teller._set_ages,
    kinds.Link: _Teller._link,
    kinds.Unlink: _Teller._unlink,
    kinds.ReEvidence: _Teller._re_evidence,
    kinds.Retire: _Teller._retire,
    kinds.Merge: _Teller._merge,
    kinds.Split: _Teller._split,
    kinds.Disagree: _Teller._disagree,
    kinds.Other: _Teller._other,
}


def given_name(p: NamedNode) -> bool:
    """Whether a property gives a thing its name."""
    return p.value.endswith("prefLabel")


def _evidence_parts(after: Stated, before: Stated, old: Evidence, new: Evidence) -> Iterable[str]:
    if old.strength != new.strength:
        yield f"its strength from “{strength_words(old.strength)}” to “{strength_words(new.strength)}”"
    if old.basis != new.basis:
        yield f"how it came to stand from “{basis_words(old.basis)}” to “{basis_words(new.basis)}”"
    for slug in new.sources:
        if slug not in old.sources:
            yield f"with the source {source_words(after, slug)}"
    for slug in old.sources:
        if slug not in new.sources:
            yield f"without the source {source_words(before, slug)}"
    for words, a, b in (
        ("its explanation", old.explanation, new.explanation),
        ("the place in the source", old.locator, new.locator),
    ):
        if a != b:
            yield f"{words} from “{a}” to “{b}”" if a and b else f"{words} {'added' if b else 'taken away'}: “{b or a}”"
    if old.talk_from_months != new.talk_from_months:
        a, b = (f"{m} months" if m is not None else "no age" for m in (old.talk_from_months, new.talk_from_months))
        yield f"when to talk about it from {a} to {b}"


def _rank(node: NamedNode) -> int:
    """Things first, then claims, then positions, then the vocabulary."""
    named = kind_and_slug(node)
    return 3 if named is None else {"claim": 1, "position": 2}.get(named[0], 0)


def _used(quads: Iterable[Quad]) -> set[NamedNode]:
    return {q.predicate for q in quads}


def _claims(quads: Iterable[Quad]) -> list[NamedNode]:
    """The claims of which it is said that they are claims."""
    found = [q.subject for q in quads if q.predicate == RDF_TYPE and q.object == cd.Claim]
    return sorted((n for n in found if isinstance(n, NamedNode)), key=lambda n: n.value)


def _quoted(reason: str) -> str:
    return f"“{reason}”{_stop(reason)}"


def _stop(text: str) -> str:
    """A full stop after a quotation, unless it ends with one inside."""
    return "" if text.rstrip("”’)").endswith((".", "!", "?", "…")) else "."


def _inner(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:] if sentence[:1].isalpha() else sentence


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _count(number: int, noun_: str) -> str:
    return f"{number:,} {noun_}{'' if number == 1 else 's'}"
