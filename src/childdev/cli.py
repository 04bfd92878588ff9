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

    folder = model_folder(_settings(model=model))
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

    data = taking.bytes_of(file, _settings().upload_bytes)
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


@app.command()
@_plainly
def backup(
    file: Annotated[Path, typer.Argument(help="New file to make, for instance childdev.tar.gz")],
    data: DataOption = None,
) -> None:
    """Back up everything into one file, while the server goes on.

    The file holds private things (accounts, drafts, suggestions, workshops). Only you may read it; keep it so.
    """
    from childdev.release.build import infer
    from childdev.store import backup as backing

    made = backing.backup(file, _settings(data=data), infer)
    typer.echo(
        f"{file} holds the record with {made.number + 1:,} versions: {made.rows:,} rows of {len(made.tables)} tables. "
        "There are private things in it; keep it where only those who run this may read it."
    )


@app.command()
@_plainly
def restore(
    file: Annotated[Path, typer.Argument(help="A file made by `childdev backup`")],
    data: DataOption = None,
) -> None:
    """Put a backup into a new data folder; where CHILDDEV_DATABASE is set, its rows into that empty database."""
    from childdev.release.build import infer
    from childdev.store import backup as backing

    settings = _settings(data=data)
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


def _named_model(name: str, data: Path | None) -> Any:
    """A model by the folder of its Turtle, or by the name of a version of the record."""
    from childdev.errors import NotFoundError
    from childdev.model.modules import load
    from childdev.store.record import lines_model

    if Path(name).is_dir():
        return load(Path(name))
    record = _record(data)
    try:
        number = record.number(name)
        if number is None:
            raise NotFoundError(f"There is no folder and no version '{name}'.")
        return lines_model(record.state(number))
    finally:
        record.close()


def _record(data: Path | None) -> Any:
    from childdev.errors import StoreError
    from childdev.store.record import Record

    settings = _settings(data=data)
    if settings.database is None and not (settings.data / "record.sqlite").exists():
        raise StoreError(f"{settings.data} holds no version yet; run `childdev build` first.")
    record = Record(settings.database_url)
    if record.head() is None:
        record.close()
        raise StoreError(f"{settings.data} holds no version yet; run `childdev build` first.")
    return record


@app.command()
@_plainly
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
        _export_template(template, file, as_, filled, model_folder(_settings(model=model)))
        return
    if to is None:
        raise ParameterError("Say what to write: --to with a folder for the Turtle, or --template with a table.")
    from childdev.release.export import export as write

    record = _record(data)
    try:
        name = version or record.name(record.head())
    finally:
        record.close()
    done = write(_named_model(name, data), to, model_folder(_settings(model=model)))
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
@_plainly
def diff(
    a: Annotated[str, typer.Argument(metavar="A", help="A version by its name, or a folder of Turtle")],
    b: Annotated[str, typer.Argument(metavar="B", help="Another one")],
    data: DataOption = None,
) -> None:
    """Say in sentences what is different in B."""
    from childdev.model.stated import Stated
    from childdev.release.notes import sections
    from childdev.release.numbering import between

    before, after = _named_model(a, data), _named_model(b, data)
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
@_plainly
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
    publication, problem = open_publication(_settings(data=data, model=model))
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


user = typer.Typer(help="The people who may do more than read.", no_args_is_help=True)
app.add_typer(user, name="user")
RoleOption = Annotated[
    list[str],
    typer.Option("--role", help="facilitator, domain-reviewer, model-reviewer, maintainer; repeat it"),
]


@contextmanager
def _accounts(data: Path | None) -> Iterator[tuple[Any, Callable[[str], str]]]:
    """A transaction on the accounts of a data folder, and what makes an address of a path."""
    from childdev.store.database import connect

    settings = _settings(data=data)
    settings.data.mkdir(parents=True, exist_ok=True)
    base = settings.public_url or f"http://{settings.host}:{settings.port}"
    engine = connect(settings.database_url)
    try:
        with engine.begin() as connection:
            yield connection, lambda path: base.rstrip("/") + path
    finally:
        engine.dispose()


