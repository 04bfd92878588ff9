"""The command `childdev`."""

from __future__ import annotations

import typer

from childdev import memory
from childdev.cli import areas, asking, leverage, modelling, serving, users

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False)
for part in (serving, modelling, asking, leverage, areas, users):
    app.add_typer(part.app)


@app.callback()
def _start() -> None:
    """A knowledge graph of healthy child development."""
    memory.settle()
