"""The fields of each kind of thing, read from the shapes and the vocabulary: what may be said of it, and in which form.

Forms, tables and their checks are made from these, so that nothing has to be kept in step by hand.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from pyoxigraph import Literal as Text
from pyoxigraph import NamedNode, RdfFormat, parse

from childdev.errors import NotFoundError
from childdev.model.iris import KINDS, iri, kind_and_slug
from childdev.model.short_names import term_name
from childdev.resources import folder
from childdev.validation import field_words as words
from childdev.validation.constraints import Constraint, Pattern, constraints, subclasses, vocabulary, worked_out

Type = Literal["words", "text", "number", "address", "truth", "thing"]

#: the kinds of which a thing can be described by filling in fields
EDITABLE = tuple(words.ALSO)


@dataclass(frozen=True)
class Choice:
    """One value of a closed list, and what it is called."""

    value: str
    words: str


@dataclass(frozen=True)
class Wording:
    """A rule on how a value is written: one of the patterns is to hold. `message` says how to mend it."""

    patterns: tuple[Pattern, ...]
    message: str

    def holds(self, value: str) -> bool:
        """Whether a value is written as it should be."""
        return any(bool(_compiled(p).search(value)) == p.wanted for p in self.patterns)


@dataclass(frozen=True)
class Field:
    """What may be said of a thing by one property.

    `type` is as in a typed change; a thing is named as "kind/slug", an age in whole months. `required` is what a
    rule asks for, `advised` what it only reminds of; `when` names the class (as in the choices of `rdf:type`) for
    which alone this field is. `target` narrows `targets` (kinds) to one class of them. `no_later_than` is the
    property whose value this one may not exceed. `messages` holds, by component of a rule, what to tell a person.
    """

    property: str
    label: str
    type: Type
    help: str
    many: bool = False
    required: bool = False
    advised: bool = False
    when: str = ""
    minimum: int | None = None
    maximum: int | None = None
    wordings: tuple[Wording, ...] = ()
    choices: tuple[Choice, ...] = ()
    targets: tuple[str, ...] = ()
    target: str = ""
    no_later_than: str = ""
    example: tuple[str, ...] = ()
    messages: Mapping[str, str] = field(default_factory=dict)

    def faults(self, values: Sequence[str], kind: str = "") -> list[str]:
        """What is wrong with values for this field, as sentences; `kind` is the class that the thing is of."""
        given = [v for v in values if v.strip()]
        if not given:
            asked = self.required and self.when in ("", kind)
            return [self.messages.get("minCount") or f"{self.label} is empty. Fill it in."] if asked else []
        found = [] if self.many or len(given) == 1 else [self._told("maxCount", "Keep one value here.")]
        if len(given) != len(set(given)):
            found.append("Something is named twice here. Keep one.")
        return list(dict.fromkeys([*found, *(fault for v in given for fault in self._faults_of(v))]))

    def _faults_of(self, value: str) -> list[str]:
        if self.choices and value not in {c.value for c in self.choices}:
            return [self._told("in", f"Choose one: {', '.join(c.words for c in self.choices)}.")]
        if self.type == "number":
            return self._faults_of_number(value)
        if self.type == "thing" and (kind_and_slug_of(value) or ("", ""))[0] not in self.targets:
            return [self._told("class", "Choose something from the list.")]
        if self.type == "truth" and value not in ("true", "false"):
            return ["Write yes or no."]
        return [w.message for w in self.wordings if not w.holds(value)]

    def _faults_of_number(self, value: str) -> list[str]:
        if not re.fullmatch(r"-?\d{1,9}", value):
            return [self._told("datatype", "Write a whole number.")]
        number = int(value)
        if self.minimum is not None and number < self.minimum:
            return [self._told("minInclusive", f"Write a number from {self.minimum}.")]
        if self.maximum is not None and number > self.maximum:
            return [self._told("maxInclusive", f"Write a number up to {self.maximum}.")]
        return []

    def _told(self, component: str, otherwise: str) -> str:
        return self.messages.get(component) or otherwise


def kind_and_slug_of(name: str) -> tuple[str, str] | None:
    """The kind and the slug of a thing named as "kind/slug", or None where it is not such a name."""
    kind, _, slug = name.partition("/")
    return (kind, slug) if kind in KINDS and re.fullmatch(r"[A-Za-z0-9-]+", slug) else None


@cache
def fields(kind: str) -> tuple[Field, ...]:
    """The fields of a kind of thing, in the order in which to ask for them.

    Raises:
        NotFoundError: there is no such kind, or it can't be described by filling in fields.
    """
    if kind not in EDITABLE:
        raise NotFoundError(f"There is nothing to fill in for '{kind}'. Choose one of: {', '.join(EDITABLE)}.")
    family = subclasses()[term_name(KINDS[kind])]
    rules = [c for c in constraints() if c.scope in ("", *family)]
    ruled = {c.property for c in rules if c.scope}
    declared = {name for name, d in vocabulary().items() if d.domain in family}
    names = (ruled | declared | set(words.ALSO[kind])) - worked_out() - words.NOT_BY_HAND
    example = _example(kind)
    found = [
        _field(kind, name, [c for c in rules if c.property == name], example.get(name, ()))
        for name in sorted(names, key=_place)
    ]
    return tuple(found)


def field_of(kind: str, name: str) -> Field:
    """One field of a kind of thing.

    Raises:
        NotFoundError: there is no such field.
    """
    found = _by_property(kind).get(name)
    if found is None:
        raise NotFoundError(f"There is no field '{name}' for things of the kind '{kind}'.")
    return found


@cache
def _by_property(kind: str) -> Mapping[str, Field]:
    return {one.property: one for one in fields(kind)}


def faults(kind: str, values: Mapping[str, Sequence[str]], *, whole: bool = True) -> dict[str, list[str]]:
    """What is wrong with what is filled in for a thing, as sentences by property; fields without fault are not there.

    With `whole` false only what is given is looked at, as for a change of a thing that is there already; the class of
    the thing, where it matters, is then to be among the values.

    Raises:
        NotFoundError: there is no such kind, or no such field.
    """
    known = _by_property(kind)
    for name in values:
        field_of(kind, name)
    class_ = next(iter(values.get("rdf:type", ())), "")
    found: dict[str, list[str]] = {}
    for name, one in known.items():
        if name in values or whole:
            found[name] = one.faults(values.get(name, ()), class_)
            if one.when and class_ and one.when != class_ and any(v.strip() for v in values.get(name, ())):
                found[name].append(f"This is only for the kind “{_choice_words(one.when)}”. Leave it empty.")
        other = next(iter(values.get(one.no_later_than, ())), "")
        if other and not found.get(name) and name in values and _is_later(next(iter(values[name]), ""), other):
            found[name] = [one.messages.get("lessThanOrEquals") or one.messages["lessThan"]]
    return {name: told for name, told in found.items() if told}


def _is_later(first: str, last: str) -> bool:
    numbers = [int(v) for v in (first, last) if re.fullmatch(r"-?\d{1,9}", v)]
    return len(numbers) == 2 and numbers[0] > numbers[1]


def _place(name: str) -> tuple[int, int, str]:
    if name in words.FIRST:
        return 0, words.FIRST.index(name), name
    return (2, words.LAST.index(name), name) if name in words.LAST else (1, 0, name)


def _field(kind: str, name: str, rules: Sequence[Constraint], example: tuple[str, ...]) -> Field:
    own_class = term_name(KINDS[kind])
    known = vocabulary().get(name)
    forbidden = {c.scope for c in rules if c.component == "maxCount" and c.value == 0}
    allowing = [c for c in rules if not (c.component == "maxCount" and c.value == 0)]
    by: dict[str, list[Constraint]] = {}
    for c in allowing:
        by.setdefault(c.component, []).append(c)
    asked = [c for c in by.get("minCount", ()) if not c.warning]
    when = {c.scope for c in allowing if c.scope} if forbidden or _is_of_subclass(asked, own_class) else set()
    is_type = name == "rdf:type"
    targets, target = _targets(name, by)
    single = (known is not None and known.single) or "maxCount" in by or "uniqueLang" in by or is_type
    type_ = _type(name, by, targets)
    return Field(
        property=name,
        label=words.LABELS_OF_KIND.get((kind, name))
        or words.LABELS.get(name)
        or _capital(known.label if known else name),
        type=type_,
        help=_help(kind, name),
        many=not single and (type_ in ("number", "thing") or name in words.SEVERAL or "in" in by),
        required=bool(asked) or is_type,
        advised=any(c.warning for c in by.get("minCount", ())),
        when=next(iter(when)) if len(when) == 1 else "",
        minimum=_number(by, "minInclusive"),
        maximum=_number(by, "maxInclusive"),
        wordings=tuple(
            Wording(c.value, c.message)  # type: ignore[arg-type]
            for c in allowing
            if c.component in ("pattern", "not", "or") and isinstance(c.value, tuple) and _are_patterns(c.value)
        ),
        choices=_choices(name, by),
        targets=targets,
        target=target,
        no_later_than=_other(by),
        example=example,
        messages=_messages(by),
    )


def _messages(by: Mapping[str, Sequence[Constraint]]) -> dict[str, str]:
    """What to say for each component; for lack of a name the rule that names the kind of thing speaks first."""
    told = {component: max(found, key=lambda c: bool(c.scope)).message for component, found in by.items()}
    if "or" in told and "class" not in told and not any(_are_patterns(c.value) for c in by["or"]):
        told["minCount" if by["or"][0].property == "rdf:type" else "class"] = told["or"]
    if "uniqueLang" in told:
        told.setdefault("maxCount", told["uniqueLang"])
    return told


def _is_of_subclass(asked: Sequence[Constraint], own_class: str) -> bool:
    return bool(asked) and all(c.scope not in ("", own_class) for c in asked)


def _are_patterns(value: object) -> bool:
    return isinstance(value, tuple) and all(isinstance(v, Pattern) for v in value)


def _targets(name: str, by: Mapping[str, Sequence[Constraint]]) -> tuple[tuple[str, ...], str]:
    """The kinds of thing to which a relation may lead, and the one class of them where it is narrower."""
    if name in ("rdf:type", "strength"):
        return (), ""
    if name == "dcterms:source":
        return ("source",), ""
    classes = [v for c in by.get("or", ()) if isinstance(c.value, tuple) for v in c.value if isinstance(v, str)]
    known = vocabulary().get(name)
    if not classes and known is not None and known.is_relation and known.range:
        classes = [known.range]
    kinds = {kind: term_name(node) for kind, node in KINDS.items()}
    found = tuple(kind for kind, top in kinds.items() if any(c in subclasses()[top] for c in classes))
    return found, classes[0] if len(classes) == 1 and classes[0] not in kinds.values() else ""


def _type(name: str, by: Mapping[str, Sequence[Constraint]], targets: Sequence[str]) -> Type:
    known = vocabulary().get(name)
    ranges: dict[str, Type] = {"xsd:integer": "number", "xsd:anyURI": "address", "xsd:boolean": "truth"}
    if targets:
        return "thing"
    if name == "rdf:type" or "in" in by:
        return "text"
    range_ = known.range if known is not None else ""
    return ranges.get(range_, "text" if range_ else "words")


def _choices(name: str, by: Mapping[str, Sequence[Constraint]]) -> tuple[Choice, ...]:
    component = "or" if name == "rdf:type" else "in"
    values = [v for c in by.get(component, ()) if isinstance(c.value, tuple) for v in c.value if isinstance(v, str)]
    return tuple(Choice(v, _choice_words(v)) for v in dict.fromkeys(values))


def _choice_words(value: str) -> str:
    known = vocabulary().get(value)
    return words.CHOICES.get(value) or (known.label.lower() if known is not None and known.label else value)


def _number(by: Mapping[str, Sequence[Constraint]], component: str) -> int | None:
    return next((c.value for c in by.get(component, ()) if isinstance(c.value, int)), None)


def _other(by: Mapping[str, Sequence[Constraint]]) -> str:
    found = [c.value for name in ("lessThan", "lessThanOrEquals") for c in by.get(name, ())]
    return str(found[0]) if found else ""


def _help(kind: str, name: str) -> str:
    given = words.HELP_OF_KIND.get((kind, name)) or words.HELP.get(name)
    known = vocabulary().get(name)
    if given or known is None:
        return given or ""
    return " ".join(filter(None, (known.definition, known.note)))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


@cache
def _compiled(pattern: Pattern) -> re.Pattern[str]:
    return re.compile(pattern.expression, re.IGNORECASE if pattern.ignore_case else 0)


def _example(kind: str) -> dict[str, tuple[str, ...]]:
    """What the model says of a thing of this kind, by property."""
    module, slug = words.EXEMPLARS[kind]
    thing = iri(kind, slug)
    found: dict[str, list[str]] = {}
    for q in parse(path=str(folder("ontology") / f"{module}.ttl"), format=RdfFormat.TURTLE):
        if q.subject == thing and isinstance(q.object, NamedNode | Text):
            found.setdefault(term_name(q.predicate), []).append(_value(q.object))
    return {name: tuple(sorted(values)) for name, values in found.items()}


def _value(node: NamedNode | Text) -> str:
    named = kind_and_slug(node) if isinstance(node, NamedNode) else None
    return "/".join(named) if named else term_name(node) if isinstance(node, NamedNode) else node.value
