"""The building blocks of what rows say: things, words, links, and a claim for each link."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from pyoxigraph import Literal, NamedNode, Triple

from childdev import terms as cd
from childdev.contribution.columns import Row, Tables
from childdev.model.iris import KINDS, PREFIXES, iri
from childdev.model.modules import RDF_TYPE

_SKOS = PREFIXES["skos"]
PREF_LABEL, DEFINITION = NamedNode(_SKOS + "prefLabel"), NamedNode(_SKOS + "definition")
EXAMPLE, NOTE = NamedNode(_SKOS + "example"), NamedNode(_SKOS + "note")
DCT_SOURCE = NamedNode(PREFIXES["dcterms"] + "source")
STATUS = NamedNode(PREFIXES["vs"] + "term_status")

#: how a row's confidence shows in the status of the thing, and in the basis of its claims
_STATUS = {"cited": "stable", "consensus": "testing", "to-verify": "unstable", "": "testing"}
BASIS = {"cited": "read", "consensus": "named", "to-verify": "unread", "": "unread"}
#: titles of research that gathers many studies
_REVIEW = re.compile(r"meta-analysis|systematic review|umbrella review", re.IGNORECASE)


KIND_OF = {
    "features": "feature",
    "environments": "environment",
    "factors": "factor",
    "agencies": "agency",
    "capital_assets": "asset",
    "need_areas": "need",
    "stages": "stage",
    "capitals": "capital",
}


class Stating:
    """Triples by module, with the row from which each subject came; the building blocks of what rows say."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.modules: defaultdict[str, set[Triple]] = defaultdict(set)
        self.origin: dict[str, str] = {}
        self._sources = {r["key"]: r for r in tables.rows.get("sources", [])}
        self._domain = {r["id"]: r["domain"] for r in tables.rows.get("features", [])}
        self._level = {r["id"]: r["level"] for r in tables.rows.get("environments", [])}
        self._table_of = {k: t for t in KIND_OF for k in tables.keys(t)}

    def add(self, module: str, s: NamedNode, p: NamedNode, o: NamedNode | Literal) -> None:
        """State one triple."""
        self.modules[module].add(Triple(s, p, o))

    def text(self, module: str, s: NamedNode, words: Iterable[tuple[NamedNode, str]]) -> None:
        """State words in British English; what is empty is left out."""
        for p, value in words:
            if value:
                self.add(module, s, p, Literal(value, language="en-GB"))

    def thing(self, module: str, row: Row, label: str, definition: str, *classes: NamedNode) -> NamedNode:
        """State that a row is a thing with a label, a definition, a status and its sources."""
        kind = row.table.kind
        s = iri(kind, row[row.table.key or "id"])
        self.origin[s.value] = row.where(row.table.key or "id").rsplit(",", 1)[0]
        for c in classes or (KINDS[kind],):
            self.add(module, s, RDF_TYPE, c)
        self.text(module, s, [(PREF_LABEL, label), (DEFINITION, definition)])
        self.add(module, s, STATUS, Literal(_STATUS[row.cells.get("confidence", "")]))
        for key in row.values("source_key") if "source_key" in row.cells else []:
            self.add(module, s, DCT_SOURCE, iri("source", key))
        return s

    def link(
        self, module: str, row: Row, s: NamedNode, p: NamedNode, o: NamedNode, basis: str | None = None, **words: str
    ) -> NamedNode:
        """State a link and the claim that says on what it stands."""
        self.add(module, s, p, o)
        c = self.claim(module, row, s, p, o, basis)
        self.text(module, c, [(getattr(cd, name), value) for name, value in words.items()])
        return c

    def claim(
        self, module: str, row: Row, s: NamedNode, p: NamedNode, o: NamedNode | None, basis: str | None = None
    ) -> NamedNode:
        """State why something stands."""
        slug = "--".join([short(s), kebab(p), *([short(o)] if o else [])])
        c = iri("claim", slug)
        self.origin[c.value] = row.where(row.table.key or row.table.columns[0].name).rsplit(",", 1)[0]
        confidence = row.cells.get("confidence", "")
        basis = basis or BASIS[confidence]
        self.add(module, c, RDF_TYPE, cd.Claim)
        self.add(module, c, cd.claimSubject, s)
        self.add(module, c, cd.claimProperty, p)
        if o:
            self.add(module, c, cd.claimObject, o)
        keys = row.values("source_key") if "source_key" in row.cells else []
        if p == cd.buildsOn and basis == "unread":
            keys = []  # the row's sources speak of the feature, not of this link
        elif row.cells.get("source_locator"):
            keys = keys[:1]  # the locator is one in the first source
        for key in keys:
            self.add(module, c, cd.evidence, iri("source", key))
        self.add(module, c, cd.basis, Literal(basis))
        self.add(module, c, cd.strength, self._strength(basis, confidence, keys))
        return c

    def _strength(self, basis: str, confidence: str, keys: list[str]) -> NamedNode:
        if basis == "unread" or not keys or confidence == "to-verify":
            return cd.workshop_view
        if basis != "read":
            return cd.emerging
        first = self._sources[keys[0]]
        single_study = first["type"] == "research" and not _REVIEW.search(first["title"])
        return cd.emerging if single_study or first["type"] == "information" else cd.established

    def stages(self, module: str, s: NamedNode, row: Row, p: NamedNode = cd.inStage) -> None:
        """State the stages of a row."""
        for stage in row.values("stages"):
            self.add(module, s, p, iri("stage", stage))

    def ordered(self, module: str, r: Row, label: str, definition: str) -> NamedNode:
        """State a thing that has a place in an order."""
        s = self.thing(module, r, label, definition)
        self.add(module, s, cd.position, Literal(int(r["position"])))
        if r.cells.get("source_locator"):
            self.text(module, s, [(cd.locator, r["source_locator"])])
        return s

    def question(
        self, m: str, about: NamedNode, slug: str, number: int, words: str, natures: list[str], r: Row
    ) -> None:
        """State a question to ask about something."""
        p = iri("prompt", slug)
        self.origin[p.value] = r.where("id").rsplit(",", 1)[0]
        self.add(m, about, cd.hasPrompt, p)
        self.add(m, p, RDF_TYPE, cd.Prompt)
        self.text(m, p, [(PREF_LABEL, words)])
        self.add(m, p, cd.position, Literal(number))
        for nature in natures:
            self.add(m, p, cd.nature, Literal(nature))
        for key in r.values("source_key"):
            self.add(m, p, DCT_SOURCE, iri("source", key))
        self.add(m, p, STATUS, Literal(_STATUS[r["confidence"]]))

    def any_of(self, key: str) -> NamedNode:
        """The thing of whatever kind that has this id."""
        return iri(KIND_OF[self._table_of[key]], key)


def short(node: NamedNode) -> str:
    """The last part of a name, as it stands in the slug of a claim."""
    return (
        "cd-" + node.value.rsplit("/", 1)[-1].lower()
        if node.value.startswith(cd.NAMESPACE)
        else node.value.rsplit("/", 1)[-1]
    )


def kebab(node: NamedNode) -> str:
    """A property as it stands in the slug of a claim."""
    name = node.value.rsplit("/", 1)[-1].rsplit("#", 1)[-1]
    return "typical-age" if node == cd.typicalFromMonths else re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()
