"""The seam round the store: what a home of the dataset must be able to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

from pyoxigraph import Quad


class Dataset(Protocol):
    """A home of the projected dataset. It knows the number of the version that it holds."""

    def version(self) -> int | None:
        """The number of the version held, or None where there is none or it can't be told."""

    def count(self) -> int:
        """How many quads are held, read through to the last, so that damage shows."""

    def replace(self, version: int, quads: Iterable[Quad]) -> None:
        """Hold these quads, and only these, as `version`. Before it returns, the old or the new is held."""

    def apply(self, version: int, removed: Sequence[Quad], added: Sequence[Quad]) -> None:
        """Move on to `version` by a delta without blank nodes, in one transaction."""

    def checkpoint(self, folder: Path) -> None:
        """Make a copy that readers can open read-only while this goes on being written."""

    def close(self) -> None:
        """Let go of the store."""
