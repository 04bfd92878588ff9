"""Writes by standards: SPARQL 1.1 Update and the Graph Store HTTP Protocol, with a token.

Each request is run on a copy, read off as a change set, checked, and published as a version of its own, or refused
with what is wrong. Reading a graph needs no token.
"""

from __future__ import annotations

from urllib.parse import parse_qsl

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pyoxigraph import NamedNode, RdfFormat, Triple
from starlette.concurrency import run_in_threadpool

from childdev.access.policy import Action
from childdev.contribution.changes import diffing
from childdev.errors import ChilddevError, NotFoundError
from childdev.model.iris import INFERRED, module_graph
from childdev.model.modules import CORE
from childdev.model.stated import Delta, Stated
from childdev.web.installation import installation, served_soon
from childdev.web.negotiation import best
from childdev.web.problems import RequestError, problem_response
from childdev.web.publishing import publish
from childdev.web.rdf import FORMATS, rdf_response
from childdev.web.signed import require

router = APIRouter(include_in_schema=False)

_UPDATE, _FORM = "application/sparql-update", "application/x-www-form-urlencoded"
_READ = dict(FORMATS.values()) | {"text/n3": RdfFormat.N3}
_EXTENSION = {media: extension for extension, (media, _) in FORMATS.items()}


@router.post("/update")
async def update(request: Request) -> Response:
    """SPARQL 1.1 Update: direct, or as the parameter `update` of a form."""
    account = require(request, Action.WRITE_BY_STANDARDS)
    media = _media_type(request)
    body = await _body(request)
    if media == _UPDATE:
        text = body.decode("utf-8", "strict")
    elif media == _FORM:
        text = dict(parse_qsl(body.decode("ascii", "replace"))).get("update", "")
    else:
        raise RequestError(415, f"An update has the type {_UPDATE} or {_FORM}.", {"Accept-Post": f"{_UPDATE}, {_FORM}"})
    if not text.strip():
        raise RequestError(400, "There is no update in the request.")
    base, stated = _base(request)
    delta = await run_in_threadpool(diffing.updated, stated, text)
    return await _answer(request, base, delta, account.role, "A change made by a program", 200)


@router.api_route("/graph-store", methods=["GET", "HEAD", "PUT", "POST", "DELETE"])
async def graph_store(request: Request) -> Response:
    """The Graph Store Protocol: `?graph=` names a module's graph; `?default` is all of them, for reading."""
    try:
        return await _graph_store(request)
    except ChilddevError as e:
        return problem_response(e, request)


async def _graph_store(request: Request) -> Response:
    graph, default = request.query_params.get("graph"), "default" in request.query_params
    if (graph is None) == (not default):
        raise RequestError(400, "Name one graph with ?graph=, or ask for all with ?default.")
    if request.method in {"GET", "HEAD"}:
        return await _read(request, graph)
    account = require(request, Action.WRITE_BY_STANDARDS)
    if graph is None:
        raise RequestError(403, "Everything is kept in modules; name the graph of one to write into.")
    base, stated = _base(request)
    there = any(q.graph_name == NamedNode(graph) for q in stated)
    if request.method == "DELETE":
        if not there:
            raise NotFoundError(f"There is no graph <{graph}> here.")
        delta = await run_in_threadpool(diffing.replaced, stated, graph, ())
    else:
        triples = await _triples(request, graph)
        change = diffing.replaced if request.method == "PUT" else diffing.merged
        delta = await run_in_threadpool(change, stated, graph, triples)
    reason = f"A module changed by a program: {graph.rpartition('/')[2]}"
    return await _answer(request, base, delta, account.role, reason, 204 if there else 201)


async def _read(request: Request, graph: str | None) -> Response:
    service = await served_soon(request)
    modules = service.model.modules
    if graph is None:
        triples: frozenset[Triple] = service.model.triples
    elif graph == INFERRED.value:
        triples = frozenset(service.inference.triples())
    else:
        name = next((m for m in modules if module_graph(m).value == graph), None)
        if name is None:
            raise NotFoundError(f"There is no graph <{graph}> here.")
        triples = modules[name]
    media = best(request.headers.get("accept"), tuple(_EXTENSION))
    if media is None:
        raise RequestError(406, f"Offered: {', '.join(_EXTENSION)}.")
    headers = {"Vary": "Accept", "ETag": f'"{service.version}"'}
    return await run_in_threadpool(rdf_response, triples, _EXTENSION[media], None, headers)


async def _triples(request: Request, graph: str) -> frozenset[Triple]:
    form = _READ.get(_media_type(request))
    if form is None:
        raise RequestError(415, f"A graph comes as {', '.join(_READ)}.")
    body = await _body(request)
    return await run_in_threadpool(diffing.read, body, form, graph == module_graph(CORE).value)


async def _answer(request: Request, base: int, delta: Delta, made_by: str, reason: str, status: int) -> Response:
    here = installation(request)
    if not delta:
        return JSONResponse({"data": {"changed": False}, "version": here.newest.version}, 200)
    version = await publish(here, base, delta, made_by, reason)
    headers = {"Location": f"/history/{version.name}", "ETag": f'"{version.name}"'}
    if status == 204:
        return Response(status_code=204, headers=headers)
    told = here.publication.record.change(version.number).details["sentences"]
    return JSONResponse({"data": {"changed": True, "sentences": told}, "version": version.name}, status, headers)


def _base(request: Request) -> tuple[int, Stated]:
    """The version on which a write works: the newest, which If-Match may ask for by name."""
    newest = installation(request).newest
    wanted = request.headers.get("if-match", "*").strip().removeprefix("W/").strip('"')
    if wanted not in {"*", newest.version}:
        raise RequestError(
            412, f"The model is at version {newest.version}, not at {wanted}. Read it again, then write."
        )
    return newest.published.number, newest.stated


def _media_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def _body(request: Request) -> bytes:
    limit, read = installation(request).settings.write_bytes, bytearray()
    async for piece in request.stream():
        read += piece
        if len(read) > limit:
            raise RequestError(413, f"The request is larger than the {limit:,} bytes that are taken at once.")
    return bytes(read)
