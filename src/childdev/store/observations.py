"""Figures of areas in the record: whole sets, each of one publication, that come, are replaced, or are withdrawn.

What is here was made safe before it came (`contribution.observations.suppression`): of a figure that is left out only
the fact that it is left out is kept. A set that ended keeps its line, and none of its figures.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, Engine, Integer, LargeBinary, String, Table, Text, insert, select, update
from sqlalchemy.engine import Connection

from childdev.errors import ConflictError, NotFoundError
from childdev.model.iris import BASE, GRAPH, ID
from childdev.store.database import METADATA

_SETS = Table(
    "observation_set",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("title", String(200), nullable=False),
    Column("details", Text, nullable=False),
    Column("made_at", String(40), nullable=False),
    Column("made_by", String(64), nullable=False),
    Column("figures", Integer, nullable=False),
    Column("left_out", Integer, nullable=False),
    Column("ended_at", String(40), nullable=True),
    Column("ended_by", String(64), nullable=True),
    Column("replaced_by", Integer, nullable=True),
    Column("data", LargeBinary, nullable=True),
)
#: the graph in which they are published, beside the model
OBSERVATIONS = f"{GRAPH}observations"
AREA, OBSERVATION, SET = f"{ID}area/", f"{ID}observation/", f"{BASE}observations/"
#: England, with which every area is compared
ENGLAND = "E92000001"


@dataclass(frozen=True, slots=True)
class Observation:
    """A figure: an indicator (its slug), an area (its code), the year in which the period begins and its words.

    `percent` is the share of `denominator` that `count` is. Where a figure is left out, all three are None.
    """

    indicator: str
    area: str
    year: int
    period: str
    count: int | None = None
    denominator: int | None = None
    percent: float | None = None
    left_out: bool = False

    @property
    def key(self) -> tuple[str, str, int]:
        """What no two figures share."""
        return (self.indicator, self.area, self.year)

    @property
    def slug(self) -> str:
        """The end of its IRI."""
        return f"{self.area}--{self.indicator}--{self.year}"


@dataclass(frozen=True)
class Area:
    """An area by its code (that of the ONS where it has one), its name, and the code of the larger one around it."""

    code: str
    name: str
    part_of: str = ""


@dataclass(frozen=True)
class About:
    """What a set is: its title, publisher, the year and address of the publication, its licence.

    `basis` says how the figures were checked, as of a claim: "read" in the source, or "named" from knowledge.
    """

    title: str
    publisher: str
    licence: str
    year: int | None = None
    link: str = ""
    basis: str = "read"
    note: str = ""
    is_example: bool = False


@dataclass(frozen=True)
class ObservationSet:
    """A set as it lies in the record. `made_by` and `ended_by` are roles."""

    id: int
    about: About
    made_at: str
    made_by: str
    figures: int
    left_out: int
    ended_at: str | None = None
    ended_by: str | None = None
    replaced_by: int | None = None


@dataclass
class Figures:
    """Areas by code and observations, with the set of each."""

    areas: dict[str, Area] = field(default_factory=dict)
    observations: list[Observation] = field(default_factory=list)
    sets: dict[int, ObservationSet] = field(default_factory=dict)
    set_of: dict[tuple[str, str, int], int] = field(default_factory=dict)


# ---------------------------------------------------------------- reading


def sets(engine: Engine) -> list[ObservationSet]:
    """All sets, the newest first, those that ended too."""
    told = [c for c in _SETS.c if c.name != "data"]
    with engine.connect() as connection:
        return [_set(row) for row in connection.execute(select(*told).order_by(_SETS.c.id.desc()))]


def is_new(engine: Engine) -> bool:
    """Whether no set ever came."""
    with engine.connect() as connection:
        return connection.execute(select(_SETS.c.id).limit(1)).first() is None


def fingerprint(connection: Connection) -> str:
    """What tells these figures from those before and after; cheap enough to ask for every page."""
    rows = connection.execute(
        select(_SETS.c.id, _SETS.c.made_at).where(_SETS.c.ended_at.is_(None)).order_by(_SETS.c.id)
    ).all()
    return hashlib.sha256(repr([tuple(r) for r in rows]).encode()).hexdigest()[:16]


def load(engine: Engine, but: int | None = None) -> Figures:
    """All figures that stand; those of the set `but` left out."""
    found = Figures()
    query = select(_SETS).where(_SETS.c.ended_at.is_(None)).order_by(_SETS.c.id)
    with engine.connect() as connection:
        for row in connection.execute(query):
            if row.id == but:
                continue
            areas, observations = _unpack(row.data)
            found.sets[row.id] = _set(row)
            for area in areas:
                known = found.areas.get(area.code)
                if known is None or (area.part_of and not known.part_of):
                    found.areas[area.code] = area
            found.observations += observations
            found.set_of.update(dict.fromkeys((o.key for o in observations), row.id))
    return found


# ---------------------------------------------------------------- writing


def add(
    connection: Connection,
    about: About,
    made_by: str,
    areas: Iterable[Area],
    observations: Iterable[Observation],
    replaces: int | None = None,
) -> int:
    """Put a set that was made safe into the record, in the place of another if it `replaces` one; gives its number.

    It is part of the caller's transaction.

    Raises:
        NotFoundError: there is no set to replace.
        ConflictError: another set says something of the same indicator, area and year.
    """
    some = sorted(observations, key=lambda o: o.key)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    number = connection.execute(
        insert(_SETS).values(
            title=about.title,
            details=json.dumps(asdict(about), ensure_ascii=False),
            made_at=now,
            made_by=made_by,
            figures=len(some),
            left_out=sum(o.left_out for o in some),
            data=_pack(areas, some),
        )
    ).inserted_primary_key
    assert number is not None
    made = int(number[0])
    if replaces is not None:
        end(connection, replaces, made_by, made)
    keys = {o.key for o in some}
    for row in connection.execute(select(_SETS).where(_SETS.c.ended_at.is_(None), _SETS.c.id != made)):
        if any(o.key in keys for o in _unpack(row.data)[1]):
            raise ConflictError(
                f"Some of these figures are in “{row.title}” already. Replace that set, or withdraw it first."
            )
    return made


def end(connection: Connection, number: int, ended_by: str, replaced_by: int | None = None) -> None:
    """Withdraw a set: its figures go, its line stays.

    Raises:
        NotFoundError: there is none that stands.
    """
    now = datetime.now(UTC).isoformat(timespec="seconds")
    done = connection.execute(
        update(_SETS)
        .where(_SETS.c.id == number, _SETS.c.ended_at.is_(None))
        .values(ended_at=now, ended_by=ended_by, replaced_by=replaced_by, data=None)
    )
    if done.rowcount != 1:
        raise NotFoundError(f"There is no set of figures with the number {number} that stands.", [("Areas", "/areas")])


def _pack(areas: Iterable[Area], observations: Iterable[Observation]) -> bytes:
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\n")
    for a in sorted(areas, key=lambda a: a.code):
        out.writerow(("a", a.code, a.name, a.part_of))
    for o in observations:
        figures = ("" if n is None else n for n in (o.count, o.denominator, o.percent))
        out.writerow(("o", o.indicator, o.area, o.year, o.period, *figures, "1" if o.left_out else ""))
    return zlib.compress(text.getvalue().encode(), 6)


def _unpack(packed: bytes | None) -> tuple[list[Area], list[Observation]]:
    areas: list[Area] = []
    observations: list[Observation] = []
    for row in csv.reader(io.StringIO(zlib.decompress(packed).decode() if packed else "", newline="")):
        if row[0] == "a":
            areas.append(Area(*row[1:]))
            continue
        _, indicator, area, year, period, count, denominator, percent, left_out = row
        numbers = (int(count) if count else None, int(denominator) if denominator else None)
        share = float(percent) if percent else None
        observations.append(Observation(indicator, area, int(year), period, *numbers, share, bool(left_out)))
    return areas, observations


def _set(row: Any) -> ObservationSet:
    told: Mapping[str, Any] = json.loads(row.details)
    ended = (row.ended_at, row.ended_by, row.replaced_by)
    return ObservationSet(row.id, About(**told), row.made_at, row.made_by, row.figures, row.left_out, *ended)
