"""The matches with terms of other schemes as an SSSOM table (https://w3id.org/sssom, version 1.0)."""

from __future__ import annotations

import csv
import io
from collections import defaultdict

from pyoxigraph import Literal, NamedNode

from childdev import terms as cd
from childdev.model.iris import DATASET, ID, PREFIXES, kind_and_slug
from childdev.model.modules import Model

_SKOS = PREFIXES["skos"]
#: how sure a match is, by how it came to stand: read against the other scheme's own words, named from knowledge,
#: or neither. A rule of ours, stated here and in the table; no measure.
CONFIDENCE = {"read": 0.9, "named": 0.7, "reasoned": 0.6, "unread": 0.5}
_COLUMNS = (
    "subject_id",
    "subject_label",
    "predicate_id",
    "object_id",
    "object_label",
    "mapping_justification",
    "object_source",
    "confidence",
    "comment",
)
_PREFIXES = {
    "skos": _SKOS,
    "semapv": "https://w3id.org/semapv/vocab/",
    "cd": cd.NAMESPACE,
    "cdid": ID,
}


def sssom(model: Model, version: str) -> str:
    """The table, ordered by subject, match and object."""
    said: defaultdict[str, defaultdict[str, list[NamedNode | Literal]]] = defaultdict(lambda: defaultdict(list))
    for t in model.triples:
        if isinstance(t.subject, NamedNode) and isinstance(t.object, NamedNode | Literal):
            said[t.subject.value][t.predicate.value].append(t.object)

    def first(s: str, *properties: str) -> str:
        return next((said[s][p][0].value for p in properties if said[s][p]), "")

    rows = []
    for claim, facts in list(said.items()):
        match = facts[cd.claimProperty.value]
        if not match or not match[0].value.startswith(_SKOS):
            continue
        ours, theirs = facts[cd.claimSubject.value][0].value, facts[cd.claimObject.value][0].value
        basis = first(claim, cd.basis.value)
        evidence = first(claim, cd.evidence.value) or first(theirs, cd.inScheme.value)
        rows.append(
            {
                "subject_id": _curie(ours),
                "subject_label": first(ours, _SKOS + "prefLabel", PREFIXES["rdfs"] + "label"),
                "predicate_id": _curie(match[0].value),
                "object_id": _curie(theirs),
                "object_label": first(theirs, _SKOS + "prefLabel")
                or first(claim, cd.explanation.value).removeprefix("Matched to ").removesuffix("."),
                "mapping_justification": "semapv:ManualMappingCuration",
                "object_source": _curie(evidence) if evidence else "",
                "confidence": CONFIDENCE[basis],
                "comment": f"{basis}: {first(claim, cd.locator.value)}".removesuffix(": "),
            }
        )
    out = io.StringIO()
    for key, value in {
        "mapping_set_id": f"{DATASET.value}/mappings",
        "mapping_set_version": version,
        "mapping_set_title": "childdev: matches with terms of other schemes",
        "mapping_set_description": "Confidence follows from how a match came to stand: read 0.9, named 0.7, "
        "reasoned 0.6, unread 0.5. Codes and short titles only are taken from the ICF.",
        "license": "https://creativecommons.org/licenses/by/4.0/",
    }.items():
        out.write(f'#{key}: "{value}"\n')
    out.write("#curie_map:\n" + "".join(f'#  {p}: "{i}"\n' for p, i in _PREFIXES.items()))
    table = csv.DictWriter(out, _COLUMNS, delimiter="\t", lineterminator="\n")
    table.writeheader()
    table.writerows(sorted(rows, key=lambda r: (r["subject_id"], r["predicate_id"], r["object_id"])))
    return out.getvalue()


def _curie(iri: str) -> str:
    named = kind_and_slug(iri)
    if named:
        return f"cdid:{named[0]}/{named[1]}"
    for prefix in ("skos", "cd"):
        if iri.startswith(_PREFIXES[prefix]):
            return f"{prefix}:{iri.removeprefix(_PREFIXES[prefix])}"
    return iri
