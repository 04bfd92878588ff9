"""What the model draws on, and how each source may be and is used."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from pyoxigraph import NamedNode

from childdev import terms as cd
from childdev.model.iris import iri
from childdev.store.reader import Reader
from childdev.views.things import Link, link

#: kind of source → heading; what has another kind comes last
KINDS = {
    "statutory": "Law, and what is set or backed by law",
    "guidance": "Guidance",
    "information": "Information for the public",
    "framework": "Frameworks",
    "research": "Research",
    "dataset": "Published figures and open data",
    "tool": "Tools",
    "": "Other",
}
_OPEN_GOVERNMENT = ("open government licence", "ogl")
_PHENOTYPES = "human phenotype ontology"


@dataclass(frozen=True)
class SourceLine:
    """A source in the list: who published it and when, what is taken from it, and how many claims stand on it."""

    link: Link
    publisher: str
    year: int | None
    how_used: str
    licence: str
    claims: int


@lru_cache(maxsize=2)
def by_kind(reader: Reader) -> list[tuple[str, list[SourceLine]]]:
    """Sources by kind, under headings; gathered once for each version."""
    claims = {(q.subject, q.object) for q in reader.store.quads_for_pattern(None, cd.evidence, None, None)}
    used = Counter(source for _, source in claims)
    grouped: dict[str, list[SourceLine]] = {key: [] for key in KINDS}
    for s in reader.of_kind("source"):
        kind = reader.text(s, cd.sourceType)
        grouped[kind if kind in KINDS else ""].append(
            SourceLine(
                link(reader, s),
                reader.text(s, cd.publisher),
                reader.number(s, cd.year),
                reader.text(s, cd.howUsed),
                reader.text(s, cd.licence),
                used[s],
            )
        )
    return [(KINDS[key], lines) for key, lines in grouped.items() if lines]


@lru_cache(maxsize=2)
def attributions(reader: Reader) -> list[str]:
    """What is owed to those on whose terms something is used, a sentence each; only for what is used."""
    sources = reader.of_kind("source")
    said = []
    if any(reader.text(s, cd.licence).casefold().startswith(_OPEN_GOVERNMENT) for s in sources):
        said.append("Contains public sector information licensed under the Open Government Licence v3.0.")
    schemes = {q.object for q in reader.store.quads_for_pattern(None, cd.inScheme, None, None)}
    if iri("source", "who-icf-cy-2007") in schemes:
        said.append(
            "Of the International Classification of Functioning, Disability and Health (World Health Organization) "
            "only codes and short titles are given, and none of its definitions."
        )
    if any(_names_phenotypes(reader, s) for s in schemes if isinstance(s, NamedNode)):
        said.append(
            "Of the Human Phenotype Ontology only identifiers and names of terms are given, unchanged and with "
            "attribution to its makers."
        )
    said.append(
        "Early learning goals are named and not quoted. The eighteen statements on the local system keep the words of "
        "the Sheffield SEND Manifesto (Learn Sheffield, 2025)."
    )
    return said


def _names_phenotypes(reader: Reader, source: NamedNode) -> bool:
    return _PHENOTYPES in reader.label(source).casefold()
