"""Short names of properties and classes: those of the model's own vocabulary need no prefix (`buildsOn`)."""

from __future__ import annotations

from functools import lru_cache

from pyoxigraph import NamedNode

from childdev import terms as cd
from childdev.model.iris import PREFIXES

#: names that are worked out once; there are not many more in the vocabularies
_KNOWN = 2_000


@lru_cache(_KNOWN)
def term(name: str) -> NamedNode:
    """The property or class of a short name.

    Raises:
        ValueError: its prefix is not known.
    """
    prefix, _, local = name.rpartition(":")
    if prefix not in {"", *PREFIXES}:
        raise ValueError(f"'{name}' has a prefix that the model does not know.")
    return NamedNode((PREFIXES[prefix] if prefix else cd.NAMESPACE) + local)


@lru_cache(_KNOWN)
def term_name(node: NamedNode | str) -> str:
    """The short name of a property or class."""
    value = node if isinstance(node, str) else node.value
    if value.startswith(cd.NAMESPACE):
        return value.removeprefix(cd.NAMESPACE)
    for prefix, namespace in PREFIXES.items():
        if value.startswith(namespace) and "/" not in value[len(namespace) :]:
            return f"{prefix}:{value[len(namespace) :]}"
    return value
