"""The pages of single things: a feature, a claim, anything else, and why a statement holds."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from pyoxigraph import NamedNode, Triple

from childdev import terms as cd
from childdev.errors import NotFoundError, ParameterError
from childdev.model.iris import KINDS, iri
from childdev.model.modules import RDF_TYPE
from childdev.reasoning.words import explain
from childdev.store.reader import DEFINITION, NOTE, Reader
from childdev.views.feature import feature_page
from childdev.views.layout import neighbourhood
from childdev.views.thing import claim_page, page_of, thing_page
from childdev.views.things import link, successors, url
from childdev.web.installation import served
from childdev.web.kept_route import KeptRoute
from childdev.web.service import Service
from childdev.web.templating import page

router = APIRouter(include_in_schema=False, route_class=KeptRoute)

LENSES = {"family": "Family", "education": "Education", "health": "Health", "care": "Care"}


@router.get("/why")
def why(request: Request, subject: str, relation: str, object: str) -> Response:
    """Why a statement holds, step by step."""
    service: Service = served(request)
    s, p, o = (NamedNode(_named(x)) for x in (subject, relation, object))
    step = service.inference.why(Triple(s, p, o))
    if step is None:
        raise NotFoundError("The model does not say this, so there is nothing to explain.")
    return page(
        request,
        "why.html",
        lines=explain(step, service.inference.stated),
        subject=link(service.reader, s),
        object=link(service.reader, o),
    )


def _named(value: str) -> str:
    """The IRI that a short name stands for: kind/slug, or a relation of the vocabulary.

    Raises:
        ParameterError: it is neither.
    """
    kind, _, slug = value.partition("/")
    if kind in KINDS and slug and all(c.isalnum() or c == "-" for c in slug):
        return iri(kind, slug).value
    if value.isidentifier():
        return cd.NAMESPACE + value
    raise ParameterError(f"'{value}' names no thing; write it as kind/slug, for instance feature/walks-alone.")


@router.get("/feature/{slug}")
def feature(request: Request, slug: str, lens: str = "family") -> Response:
    """A feature: seven questions, answered in order."""
    thing = served(request).find("feature", slug)
    reader = served(request).reader
    if reader.holds(thing, RDF_TYPE, cd.Retired):
        return _retired(request, "feature", thing, slug)
    shown = lens if lens in LENSES else "family"
    return page(
        request,
        "feature.html",
        p=feature_page(reader, thing),
        successors=successors(reader, thing),
        slug=slug,
        lens=shown,
        lenses=LENSES,
        picture=neighbourhood(reader, thing, 6),
    )


@router.get("/claim/{slug}")
def claim(request: Request, slug: str) -> Response:
    """Why a statement stands."""
    reader = served(request).reader
    found = served(request).find("claim", slug)
    if reader.holds(found, RDF_TYPE, cd.Retired):
        return _retired(request, "claim", found, slug)
    return page(request, "claim.html", p=claim_page(reader, found), slug=slug)


@router.get("/{kind}/{slug}")
def thing(request: Request, kind: str, slug: str) -> Response:
    """Anything else."""
    if kind not in KINDS:
        raise NotFoundError(f"There is no page /{kind}/{slug}.", served(request).search.near(slug))
    found = served(request).find(kind, slug)
    reader = served(request).reader
    if reader.holds(found, RDF_TYPE, cd.Retired):
        return _retired(request, kind, found, slug)
    owner = page_of(reader, kind, found)
    if owner != found:
        return RedirectResponse(url(owner), 303)
    return page(
        request, "thing.html", p=thing_page(reader, kind, found), slug=slug, successors=successors(reader, found)
    )


def _retired(request: Request, kind: str, thing: NamedNode, slug: str) -> Response:
    reader: Reader = served(request).reader
    return page(
        request,
        "retired.html",
        label=reader.label(thing),
        definition=reader.text(thing, DEFINITION),
        reason=reader.text(thing, NOTE),
        successors=successors(reader, thing),
        iri=thing.value,
        data=f"/data/{kind}/{slug}",
    )
