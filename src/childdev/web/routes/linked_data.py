"""The IRIs of the model, answered: 303 to a page or to data, and the data of one thing."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from pyoxigraph import NamedNode, Triple

from childdev import terms as cd
from childdev.errors import NotFoundError
from childdev.model.iris import INFERRED
from childdev.store.reader import PREF_LABEL, RDFS_LABEL, Reader
from childdev.views.vocabulary import term as term_of
from childdev.views.vocabulary import terms
from childdev.web.installation import served
from childdev.web.kept_route import KeptRoute
from childdev.web.negotiation import best
from childdev.web.rdf import FORMATS, rdf_response
from childdev.web.templating import page

router = APIRouter(include_in_schema=False, route_class=KeptRoute)

_EXTENSION = {media: extension for extension, (media, _) in FORMATS.items()}
_OFFERED = ("text/html", "application/xhtml+xml", *_EXTENSION)


def _see_other(request: Request, page_url: str, data_url: str) -> Response:
    """303 to the page or to the data, as the client asks."""
    liked = best(request.headers.get("accept"), _OFFERED)
    if liked is None:
        return Response("Offered: " + ", ".join(_OFFERED), 406, {"Vary": "Accept"}, "text/plain")
    target = page_url if "html" in liked else f"{data_url}.{_EXTENSION[liked]}"
    return RedirectResponse(target, 303, {"Vary": "Accept", "Access-Control-Allow-Origin": "*"})


@router.api_route("/id/{kind}/{slug}", methods=["GET", "HEAD"])
def thing(request: Request, kind: str, slug: str) -> Response:
    """The IRI of a thing."""
    served(request).find(kind, slug)
    return _see_other(request, f"/{kind}/{slug}", f"/data/{kind}/{slug}")


@router.api_route("/def/", methods=["GET", "HEAD"])
def vocabulary(request: Request) -> Response:
    """The IRI of the vocabulary."""
    return _see_other(request, "/vocabulary", "/data/vocabulary")


@router.api_route("/def/{name}", methods=["GET", "HEAD"])
def term(request: Request, name: str) -> Response:
    """The IRI of a term of the vocabulary."""
    _term(request, name)
    return _see_other(request, f"/vocabulary/{name}", f"/data/vocabulary/{name}")


@router.get("/vocabulary")
def vocabulary_page(request: Request) -> Response:
    """All terms of the vocabulary."""
    return page(request, "vocabulary.html", groups=terms(served(request).reader))


@router.get("/vocabulary/{name}")
def term_page(request: Request, name: str) -> Response:
    """A term of the vocabulary."""
    return page(request, "term.html", term=term_of(served(request).reader, _term(request, name)))


@router.api_route("/data/vocabulary.{extension}", methods=["GET", "HEAD"])
def vocabulary_data(request: Request, extension: str) -> Response:
    """The core module, from the composed model."""
    return rdf_response(served(request).model.modules["core"], extension)


@router.api_route("/data/vocabulary/{name}.{extension}", methods=["GET", "HEAD"])
def term_data(request: Request, name: str, extension: str) -> Response:
    """What is said of a term."""
    return rdf_response(_about(served(request).reader, _term(request, name)), extension)


@router.api_route("/data/{kind}/{slug}.{extension}", methods=["GET", "HEAD"])
def thing_data(request: Request, kind: str, slug: str, extension: str) -> Response:
    """What is said of a thing, and the labels of its neighbours."""
    return rdf_response(_about(served(request).reader, served(request).find(kind, slug)), extension)


def _about(reader: Reader, node: NamedNode) -> set[Triple]:
    """Everything said of a thing, what is stated of it elsewhere, and the names of all that appear."""
    found = {q.triple for q in reader.store.quads_for_pattern(node, None, None, None)}
    found |= {q.triple for q in reader.store.quads_for_pattern(None, None, node, None) if q.graph_name != INFERRED}
    neighbours = {x for t in found for x in (t.subject, t.object) if isinstance(x, NamedNode) and x != node}
    for x in neighbours:
        for p in (PREF_LABEL, RDFS_LABEL):
            found |= {q.triple for q in reader.store.quads_for_pattern(x, p, None, None)}
    return found


def _term(request: Request, name: str) -> NamedNode:
    node = NamedNode(cd.NAMESPACE + name) if all(c.isascii() and (c.isalnum() or c == "-") for c in name) else None
    if node is None or not served(request).reader.exists(node):
        raise NotFoundError(f"There is no term '{name}' in the vocabulary.", [("All terms", "/vocabulary")])
    return node
