"""The small model, changed in one way at a time: what still keeps the rules, and what breaks one.

A case is a SPARQL update of `valid.ttl` (with the vocabulary beside it) and the findings that a person then reads.
`broken/<file>.toml` holds the cases for the rules of `shapes/<file>.ttl`.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pyoxigraph import RdfFormat, Store, Triple, parse

from childdev.model.iris import PREFIXES
from childdev.model.modules import Model, load
from childdev.resources import folder

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Case:
    """A change to the small model and every finding that follows from it, as "place: message"."""

    name: str
    update: str
    findings: tuple[str, ...]

    def model(self) -> Model:
        """The small model after the change."""
        store = Store()
        store.extend([*parse(path=str(HERE / "valid.ttl"), format=RdfFormat.TURTLE)])
        store.update("".join(f"PREFIX {p}: <{i}>\n" for p, i in PREFIXES.items()) + self.update)
        return Model({**_core(), "small": frozenset(q.triple for q in store)})


@cache
def _core() -> dict[str, frozenset[Triple]]:
    return {"core": load(folder("ontology")).modules["core"]}


def cases(name: str) -> list[Case]:
    """The cases of one file."""
    with (HERE / f"{name}.toml").open("rb") as file:
        found = tomllib.load(file)
    return [Case(f"{name}: {title}", c["update"], tuple(c.get("findings", ()))) for title, c in found.items()]


def broken() -> list[Case]:
    """All cases that break a rule."""
    return [c for file in sorted((HERE / "broken").glob("*.toml")) for c in cases(f"broken/{file.stem}")]
