"""How many there are of something, counted in the text of the Turtle and not by our own code."""

from __future__ import annotations

import re

from childdev.resources import folder

_TEXT = "\n".join(file.read_text("utf-8") for file in sorted(folder("ontology").glob("*.ttl")))


def described(kind: str) -> int:
    """The things of a class, for instance `described("Feature")`."""
    return _TEXT.count(f" a cd:{kind} ;")


def released() -> str:
    """The version of the model, as its vocabulary says."""
    return re.findall(r'owl:versionInfo "([^"]*)"', _TEXT)[0]


def claimed(relation: str) -> int:
    """The claims about a relation, for instance `claimed("buildsOn")`."""
    return _TEXT.count(f"cd:claimProperty cd:{relation} ;")
