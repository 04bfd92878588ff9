"""Graph views as their files in `viz/` describe them, and the words for lines, groups and filters."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from childdev.errors import NotFoundError
from childdev.resources import folder


@dataclass(frozen=True)
class RelationWords:
    """How a kind of line is put into words, alone and where many run between two boxes; `backwards` where it is
    stated of the thing at the end of the line as it is drawn."""

    heading: str
    sentence: str
    bundle: str
    backwards: bool = False


@dataclass(frozen=True)
class Column:
    """A column of a picture in layers: its kinds of thing. `first` takes those of them to which no line leads."""

    kinds: tuple[str, ...]
    heading: str
    first: bool = False


@dataclass(frozen=True)
class Spec:
    """A graph view as its file gives it.

    `about` are the kinds of thing that it may be about; without `about_title` it must be about one. `source` says
    where its things and lines come from (`sources`), `everything` which kinds are there without a line too. `most`
    is how many boxes are shown at once and `lines` how many lines between boxes that stand for many things;
    `grouped` says when things stand together ("always", "many", "never"), by the facets of `groups`.
    """

    slug: str
    title: str
    name: str
    words: str
    intro: str
    source: str
    relations: tuple[str, ...]
    layout: str
    most: int
    about_title: str = ""
    about: tuple[str, ...] = ()
    example: str = ""
    query: str = ""
    everything: tuple[str, ...] = ()
    across: tuple[str, ...] = ()
    only: str = ""
    columns: tuple[Column, ...] = ()
    grouped: str = "never"
    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)
    lines: int = 1000
    helps: str = "foot"
    told: str = ""
    first: str = ""
    ways: int = 1

    @property
    def needs_about(self) -> bool:
        """Whether it can't be shown without a thing that it is about."""
        return bool(self.about) and not self.about_title

    @property
    def url(self) -> str:
        """Where it is shown: without a thing where that can be, else about its example."""
        tail = f"/{self.example}" if self.needs_about else self.example if self.example.startswith("?") else ""
        return f"/graph/{self.slug}{tail}"

    @property
    def example_url(self) -> str:
        """Where it is shown about its example, if it may be about a thing."""
        return f"/graph/{self.slug}/{self.example}" if self.about and self.example else ""


#: the views in the order in which they are introduced
ORDER = (
    "neighbourhood",
    "lineage",
    "path",
    "enables",
    "stages",
    "whole",
    "needs",
    "capital",
    "system",
    "evidence",
    "changes",
)


@cache
def spec(name: str) -> Spec:
    """A graph view by name.

    Raises:
        NotFoundError: there is no such view.
    """
    file = folder("viz") / f"{name}.toml"
    if not name.isidentifier() or not file.is_file():
        raise NotFoundError(f"There is no graph view '{name}'.", [("All graph views", "/graphs")])
    raw = tomllib.loads(file.read_text("utf-8"))
    columns = tuple(Column(tuple(c.pop("kinds")), **c) for c in raw.pop("columns", ()))
    groups = {kind: tuple(facets) for kind, facets in raw.pop("groups", {}).items()}
    plain: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in raw.items()}
    return Spec(slug=name, columns=columns, groups=groups, **plain)


def specs() -> list[Spec]:
    """All graph views, in the order in which they are introduced."""
    return [spec(name) for name in ORDER]


@cache
def relations() -> dict[str, RelationWords]:
    """The words for each kind of line, by the name of its relation."""
    return {name: RelationWords(**words) for name, words in _words("relations").items()}


@cache
def group_words() -> dict[str, Any]:
    """The words for groups and filters."""
    return _words("groups")


def _words(name: str) -> dict[str, Any]:
    return tomllib.loads((folder("viz") / "words" / f"{name}.toml").read_text("utf-8"))
