"""Commands that ask the model."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer

from childdev.cli.common import DataOption, ModelOption, plainly, reading, settings_of

app = typer.Typer()


@app.command()
@plainly
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
    with reading(data) as reader:
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
@plainly
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

    inference = Inference(load(model_folder(settings_of(model=model))))
    step = inference.why(
        Triple(NamedNode(ID + subject), NamedNode(terms.NAMESPACE + relation), NamedNode(ID + object_))
    )
    if step is None:
        raise NotFoundError(f"The model does not say that {subject} {relation} {object_}.")
    typer.echo("\n".join(explain(step, inference.stated)))
