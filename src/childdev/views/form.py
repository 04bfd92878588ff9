"""A form for a thing, made from the fields of its kind: what is stated, what was changed, and what is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as made

from pyoxigraph import NamedNode

from childdev.contribution.changes.kinds import Change, Evidence
from childdev.contribution.changes.making import delta_of
from childdev.contribution.changes.names import term_name, thing, thing_name
from childdev.contribution.changes.sentences import Sentence, sentences
from childdev.contribution.editing import changes_for, slug_for, values_of
from childdev.errors import ChangeError, PersonalDataError
from childdev.model.stated import PREF_LABEL, Delta, Stated
from childdev.validation import personal_data
from childdev.validation.fields import Field, faults, fields
from childdev.validation.targeted import broken

#: up to so many things of a kind are offered as a list of ticks
_FEW = 30
#: the property with which names typed to add a link are sent
ADD = "add:"


@dataclass(frozen=True)
class Option:
    """Something that can be ticked: its value, what it is called, and whether it is ticked."""

    value: str
    words: str
    ticked: bool


@dataclass
class Input:
    """One field as a form shows it. `way` is how it is asked for: line, text, lines, number, ticks, one or search."""

    field: Field
    way: str
    values: tuple[str, ...]
    options: list[Option] = made(default_factory=list)
    typed: str = ""
    messages: list[str] = made(default_factory=list)

    @property
    def id(self) -> str:
        """For labels and links to it."""
        return "f-" + self.field.property.replace(":", "-")


@dataclass
class Draft:
    """What a filled-in form would do: the changes, their effect in sentences, and what is wrong, by property."""

    name: str
    changes: tuple[Change, ...] = ()
    delta: Delta = made(default_factory=Delta)
    sentences: Sequence[Sentence] = ()
    messages: dict[str, list[str]] = made(default_factory=dict)
    found: dict[str, list[str]] = made(default_factory=dict)

    @property
    def fine(self) -> bool:
        """Whether it can be proposed."""
        return bool(self.delta) and not self.messages


def inputs(
    stated: Stated, kind: str, wanted: Mapping[str, Sequence[str]], draft: Draft | None = None, typed: str = ""
) -> list[Input]:
    """The fields of a form with the values that are wanted, and the messages of a draft."""
    shown = []
    for one in fields(kind):
        values = tuple(wanted.get(one.property, ()))
        way = _way(stated, one)
        options = _options(stated, one, way, values, (draft.found if draft else {}).get(one.property, ()))
        messages = list((draft.messages if draft else {}).get(one.property, ()))
        left = "" if draft is None or not messages else next(iter(wanted.get(ADD + one.property, ())), "")
        shown.append(Input(one, way, values, options, left or typed, messages))
    return shown


def stated_values(stated: Stated, name: str) -> dict[str, tuple[str, ...]]:
    """What is stated of a thing, by property."""
    return values_of(stated, name)


def draft(
    base: Stated,
    now: Stated,
    kind: str,
    name: str,
    wanted: Mapping[str, Sequence[str]],
    evidence: Evidence,
) -> Draft:
    """What a form would do. `base` is what was stated when the form was opened, `now` what is stated now.

    A new thing has no name yet; it gets one from its label.
    """
    asked, problems, found = _resolved(now, kind, wanted)
    label = next(iter(asked.get("skos:prefLabel", ())), "")
    name = name or f"{kind}/{slug_for(now, kind, label)}"
    made = Draft(name, messages=problems, found=found)
    for prop, told in faults(kind, {k: v for k, v in asked.items() if not k.startswith(ADD)}).items():
        made.messages.setdefault(prop, []).extend(told)
    for prop, values in asked.items():
        try:
            personal_data.refuse(values)
        except PersonalDataError as e:
            made.messages.setdefault(prop, []).append(str(e.findings[0].message if e.findings else e))
    if made.messages:
        return made
    try:
        made.changes = changes_for(base, name, asked, otherwise=evidence)
        made.delta = delta_of(now, made.changes)
    except (ChangeError, ValueError) as e:
        made.messages[""] = [str(e)]
        return made
    made.sentences = sentences(now, made.delta, tense="will")
    for violation in (v for v in broken(now, made.delta) if v.severity == "Violation"):
        prop = term_name(NamedNode(violation.property)) if violation.property else ""
        mine = violation.focus == thing(name).value and prop in {f.property for f in fields(kind)}
        place = prop if mine else ""
        words = violation.message if mine else f"{violation.where}: {violation.message}"
        made.messages.setdefault(place, []).append(words)
    return made


def named(stated: Stated, kinds: Sequence[str], words: str, most: int = 8) -> list[NamedNode]:
    """Things whose name is what was written, or else has words that begin with all of its words."""
    wanted = _words(words)
    labels = [(stated.label(node), node) for kind in kinds for node in stated.of_kind(kind)]
    exact = [node for label, node in labels if label.casefold() == words.strip().casefold()]
    if exact or not wanted:
        return exact[:1]
    near = [(label, node) for label, node in labels if _tells(label, wanted)]
    return [node for _, node in sorted(near, key=lambda pair: (len(pair[0]), pair[0]))[:most]]


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _tells(label: str, wanted: Sequence[str]) -> bool:
    """Whether a name has words that begin with all the wanted ones."""
    return all(any(word.startswith(w) for word in _words(label)) for w in wanted)


def _resolved(
    stated: Stated, kind: str, wanted: Mapping[str, Sequence[str]]
) -> tuple[dict[str, list[str]], dict[str, list[str]], dict[str, list[str]]]:
    """The values wanted, with names that were typed turned into things; what can't be turned, and what comes near."""
    asked = {one.property: list(wanted.get(one.property, ())) for one in fields(kind)}
    problems: dict[str, list[str]] = {}
    near: dict[str, list[str]] = {}
    for one in fields(kind):
        for words in (w for w in wanted.get(ADD + one.property, ()) if w.strip()):
            if any(_tells(stated.label(thing(ticked)), _words(words)) for ticked in asked[one.property]):
                continue  # it was only typed to find what is ticked now
            found = named(stated, one.targets, words)
            if len(found) == 1 and stated.label(found[0]).casefold() == words.strip().casefold():
                asked[one.property].append(thing_name(found[0]))
                continue
            near[one.property] = [thing_name(node) for node in found]
            told = "Tick the one you mean below." if found else "Write its name as it stands in the model, or add it."
            problems[one.property] = [f"There is nothing called “{words}” here. {told}"]
    return asked, problems, near


