"""How ages, evidence and domains are put to people. Ages are in months after birth."""

from __future__ import annotations

from dataclasses import dataclass

from childdev.ages import OPEN_END, age, years


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


def age_range(first: int, last: int) -> str:
    """A range of ages in words, for instance "18 to 30 months" or "3 to 4½ years"."""
    if last <= 0:
        return f"before birth, from about {_pregnancy(first)}" if last < 0 or first < 0 else "at birth"
    if last >= OPEN_END:
        return f"from {age(first)} on" if first > 0 else "from before birth on" if first < 0 else "from birth on"
    if first < 0:
        return f"from before birth to {age(last)}"
    if first == 0:
        return f"from birth to {age(last)}"
    if last < 36:
        return f"{first} to {last} months" if first != last else age(last)
    low, high = years(first), years(last)
    if first < 24 or low is None or high is None:
        return f"{age(first)} to {age(last)}"
    return f"{low} to {high} years" if first != last else age(last)


def seen(first: int, last: int) -> str:
    """The sentence on when a feature is usually seen."""
    words = age_range(first, last)
    return f"Usually seen between {words.replace(' to ', ' and ')}" if _between(words) else f"Usually seen {words}"


def _between(words: str) -> bool:
    return " to " in words and not words.startswith(("from", "before"))


def _pregnancy(months: int) -> str:
    month = 9 + months
    return "the start of pregnancy" if month < 1 else f"month {month} of pregnancy"
