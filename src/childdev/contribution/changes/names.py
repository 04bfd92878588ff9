"""Short names of things and properties, and the modules in which statements are kept."""

from __future__ import annotations

import re

from pyoxigraph import NamedNode

from childdev import terms as cd
from childdev.model.iris import KINDS, iri, kind_and_slug
from childdev.model.short_names import term, term_name
from childdev.model.stated import Stated

__all__ = ["CLAIMED", "claim_slug", "module_for", "term", "term_name", "thing", "thing_name"]

_MATCHES = ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")

#: relations of which each link has a claim that says on what it stands
CLAIMED = frozenset(
    {
        "buildsOn",
        "canAlsoGrowFrom",
        "enables",
        "strengthens",
        "weakens",
        "supports",
        "mayIndicate",
        "measures",
        "shapes",
        "dependsOnCapital",
        "mobilises",
        *(f"skos:{m}" for m in _MATCHES),
    }
)

#: relations that are kept in a module of their own, whatever they start from
_MODULE_OF_RELATION = {"mayIndicate": "need-signs", **{f"skos:{m}": "alignments" for m in _MATCHES}}
_MODULE_OF_KIND = {
    "agency": "agencies",
    "asset": "capital-assets",
    "claim": "contested-claims",
    "factor": "factors",
    "indicator": "indicators",
    "need": "needs",
    "position": "contested-claims",
    "source": "sources",
    "system-feature": "system-features",
    "measure": "system-features",
    "prompt": "system-features",
    "term": "alignments",
    "step": "ways-of-working",
    "principle": "ways-of-working",
    "participation": "ways-of-working",
    "accountability": "ways-of-working",
}


def thing(name: str) -> NamedNode:
    """The IRI of a thing named as "kind/slug".

    Raises:
        ValueError: there is no such kind.
    """
    kind, _, slug = name.partition("/")
    if kind not in KINDS or not slug:
        raise ValueError(f"'{name}' names no thing; write it as kind/slug, for instance feature/walks-alone.")
    return iri(kind, slug)


def thing_name(node: NamedNode) -> str:
    """A thing as "kind/slug"."""
    named = kind_and_slug(node)
    return "/".join(named) if named else node.value


def module_for(stated: Stated, subject: NamedNode, relation: str = "", places: dict[str, str] | None = None) -> str:
    """The module in which a statement is kept: that of its relation, of the thing it is about, or of the thing's kind.

    `places` may say for a new thing in which domain or at which level it is.
    """
    if relation in _MODULE_OF_RELATION:
        return _MODULE_OF_RELATION[relation]
    known = stated.module(subject)
    if known is not None:
        return known
    named = kind_and_slug(subject)
    kind = named[0] if named else ""
    found = places or {}
    if kind == "feature" and "inDomain" in found:
        return f"features-{found['inDomain'].partition('/')[2]}"
    if kind == "environment" and "atLevel" in found:
        return f"environments-{found['atLevel'].partition('/')[2]}"
    return _MODULE_OF_KIND.get(kind, "frame")


def claim_slug(subject: NamedNode, relation: str, obj: NamedNode | None) -> str:
    """The slug of a link's claim, made of the names of its parts."""
    local = relation.rpartition(":")[2]
    middle = "typical-age" if local == "typicalFromMonths" else re.sub(r"(?<!^)(?=[A-Z])", "-", local).lower()
    return "--".join([_short(subject), middle, *([_short(obj)] if obj else [])])


def _short(node: NamedNode) -> str:
    last = node.value.rsplit("/", 1)[-1]
    return "cd-" + last.lower() if node.value.startswith(cd.NAMESPACE) else last
