"""The command `childdev`."""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, ParamSpec, TypeVar

import typer

from childdev.config import Settings
from childdev.errors import ChilddevError

app = typer.Typer(
    help="A knowledge graph of healthy child development.", no_args_is_help=True, pretty_exceptions_enable=False
)
P = ParamSpec("P")
R = TypeVar("R")


def _plainly(command: Callable[P, R]) -> Callable[P, R]:
    """Say what is wrong in plain words and stop with status 1, without a traceback."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except ChilddevError as e:
            typer.echo(str(e), err=True)
            raise typer.Exit(1) from e

    return run


def _settings(**given: Any) -> Settings:
    return Settings(**{k: v for k, v in given.items() if v is not None})


DataOption = Annotated[
    Path | None, typer.Option("--data", help="Folder of the record and the store (CHILDDEV_DATA; var)")
]
ModelOption = Annotated[
    Path | None, typer.Option("--model", help="Folder of the model's Turtle; the packaged model if not given")
]


@app.command()
@_plainly
def serve(
    port: Annotated[int | None, typer.Option(help="Port (CHILDDEV_PORT; 8000)")] = None,
    host: Annotated[str | None, typer.Option(help="Address (CHILDDEV_HOST; 127.0.0.1)")] = None,
    data: DataOption = None,
    model: ModelOption = None,
) -> None:
    """Serve the model: pages, REST, SPARQL and linked data."""
    from childdev.web.server import run

    run(_settings(port=port, host=host, data=data, model=model))


@app.command()
@_plainly
def build(
    data: DataOption = None,
    model: ModelOption = None,
    site: Annotated[Path | None, typer.Option(help="New folder for a copy of all reading pages as plain files")] = None,
) -> None:
    """Compose the model, check it, prove it, infer, and publish it into the data folder."""
    from childdev.release.build import open_publication

    if site is not None:
        from childdev.web import site as copying

        copying.free(site)
    settings = _settings(data=data, model=model)
    publication, problem = open_publication(settings)
    try:
        if problem is not None:
            raise problem
        version = publication.version
        typer.echo(f"Version {version.name} is built: {version.quads:,} quads, checked and consistent.")
        if site is not None:
            from childdev.web.app import create_app
            from childdev.web.service import Service

            service = Service(settings, version, lambda: publication.model)
            files = copying.run(create_app(service), site)
            typer.echo(f"{files:,} files are in {site}; every link in them leads somewhere.")
    finally:
        publication.close()


@app.command()
@_plainly
def check(
    model: ModelOption = None,
    strict: Annotated[bool, typer.Option("--strict", help="Stop also at what is only to be mended in time")] = False,
) -> None:
    """Check every rule of the model and its upkeep, and prove that it is consistent, without publishing."""
    from childdev.model.modules import load
    from childdev.release import build as building
    from childdev.validation import quality, reports, shapes
    from childdev.validation.places import Places

    loaded = load(building.model_folder(_settings(model=model)))
    building.check(loaded)
    notes = [*reports.findings(loaded, shapes.validate(loaded)), *quality.findings(loaded)]
    for note in notes:
        typer.echo(f"note: {note}")
    places = Places(loaded)
    for age, thing, words in quality.hard_to_read(loaded):
        typer.echo(f"to read at {age:.0f}: {places.of(thing.value)}: {words}")
    if notes and strict:
        typer.echo(f"The model keeps all its rules and is consistent; to be mended: {len(notes)}.", err=True)
        raise typer.Exit(1)
    typer.echo("The model keeps all its rules and is consistent.")


@app.command()
@_plainly
def stats(model: ModelOption = None) -> None:
    """Print the counts of the model."""
    from childdev.model.modules import load
    from childdev.model.statistics import counts, shares
    from childdev.release.build import model_folder

    loaded = load(model_folder(_settings(model=model)))
    for name, number in counts(loaded).items():
        typer.echo(f"{name:<58}{number:>8}")
    for share in shares(loaded):
        typer.echo(f"{share.words:<58}{share.some:>8} of {share.all} ({share.percent} %)")


@app.command(name="import")
@_plainly
def import_(
    tables: Annotated[Path, typer.Argument(help="Folder of tables (tab-separated, one for each kind of thing)")],
    model: ModelOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only check; write nothing")] = False,
) -> None:
    """Bring tables into the model's Turtle, if every row can be taken."""
    from childdev.contribution import imports
    from childdev.release.build import model_folder

    folder = model_folder(_settings(model=model))
    rows = (imports.plan(tables, folder)[0] if dry_run else imports.run(tables, folder)).rows
    for name, some in rows.items():
        if some:
            typer.echo(f"{name:<28}{len(some):>6} rows")
    typer.echo("Nothing was written; every row can be taken." if dry_run else f"Written to {folder}.")


