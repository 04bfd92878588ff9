"""The embedded home of the dataset: pyoxigraph on disk, owned by one writer."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store

from childdev.model.iris import CATALOGUE, DATASET
from childdev.model.modules import encode

#: the version held is stated in the dataset itself, so that it moves in the same transaction
VERSION_NUMBER = NamedNode("http://purl.org/dc/terms/hasVersion")


#: what pyoxigraph raises for files that are damaged or missing
_BROKEN = (OSError, RuntimeError)


class EmbeddedDataset:
    """pyoxigraph in a folder. A damaged folder opens as one that holds no version."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._store: Store | None = None
        _tidy(folder)
        try:
            self._store = Store(str(folder)) if folder.is_dir() else None
        except _BROKEN:
            self._store = None  # made anew by `replace`

    def version(self) -> int | None:
        """The number of the version held; None where the store is missing or damaged."""
        if self._store is None:
            return None
        try:
            found = next(iter(self._store.quads_for_pattern(DATASET, VERSION_NUMBER, None, CATALOGUE)), None)
        except _BROKEN:
            return None
        return int(found.object.value) if found is not None and isinstance(found.object, Literal) else None

    def count(self) -> int:
        """How many quads are held; 0 where they can't all be read."""
        try:
            return 0 if self._store is None else len(self._store)
        except _BROKEN:
            return 0

    def replace(self, version: int, quads: Iterable[Quad]) -> None:
        """Build a new store beside the old, then put it in its place."""
        fresh = self._folder.with_name(self._folder.name + ".new")
        shutil.rmtree(fresh, ignore_errors=True)
        store = Store(str(fresh))
        store.bulk_extend([*quads, _marker(version)])
        store.flush()
        self.close()
        del store
        gc.collect()
        old = self._folder.with_name(self._folder.name + ".old")
        shutil.rmtree(old, ignore_errors=True)
        if self._folder.exists():
            self._folder.rename(old)
        fresh.rename(self._folder)
        shutil.rmtree(old, ignore_errors=True)
        self._store = Store(str(self._folder))

    def apply(self, version: int, removed: Sequence[Quad], added: Sequence[Quad]) -> None:
        """Apply a delta as one SPARQL update, which pyoxigraph runs as one transaction."""
        assert self._store is not None
        before = self.version()
        gone = [*removed, *([_marker(before)] if before is not None else [])]
        self._store.update(f"DELETE DATA {{ {_block(gone)} }} ; INSERT DATA {{ {_block([*added, _marker(version)])} }}")
        self._store.flush()

    def checkpoint(self, folder: Path) -> None:
        """A copy by hard links, whole or not there at all."""
        assert self._store is not None
        self._store.backup(str(folder))

    def close(self) -> None:
        """Let go of the store and of its lock."""
        self._store = None
        gc.collect()


def _marker(version: int) -> Quad:
    return Quad(DATASET, VERSION_NUMBER, Literal(version), CATALOGUE)


def _block(quads: Sequence[Quad]) -> str:
    by_graph: dict[str, list[Quad]] = {}
    for q in quads:
        by_graph.setdefault(str(q.graph_name), []).append(q)
    return " ".join(
        f"GRAPH {graph} {{ {encode((q.triple for q in some), RdfFormat.N_TRIPLES)} }}"
        for graph, some in by_graph.items()
    )


def _tidy(folder: Path) -> None:
    """After a crash in the middle of `replace`: the old one back if the new one was not yet in its place."""
    old = folder.with_name(folder.name + ".old")
    if old.exists() and not folder.exists():
        old.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
    shutil.rmtree(folder.with_name(folder.name + ".new"), ignore_errors=True)
