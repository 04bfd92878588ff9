"""What the commands share: plain errors, the options that most have, and ways to what a data folder holds."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, ParamSpec, TypeVar

import typer

from childdev.config import Settings
from childdev.errors import ChilddevError

P = ParamSpec("P")
R = TypeVar("R")


DataOption = Annotated[
    Path | None, typer.Option("--data", help="Folder of the record and the store (CHILDDEV_DATA; var)")
]
ModelOption = Annotated[
    Path | None, typer.Option("--model", help="Folder of the model's Turtle; the packaged model if not given")
]


def plainly(command: Callable[P, R]) -> Callable[P, R]:
    """Say what is wrong in plain words and stop with status 1, without a traceback."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except ChilddevError as e:
            typer.echo(str(e), err=True)
            raise typer.Exit(1) from e

    return run


def settings_of(**given: Any) -> Settings:
    """The settings of the environment, with what a command was given in their place."""
    return Settings(**{k: v for k, v in given.items() if v is not None})


@contextmanager
def reading(data: Path | None) -> Iterator[Any]:
    """A reader over the newest version of a data folder.

    Raises:
        StoreError: it holds no version yet.
    """
    from childdev.errors import StoreError
    from childdev.store.publication import newest
    from childdev.store.reader import Reader

    settings = settings_of(data=data)
    version = newest(settings)
    if version is None:
        raise StoreError(f"{settings.data} holds no version yet; run `childdev build` first.")
    yield Reader(version.name, version.dataset)


def record_of(data: Path | None) -> Any:
    """The record of a data folder; close it.

    Raises:
        StoreError: it holds no version yet.
    """
    from childdev.errors import StoreError
    from childdev.store.record import Record

    settings = settings_of(data=data)
    if settings.database is None and not (settings.data / "record.sqlite").exists():
        raise StoreError(f"{settings.data} holds no version yet; run `childdev build` first.")
    record = Record(settings.database_url)
    if record.head() is None:
        record.close()
        raise StoreError(f"{settings.data} holds no version yet; run `childdev build` first.")
    return record


def named_model(name: str, data: Path | None) -> Any:
    """A model by the folder of its Turtle, or by the name of a version of the record."""
    from childdev.errors import NotFoundError
    from childdev.model.modules import load
    from childdev.store.record import lines_model

    if Path(name).is_dir():
        return load(Path(name))
    record = record_of(data)
    try:
        number = record.number(name)
        if number is None:
            raise NotFoundError(f"There is no folder and no version '{name}'.")
        return lines_model(record.state(number))
    finally:
        record.close()
