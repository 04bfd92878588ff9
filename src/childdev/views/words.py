"""How ages, evidence and domains are put to people. Ages are in months after birth."""

from __future__ import annotations

from dataclasses import dataclass

from childdev.ages import age_range


@dataclass(frozen=True)
class Family:
    """A family of domains: its class in the stylesheet and the shape that stands beside its colour."""

    key: str
    label: str
    shape: str
    domains: tuple[str, ...]


FAMILIES = (
    Family("body", "Body", "circle", ("physical-health-and-growth", "motor", "sensory", "self-care-and-independence")),
    Family("talk", "Talk and text", "square", ("communication-and-language", "literacy")),
    Family("thinking", "Thinking", "triangle", ("cognition-and-executive-function", "numeracy")),
    Family("feelings", "Feelings and self", "diamond", ("emotional-and-self-regulation", "identity-and-belonging")),
    Family("together", "Together", "hexagon", ("social", "play-and-creativity", "preparation-for-adulthood")),
)
FAMILY_OF = {domain: family for family in FAMILIES for domain in family.domains}

#: strength of evidence → its mark, the word beside it, and how it is put in a sentence
STRENGTHS = {
    "established": ("●●●", "established"),
    "emerging": ("●●○", "emerging"),
    "workshop-view": ("●○○", "workshop view"),
    "contested": ("◐", "contested"),
}

BASES = {
    "read": "The source was read.",
    "named": "The source is named from knowledge of the field and has still to be read for this statement.",
    "reasoned": "Reasoned from ages and content. The source named describes the feature itself, not this link.",
    "unread": "No source has been read for this yet. Treat it as a proposal to discuss.",
}


def seen(first: int, last: int) -> str:
    """The sentence on when a feature is usually seen."""
    words = age_range(first, last)
    return f"Usually seen between {words.replace(' to ', ' and ')}" if _between(words) else f"Usually seen {words}"


def _between(words: str) -> bool:
    return " to " in words and not words.startswith(("from", "before"))
