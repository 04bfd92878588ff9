"""Figures of areas over REST: JSON for one area or indicator, CSV and a data cube for one area or all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi import Path as InPath
from fastapi.responses import StreamingResponse
from pyoxigraph import RdfFormat, Triple, serialize

from childdev import terms as cd
from childdev.contribution.observations import cube
from childdev.contribution.observations.suppression import LEAST
from childdev.errors import NotFoundError
from childdev.model.iris import iri
from childdev.pathways import trends
from childdev.pathways.areas import reach
from childdev.store.observations import Figures, Observation
from childdev.store.reader import Reader
from childdev.web.installation import served
from childdev.web.observed import Index, index
from childdev.web.routes.api import Envelope, enveloped, problems

router = APIRouter(prefix="/api/v1", tags=["areas"])
_ERRORS = problems(404, 422)
_FILE: dict[int | str, dict[str, Any]] = {200: {"content": {"text/csv": {}, "text/turtle": {}}}, **_ERRORS}
Code = Annotated[str, InPath(pattern=r"^[A-Za-z][A-Za-z0-9-]{0,39}$", description="Of the area, as the ONS has it")]
Slug = Annotated[str, InPath(pattern=r"^[a-z0-9-]{1,80}$", description="Of the indicator")]
As = Annotated[Literal["csv", "ttl"], InPath(description="csv, or ttl for an RDF Data Cube")]
Offset = Annotated[int, Query(ge=0, le=1_000_000, description="How many to leave out before")]


@router.get("/areas", response_model=Envelope, responses=_ERRORS, summary="Areas of which there are figures")
def areas(
    request: Request, limit: Annotated[int, Query(ge=1, le=500, description="How many")] = 100, offset: Offset = 0
) -> Response:
    """By name. They are never put in an order of merit."""
    now = index(request)
    known = sorted((now.figures.areas[c] for c in now.by_area), key=lambda a: (a.name.casefold(), a.code))
    data = [{"code": a.code, "name": a.name, "part_of": a.part_of or None} for a in known[offset : offset + limit]]
    more = offset + limit < len(known)
    return enveloped(request, data, f"/api/v1/areas?limit={limit}&offset={offset + limit}" if more else None)


@router.get("/areas.{as_}", responses=_FILE, response_class=Response, summary="All figures as one file")
def everything(request: Request, as_: As) -> Response:
    """A CSV table, or an RDF Data Cube in Turtle."""
    figures = index(request).figures
    return _file(figures, figures.observations, as_, "childdev-areas")


@router.get("/areas/{code}.{as_}", responses=_FILE, response_class=Response, summary="All figures of an area as a file")
def area_file(request: Request, code: Code, as_: As) -> Response:
    """A CSV table, or an RDF Data Cube in Turtle."""
    now = index(request)
    return _file(now.figures, [o for some in _of(now, code).values() for o in some], as_, f"childdev-{code}")


@router.get("/areas/{code}", response_model=Envelope, responses=_ERRORS, summary="All figures of an area")
def area(request: Request, code: Code) -> Response:
    """Each indicator over time. A figure that is left out says so, and has no numbers."""
    now = index(request)
    some, a = _of(now, code), now.figures.areas[code]
    told = {slug: [_told(o, now.figures) for o in obs] for slug, obs in some.items()}
    return enveloped(request, {"code": a.code, "name": a.name, "part_of": a.part_of or None, "indicators": told})


@router.get(
    "/areas/{code}/{indicator}",
    response_model=Envelope,
    responses=_ERRORS,
    summary="One indicator over time",
)
def indicator(request: Request, code: Code, indicator: Slug) -> Response:
    """The trend with intervals (Wilson, 95 %), the last beside the past (Newcombe), and what a worse one touches."""
    now, reader = index(request), served(request).reader
    some = _of(now, code)
    if indicator not in some:
        raise NotFoundError(f"There are no figures of '{indicator}' for this area.")
    series = trends.points(some[indicator])
    better = reader.text(iri("indicator", indicator), cd.betterWhen) or "neither"
    seen = trends.change(series, better)
    children = trends.affected(series[-1], seen, better, LEAST)
    data = {
        "indicator": indicator,
        "area": code,
        "better_when": better,
        "points": [vars(p) for p in series],
        "change": vars(seen),
        "children": vars(children),
        **(_touched(reader, indicator) if seen.is_adverse else {}),
    }
    return enveloped(request, data)


def _touched(reader: Reader, slug: str) -> dict[str, Any]:
    found = reach(reader, slug)
    return {
        "measures": list(found.measured),
        "later": [{"feature": x.feature, "steps": x.steps, "tie": x.words} for x in found.later],
        "helped_by": {e: list(some) for e, some in found.helps.items()},
    }


def _of(now: Index, code: str) -> dict[str, list[Observation]]:
    if code not in now.by_area:
        raise NotFoundError(f"There are no figures of an area '{code}' here.", [("All areas", "/api/v1/areas")])
    return now.by_area[code]


def _told(o: Observation, figures: Figures) -> dict[str, Any]:
    about = figures.sets[figures.set_of[o.key]].about
    numbers = {"count": o.count, "denominator": o.denominator, "percent": o.percent, "left_out": o.left_out}
    return {"year": o.year, "period": o.period, **numbers, "source": about.title, "licence": about.licence}


def _file(figures: Figures, observations: Iterable[Observation], as_: str, name: str) -> Response:
    media = "text/csv" if as_ == "csv" else "text/turtle"
    pieces = cube.csv_lines(figures, observations) if as_ == "csv" else _turtle(cube.triples(figures, observations))
    headers = {
        "Access-Control-Allow-Origin": "*",
        "Cache-Control": "no-cache",
        "Content-Disposition": f'attachment; filename="{name}.{as_}"',
    }
    return StreamingResponse(pieces, media_type=media, headers=headers)


def _turtle(triples: Iterable[Triple]) -> Iterator[bytes]:
    """Turtle a piece at a time; each piece declares its prefixes again, which Turtle allows."""
    rest = iter(triples)
    while some := list(islice(rest, 4_000)):
        yield serialize(some, format=RdfFormat.TURTLE, prefixes=cube.PREFIXES_OF_CUBE) or b""
