"""The picture of an area: pages for people, addresses of areas and observations, and the same as data."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import RedirectResponse
from markupsafe import Markup
from pyoxigraph import RdfFormat, Triple, serialize

from childdev.access.policy import Action
from childdev.contribution.observations import cube
from childdev.errors import NotFoundError
from childdev.pathways import trends
from childdev.store.observations import ENGLAND, Area, Observation
from childdev.views import areas as views
from childdev.views import charts, curve
from childdev.web.installation import installation, served
from childdev.web.kept import etag, unchanged
from childdev.web.negotiation import best
from childdev.web.observed import Index, index
from childdev.web.routes import areas_data, observing
from childdev.web.signed import person
from childdev.web.templating import page

#: areas in one list
_LISTED = 200


@asynccontextmanager
async def _closing(app: FastAPI) -> AsyncIterator[None]:
    yield
    if (found := getattr(app.state, "observed", None)) is not None:
        await found.close()


pages = APIRouter(include_in_schema=False)


def _kept(request: Request, now: Index, make: Callable[[], Response]) -> Response:
    """An answer that hangs on the model, the figures and the address: made once."""
    service = served(request)
    parts = (service.published.made_at, now.fingerprint, request.url.path, request.url.query, request.app.state.code)
    tag = etag(service.version, *parts)
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    if unchanged(request, tag):
        return Response(status_code=304, headers=headers)
    if (found := service.kept.get(tag)) is not None:
        return Response(found[0], headers={**found[1], **headers})
    response = make()
    response.headers.update(headers)
    if response.status_code == 200:
        kept = {k: v for k, v in response.headers.items() if k != "content-length"}
        service.kept.put(tag, bytes(response.body), kept)
    return response


@pages.api_route("/areas", methods=["GET", "HEAD"])
def areas(request: Request, q: str = "") -> Response:
    """The first page: what the manifesto says, then the areas there are."""
    charts.warm()
    now, here = index(request), installation(request)
    figures = now.figures
    account = None if here.read_only else person(request)
    tops = {o for o in now.by_area if figures.areas[o].part_of not in now.by_area}
    known = {**figures.areas, **{c: Area(c, figures.areas[c].name) for c in tops}}
    found = views.listed(known, now.by_area, None if q else "", q)
    if not q:  # what lies in England is shown at once
        found += views.listed(figures.areas, now.by_area, ENGLAND)
    response = page(
        request,
        "areas.html",
        found=found[:_LISTED],
        more=max(0, len(found) - _LISTED),
        q=q,
        sets=list(figures.sets.values()),
        may=account is not None and account.may(Action.KEEP_FIGURES),
        can_be_written=not here.read_only,
    )
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@pages.api_route("/area/{code}", methods=["GET", "HEAD"])
def area(request: Request, code: str) -> Response:
    """The picture of one area."""
    now = index(request)
    found = _area(now, code)

    def make() -> Response:
        some = views.trends(served(request).reader, now.figures, found, now.by_area[code], _england(now))
        within = views.listed(now.figures.areas, now.by_area, code)
        return page(
            request,
            "area.html",
            area=found,
            around=now.figures.areas.get(found.part_of) if found.part_of in now.by_area else None,
            aspects=views.by_aspect(some),
            adverse=[t for t in some if t.change.is_adverse],
            within=within[:_LISTED],
            within_more=max(0, len(within) - _LISTED),
            svg=_svg,
            collected=lambda slug: views.collected(served(request).reader, slug),
        )

    return _kept(request, now, make)


@pages.api_route("/area/{code}/{indicator}", methods=["GET", "HEAD"])
def indicator(request: Request, code: str, indicator: str) -> Response:
    """One indicator of an area: its trend and, where it gets worse, what that may touch and what helps."""
    now = index(request)
    found, reader = _area(now, code), served(request).reader
    _indicator(now, code, indicator)

    def make() -> Response:
        told = views.one(reader, now.figures, found, indicator, now.by_area[code], _england(now))
        lit = curve.lit(reader, indicator)
        return page(
            request, "area-indicator.html", area=found, t=told, lit=lit, svg=_svg, past=trends.PAST, step=trends.STEP
        )

    return _kept(request, now, make)


@pages.api_route("/area/{code}/{indicator}/turn-the-curve", methods=["GET", "HEAD"])
def turn_the_curve(request: Request, code: str, indicator: str) -> Response:
    """A page for talking about a figure: to print and write on. Nothing is stored."""
    now = index(request)
    found, reader = _area(now, code), served(request).reader
    _indicator(now, code, indicator)

    def make() -> Response:
        told = views.one(reader, now.figures, found, indicator, now.by_area[code], _england(now))
        found_curve = curve.curve(reader, indicator)
        return page(request, "area-curve.html", area=found, t=told, k=found_curve, story=curve.STORY, svg=_svg)

    return _kept(request, now, make)


# ---------------------------------------------------------------- addresses and data of one area


@pages.api_route("/id/area/{code}", methods=["GET", "HEAD"])
def area_name(request: Request, code: str) -> Response:
    """The IRI of an area."""
    _area(index(request), code)
    return _see_other(request, f"/area/{code}", f"/data/area/{code}")


@pages.api_route("/id/observation/{slug}", methods=["GET", "HEAD"])
def observation_name(request: Request, slug: str) -> Response:
    """The IRI of an observation."""
    o = _observation(index(request), slug)
    return _see_other(request, f"/area/{o.area}/{o.indicator}", f"/data/observation/{slug}")


@pages.api_route("/observation/{slug}", methods=["GET", "HEAD"])
def observation_page(request: Request, slug: str) -> Response:
    """An observation has no page of its own; it stands in the table of its trend."""
    o = _observation(index(request), slug)
    return RedirectResponse(f"/area/{o.area}/{o.indicator}", 303)


@pages.api_route("/data/area/{code}.{extension}", methods=["GET", "HEAD"])
def area_data(request: Request, code: str, extension: str) -> Response:
    """What is said of an area."""
    now = index(request)
    _area(now, code)
    observations = [o for some in now.by_area[code].values() for o in some]
    return _rdf(cube.triples(now.figures, observations), extension)


@pages.api_route("/data/observation/{slug}.{extension}", methods=["GET", "HEAD"])
def observation_data(request: Request, slug: str, extension: str) -> Response:
    """What is said of an observation."""
    now = index(request)
    return _rdf(cube.triples(now.figures, [_observation(now, slug)]), extension)


@pages.api_route("/graph/observations", methods=["GET", "HEAD"])
def graph(request: Request) -> Response:
    """The name of the graph of observations leads to all of them."""
    return RedirectResponse("/api/v1/areas.ttl", 303)


_FORMS = {
    "ttl": ("text/turtle", RdfFormat.TURTLE),
    "nt": ("application/n-triples", RdfFormat.N_TRIPLES),
    "rdf": ("application/rdf+xml", RdfFormat.RDF_XML),
    "jsonld": ("application/ld+json", RdfFormat.JSON_LD),
}
_OFFERED = {media: extension for extension, (media, _) in _FORMS.items()}


def _see_other(request: Request, page_url: str, data_url: str) -> Response:
    liked = best(request.headers.get("accept"), ("text/html", *_OFFERED))
    target = page_url if liked in (None, "text/html") else f"{data_url}.{_OFFERED[str(liked)]}"
    return RedirectResponse(target, 303, {"Vary": "Accept", "Access-Control-Allow-Origin": "*"})


def _rdf(triples: Iterable[Triple], extension: str) -> Response:
    if extension not in _FORMS:
        raise NotFoundError(f"There is no format '{extension}'; there are {', '.join(_FORMS)}.")
    media, form = _FORMS[extension]
    body = serialize(list(triples), format=form, prefixes=cube.PREFIXES_OF_CUBE)
    return Response(body, media_type=media, headers={"Access-Control-Allow-Origin": "*"})


def _area(now: Index, code: str) -> Area:
    """An area with figures.

    Raises:
        NotFoundError: there is none.
    """
    if code not in now.by_area:
        raise NotFoundError(f"There are no figures of an area '{code}' here.", [("All areas", "/areas")])
    return now.figures.areas[code]


def _indicator(now: Index, code: str, slug: str) -> None:
    if slug not in now.by_area[code]:
        name = now.figures.areas[code].name
        raise NotFoundError(f"There are no figures of '{slug}' for this area.", [(name, f"/area/{code}")])


def _observation(now: Index, slug: str) -> Observation:
    code, _, rest = slug.partition("--")
    for o in now.by_area.get(code, {}).get(rest.rpartition("--")[0], ()):
        if o.slug == slug:
            return o
    raise NotFoundError(f"There is no observation '{slug}' here.", [("All areas", "/areas")])


def _england(now: Index) -> views.ByIndicator:
    return now.by_area.get(ENGLAND, {})


def _svg(drawn: str) -> Markup:
    return Markup(drawn)  # noqa: S704 - made here, its words escaped


router = APIRouter(lifespan=_closing)
for part in (areas_data.router, observing.router, pages):
    router.include_router(part)
