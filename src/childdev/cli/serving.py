"""Commands on an installation: serve, build, rebuild, back up, restore."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from childdev.cli.common import DataOption, ModelOption, plainly, settings_of

app = typer.Typer()


@app.command()
@plainly
def serve(
    port: Annotated[int | None, typer.Option(help="Port (CHILDDEV_PORT; 8000)")] = None,
    host: Annotated[str | None, typer.Option(help="Address (CHILDDEV_HOST; 127.0.0.1)")] = None,
    data: DataOption = None,
    model: ModelOption = None,
) -> None:
    """Serve the model: pages, REST, SPARQL and linked data."""
    from childdev.web.server import run

    run(settings_of(port=port, host=host, data=data, model=model))


@app.command()
@plainly
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
    settings = settings_of(data=data, model=model)
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
@plainly
def rebuild(data: DataOption = None) -> None:
    """Make the store anew from the record."""
    from childdev.release.build import infer
    from childdev.store.publication import Publication

    publication = Publication(settings_of(data=data), infer)
    try:
        version = publication.rebuild()
    finally:
        publication.close()
    typer.echo(f"Version {version.name} is rebuilt: {version.quads:,} quads.")


@app.command()
@plainly
def backup(
    file: Annotated[Path, typer.Argument(help="New file to make, for instance childdev.tar.gz")],
    data: DataOption = None,
) -> None:
    """Back up everything into one file, while the server goes on.

    The file holds private things (accounts, drafts, suggestions, workshops). Only you may read it; keep it so.
    """
    from childdev.release.build import infer
    from childdev.store import backup as backing

    made = backing.backup(file, settings_of(data=data), infer)
    typer.echo(
        f"{file} holds the record with {made.number + 1:,} versions: {made.rows:,} rows of {len(made.tables)} tables. "
        "There are private things in it; keep it where only those who run this may read it."
    )


@app.command()
@plainly
def restore(
    file: Annotated[Path, typer.Argument(help="A file made by `childdev backup`")],
    data: DataOption = None,
) -> None:
    """Put a backup into a new data folder; where CHILDDEV_DATABASE is set, its rows into that empty database."""
    from childdev.release.build import infer
    from childdev.store import backup as backing

    settings = settings_of(data=data)
    done = backing.restore(file, settings, infer)
    was = done.manifest
    typer.echo(
        f"Version {done.version.name} is restored into {settings.data} from the backup of {was.made_at}: "
        f"{was.rows:,} rows of {len(was.tables)} tables, and {done.version.quads:,} quads made anew from them."
    )
    if done.same:
        typer.echo("Its dataset is the same to the byte as when it was backed up.")
    else:
        typer.echo(
            "What is stated is the same as when it was backed up; what follows from it is not, as the childdev "
            f"of then ({was.childdev}) inferred otherwise than this one."
        )