def _way(stated: Stated, one: Field) -> str:
    if one.choices:
        return "ticks" if one.many else "one"
    if one.type == "thing":
        few = sum(len(stated.of_kind(kind)) for kind in one.targets) <= _FEW
        return ("ticks" if one.many else "one") if few else "search"
    if one.type in ("number", "address", "truth"):
        return {"number": "number", "address": "line", "truth": "one"}[one.type]
    if one.many:
        return "lines"
    return "line" if one.property == "skos:prefLabel" or one.type == "text" else "text"


def _options(stated: Stated, one: Field, way: str, values: Sequence[str], found: Sequence[str]) -> list[Option]:
    if one.choices:
        return [Option(c.value, c.words, c.value in values) for c in one.choices]
    if one.type == "truth":
        return [Option(v, w, v in values) for v, w in (("true", "Yes"), ("false", "No"))]
    if way == "search":
        names = [*values, *(n for n in found if n not in values)]
        return [Option(n, stated.label(thing(n)), n in values) for n in names]
    if way in ("ticks", "one"):
        nodes = [node for kind in one.targets for node in stated.of_kind(kind) if _fits(stated, node, one)]
        ordered = sorted(nodes, key=stated.label)
        return [Option(thing_name(n), stated.label(n), thing_name(n) in values) for n in ordered]
    return []


def _fits(stated: Stated, node: NamedNode, one: Field) -> bool:
    if stated.value(node, PREF_LABEL) is None:
        return False
    types = {getattr(q.object, "value", "").rsplit("/", 1)[-1] for q in stated.about(node)}
    return (not one.target or one.target in types) and "Retired" not in types
