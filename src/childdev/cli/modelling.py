"""Commands on the model's files and versions: check, import, export, tell apart, release."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from childdev.cli.common import DataOption, ModelOption, named_model, plainly, record_of, settings_of

app = typer.Typer()


@app.command()
@plainly
def check(
    model: ModelOption = None,
    strict: Annotated[bool, typer.Option("--strict", help="Stop also at what is only to be mended in time")] = False,
) -> None:
    """Check every rule of the model and its upkeep, and prove that it is consistent, without publishing."""
    from childdev.model.modules import load
    from childdev.release import build as building
    from childdev.validation import quality, reports, shapes
    from childdev.validation.places import Places

    loaded = load(building.model_folder(settings_of(model=model)))
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
@plainly
def stats(model: ModelOption = None) -> None:
    """Print the counts of the model."""
    from childdev.model.modules import load
    from childdev.model.statistics import counts, shares
    from childdev.release.build import model_folder

    loaded = load(model_folder(settings_of(model=model)))
    for name, number in counts(loaded).items():
        typer.echo(f"{name:<58}{number:>8}")
    for share in shares(loaded):
        typer.echo(f"{share.words:<58}{share.some:>8} of {share.all} ({share.percent} %)")


@app.command(name="import")
@plainly
def import_(
    tables: Annotated[
        Path,
        typer.Argument(help="A filled table (xlsx or csv), or a folder of tables (tab-separated)"),
    ],
    model: ModelOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only check; write nothing")] = False,
    answer: Annotated[
        Path | None, typer.Option(help="For a filled table: where to write it with what is to be mended")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="For a filled table: take in what can be")] = False,
) -> None:
    """Bring tables into the model's Turtle. A filled table is only checked, unless --yes is given."""
    from childdev.contribution import imports
    from childdev.release.build import model_folder

    folder = model_folder(settings_of(model=model))
    if tables.is_file():
        _import_sheet(tables, folder, answer, yes and not dry_run)
        return
    rows = (imports.plan(tables, folder)[0] if dry_run else imports.run(tables, folder)).rows
    for name, some in rows.items():
        if some:
            typer.echo(f"{name:<28}{len(some):>6} rows")
    typer.echo("Nothing was written; every row can be taken." if dry_run else f"Written to {folder}.")


def _import_sheet(file: Path, folder: Path, answer: Path | None, take_in: bool) -> None:
    from childdev.contribution.sheets import taking, writing

    data = taking.bytes_of(file, settings_of().upload_bytes)
    checked, model = taking.check_file(data, file.name, folder)
    for finding in taking.findings(checked):
        typer.echo(str(finding))
    typer.echo(checked.sentence())
    if answer is not None:
        answer.write_bytes(writing.answer(data, checked))
        typer.echo(f"The table with what to mend is in {answer}.")
    if take_in and checked.good:
        taking.take_in(checked, model, folder)
        typer.echo(f"Written to {folder}.")
    else:
        typer.echo("Nothing was written." + (" Give --yes to take in what can be." if checked.good else ""))
    if checked.bad:
        raise typer.Exit(1)


@app.command()
@plainly
def export(
    file: Annotated[Path | None, typer.Argument(help="With --template: the table to write")] = None,
    to: Annotated[Path | None, typer.Option("--to", help="Folder for the Turtle, for instance ontology/")] = None,
    template: Annotated[
        str | None,
        typer.Option(help="A table to fill in, such as features, sources or links"),
    ] = None,
    as_: Annotated[str | None, typer.Option("--as", help="xlsx or csv; that of the file's name if not given")] = None,
    filled: Annotated[bool, typer.Option("--filled", help="With the present rows of the model, for mending")] = False,
    version: Annotated[str | None, typer.Option(help="A version by its name; the newest if not given")] = None,
    data: DataOption = None,
    model: ModelOption = None,
) -> None:
    """Write the model as Turtle, the same bytes for the same model; or a table to fill in."""
    from childdev.errors import ParameterError
    from childdev.release.build import model_folder

    if template is not None:
        _export_template(template, file, as_, filled, model_folder(settings_of(model=model)))
        return
    if to is None:
        raise ParameterError("Say what to write: --to with a folder for the Turtle, or --template with a table.")
    from childdev.release.export import export as write

    record = record_of(data)
    try:
        name = version or record.name(record.head())
    finally:
        record.close()
    done = write(named_model(name, data), to, model_folder(settings_of(model=model)))
    typer.echo(f"Version {name} is in {to}. {done.words}")


