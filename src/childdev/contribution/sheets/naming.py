"""How things are written in the cells of a table: by their names, and by name and code where a name is not enough."""

from __future__ import annotations

import re
from collections import defaultdict
from difflib import get_close_matches

from pyoxigraph import NamedNode

from childdev import terms as cd
from childdev.model.iris import iri, kind_and_slug
from childdev.model.modules import RDF_TYPE
from childdev.model.short_names import term
from childdev.model.stated import Stated


class Naming:
    """The things of a model by what people write for them. New ones can be added, such as those of the same table."""

    def __init__(self, stated: Stated) -> None:
        self._stated = stated
        self._labels: dict[str, dict[str, str]] = {}
        self._by_text: dict[str, dict[str, list[str]]] = {}
        self._near: dict[tuple[str, tuple[str, ...]], str | None] = {}

    def add(self, name: str, label: str) -> None:
        """Let a new thing be named too."""
        kind = name.partition("/")[0]
        self._of(kind)[name] = label
        self._by_text[kind][_key(label)].append(name)

    def written(self, name: str) -> str:
        """A thing as it is written in a cell."""
        kind, _, slug = name.partition("/")
        label = self._of(kind).get(name)
        if label is None:
            return name
        alone = len(self._by_text[kind][_key(label)]) == 1 and "|" not in label
        return label if alone else f"{label} ({slug})"

    def options(self, kinds: tuple[str, ...], target: str = "") -> list[str]:
        """All things of some kinds, or of one class of them, as they are written."""
        found = [
            self.written(name)
            for kind in kinds
            for name in self._of(kind)
            if not target or term(target) in self._stated.objects(iri(*name.split("/")), RDF_TYPE)
        ]
        return sorted(set(found), key=str.casefold)

    def find(self, text: str, kinds: tuple[str, ...]) -> list[str]:
        """The things that a cell may mean: one if all is well, several if a name is not enough, none if unknown."""
        key = _key(text)
        coded = re.fullmatch(r".*\(([A-Za-z0-9-]+)\)", text)
        found: list[str] = []
        for kind in kinds:
            known = self._of(kind)
            codes = [text, f"{kind}/{text}", *([f"{kind}/{coded[1]}"] if coded else [])]
            exact = next((c for c in codes if c in known), None)
            found += [exact] if exact else self._by_text[kind].get(key, [])
        return list(dict.fromkeys(found))

    def near(self, text: str, kinds: tuple[str, ...]) -> str | None:
        """The thing whose name comes nearest, as it is written."""
        key = _key(text)[:200]
        if (key, kinds) not in self._near:
            starts = {w[:3] for w in key.split()}
            keys = {
                k: names[0]
                for kind in kinds
                for k, names in self._texts(kind).items()
                if names and starts & {w[:3] for w in k.split()}
            }
            close = get_close_matches(key, list(keys), 1, 0.6)
            self._near[key, kinds] = self.written(keys[close[0]]) if close else None
        return self._near[key, kinds]

    def label(self, name: str) -> str:
        """What a thing is called."""
        return self._of(name.partition("/")[0]).get(name, name)

    def _texts(self, kind: str) -> dict[str, list[str]]:
        self._of(kind)
        return self._by_text[kind]

    def _of(self, kind: str) -> dict[str, str]:
        """The things of a kind that are in use, with their names."""
        if kind not in self._labels:
            things = [n for n in self._stated.of_kind(kind) if self._in_use(n)]
            self._labels[kind] = {"/".join(kind_and_slug(n) or ()): self._stated.label(n) for n in things}
            texts: defaultdict[str, list[str]] = defaultdict(list)
            for name, label in self._labels[kind].items():
                texts[_key(label)].append(name)
            self._by_text[kind] = texts
        return self._labels[kind]

    def _in_use(self, node: NamedNode) -> bool:
        return cd.Retired not in self._stated.objects(node, RDF_TYPE)


def _key(text: str) -> str:
    return " ".join(text.casefold().replace("’", "'").split()).rstrip(".")
