"""Ages as people say them. Ages are in months after birth, negative before birth."""

from __future__ import annotations

#: ages from here on mean "and on"
OPEN_END = 216
_PARTS = {0: "", 3: "¼", 6: "½", 9: "¾"}


def years(months: int) -> str | None:
    """An age in years and a simple part of one ("4½"), or None where it has none."""
    whole, rest = divmod(months, 12)
    return f"{whole}{_PARTS[rest]}" if rest in _PARTS else None


def age(months: int) -> str:
    """An age in words: "before birth", "birth", "30 months", "4½ years". Months are kept up to three years."""
    if months <= 0:
        return "birth" if months == 0 else "before birth"
    if months < 36:
        return "1 month" if months == 1 else f"{months} months"
    simple, (whole, rest) = years(months), divmod(months, 12)
    return f"{simple} years" if simple else f"{whole} years {rest} month{'s' if rest > 1 else ''}"
