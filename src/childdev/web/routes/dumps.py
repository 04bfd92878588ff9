"""Downloads: the whole model in every format, with checksums and a description."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse, RedirectResponse

from childdev.errors import NotFoundError
from childdev.model.iris import module_graph
from childdev.release.description import describe
from childdev.release.dumps import dumps
from childdev.web.installation import served
from childdev.web.kept import etag, unchanged
from childdev.web.rdf import rdf_response
from childdev.web.templating import page

router = APIRouter(include_in_schema=False)

_PREFIXES = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "void": "http://rdfs.org/ns/void#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
}


@router.get("/dump/")
def listing(request: Request) -> Response:
    """What can be downloaded."""
    service = served(request)
    _, found = dumps(service.model, service.published)
    return page(request, "dump.html", files=found)


@router.get("/.well-known/void")
def well_known() -> Response:
    """Where the description of the dataset is."""
    return RedirectResponse("/dump/dataset.ttl", 302)


@router.api_route("/dump/dataset.{extension}", methods=["GET", "HEAD"])
def description(request: Request, extension: str) -> Response:
    """VoID and DCAT."""
    service = served(request)
    _, found = dumps(service.model, service.published)
    triples = describe(service.model, service.version, service.published.quads, service.base_url, found)
    return rdf_response(triples, extension, _PREFIXES)


@router.get("/graph/inferred")
def inferred_graph() -> Response:
    """The name of the inferred graph leads to the dump that holds it."""
    return RedirectResponse("/dump/childdev-all.trig", 303)


@router.get("/graph/model/{module}")
def module(request: Request, module: str) -> Response:
    """The stated triples of one module, as Turtle."""
    service = served(request)
    if module not in service.model.modules:
        raise NotFoundError(f"There is no module '{module}'.", [("All downloads", "/dump/")])
    canonical = {"Link": f'<{module_graph(module).value}>; rel="canonical"'}
    return rdf_response(service.model.modules[module], "ttl", headers=canonical)


@router.api_route("/context/{version}.jsonld", methods=["GET", "HEAD"])
def context(request: Request, version: str) -> Response:
    """The JSON-LD context of a version."""
    service = served(request)
    if version != service.version:
        raise NotFoundError(
            f"There is no context '{version}' here.",
            [("The context of this version", f"/context/{service.version}.jsonld")],
        )
    return download(request, "context.jsonld")


@router.api_route("/dump/{name}", methods=["GET", "HEAD"])
def download(request: Request, name: str) -> Response:
    """One file of the whole model."""
    service = served(request)
    folder, found = dumps(service.model, service.published)
    media = {d.name: d.media_type for d in found} | {"SHA256SUMS": "text/plain"}
    if name not in media:
        raise NotFoundError(f"There is no download '{name}'.", [(d.title, f"/dump/{d.name}") for d in found])
    tag = etag(service.version, name, service.published.made_at)
    if unchanged(request, tag):
        return Response(status_code=304, headers={"ETag": tag})
    return FileResponse(
        folder / name, media_type=media[name], headers={"ETag": tag, "Access-Control-Allow-Origin": "*"}
    )
