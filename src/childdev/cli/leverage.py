"""Commands on leverage, gaps, and what a loss or a gain would touch."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from childdev.cli.common import DataOption, plainly, reading

app = typer.Typer()

StageOption = Annotated[str, typer.Option("--stage", help="Of one stage, for instance primary")]
DomainOption = Annotated[str, typer.Option("--domain", help="Of one domain, for instance literacy")]
JsonOption = Annotated[bool, typer.Option("--json", help="As JSON, as the API gives it")]


@app.command()
@plainly
def leverage(
    stage: StageOption = "",
    domain: DomainOption = "",
    kind: Annotated[str, typer.Option("--kind", help="feature or environment")] = "feature",
    as_json: JsonOption = False,
    data: DataOption = None,
) -> None:
    """Where attention reaches far: features or environments by how much of what comes later rests on them."""
    from childdev.errors import ParameterError
    from childdev.pathways.leverage import BANDS, leverage_of
    from childdev.views import leverage as views

    if kind not in ("feature", "environment"):
        raise ParameterError(f"'{kind}' is not feature or environment.")
    with reading(data) as reader:
        _known(reader, stage, domain)
        far = views.chosen(reader, leverage_of(reader).values(), kind, stage, domain)
        if as_json:
            _print([views.far_data(reader, f) for f in far])
            return
        for band in BANDS:
            some = [f for f in far if f.band == band]
            if some:
                typer.echo(f"{views.REACHES[band][0]} ({len(some)})")
            for f in some:
                typer.echo(f"  {reader.label(views.node(f.thing))} | {views.reach_note(f)}")


@app.command()
@plainly
def gaps(
    stage: StageOption = "", domain: DomainOption = "", as_json: JsonOption = False, data: DataOption = None
) -> None:
    """Where much rests on little in the model."""
    from childdev.pathways.gaps import KINDS, gaps_of
    from childdev.views import leverage as views

    with reading(data) as reader:
        _known(reader, stage, domain)
        found = views.within(reader, gaps_of(reader), stage, domain)
        if as_json:
            _print([views.gap_data(reader, g) for g in found])
            return
        for kind, words in KINDS.items():
            some = [views.told(reader, g) for g in found if g.kind == kind]
            typer.echo(f"{words} ({len(some)})")
            for told in some:
                typer.echo(f"  {told.title} | {told.sentence}")


@app.command("what-if")
@plainly
def what_if(
    without: Annotated[
        list[str] | None, typer.Option("--without", help="What is gone, for instance environment/family-hub-nearby")
    ] = None,
    with_: Annotated[
        list[str] | None, typer.Option("--with", help="A link to add, for instance asset/x:environment/y")
    ] = None,
    as_json: JsonOption = False,
    data: DataOption = None,
) -> None:
    """What the loss of some things, or a gain, would touch in the model."""
    from childdev.errors import ParameterError
    from childdev.pathways import what_if as asked
    from childdev.pathways.links import linked
    from childdev.views import leverage as views

    if not (without or with_):
        raise ParameterError("Say what is gone by --without, or what is added by --with.")
    with reading(data) as reader:
        effect = asked.what_if(linked(reader), without or [], with_ or [])
        if as_json:
            _print(views.effect_data(reader, effect))
            return
        typer.echo("\n".join(views.effect_sentences(reader, effect)))
        for touch in (*effect.help, *effect.routes):
            typer.echo(f"  {reader.label(views.node(touch.thing))} | {views.touch_note(reader, touch)}")
        for group in views.stands_in(reader, effect):
            typer.echo(f"Could stand in for {group.instead_of.label}:")
            for link in group.found:
                typer.echo(f"  {link.label} | {link.note}")


def _known(reader: Any, stage: str, domain: str) -> None:
    from childdev.errors import NotFoundError
    from childdev.model.iris import iri

    for kind, slug in (("stage", stage), ("domain", domain)):
        if slug and not (slug.replace("-", "").isalnum() and slug.isascii() and reader.exists(iri(kind, slug))):
            raise NotFoundError(f"There is no {kind} called '{slug}'.")


def _print(found: object) -> None:
    typer.echo(json.dumps(found, ensure_ascii=False, indent=1))
