"""Publishing: a change set into the record, its effect into the store, and a read-only version for readers.

The record is committed first. Whatever happens after that, the next start finds the store behind
the record and makes it anew, so a crash at any moment leaves the old version or the new one.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from pyoxigraph import Quad, RdfFormat, parse

from childdev.config import Settings
from childdev.errors import ChilddevError, StoreError
from childdev.model.modules import Model, lines, nquads
from childdev.store import history
from childdev.store.dataset import Dataset
from childdev.store.embedded import EmbeddedDataset
from childdev.store.merging import merge
from childdev.store.record import ChangeSet, Record, difference, lines_model, model_lines, version_info

Infer = Callable[[Model], Iterable[Quad]]
Check = Callable[[Model], None]
#: whether a change of some quads leaves all that is inferred as it is
Leaves = Callable[[Iterable[Quad]], bool]


@dataclass(frozen=True)
class Version:
    """A published version: its number, its name for people, and the folder of its files."""

    number: int
    name: str
    made_at: str
    quads: int
    modules: tuple[str, ...]
    folder: Path

    @property
    def dataset(self) -> Path:
        """All quads, stated and inferred, as sorted N-Quads."""
        return self.folder / "dataset.nq"

    @property
    def history(self) -> Path:
        """The history up to this version (PROV-O), as sorted N-Quads."""
        return self.folder / "history.nq"

    @property
    def checkpoint(self) -> Path:
        """The same as a store that can be opened read-only."""
        return self.folder / "checkpoint"


class Publication:
    """The one writer of a data folder."""

    def __init__(self, settings: Settings, infer: Infer, leaves: Leaves = lambda _: False) -> None:
        self._settings = settings
        self._infer, self._leaves = infer, leaves
        try:
            settings.data.mkdir(parents=True, exist_ok=True)
        except OSError as e:
            raise StoreError(
                f"The data folder {settings.data} can't be made: {e.strerror}. Choose another with --data."
            ) from e
        self._lock = _lock(settings.data)
        try:
            self.record = Record(settings.database_url)
        except StoreError:
            self._lock.close()
            raise
        self._dataset: Dataset = EmbeddedDataset(settings.data / "store")
        self._model: tuple[int, Model] | None = None
        self.version: Version

    def open(self, load: Callable[[], Model], check: Check, fingerprint: str) -> ChilddevError | None:
        """Take in the packaged model if its fingerprint is new and it is right, and make the store fit the record.

        Returns what is wrong with a packaged model that was not taken in while an earlier version
        goes on being served. What it would change that was changed here too is left as it is here,
        and stands in the details of its change set as clashes.

        Raises:
            ChilddevError: the packaged model is wrong and there is no earlier version.
        """
        problem: ChilddevError | None = None
        head = self.record.head()
        try:
            if self.record.package() != fingerprint:
                self._take_in(load(), fingerprint, head, check)
        except ChilddevError as e:
            if head is None:
                raise
            problem = e
        self._project()
        return problem

    def _take_in(self, package: Model, fingerprint: str, head: int | None, check: Check) -> None:
        """A newer package arrives as the difference from the last one, merged with what was agreed since."""
        incoming = model_lines(package)
        if head is None:
            check(package)
            first = ChangeSet(incoming, frozenset(), "maintainers", "The packaged model", fingerprint)
            self.record.append(None, replace(first, release=version_info(incoming)), incoming)
            return
        last, now = self.record.package_state(), self.record.state(head)
        if incoming == last:
            return
        check(package)
        step, clashes = merge(last, now, incoming)
        if not (step.added or step.removed or clashes):
            self.record.note_package(fingerprint, head, incoming)
            return
        after = (now - step.removed) | step.added
        if after != incoming:
            check(lines_model(after))
        fresh = version_info(incoming) not in self.record.releases().values()
        change = ChangeSet(
            step.added,
            step.removed,
            "maintainers",
            f"The packaged model {version_info(incoming)}",
            fingerprint,
            version_info(incoming) if after == incoming and fresh else None,
            {"clashes": [clash.details() for clash in clashes]} if clashes else {},
        )
        self.record.append(head, change, incoming)

    def publish(self, base: int, change: ChangeSet) -> Version:
        """Commit a validated change set made on version `base`, and move readers on to it.

        Raises:
            ConflictError: the model has moved on. Nothing was stored.
        """
        before = self._model_of(base)
        number = self.record.append(base, change)
        if change.ground:  # else the record tells
            self._model = (number, before.changed(_quads(change.added), _quads(change.removed)))
        self._project()
        return self.version

    @property
    def model(self) -> Model:
        """The stated triples of the newest version."""
        return self._model_of(self.version.number)

    def _model_of(self, number: int) -> Model:
        if self._model is None or self._model[0] != number:
            self._model = (number, lines_model(self.record.state(number)))
        return self._model[1]

    def at(self, number: int) -> Version:
        """A version of the past, made anew from the record if its files were dropped."""
        if number == self.version.number:
            return self.version
        found = read_version(self._folder(number))
        return found if found is not None else self._write_past(number)

    def rebuild(self) -> Version:
        """Make the store and the newest version anew from the record."""
        if self.record.head() is None:
            raise StoreError("The record holds no version yet; run `childdev serve` or `childdev build` first.")
        shutil.rmtree(self._settings.data / "versions", ignore_errors=True)
        self._project()
        return self.version

    def close(self) -> None:
        """Let go of store and record."""
        self._dataset.close()
        self.record.close()
        self._lock.close()

    # ---------------------------------------------------------------- the projection

    def _project(self) -> None:
        head = self.record.head()
        assert head is not None
        found = read_version(self._folder(head))
        held = self._dataset.version()
        if held != head or found is None or self._dataset.count() != found.quads:
            text = self._moved_on(head) if held == head - 1 and found is None else None
            if text is None:
                quads = self._all_quads(head)
                self._dataset.replace(head, quads)
                text = nquads(quads)
            found = self._write_version(head, text, self._dataset, self._model_of(head))
        self.version = found
        self._drop_old(head)

    def _all_quads(self, number: int) -> list[Quad]:
        model = self._model_of(number)
        return [*model.quads(), *self._infer(model)]

    def _moved_on(self, head: int) -> list[str] | None:
        """Bring the store one version on, and give all its lines; None where it has to be made anew."""
        before, change = read_version(self._folder(head - 1)), self.record.change(head)
        if before is None or not change.ground:
            return None
        was = lines(before.dataset.read_text("utf-8"))
        if self._leaves(_quads(change.added | change.removed)):
            now = sorted((set(was) - change.removed) | change.added)
        else:
            now = nquads(self._all_quads(head))
        delta = difference(was, now, "", "")
        self._dataset.apply(head, _quads(delta.removed), _quads(delta.added))
        return now

    def _folder(self, number: int) -> Path:
        return self._settings.data / "versions" / str(number)

    def _write_past(self, number: int) -> Version:
        model = lines_model(self.record.state(number))
        quads = [*model.quads(), *self._infer(model)]
        aside = EmbeddedDataset(self._settings.data / f"past-{number}")
        try:
            aside.replace(number, quads)
            return self._write_version(number, nquads(quads), aside, model)
        finally:
            aside.close()
            shutil.rmtree(self._settings.data / f"past-{number}", ignore_errors=True)

    def _write_version(self, number: int, quads: list[str], dataset: Dataset, model: Model) -> Version:
        folder, entry = self._folder(number), self.record.entry(number)
        assert entry is not None
        partial = folder.with_name(f"{number}.part")
        for leftover in (partial, folder):
            shutil.rmtree(leftover, ignore_errors=True)
        partial.mkdir(parents=True)
        text = ("\n".join(quads) + "\n").encode()
        with (partial / "dataset.nq").open("wb") as file:
            file.write(text)
            os.fsync(file.fileno())
        names = self.record.names()
        steps = [(names[e.number], e) for e in reversed(self.record.log()) if e.number <= number]
        told = nquads(history.quads(steps, self.record.change))
        (partial / "history.nq").write_text("\n".join(told) + "\n", encoding="utf-8")
        dataset.checkpoint(partial / "checkpoint")
        manifest = {
            "number": number,
            "name": self.record.name(number),
            "made_at": entry.made_at,
            "quads": dataset.count(),
            "modules": sorted(model.modules),
            "sha256": hashlib.sha256(text).hexdigest(),
        }
        (partial / "version.json").write_text(json.dumps(manifest, indent=1))
        partial.rename(folder)
        found = read_version(folder)
        assert found is not None
        return found

    def _drop_old(self, head: int) -> None:
        kept = {*self.record.releases(), *range(head - self._settings.keep_checkpoints + 1, head + 1)}
        for folder in (self._settings.data / "versions").iterdir():
            if not folder.name.isdigit() or int(folder.name) not in kept:
                shutil.rmtree(folder, ignore_errors=True)


def _lock(folder: Path) -> IO[str]:
    """Make sure that this is the one writer of a data folder; the lock goes when the file is closed or we die."""
    file = (folder / "lock").open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as e:
        file.close()
        raise StoreError(
            f"{folder} is in use by another childdev; stop that one first, or choose another folder with --data."
        ) from e
    return file


def newest(settings: Settings) -> Version | None:
    """The newest version that is whole, for those who only read. Needs no lock."""
    folders = settings.data / "versions"
    numbers = (
        sorted((int(f.name) for f in folders.iterdir() if f.name.isdigit()), reverse=True) if folders.is_dir() else []
    )
    return next((v for n in numbers if (v := read_version(folders / str(n))) is not None), None)


def read_version(folder: Path) -> Version | None:
    """A version if its files are there and undamaged."""
    try:
        manifest = json.loads((folder / "version.json").read_text())
        whole = hashlib.sha256((folder / "dataset.nq").read_bytes()).hexdigest() == manifest["sha256"]
    except (OSError, ValueError, KeyError):
        return None
    if not whole or not (folder / "checkpoint").is_dir() or not (folder / "history.nq").is_file():
        return None
    return Version(
        manifest["number"], manifest["name"], manifest["made_at"], manifest["quads"], tuple(manifest["modules"]), folder
    )


def _quads(lines: Iterable[str]) -> list[Quad]:
    return list(parse(input="\n".join(lines), format=RdfFormat.N_QUADS))