@user.command(name="list")
@_plainly
def user_list(data: DataOption = None) -> None:
    """List everybody, with their roles."""
    from childdev.access import accounts

    with _accounts(data) as (connection, _):
        for person in accounts.everyone(connection):
            state = "" if person.active else "  (kept out)"
            typer.echo(f"{person.name:<32} {', '.join(sorted(person.roles))}{state}")


@user.command(name="add")
@_plainly
def user_add(name: str, role: RoleOption, data: DataOption = None) -> None:
    """Invite somebody: prints a link by which they choose their password."""
    from childdev.access import accounts, audit, links
    from childdev.access.policy import Action

    with _accounts(data) as (connection, address):
        person = accounts.create(connection, name, accounts.roles_named(role))
        path = links.make(connection, links.Purpose.INVITATION, person.id)
        audit.note(connection, None, Action.MANAGE_PEOPLE, f"invited account {person.id}")
    typer.echo(f"{person.name} is invited. This link works once, within 7 days:\n  {address(path)}")


@user.command(name="role")
@_plainly
def user_role(name: str, role: RoleOption, data: DataOption = None) -> None:
    """Give somebody these roles and no others."""
    from childdev.access import accounts, audit
    from childdev.access.policy import Action

    with _accounts(data) as (connection, _):
        person, roles = accounts.named(connection, name), accounts.roles_named(role)
        accounts.set_roles(connection, person.id, roles)
        audit.note(connection, None, Action.MANAGE_PEOPLE, f"roles of account {person.id}: {', '.join(sorted(roles))}")
    typer.echo(f"{person.name} is now {', '.join(sorted(roles))}.")


@user.command(name="disable")
@_plainly
def user_disable(
    name: str,
    again: Annotated[bool, typer.Option("--undo", help="Let them in again")] = False,
    data: DataOption = None,
) -> None:
    """Keep somebody out: sessions, links and tokens end at once."""
    from childdev.access import accounts, audit
    from childdev.access.policy import Action

    with _accounts(data) as (connection, _):
        person = accounts.named(connection, name)
        accounts.set_active(connection, person.id, again)
        done = "let in" if again else "kept out"
        audit.note(connection, None, Action.MANAGE_PEOPLE, f"{done} account {person.id}")
    typer.echo(f"{person.name} is {done}.")


@user.command(name="link")
@_plainly
def user_link(name: str, data: DataOption = None) -> None:
    """Print a new link by which somebody chooses a password."""
    from childdev.access import accounts, audit, links
    from childdev.access.policy import Action

    with _accounts(data) as (connection, address):
        person = accounts.named(connection, name)
        path = links.make(connection, links.Purpose.RESET, person.id)
        audit.note(connection, None, Action.MANAGE_PEOPLE, f"link for account {person.id}")
    typer.echo(f"This link works once, within 24 hours:\n  {address(path)}")


@user.command(name="token")
@_plainly
def user_token(
    name: str,
    action: Annotated[list[str], typer.Option("--action", help="What it allows, for instance write-by-standards")],
    label: Annotated[str, typer.Option(help="What it is for")],
    days: Annotated[int, typer.Option(min=1, max=365, help="For how many days it holds")] = 90,
    data: DataOption = None,
) -> None:
    """Print a token by which a program acts in somebody's name."""
    from childdev.access import accounts, audit, tokens
    from childdev.access.policy import Action

    with _accounts(data) as (connection, _):
        person = accounts.named(connection, name)
        secret = tokens.create(connection, person, label, tokens.actions_named(person, action), days)
        audit.note(connection, None, Action.MANAGE_PEOPLE, f"token for account {person.id}")
    typer.echo(f"Send it as Authorization: Bearer. It is not shown again:\n  {secret}")


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
