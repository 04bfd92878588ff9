"""REST: JSON for everything that the pages show. One success shape, one error shape."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from pydantic import BaseModel, Field
from pyoxigraph import Literal, NamedNode, Triple

from childdev.errors import NotFoundError
from childdev.model.iris import INFERRED, KINDS
from childdev.model.modules import RDF_TYPE
from childdev.model.statistics import counts
from childdev.queries.catalogue import Question
from childdev.queries.parameters import Parameter
from childdev.store.reader import DEFINITION, Reader
from childdev.web.installation import served
from childdev.web.kept_route import KeptRoute
from childdev.web.service import Service

router = APIRouter(prefix="/api/v1", tags=["model"], route_class=KeptRoute)


class Problem(BaseModel):
    """A problem document (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str


class Envelope(BaseModel):
    """The one shape of success."""

    data: Any = Field(description="The answer")
    version: str = Field(description="The version of the model that answered")
    next: str | None = Field(None, description="Where the next page is, if there is one")


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What a route says of the problems with which it may answer."""
    return {status: {"model": Problem, "content": {"application/problem+json": {}}} for status in statuses}


ERRORS = problems(400, 404, 422)


def _service(request: Request) -> Service:
    service: Service = served(request)
    return service


def enveloped(request: Request, data: Any, following: str | None = None) -> Response:
    """An answer in the one shape of success; `following` is the address of the next page."""
    body = {"data": data, "version": _service(request).version, **({"next": following} if following else {})}
    return JSONResponse(body, headers={"Access-Control-Allow-Origin": "*"})


@router.get("/", response_model=Envelope, summary="What there is")
def root(request: Request) -> Response:
    """The kinds of things, with their numbers, and where to go on."""
    reader = _service(request).reader
    return enveloped(
        request,
        {
            "kinds": {
                k: {"count": len(reader.subjects(RDF_TYPE, c)), "url": f"/api/v1/things/{k}"} for k, c in KINDS.items()
            },
            "search": "/api/v1/search?q=",
            "queries": "/api/v1/queries",
            "statistics": "/api/v1/statistics",
            "sparql": "/sparql",
            "dumps": "/dump/",
        },
    )


Limit = Annotated[int, Query(ge=1, le=500, description="How many")]
Offset = Annotated[int, Query(ge=0, le=100_000, description="How many to pass over")]


@router.get("/things/{kind}", response_model=Envelope, responses=ERRORS, summary="Things of a kind")
def things(request: Request, kind: str, limit: Limit = 100, offset: Offset = 0) -> Response:
    """Things of a kind with label and definition, in order."""
    _known(kind)
    reader = _service(request).reader
    found = reader.of_kind(kind)
    following = (
        f"/api/v1/things/{kind}?{urlencode({'limit': limit, 'offset': offset + limit})}"
        if offset + limit < len(found)
        else None
    )
    return enveloped(request, [_summary(reader, s) for s in found[offset : offset + limit]], following)


@router.get("/things/{kind}/{slug}", response_model=Envelope, responses=ERRORS, summary="One thing")
def thing(request: Request, kind: str, slug: str) -> Response:
    """All that is said of a thing: values by property, links with label, and whether each is inferred."""
    _known(kind)
    service = _service(request)
    return enveloped(request, _whole(service.reader, service.find(kind, slug)))


def _known(kind: str) -> None:
    if kind not in KINDS:
        raise NotFoundError(f"There is no kind '{kind}'; there are {', '.join(KINDS)}.")


def _summary(reader: Reader, s: NamedNode) -> dict[str, str]:
    return {"iri": s.value, "label": reader.label(s), "definition": reader.text(s, DEFINITION)}


def _whole(reader: Reader, s: NamedNode) -> dict[str, Any]:
    found: dict[str, dict[str, Any]] = {}
    for q in reader.store.quads_for_pattern(s, None, None, None):
        name = q.predicate.value.rsplit("#", 1)[-1].rsplit("/", 1)[-1]
        entry = found.setdefault(name, {"property": q.predicate.value, "values": []})
        value: dict[str, Any] = {"inferred": q.graph_name == INFERRED}
        if isinstance(q.object, Literal):
            value["value"] = int(q.object.value) if q.object.datatype.value.endswith("#integer") else q.object.value
            if q.object.language:
                value["language"] = q.object.language
        else:
            assert not isinstance(q.object, Triple)
            value |= {"iri": q.object.value, "label": reader.label(q.object.value)}
            if isinstance(q.object, NamedNode) and (claim := reader.claim(s, q.predicate, q.object)):
                value["claim"] = claim.value
        entry["values"].append(value)
    for entry in found.values():
        entry["values"].sort(key=lambda v: (v["inferred"], str(v.get("label", v.get("value"))).casefold()))
    return {"iri": s.value, "label": reader.label(s), "properties": dict(sorted(found.items()))}


@router.get("/search", response_model=Envelope, responses=ERRORS, summary="Search in everyday words")
def search(
    request: Request,
    q: Annotated[str, Query(min_length=1, max_length=500)],
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> Response:
    """Things found, best first, each with why it was found."""
    hits = _service(request).search.find(q, limit)
    found = [{"iri": h.link.iri, "label": h.link.label, "kind": h.kind, "line": h.line, "why": h.why} for h in hits]
    return enveloped(request, found)


@router.get("/statistics", response_model=Envelope, summary="Counts of the model")
def statistics(request: Request) -> Response:
    """Things by kind, links by relation, claims by strength and basis."""
    return enveloped(request, counts(_service(request).model))


@router.get("/queries", response_model=Envelope, summary="The library of questions")
def queries(request: Request) -> Response:
    """All questions with their blanks, an example and the query to run."""
    service = _service(request)
    return enveloped(request, [_question(service, q) for q in service.catalogue.questions])


@router.get("/queries/{name}", response_model=Envelope, responses=ERRORS, summary="One question")
def query(request: Request, name: str) -> Response:
    """A question with its blanks, an example and the query to run."""
    service = _service(request)
    question = service.catalogue.get(name)
    return enveloped(request, _question(service, question))


def _question(service: Service, q: Question) -> dict[str, Any]:
    return {
        "name": q.name,
        "title": q.title,
        "question": q.header.question,
        "section": q.header.section,
        "parameters": [
            {"name": p.name, "label": p.label, "required": p.required, "hint": p.hint, **_schema(p)}
            for p in q.parameters
        ],
        "columns": [{"name": c.name, "heading": c.heading, "kind": c.kind} for c in q.columns],
        "example": dict(q.header.example),
        "answer": f"/api/v1/queries/{q.name}/answer",
        "sparql": q.sparql(q.example(service.reader)),
    }


def _schema(p: Parameter) -> dict[str, Any]:
    if p.kind == "choice":
        return {"type": "string", "enum": [c.value for c in p.choices]}
    return {"type": "string", "description": p.hint or p.label}


def add_questions(target: APIRouter, questions: tuple[Question, ...]) -> None:
    """A route for the answer of each question, with its blanks as parameters, as JSON, CSV and SPARQL results."""
    for question in questions:
        target.add_api_route(
            f"/api/v1/queries/{question.name}/answer",
            _route(question),
            summary=question.title,
            description=question.header.question,
            tags=["questions"],
            response_model=Envelope,
            responses=ERRORS,
            operation_id=f"answer_{question.name.replace('-', '_')}",
            openapi_extra={
                "parameters": [
                    {
                        "name": p.name,
                        "in": "query",
                        "required": p.required and not p.default,
                        "schema": _schema(p),
                        "description": p.hint or p.label,
                    }
                    for p in question.parameters
                ]
            },
        )
        for extension, media in (("csv", "text/csv; charset=utf-8"), ("srj", "application/sparql-results+json")):
            target.add_api_route(
                f"/api/v1/queries/{question.name}/answer.{extension}", _route(question, media), include_in_schema=False
            )


def _route(question: Question, media: str = "") -> Callable[[Request], Response]:
    def answer(request: Request) -> Response:
        service = _service(request)
        bound = question.bind(dict(request.query_params), service.reader)
        if media.startswith("text/csv"):
            return PlainTextResponse(
                question.answer(service.reader, bound).to_csv(),
                media_type=media,
                headers={"Access-Control-Allow-Origin": "*"},
            )
        if media:
            return JSONResponse(
                question.answer(service.reader, bound).to_sparql_json(),
                media_type=media,
                headers={"Access-Control-Allow-Origin": "*"},
            )

        found = question.answer(service.reader, bound)
        columns = [c.name for c in found.columns]
        data = {"question": found.question, "sentence": found.sentence, "columns": columns, "rows": found.to_json()}
        return enveloped(request, data)

    return answer
