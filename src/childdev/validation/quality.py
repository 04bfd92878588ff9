"""The upkeep of the model: each rule of `quality/` is one query whose answers are sentences.

The shapes say what a model must never be; these rules say what is to be mended in time, such as a source
that nothing names. `childdev check` prints what they find, and `childdev check --strict` stops at it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import textstat
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store

from childdev import terms as cd
from childdev.errors import Finding
from childdev.model.modules import Model
from childdev.resources import folder
from childdev.validation.places import Places

#: a reading age of eleven: the sixth grade of Flesch and Kincaid, whose first grade is read at six
READING_AGE = 11


@dataclass(frozen=True)
class Rule:
    """A rule: its name, how to mend what it finds, and the query."""

    name: str
    mend: str
    query: str


def rules() -> list[Rule]:
    """The rules, by name."""
    return [_rule(file) for file in sorted(folder("quality").glob("*.rq"))]


def _rule(file: Path) -> Rule:
    text = file.read_text("utf-8")
    head = dict(line[3:].split(": ", 1) for line in text.splitlines() if line.startswith("#+ "))
    return Rule(file.stem, head["mend"], text)


def findings(model: Model) -> Iterator[Finding]:
    """What the rules find, rule by rule: where, what, and how to mend it."""
    store = store_of(model)
    places = Places(model)
    for rule in rules():
        for thing, sentence in found(rule, store):
            yield Finding(places.of(thing), f"{sentence}. {rule.mend}")


def store_of(model: Model) -> Store:
    """What is stated, in one graph to ask."""
    store = Store()
    store.bulk_extend(Quad(t.subject, t.predicate, t.object) for t in model.triples)
    return store


def found(rule: Rule, store: Store) -> list[tuple[str, str]]:
    """What one rule finds, in order: the IRI of each thing at fault, and a sentence without its start and end."""
    answer = store.query(rule.query)
    assert isinstance(answer, QuerySolutions)
    rows = {(str(row["thing"].value), str(row["sentence"].value)) for row in answer}
    return sorted(rows)


def hard_to_read(model: Model) -> list[tuple[float, NamedNode, str]]:
    """Everyday words beyond a reading age of eleven, hardest first: the age in years, the thing, its words.

    Measured by Flesch and Kincaid's grade plus five. Over one short sentence it is a hint and no verdict:
    a single long word that children know well ("celebrations") can carry it over.
    """
    hard = [
        (textstat.flesch_kincaid_grade(t.object.value) + 5, t.subject, t.object.value)
        for t in model.triples
        if t.predicate == cd.everydayWords and isinstance(t.object, Literal) and isinstance(t.subject, NamedNode)
    ]
    return sorted((row for row in hard if row[0] > READING_AGE), key=lambda row: (-row[0], row[1].value))
