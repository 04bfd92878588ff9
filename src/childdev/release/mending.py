"""Mending a proposal: its changes with other words, without some of them, or brought up to the newest version."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from pyoxigraph import Literal

from childdev.contribution.changes.kinds import CHANGES, Change, SetAges, SetValue
from childdev.contribution.changes.making import step_of, value_of
from childdev.contribution.changes.names import term, thing
from childdev.contribution.changes.recognising import Recognised
from childdev.contribution.changes.sentences import Sentence, told
from childdev.contribution.changes.wording import noun
from childdev.errors import InvalidError
from childdev.model.stated import Stated

#: parts of a change whose words can be mended, and how each is called
_WORDS = {
    "reason": "Reason",
    "words": "What is held",
    "role": "Who holds it (a role)",
    "explanation": "Why it holds",
    "locator": "Where in the source",
    "first": "From (months after birth)",
    "last": "To (months after birth)",
    "talk_from_months": "To talk about from (months)",
}
#: from this many letters on, a text gets a large box
_LONG = 60


@dataclass(frozen=True)
class TextField:
    """One text of a change that can be mended; `path` says where it is in the change's data."""

    path: str
    label: str
    value: str
    long: bool


@dataclass(frozen=True)
class Mendable:
    """One change of a proposal: what it does now, or why it can't; and what of it can be mended."""

    number: int
    sentence: Sentence | None
    problem: str
    note: str
    fields: tuple[TextField, ...]


def mendable(stated: Stated, changes: Sequence[Change]) -> list[Mendable]:
    """The changes of a proposal, one after the other on what is stated now."""
    now, found = stated, []
    for number, given in enumerate(changes, 1):
        change = current(now, given)
        note = ""
        if change != given and isinstance(change, SetValue) and change.before is not None:
            note = f"The model says something else by now: “{change.before.text}”. Your words would take its place."
        sentence, problem = None, ""
        try:
            step = step_of(now, change)
            sentence = told(now, [Recognised(change, step)], now.after(step), "will")[0]
            now = now.after(step)
        except ValueError as e:
            problem = str(e)
        found.append(Mendable(number, sentence, problem, note, tuple(_fields(stated, change))))
    return found


def mended(stated: Stated, changes: Sequence[Change], keep: Iterable[int], given: Mapping[str, str]) -> list[Change]:
    """The changes that are kept (counted from 1), with the texts that were given as "number:path".

    Raises:
        InvalidError: a text is not of the kind that its place needs.
    """
    kept = set(keep)
    made: list[Change] = []
    for number, change in enumerate(changes, 1):
        if number not in kept:
            continue
        data = current(stated, change).model_dump(mode="json")
        for field in _fields(stated, change):
            text = given.get(f"{number}:{field.path}")
            if text is not None:
                _put(data, field.path, text.strip())
        try:
            made += CHANGES.validate_python([data])
        except ValidationError as e:
            where = e.errors()[0]["loc"][-1]
            raise InvalidError(
                f"Change {number}: what stands at “{_WORDS.get(str(where), where)}” can't be taken."
            ) from e
    return made


def current(stated: Stated, change: Change) -> Change:
    """A change as it reads now: what it would reword is what stands there by now, if that is clear."""
    if not isinstance(change, SetValue) or change.before is None or change.after is None:
        return change
    prop = term(change.before.property)
    there = [o for o in stated.objects(thing(change.thing), prop) if isinstance(o, Literal)]
    values = [value_of(prop, o) for o in there]
    alike = [v for v in values if (v.type, v.language) == (change.before.type, change.before.language)]
    if change.before in values or len(alike) != 1:
        return change
    return change.model_copy(update={"before": alike[0]})


def _fields(stated: Stated, change: Change) -> Iterable[TextField]:
    for name, value in change.model_dump(mode="json").items():
        yield from _texts(stated, name, name, value)


def _texts(stated: Stated, path: str, name: str, value: Any) -> Iterable[TextField]:
    if name in ("before", "change"):
        return
    if isinstance(value, dict) and "property" in value:
        if value["type"] != "thing":
            words, _ = noun(stated, term(value["property"]))
            yield _field(f"{path}.text", re.sub("^(the|an?) ", "", words), value["text"])
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from _texts(stated, f"{path}.{key}", key, part)
    elif isinstance(value, list):
        for i, part in enumerate(value):
            if isinstance(part, dict):
                yield from _texts(stated, f"{path}.{i}", name, part)
    elif name in _WORDS and value is not None:
        yield _field(path, _WORDS[name], str(value))


def _field(path: str, label: str, value: str) -> TextField:
    return TextField(path, label[:1].upper() + label[1:], value, len(value) > _LONG)


def _put(data: Any, path: str, text: str) -> None:
    *steps, last = path.split(".")
    for step in steps:
        data = data[int(step) if step.isdecimal() else step]
    number = last in SetAges.model_fields or last == "talk_from_months"
    data[last] = int(text) if number and text.removeprefix("-").isdecimal() else text