def _export_template(name: str, file: Path | None, as_: str | None, filled: bool, folder: Path) -> None:
    from childdev.contribution.sheets import plans, writing
    from childdev.errors import ParameterError
    from childdev.model.modules import load
    from childdev.model.stated import Stated

    of = plans.plan(name)
    file = file or Path(f"{name}.{as_ or 'xlsx'}")
    match as_ or file.suffix.removeprefix(".").lower():
        case "xlsx" | "csv" as format_:
            file.write_bytes(writing.template(of, Stated.of(load(folder)), format_, filled))
        case other:
            raise ParameterError(f"A table can't be written as '{other}'. Choose xlsx or csv.")
    typer.echo(f"The table “{of.title}” is in {file}.")


@app.command()
@plainly
def diff(
    a: Annotated[str, typer.Argument(metavar="A", help="A version by its name, or a folder of Turtle")],
    b: Annotated[str, typer.Argument(metavar="B", help="Another one")],
    data: DataOption = None,
) -> None:
    """Say in sentences what is different in B."""
    from childdev.model.stated import Stated
    from childdev.release.notes import sections
    from childdev.release.numbering import between

    before, after = named_model(a, data), named_model(b, data)
    told = sections(Stated.of(before), between(before, after))
    for section in told:
        typer.echo(f"\n{section.heading}")
        for sentence in section.sentences:
            typer.echo(f"  {sentence.text}")
            for line in sentence.details if sentence.kind not in ("add-thing", "re-evidence") else ():
                typer.echo(f"    {line}")
    if not told:
        typer.echo("They say the same.")


@app.command()
@plainly
def release(
    proposals: Annotated[
        str | None, typer.Option(help="Numbers of approved proposals, as 3,4; without it, they are listed")
    ] = None,
    number: Annotated[str, typer.Option(help="The number that you expect; worked out if not given")] = "",
    data: DataOption = None,
    model: ModelOption = None,
) -> None:
    """Put approved proposals together, check everything, and publish them as a release."""
    from childdev.errors import ParameterError
    from childdev.model.stated import Stated
    from childdev.release import proposals as kept
    from childdev.release.build import open_publication
    from childdev.release.releasing import release as make
    from childdev.release.review import Now

    chosen = [p.strip() for p in proposals.split(",")] if proposals else []
    if bad := [p for p in chosen if not p.isdecimal()]:
        raise ParameterError(f"'{bad[0]}' is not the number of a proposal. Write them as 3,4.")
    publication, problem = open_publication(settings_of(data=data, model=model))
    try:
        if problem is not None:
            raise problem
        if proposals is None:
            with publication.record.engine.connect() as connection:
                waiting = kept.proposals(connection, (kept.Status.APPROVED,))
            for p in reversed(waiting):
                typer.echo(f"{p.id:>5}  {p.title}")
            typer.echo("" if waiting else "No proposal is approved and waiting.")
            return
        version = publication.version
        now = Now(version.number, version.name, Stated.of(publication.model))
        name = make(publication.record, now, [int(p) for p in chosen], publication.publish, number)
        typer.echo(f"Release {name} is published: checked and consistent.")
    finally:
        publication.close()


@app.command(hidden=True)
@plainly
def terms() -> None:
    """Write terms.py anew from core.ttl."""
    import childdev.terms
    from childdev.model.modules import read
    from childdev.model.vocabulary import terms_module
    from childdev.resources import folder

    file = Path(childdev.terms.__file__)
    file.write_text(terms_module(read(folder("ontology") / "core.ttl")), encoding="utf-8")
    typer.echo(f"Written to {file}.")
