"""The words in which changes are told: relations as verbs, properties as nouns, things by their names."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import Literal as OneOf

from pyoxigraph import Literal, NamedNode

from childdev import terms as cd
from childdev.contribution.changes.kinds import Evidence
from childdev.contribution.changes.names import term_name
from childdev.model.iris import iri, kind_and_slug
from childdev.model.modules import RDF_TYPE
from childdev.model.stated import PREF_LABEL, Stated

Tense = OneOf["will", "was"]


@dataclass(frozen=True)
class Verb:
    """A relation between two things: as it is, as it is from now on, and after "will" (None: said in another way)."""

    present: str
    now: str
    infinitive: str | None


_VERBS = {
    "buildsOn": Verb("usually grows from", "now usually grows from", "usually grow from"),
    "canAlsoGrowFrom": Verb("can also grow from", "can now also grow from", None),
    "dependsOnCapital": Verb("depends on", "now depends on", "depend on"),
    "dcterms:isReplacedBy": Verb("is replaced by", "is now replaced by", "be replaced by"),
    "dcterms:source": Verb("rests on the source", "now rests on the source", "rest on the source"),
    "mayIndicate": Verb("if not yet seen, may point to", "if not yet seen, may now point to", None),
    "skos:exactMatch": Verb("means the same as", "now counts as the same as", "count as the same as"),
    "skos:closeMatch": Verb("is close to", "now counts as close to", "count as close to"),
    "skos:broadMatch": Verb("is part of what is meant by", "now counts as part of", "count as part of"),
    "skos:narrowMatch": Verb("takes in", "now takes in", "take in"),
    "skos:relatedMatch": Verb("is related to", "now counts as related to", "count as related to"),
}

#: property → how it is called before "of", and whether that is plural
_NOUNS = {
    "everydayWords": ("the everyday words", True),
    "skos:definition": ("the definition", False),
    "skos:prefLabel": ("the name", False),
    "skos:altLabel": ("another name", False),
    "skos:hiddenLabel": ("a word for searching", False),
    "skos:scopeNote": ("the note on how to understand it", False),
    "skos:note": ("the note", False),
    "skos:example": ("an example", False),
    "typicalFromMonths": ("the age in months from which it is usually seen", False),
    "typicalToMonths": ("the age in months by which it is usually seen", False),
    "talkFromMonths": ("the age in months from which to talk about it", False),
    "vs:term_status": ("the standing", False),
    "strength": ("the strength of evidence", False),
    "basis": ("the basis", False),
    "evidence": ("a source", False),
    "explanation": ("the explanation", False),
    "locator": ("the place in the source", False),
    "link": ("the web address", False),
    "year": ("the year", False),
    "mechanism": ("the words on how it works", True),
    "heldByRole": ("the holder", False),
    "dfeCode": ("the school census code", False),
    "owl:deprecated": ("the mark of being retired", False),
    "rdf:type": ("the kind", False),
}

_KINDS = {
    "system-feature": "feature of the local system",
    "prompt": "question to ask",
    "tier": "tier of provision",
    "level": "level of environments",
    "step": "step of the graduated approach",
    "principle": "principle of dialogue",
    "participation": "level of participation",
    "accountability": "form of accountability",
    "capital": "form of capital",
    "term": "term of another scheme",
    "claim": "view",
}
_BASES = {
    "read": "its source was read",
    "named": "its source is still to be read",
    "reasoned": "reasoned",
    "unread": "no source read yet",
}
_LANGUAGES = {"cy": "Welsh", "pl": "Polish", "ur": "Urdu", "pa": "Punjabi", "ro": "Romanian", "fr": "French"}
_IRREGULAR = {"has": "have", "touches": "touch"}
_TOKENS = re.compile(r"\s+|[^\W_]+|[\W_]", re.UNICODE)


def verb(stated: Stated, relation: NamedNode) -> Verb:
    """A relation as a verb."""
    name = term_name(relation)
    if name in _VERBS:
        return _VERBS[name]
    label = stated.label(relation)
    if label.startswith("is "):
        return Verb(label, f"is now {label[3:]}", f"be {label[3:]}")
    often = "usually " if label.startswith("usually ") else ""
    first, _, rest = label.removeprefix(often).partition(" ")
    if first.endswith("s") and relation.value.startswith(cd.NAMESPACE):
        stem = _IRREGULAR.get(first, first[:-1])
        return Verb(label, f"now {label}", f"{often}{stem} {rest}".strip())
    return Verb(f"has as “{label}”", f"now has as “{label}”", f"have as “{label}”")


def noun(stated: Stated, property_: NamedNode) -> tuple[str, bool]:
    """A property as a noun that "of" can follow, and whether it is plural."""
    name = term_name(property_)
    return _NOUNS.get(name) or (f"the entry “{stated.label(property_)}”", False)


def kind_words(stated: Stated, node: NamedNode) -> str:
    """What sort of thing this is: "feature", "risk factor", "term of the vocabulary"."""
    named = kind_and_slug(node)
    if named is None:
        return "term of the vocabulary"
    types = stated.objects(node, RDF_TYPE)
    if named[0] == "factor" and len(types) == 1 and types[0] in (cd.RiskFactor, cd.ProtectiveFactor):
        return "risk factor" if types[0] == cd.RiskFactor else "protective factor"
    return _KINDS.get(named[0], named[0])


def called(stated: Stated, node: NamedNode) -> str:
    """A thing by its name in quotes; a claim or a position by what it says."""
    named = kind_and_slug(node)
    kind = named[0] if named else ""
    if kind == "claim":
        s, p, o = (stated.value(node, part) for part in (cd.claimSubject, cd.claimProperty, cd.claimObject))
        if isinstance(s, NamedNode) and isinstance(p, NamedNode):
            return claimed(stated, s, p, o if isinstance(o, NamedNode) else None)
        return f"the view “{stated.label(node)}”"
    if kind == "position":
        stance = stated.value(node, cd.stance)
        return f"the position {stance.value if stance else ''} “{stated.label(node)}”".replace("  ", " ")
    if named is None and stated.value(node, PREF_LABEL) is None and not stated.about(node):
        return f"‘{_last(node)}’"
    return f"‘{stated.label(node)}’"


def claimed(stated: Stated, s: NamedNode, p: NamedNode, o: NamedNode | None) -> str:
    """What a claim says, after "the evidence that" or "a position against the view that"."""
    if o is None:
        return f"the usual age of {called(stated, s)}"
    present = verb(stated, p).present
    comma = "," if present.startswith("if ") else ""
    return f"the view that {called(stated, s)}{comma} {present} {called(stated, o)}"


def strength_words(strength: str) -> str:
    """A strength of evidence as one says it."""
    return strength.replace("workshop-view", "workshop view")


def basis_words(basis: str) -> str:
    """How evidence came to stand."""
    return _BASES.get(basis, basis)


def evidence_words(stated: Stated, evidence: Evidence) -> str:
    """On what a link stands, for a bracket: "emerging, its source was read: ‘Title’, page 3; “why”"."""
    words = f"{strength_words(evidence.strength)}, {basis_words(evidence.basis)}"
    if evidence.sources:
        words += ": " + ", ".join(source_words(stated, slug) for slug in evidence.sources)
    if evidence.locator:
        words += f", {evidence.locator}"
    if evidence.explanation:
        words += f"; “{evidence.explanation}”"
    if evidence.talk_from_months is not None:
        words += f"; to talk about from {evidence.talk_from_months} months"
    return words


def source_words(stated: Stated, slug: str) -> str:
    """A source by its title."""
    return f"‘{stated.label(iri('source', slug))}’"


def object_words(stated: Stated, node: object) -> str:
    """The value of a statement in words: text in quotes, a thing by its name."""
    if isinstance(node, Literal):
        language = in_language(node.language or "")
        plain = node.language is None and node.datatype.value.endswith(("integer", "boolean"))
        return node.value if plain else f"“{node.value}”{language}"
    return called(stated, node) if isinstance(node, NamedNode) else "a rule"


def in_language(language: str) -> str:
    """In which language a text is, where that is not English."""
    return "" if not language or language.startswith("en") else f" (in {_LANGUAGES.get(language, language)})"


def listed(words: list[str]) -> str:
    """Words as a list in a sentence."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def ended(text: str) -> str:
    """A text with a full stop, if it ends with none."""
    return text if text.rstrip("”’)").endswith((".", "!", "?", "…")) else f"{text}."


@dataclass(frozen=True)
class Part:
    """Words of a rewording: kept, gone or new."""

    mark: OneOf["kept", "gone", "new"]
    text: str


def word_parts(before: str, after: str) -> tuple[Part, ...]:
    """What of a text was kept, what went and what is new, word by word."""
    old, new = _TOKENS.findall(before), _TOKENS.findall(after)
    parts: list[Part] = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            parts.append(Part("kept", "".join(old[a:b])))
        else:
            parts += [Part("gone", "".join(old[a:b]))] if b > a else []
            parts += [Part("new", "".join(new[c:d]))] if d > c else []
    return tuple(parts)


def _last(node: NamedNode) -> str:
    return node.value.rstrip("/").rpartition("/")[2].rpartition("#")[2]
