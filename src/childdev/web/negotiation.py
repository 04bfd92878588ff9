"""Content negotiation with q-values (RFC 9110, 12.5.1)."""

from __future__ import annotations

from collections.abc import Sequence


def best(accept: str | None, offered: Sequence[str]) -> str | None:
    """The media type that a client likes best of those offered (first wins a tie), or None."""
    if not accept or not accept.strip():
        return offered[0]
    ranges = [r for part in accept.split(",") if (r := _range(part))]
    scored = [(_quality(ranges, o), -i, o) for i, o in enumerate(offered)]
    quality, _, found = max(scored)
    return found if quality > 0 else None


def _range(part: str) -> tuple[str, float] | None:
    name, *parameters = (p.strip() for p in part.split(";"))
    quality = 1.0
    for p in parameters:
        key, _, value = p.partition("=")
        if key.strip().lower() == "q":
            try:
                quality = min(1.0, max(0.0, float(value)))
            except ValueError:
                return None
    return (name.lower(), quality) if "/" in name else None


def _quality(ranges: list[tuple[str, float]], offered: str) -> float:
    """The quality of the most specific range that matches."""
    main = offered.split("/")[0]
    for wanted in (offered, f"{main}/*", "*/*"):
        found = [q for name, q in ranges if name == wanted]
        if found:
            return max(found)
    return 0.0
