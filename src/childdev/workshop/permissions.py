"""Which part may send which command: one table. What is not in it is not allowed."""

from __future__ import annotations

from collections.abc import Mapping

#: the parts that one can have in a workshop
PARTS = ("participant", "facilitator", "projector")

_EVERYONE = frozenset(
    {
        *("add-card", "edit-card", "move-card", "withdraw-card", "park", "unpark"),
        *("group-cards", "name-group", "ungroup", "connect", "disconnect", "vote", "stance", "undo"),
    }
)
_STEERING = frozenset(
    {
        *("set-phase", "start-timer", "stop-timer", "extend-timer", "focus", "freeze", "unfreeze"),
        *("merge-cards", "decide", "resolve-conflict", "fill-in", "close"),
    }
)
_ALLOWED: Mapping[str, frozenset[str]] = {"participant": _EVERYONE, "facilitator": _EVERYONE | _STEERING}

#: commands of which a participant may send those that touch what is their own, and a facilitator all
OWN = frozenset({"edit-card", "withdraw-card", "disconnect", "undo"})


def may(part: str, command: str) -> bool:
    """Whether someone in this part may send this command."""
    return command in _ALLOWED.get(part, frozenset())
