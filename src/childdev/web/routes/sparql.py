"""`/sparql`: the query part of the SPARQL 1.1 Protocol, with service description and an editor for browsers."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse
from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple, serialize
from starlette.concurrency import run_in_threadpool

from childdev.errors import ChilddevError, QuerySyntaxError
from childdev.model.iris import PREFIXES
from childdev.queries.protocol import BINDINGS, GRAPHS, NotOfferedError, Query, Spooled
from childdev.store.history import HISTORY
from childdev.store.observations import OBSERVATIONS
from childdev.web.installation import served, served_soon
from childdev.web.kept import etag, unchanged
from childdev.web.negotiation import best
from childdev.web.observed import names_them, observed
from childdev.web.problems import RequestError, problem_response
from childdev.web.templating import page

router = APIRouter(include_in_schema=False)

_METHODS = "GET, HEAD, POST, OPTIONS"
_FORM, _DIRECT, _HTML = "application/x-www-form-urlencoded", "application/sparql-query", "text/html"
_CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Retry-After",
}
_PREFLIGHT = {
    "Access-Control-Allow-Methods": _METHODS,
    "Access-Control-Allow-Headers": "Accept, Content-Type, If-None-Match",
    "Access-Control-Max-Age": "86400",
    "Allow": _METHODS,
}
#: what `format=` may say where Accept leaves the choice open
_FORMATS = {
    "json": BINDINGS[0],
    "xml": BINDINGS[1],
    "csv": BINDINGS[2],
    "tsv": BINDINGS[3],
    "turtle": GRAPHS[0],
    "ttl": GRAPHS[0],
    "ntriples": GRAPHS[1],
    "nt": GRAPHS[1],
    "rdfxml": GRAPHS[2],
    "rdf": GRAPHS[2],
    "jsonld": GRAPHS[3],
    "n3": GRAPHS[4],
    **{m: m for m in (*BINDINGS, *GRAPHS)},
}
_RDF = {
    "text/turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/rdf+xml": RdfFormat.RDF_XML,
    "application/ld+json": RdfFormat.JSON_LD,
    "text/n3": RdfFormat.N3,
}
_SD = "http://www.w3.org/ns/sparql-service-description#"
_FORMAT_IRIS = (
    "SPARQL_Results_JSON",
    "SPARQL_Results_XML",
    "SPARQL_Results_CSV",
    "SPARQL_Results_TSV",
    "Turtle",
    "N-Triples",
    "RDF_XML",
    "JSON-LD",
    "N3",
)


@router.api_route("/sparql", methods=["GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE"])
async def sparql(request: Request) -> Response:
    """The endpoint."""
    try:
        response = await _respond(request)
    except ChilddevError as e:
        response = problem_response(e, request)
    response.headers.update(_CORS)
    response.headers["Vary"] = "Accept"
    return response


@router.get("/sparql/completions")
async def completions(request: Request) -> Response:
    """The model's own terms for the editor: classes and properties with label and definition, and the prefixes."""
    service = await served_soon(request)
    headers = {"ETag": etag(service.version, service.pool.fingerprint, "completions"), "Cache-Control": "no-cache"}
    if unchanged(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    try:
        spooled = await service.pool.run(Query(_TERMS))
    except ChilddevError as e:
        return problem_response(e, request)
    terms: dict[str, dict[str, dict[str, str]]] = {"classes": {}, "properties": {}}
    for row in json.loads(spooled.read())["results"]["bindings"]:
        found = {name: value["value"] for name, value in row.items()}
        kind = "classes" if found.pop("kind").endswith("#Class") else "properties"
        terms[kind].setdefault(found["iri"], found)
    body = {"prefixes": PREFIXES, **{kind: list(found.values()) for kind, found in terms.items()}}
    return Response(json.dumps(body, ensure_ascii=False).encode(), headers=headers, media_type="application/json")


_TERMS = """
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?iri ?kind ?label ?definition {
  VALUES ?kind { owl:Class owl:ObjectProperty owl:DatatypeProperty owl:AnnotationProperty }
  ?iri a ?kind
  FILTER(isIRI(?iri))
  OPTIONAL { ?iri rdfs:label ?label }
  OPTIONAL { ?iri skos:definition ?definition }
} ORDER BY ?iri ?label
"""


async def _respond(request: Request) -> Response:
    if request.method == "OPTIONS":
        return Response(status_code=204, headers=_PREFLIGHT)
    if request.method not in _METHODS.split(", "):
        raise RequestError(405, "The endpoint takes GET and POST.", {"Allow": _METHODS})
    parameters = _pairs(request.scope["query_string"], "The address")
    reads = request.method in {"GET", "HEAD"}
    if not reads:
        parameters += await _posted(request)
    values: dict[str, list[str]] = {}
    for name, value in parameters:
        values.setdefault(name, []).append(value)
    accept = _accept(request, values.get("format", [""])[0])
    if reads and best(accept, (*BINDINGS, *GRAPHS, _HTML)) == _HTML:
        return page(request, "sparql.html", query="\n".join(values.get("query", [])))
    if reads and not parameters and (media_type := best(accept, GRAPHS)) is not None:
        return _description(request, media_type)
    return await _query(request, values, accept)


def _accept(request: Request, asked: str) -> str:
    """What the client takes. `format` counts only where the header takes anything."""
    accept = ", ".join(request.headers.getlist("accept")) or "*/*"
    if asked in _FORMATS and best(accept, ("x/x",)) is not None:
        return f"{_FORMATS[asked]}, */*;q=0.1"
    return accept


async def _posted(request: Request) -> list[tuple[str, str]]:
    """The parameters in the body of a POST."""
    media_type, _, rest = request.headers.get("content-type", "").partition(";")
    media_type = media_type.strip().lower()
    given = dict(p.strip().lower().partition("=")[::2] for p in rest.split(";"))
    charset = given.get("charset", "utf-8").strip('"')
    if media_type not in {_FORM, _DIRECT} or charset not in {"utf-8", "utf8", "us-ascii"}:
        told = f"A POST to the endpoint has the type {_DIRECT} or {_FORM}, in UTF-8."
        raise RequestError(415, told, {"Accept-Post": f"{_DIRECT}, {_FORM}"})
    body = await _body(request)
    if media_type == _FORM:
        return _pairs(body, "The form")
    try:
        return [("query", body.decode())]
    except UnicodeDecodeError as e:
        raise QuerySyntaxError(f"The query is not UTF-8 at byte {e.start}.") from e


async def _body(request: Request) -> bytes:
    limit, read, size = served(request).settings.query_length, bytearray(), 0
    async for piece in request.stream():
        size += len(piece)
        if size <= limit:
            read += piece
        elif size > 16 * limit:  # up to there it is read and thrown away, so that the client hears why
            break
    if size > limit:
        raise RequestError(413, f"The request is longer than the {limit} bytes that the endpoint takes.")
    return bytes(read)


def _pairs(encoded: bytes, what: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(encoded.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=1000)
    except UnicodeDecodeError as e:
        raise QuerySyntaxError(f"{what} has characters that are not percent-encoded UTF-8.") from e
    except ValueError as e:
        raise RequestError(400, f"{what} has too many parameters.") from e


async def _query(request: Request, values: dict[str, list[str]], accept: str) -> Response:
    service = served(request)
    if "update" in values:
        raise RequestError(400, "The endpoint answers queries; it takes no updates.")
    asked = values.get("query", [])
    if len(asked) != 1 or not asked[0].strip():
        amount = "more than one" if len(asked) > 1 else "no"
        raise RequestError(400, f"There is {amount} query in the request. Give exactly one, as the parameter query.")
    default, named = (values.get(f"{kind}-graph-uri") for kind in ("default", "named"))
    query = Query(
        asked[0],
        tuple(default or ()) if default or named else None,
        tuple(named or ()) if default or named else None,
        best(accept, BINDINGS),
        best(accept, GRAPHS),
    )
    if query.bindings is None and query.graph is None:
        raise NotOfferedError(None)
    tag = etag(service.version, service.pool.fingerprint, await _figures(request, query), repr(query))
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    if request.headers.get("if-none-match", "*").strip() != "*" and unchanged(request, tag):
        return Response(status_code=304, headers=headers)
    spooled = await _run(request, query)
    if spooled is None:
        return Response(status_code=499)
    if spooled.volatile:
        headers = {"Cache-Control": "no-store"}
    text = spooled.media_type.startswith("text/")
    headers |= {
        "Content-Type": f"{spooled.media_type}; charset=utf-8" if text else spooled.media_type,
        "Content-Length": str(spooled.length),
    }
    if request.method == "HEAD":
        spooled.close()
        return Response(headers=headers)
    if spooled.length > 1 << 18:
        return StreamingResponse(spooled.chunks(), headers=headers)
    return Response(spooled.read(), headers=headers)


async def _figures(request: Request, query: Query) -> str:
    """What tells the figures of areas from those before, where a query may ask for them."""
    return await run_in_threadpool(lambda: observed(request).fingerprint) if _asks_figures(query) else ""


def _asks_figures(query: Query) -> bool:
    return names_them(query.text, (*(query.default_graphs or ()), *(query.named_graphs or ())))


async def _run(request: Request, query: Query) -> Spooled | None:
    """Run a query, and stop it when its client goes away (then None)."""
    pool = served(request).pool
    if _asks_figures(query):
        pool = await observed(request).pool(served(request))
    running = asyncio.ensure_future(pool.run(query))
    gone = asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait({running, gone}, return_when=asyncio.FIRST_COMPLETED)
        return await running if running.done() else None
    finally:
        for task in (running, gone):
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await gone


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _description(request: Request, media_type: str) -> Response:
    """What this endpoint is and holds (SPARQL 1.1 Service Description)."""
    service = served(request)
    headers = {"ETag": etag(service.version, service.base_url, "description", media_type), "Cache-Control": "no-cache"}
    if unchanged(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    graphs = service.public_graphs | ({HISTORY.value, OBSERVATIONS} if service.in_memory else set())
    triples = list(_described(f"{service.base_url}/sparql", graphs))
    prefixes = {"sd": _SD, "rdf": PREFIXES["rdf"]}
    body = serialize(triples, format=_RDF[media_type], prefixes=prefixes)
    charset = "; charset=utf-8" if media_type.startswith("text/") else ""
    return Response(body, headers=headers | {"Content-Type": media_type + charset})


def _described(endpoint: str, graphs: Iterable[str]) -> Iterable[Triple]:
    def sd(name: str) -> NamedNode:
        return NamedNode(_SD + name)

    a = NamedNode(PREFIXES["rdf"] + "type")
    service, dataset, default = NamedNode(f"{endpoint}#service"), BlankNode("dataset"), BlankNode("default")
    said: list[tuple[Any, NamedNode, Any]] = [
        (service, a, sd("Service")),
        (service, sd("endpoint"), NamedNode(endpoint)),
        (service, sd("supportedLanguage"), sd("SPARQL11Query")),
        (service, sd("feature"), sd("UnionDefaultGraph")),
        *((service, sd("resultFormat"), NamedNode(f"http://www.w3.org/ns/formats/{f}")) for f in _FORMAT_IRIS),
        (service, sd("defaultDataset"), dataset),
        (dataset, a, sd("Dataset")),
        (dataset, sd("defaultGraph"), default),
        (default, a, sd("Graph")),
    ]
    for n, graph in enumerate(sorted(graphs)):
        node = BlankNode(f"g{n}")
        said += [(dataset, sd("namedGraph"), node), (node, a, sd("NamedGraph")), (node, sd("name"), NamedNode(graph))]
    return (Triple(*s) for s in said)