@app.command()
@_plainly
def rebuild(data: DataOption = None) -> None:
    """Make the store anew from the record."""
    from childdev.release.build import infer
    from childdev.store.publication import Publication

    publication = Publication(_settings(data=data), infer)
    try:
        version = publication.rebuild()
    finally:
        publication.close()
    typer.echo(f"Version {version.name} is rebuilt: {version.quads:,} quads.")


@contextmanager
def _reader(data: Path | None) -> Iterator[Any]:
    from childdev.errors import StoreError
    from childdev.store.publication import newest
    from childdev.store.reader import Reader

    settings = _settings(data=data)
    version = newest(settings)
    if version is None:
        raise StoreError(f"{settings.data} holds no version yet; run `childdev build` first.")
    yield Reader(version.name, version.dataset)


@app.command()
@_plainly
def query(
    name: Annotated[str | None, typer.Argument(help="A question; without it, all are listed")] = None,
    values: Annotated[list[str] | None, typer.Argument(help="Its blanks, as name=value")] = None,
    as_: Annotated[str, typer.Option("--as", help="table, json, csv or sparql")] = "table",
    data: DataOption = None,
) -> None:
    """Ask a question of the library."""
    from childdev.errors import ParameterError
    from childdev.queries.catalogue import Catalogue
    from childdev.resources import folder

    catalogue = Catalogue.load(folder("queries"))
    if name is None:
        for question in catalogue.questions:
            typer.echo(f"{question.name:<34} {question.title}")
        return
    pairs = dict(v.partition("=")[::2] for v in values or [])
    if bad := [v for v in values or [] if "=" not in v]:
        raise ParameterError(f"'{bad[0]}' is not of the form name=value.")
    question = catalogue.get(name)
    with _reader(data) as reader:
        bound = question.bind(pairs, reader)
        if as_ == "sparql":
            typer.echo(question.sparql(bound))
            return
        answer = question.answer(reader, bound)
    if as_ == "json":
        typer.echo(json.dumps(answer.to_json(), ensure_ascii=False, indent=1))
    elif as_ == "csv":
        sys.stdout.write(answer.to_csv())
    else:
        typer.echo(answer.sentence)
        for row in answer.rows:
            typer.echo("  " + " | ".join(cell.text for cell in row))


@app.command()
@_plainly
def why(
    subject: Annotated[str, typer.Argument(help="As kind/slug, for instance feature/joins-two-words")],
    relation: Annotated[str, typer.Argument(help="A relation of the vocabulary, for instance restsOn")],
    object_: Annotated[str, typer.Argument(metavar="OBJECT", help="As kind/slug")],
    model: ModelOption = None,
) -> None:
    """Say why a statement holds: the stated ones from which it follows."""
    from pyoxigraph import NamedNode, Triple

    from childdev import terms
    from childdev.errors import NotFoundError
    from childdev.model.iris import ID
    from childdev.model.modules import load
    from childdev.reasoning.inference import Inference
    from childdev.reasoning.words import explain
    from childdev.release.build import model_folder

    inference = Inference(load(model_folder(_settings(model=model))))
    step = inference.why(
        Triple(NamedNode(ID + subject), NamedNode(terms.NAMESPACE + relation), NamedNode(ID + object_))
    )
    if step is None:
        raise NotFoundError(f"The model does not say that {subject} {relation} {object_}.")
    typer.echo("\n".join(explain(step, inference.stated)))


@app.command(hidden=True)
@_plainly
def terms() -> None:
    """Write terms.py anew from core.ttl."""
    import childdev.terms
    from childdev.model.modules import read
    from childdev.model.vocabulary import terms_module
    from childdev.resources import folder

    file = Path(childdev.terms.__file__)
    file.write_text(terms_module(read(folder("ontology") / "core.ttl")), encoding="utf-8")
    typer.echo(f"Written to {file}.")
