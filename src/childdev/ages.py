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


def _pregnancy(months: int) -> str:
    month = 9 + months
    return "the start of pregnancy" if month < 1 else f"month {month} of pregnancy"
