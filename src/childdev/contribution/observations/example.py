"""The worked example: published national figures, brought in as any others are."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import Engine

from childdev.contribution.observations.checking import check
from childdev.errors import TableError
from childdev.store import observations as kept
from childdev.store.observations import About

FOLDER = Path(__file__).parent / "worked_example"
OGL = "Open Government Licence v3.0"


def bring_in(engine: Engine, indicators: Mapping[str, str]) -> int:
    """Put the worked example into a record to which no figures ever came; gives the number of sets that came.

    A set that does not fit the indicators of this model is left out.
    """
    if not kept.is_new(engine):
        return 0
    done = 0
    for name, told in tomllib.loads((FOLDER / "sets.toml").read_text("utf-8")).items():
        try:
            found = check((FOLDER / f"{name}.csv").read_bytes(), f"{name}.csv", indicators, kept.load(engine))
        except TableError:
            continue
        if found.is_good:
            with engine.begin() as connection:
                about = About(**told, licence=OGL, is_example=True)
                kept.add(connection, about, "maintainers", found.areas.values(), found.observations)
                done += 1
    return done
