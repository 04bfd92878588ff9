"""Commands on figures of areas: bring in, list, withdraw, the template."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from childdev.cli.common import DataOption, plainly, reading, record_of, settings_of

app = typer.Typer()


@app.command()
@plainly
def observe(
    file: Annotated[Path | None, typer.Argument(help="A table (xlsx, csv) or a data cube (ttl, nt) of figures")] = None,
    title: Annotated[str, typer.Option(help="Title of the publication")] = "",
    publisher: Annotated[str, typer.Option(help="Who published it")] = "",
    licence: Annotated[str, typer.Option(help="Its licence")] = "Open Government Licence v3.0",
    year: Annotated[str, typer.Option(help="Year of the publication")] = "",
    link: Annotated[str, typer.Option(help="Its web address")] = "",
    basis: Annotated[str, typer.Option(help="read in the source, or named from knowledge")] = "read",
    replaces: Annotated[int | None, typer.Option(help="The number of the set in whose place it comes")] = None,
    withdraw: Annotated[int | None, typer.Option(help="Only take away the set of this number")] = None,
    template: Annotated[Path | None, typer.Option(help="Only write the table to fill in here (xlsx or csv)")] = None,
    answer: Annotated[Path | None, typer.Option(help="Where to write the table with what is to be mended")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Store the figures; without it they are only checked")] = False,
    data: DataOption = None,
) -> None:
    """Check figures of areas and, with --yes, store them. Without a file, list the sets there are.

    Small numbers, and what would give them away, are left out before anything is stored.
    """
    from childdev.contribution.observations import taking
    from childdev.store import observations as kept

    if template is not None:
        template.write_bytes(taking.template(_form(template)))
        typer.echo(f"The table to fill in is in {template}.")
        return
    record = record_of(data)
    try:
        if withdraw is not None:
            with record.engine.begin() as connection:
                kept.end(connection, withdraw, "maintainers")
            typer.echo(f"Set {withdraw} is withdrawn; its figures are gone.")
        elif file is None:
            _list(kept.sets(record.engine))
        else:
            told = {"title": title, "publisher": publisher, "licence": licence, "year": year, "link": link}
            _bring_in(file, record.engine, told | {"basis": basis}, replaces, answer, yes, data)
    finally:
        record.close()


def _list(sets: Any) -> None:
    for s in sets:
        state = f", replaced by {s.replaced_by}" if s.replaced_by else ", withdrawn" if s.ended_at else ""
        typer.echo(f"{s.id:>4}  {s.figures:>8,} figures, {s.left_out:,} left out  {s.about.title}{state}")


def _bring_in(
    file: Path,
    engine: Any,
    told: dict[str, str],
    replaces: int | None,
    answer: Path | None,
    yes: bool,
    data: Path | None,
) -> None:
    from childdev.contribution.observations import taking
    from childdev.contribution.observations.checking import check
    from childdev.contribution.sheets.taking import bytes_of
    from childdev.errors import TableError
    from childdev.store import observations as kept

    if not file.is_file():
        raise TableError(f"There is no file {file}.")
    on, known = taking.base(engine), kept.load(engine, replaces)
    with reading(data) as reader:
        names = {i.value.rpartition("/")[2]: reader.label(i) for i in reader.of_kind("indicator")}
    found = check(bytes_of(file, settings_of(data=data).upload_bytes), file.name, names, known)
    for finding in found.findings():
        typer.echo(str(finding))
    typer.echo(found.sentence())
    if answer is not None:
        answer.write_bytes(taking.answer(found, _form(answer)))
        typer.echo(f"The table with what to mend is in {answer}.")
    if found.faulty:
        typer.echo("Nothing was stored.")
        raise typer.Exit(1)
    if not yes:
        typer.echo("Nothing was stored. Give --yes to store them.")
        return
    number = taking.take_in(engine, found, taking.about(told), "maintainers", on, replaces)
    typer.echo(f"They are stored as set {number}.")


def _form(file: Path) -> str:
    return "csv" if file.suffix.lower() == ".csv" else "xlsx"
