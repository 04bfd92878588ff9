"""Leverage, gaps, and what a loss or a gain would touch: pages and data."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from childdev.pathways.gaps import KINDS as GAPS
from childdev.pathways.gaps import gaps_of
from childdev.pathways.leverage import leverage_of
from childdev.pathways.links import linked, out
from childdev.pathways.what_if import KINDS, Effect, what_if
from childdev.store.reader import Reader
from childdev.views import leverage as views
from childdev.views import overview
from childdev.views.things import Link
from childdev.web.installation import served
from childdev.web.kept_route import KeptRoute
from childdev.web.routes.api import ERRORS, Envelope, Limit, Offset, enveloped
from childdev.web.service import Service
from childdev.web.templating import page

router = APIRouter(route_class=KeptRoute)

#: so many of the later features are named on a page
_LATER = 40

Stage = Annotated[str, Query(max_length=80, description="The slug of a stage; empty for all")]
Domain = Annotated[str, Query(max_length=80, description="The slug of a domain; empty for all")]
Without = Annotated[
    list[str],
    Query(description="What is gone, as kind/slug, or a link as kind/slug:kind/slug from what helps to what it helps"),
]
With = Annotated[list[str], Query(alias="with", description="A link to add, as kind/slug:kind/slug")]
Kind = Annotated[str, Query(pattern="^(feature|environment)$", description="feature or environment")]


@router.get("/leverage", include_in_schema=False)
def leverage(request: Request, stage: Stage = "", domain: Domain = "", sort: str = "age") -> Response:
    """Where attention reaches far."""
    service = _asked(request, stage, domain)
    reader = service.reader
    far = leverage_of(reader)
    features = views.chosen(reader, far.values(), "feature", stage, domain)
    environments = views.chosen(reader, far.values(), "environment", stage, domain)
    return page(
        request,
        "leverage.html",
        **_choices(reader, stage, domain),
        sort=sort,
        by=urlencode([(k, v) for k, v in (("stage", stage), ("domain", domain)) if v]),
        features=views.grouped(reader, features, sort)[: None if stage or domain else 2],
        environments=views.grouped(reader, environments, sort)[: None if stage or domain else 2],
        crossings=views.crossings(reader, features),
        gates=views.gates(reader, features),
    )


@router.get("/leverage/gaps", include_in_schema=False)
def gaps(request: Request, stage: Stage = "", domain: Domain = "") -> Response:
    """Where much rests on little, each with a next step."""
    reader = _asked(request, stage, domain).reader
    found = views.within(reader, gaps_of(reader), stage, domain)
    groups = [(kind, words, [views.told(reader, g) for g in found if g.kind == kind]) for kind, words in GAPS.items()]
    return page(request, "leverage-gaps.html", **_choices(reader, stage, domain), groups=groups)


@router.get("/leverage/what-if", include_in_schema=False)
def what_if_page(
    request: Request,
    without: Without = [],  # noqa: B006 - FastAPI copies it
    with_: With = [],  # noqa: B006
    q: Annotated[str, Query(max_length=500)] = "",
) -> Response:
    """What a loss or a gain would touch, in sentences."""
    service = served(request)
    reader = service.reader
    effect = what_if(linked(reader), without, with_)
    hits = service.search.find(q, 40) if q.strip() else []
    found = [(h.link, h.kind) for h in hits if h.link.url[1:].partition("/")[0] in KINDS]
    return page(
        request,
        "leverage-what-if.html",
        q=q,
        found=[(link, kind, views.what_if_url([*without, link.url[1:]], with_)) for link, kind in found[:12]],
        **_effect(reader, effect),
    )


def _effect(reader: Reader, effect: Effect) -> dict[str, Any]:
    """What the page says of an effect."""
    without, with_ = list(effect.without), list(effect.with_)
    features, routes = effect.touched("feature"), [t for t in effect.routes if t.lost or t.gained]
    return {
        "effect": effect,
        "lost": views.listed([f"“{_named(reader, n).label}”" for n in without], 3),
        "address": views.what_if_url(without, with_).removeprefix("/leverage/"),
        "gone": [(_named(reader, n), views.what_if_url([o for o in without if o != n], with_)) for n in without],
        "more": [(_named(reader, n), views.what_if_url(without, [o for o in with_ if o != n])) for n in with_],
        "also": [(views.linked_to(reader, n), views.what_if_url([*without, n], with_)) for n in _near(reader, without)],
        "sentences": views.effect_sentences(reader, effect),
        "groups": [
            ("Features with less or more help", views.touched_links(reader, features)),
            ("Features with fewer or more ways in", views.touched_links(reader, routes)),
            ("What people draw on", views.touched_links(reader, effect.touched("asset"))),
            ("Environments", views.touched_links(reader, effect.touched("environment"))),
            ("Protective factors", views.touched_links(reader, effect.touched("factor"))),
        ],
        "later": [views.linked_to(reader, n) for n in _in_order(reader, effect.later)[:_LATER]],
        "stand_ins": views.stands_in(reader, effect),
    }


def _in_order(reader: Reader, names: tuple[str, ...]) -> list[str]:
    nodes = linked(reader).nodes
    return sorted(names, key=lambda n: (nodes[n].get("typicalFromMonths", 0), nodes[n]["label"]))


def _named(reader: Reader, name: str) -> Link:
    first, _, last = name.partition(":")
    found = views.linked_to(reader, first)
    if not last:
        return found
    words = f"{found.label} → {views.linked_to(reader, last).label}"
    return Link(found.iri, words, found.url)


def _near(reader: Reader, without: list[str]) -> list[str]:
    """What is often gone together with what is gone: what supports it, and who holds it."""
    graph, found = linked(reader), []
    for name in without:
        if name.startswith("asset/"):
            found += [*out(graph, name, "heldBy"), *(o for o in out(graph, name, "supports"))]
        elif name.startswith("environment/"):
            found += sorted(s for s, _, k in graph.in_edges(name, keys=True) if k == "supports")
    return [n for n in dict.fromkeys(found) if n not in without and n.partition("/")[0] in KINDS][:8]


def _asked(request: Request, stage: str, domain: str) -> Service:
    """The service, once the stage and the domain are known to be there."""
    service: Service = served(request)
    for kind, slug in (("stage", stage), ("domain", domain)):
        if slug:
            service.find(kind, slug)
    return service


def _choices(reader: Reader, stage: str, domain: str) -> dict[str, Any]:
    return {
        "columns": overview.stages(reader),
        "domains": [(d.value.rsplit("/", 1)[-1], reader.label(d)) for d in reader.of_kind("domain")],
        "stage": stage,
        "domain": domain,
    }


def _paged(request: Request, path: str, found: list[Any], limit: int, offset: int, **asked: str) -> Response:
    query = {**{k: v for k, v in asked.items() if v}, "limit": limit, "offset": offset + limit}
    following = f"{path}?{urlencode(query)}" if offset + limit < len(found) else None
    return enveloped(request, found[offset : offset + limit], following)


@router.get("/api/v1/leverage", response_model=Envelope, responses=ERRORS, tags=["model"], summary="Leverage")
def leverage_data(
    request: Request,
    kind: Kind = "feature",
    stage: Stage = "",
    domain: Domain = "",
    limit: Limit = 100,
    offset: Offset = 0,
) -> Response:
    """How far features or environments reach into what comes later, with how well that holds if links are wrong.

    `band` (very far, far, some way, nearby) holds `held` of 100 times when a tenth of the links is lost at random;
    `reach` adds up how sure the surest line to each later feature is; `passing` counts the surest lines between
    others that pass through it; `gate` names the features to which every line from the first stage passes through it.
    These are about the model and say nothing of any child.
    """
    reader = _asked(request, stage, domain).reader
    found = views.chosen(reader, leverage_of(reader).values(), kind, stage, domain)
    rows = [views.far_data(reader, f) for f in found]
    return _paged(request, "/api/v1/leverage", rows, limit, offset, kind=kind, stage=stage, domain=domain)


@router.get("/api/v1/gaps", response_model=Envelope, responses=ERRORS, tags=["model"], summary="Gaps")
def gaps_data(
    request: Request, stage: Stage = "", domain: Domain = "", limit: Limit = 100, offset: Offset = 0
) -> Response:
    """Where much rests on little in the model, each with a sentence and a next step."""
    reader = _asked(request, stage, domain).reader
    rows = [views.gap_data(reader, g) for g in views.within(reader, gaps_of(reader), stage, domain)]
    return _paged(request, "/api/v1/gaps", rows, limit, offset, stage=stage, domain=domain)


@router.get("/api/v1/what-if", response_model=Envelope, responses=ERRORS, tags=["model"], summary="What if")
def what_if_data(
    request: Request,
    without: Without = [],  # noqa: B006
    with_: With = [],  # noqa: B006
) -> Response:
    """What the loss of some things or links, or a gain, would touch in the model. It never counts children."""
    reader = served(request).reader
    return enveloped(request, views.effect_data(reader, what_if(linked(reader), without, with_)))
