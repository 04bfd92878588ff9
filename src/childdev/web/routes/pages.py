"""The pages that people read."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from childdev import terms as cd
from childdev.ages import age
from childdev.errors import ParameterError
from childdev.model.iris import iri
from childdev.model.modules import RDF_TYPE
from childdev.queries.catalogue import Question
from childdev.queries.parameters import OF
from childdev.store.reader import DEFINITION, Reader
from childdev.views import overview, people
from childdev.views import radar as views_radar
from childdev.views import sources as views_sources
from childdev.views.feature import feature_page
from childdev.views.things import link, url
from childdev.views.words import BASES
from childdev.web.installation import served
from childdev.web.kept_route import KeptRoute
from childdev.web.service import Service
from childdev.web.templating import page

router = APIRouter(include_in_schema=False, route_class=KeptRoute)

AGES = (-3, 0, 3, 6, 9, 12, 18, 24, 30, 36, 48, 60, 72, 84, 96, 108, 120, 132, 144, 168, 192, 216)


def _service(request: Request) -> Service:
    service: Service = served(request)
    return service


def _reader(request: Request) -> Reader:
    return _service(request).reader


@router.get("/")
def home(request: Request) -> Response:
    """The first page: what this is, a search box, four doors, the map."""
    reader = _reader(request)
    return page(
        request,
        "home.html",
        rows=overview.the_map(reader),
        columns=overview.stages(reader),
        features=len(reader.of_kind("feature")),
    )


@router.get("/search")
def search(request: Request, q: Annotated[str, Query(max_length=500)] = "") -> Response:
    """Things found in everyday words."""
    hits = _service(request).search.find(q) if q.strip() else []
    return page(request, "search.html", q=q, hits=hits)


@router.get("/a-z")
def a_to_z(request: Request) -> Response:
    """Everything by name."""
    letters = overview.a_to_z(_reader(request))
    return page(request, "az.html", letters=letters, count=sum(len(items) for _, items in letters))


@router.get("/about-this-copy")
def about_copies(request: Request) -> Response:
    """What a copy of the pages as plain files can and can't do."""
    return page(request, "copy.html")


@router.get("/map")
def the_map(request: Request, domain: str | None = None, stage: str | None = None) -> Response:
    """Aspects by stages; with a domain and a stage, the list of that cell below."""
    reader = _reader(request)
    _known(request, "domain", domain)
    _known(request, "stage", stage)
    found = overview.in_cell(reader, domain, stage) if domain or stage else None
    return page(
        request,
        "map.html",
        rows=overview.the_map(reader),
        columns=overview.stages(reader),
        later=overview.starting_later(reader),
        current=(domain, stage),
        found=found,
        domain=reader.label(iri("domain", domain)) if domain else "",
        stage=reader.label(iri("stage", stage)) if stage else "",
    )


def _known(request: Request, kind: str, slug: str | None) -> None:
    if slug:
        _service(request).find(kind, slug)


@router.get("/ages")
def ages(request: Request, months: str = "") -> Response:
    """What is usually growing around an age."""
    reader = _reader(request)
    chosen: int | None = None
    if months:
        try:
            chosen = int(months)
        except ValueError:
            chosen = 999
        if not -9 <= chosen <= 228:
            raise ParameterError("The age must be a whole number of months, from -9 (before birth) to 228.")
    groups = overview.around_age(reader, chosen) if chosen is not None else None
    return page(
        request,
        "ages.html",
        ages=[(m, _age_words(m)) for m in AGES],
        chosen=chosen,
        words=_age_words(chosen) if chosen is not None else "",
        groups=groups,
    )


def _age_words(months: int) -> str:
    return "at birth" if months == 0 else age(months)


@router.get("/needs")
def needs(request: Request) -> Response:
    """The four areas of need and the types under them."""
    return page(request, "needs.html", areas=overview.needs(_reader(request)))


@router.get("/helps")
def helps(request: Request) -> Response:
    """What helps, from the child outwards."""
    return page(request, "helps.html", levels=overview.environments_by_level(_reader(request)))


@router.get("/who")
def who(request: Request) -> Response:
    """Who can help: those a family can go to first, bodies that plan last."""
    reader = _reader(request)
    tiers = [
        (link(reader, t), reader.text(t, DEFINITION), reader.text(t, cd.howReached)) for t in reader.of_kind("tier")
    ]
    return page(request, "who.html", groups=people.everyone(reader), tiers=tiers)


@router.get("/factors")
def factors(request: Request) -> Response:
    """What strengthens and what weakens development."""
    reader = _reader(request)
    groups = [
        (
            "What strengthens development",
            "strengthen",
            [
                link(reader, f, reader.text(f, cd.mechanism))
                for f in reader.of_kind("factor")
                if reader.objects(f, cd.strengthens)
            ],
        ),
        (
            "What weakens development",
            "weaken",
            [
                link(reader, f, reader.text(f, cd.mechanism))
                for f in reader.of_kind("factor")
                if reader.objects(f, cd.weakens)
            ],
        ),
    ]
    return page(request, "factors.html", groups=groups)


@router.get("/capital")
def capital(request: Request) -> Response:
    """The four forms of capital and what there is of each."""
    reader = _reader(request)
    forms = [
        (
            link(reader, c),
            reader.text(c, DEFINITION),
            [link(reader, a, reader.text(a, cd.mechanism)) for a in reader.subjects(cd.formOf, c)],
        )
        for c in reader.of_kind("capital")
    ]
    return page(request, "capital.html", forms=forms)


@router.get("/system")
def system(request: Request) -> Response:
    """The eighteen features of an effective local system."""
    reader = _reader(request)
    names = {
        "experiences": "Experiences, progress and outcomes",
        "practice": "Practice",
        "leadership": "Strategic leadership",
    }
    groups = [
        (heading, [link(reader, s) for s in reader.of_kind("system-feature") if reader.text(s, cd.group) == key])
        for key, heading in names.items()
    ]
    return page(request, "system.html", groups=groups)


@router.get("/ways-of-working")
def ways_of_working(request: Request) -> Response:
    """The graduated approach, principles of dialogue, participation, accountability."""
    reader = _reader(request)
    groups = [
        (heading, intro, [link(reader, s, reader.text(s, DEFINITION)) for s in reader.of_kind(kind)])
        for heading, intro, kind in (
            ("The graduated approach", "Four steps, again and again, matched to what a child needs now.", "step"),
            ("Principles of dialogue", "How people talk when they work together.", "principle"),
            ("Levels of participation", "How far people share in what is decided.", "participation"),
            (
                "Forms of accountability",
                "How those who serve children answer for it. The networked and the participative come first.",
                "accountability",
            ),
        )
    ]
    return page(request, "ways.html", groups=groups)


@router.get("/indicators")
def indicators(request: Request) -> Response:
    """The published indicators."""
    reader = _reader(request)
    found = [
        link(reader, i, f"{reader.text(i, cd.publisher)}: {reader.text(i, cd.dataset)}")
        for i in reader.of_kind("indicator")
    ]
    return page(request, "indicators.html", found=found)


@router.get("/sources")
def sources(request: Request) -> Response:
    """What the model draws on, and how each source may be used."""
    reader = _reader(request)
    return page(
        request,
        "sources.html",
        groups=views_sources.by_kind(reader),
        attributions=views_sources.attributions(reader),
    )


@router.get("/evidence")
def evidence(request: Request) -> Response:
    """How the model stands on evidence, and where people differ."""
    reader = _reader(request)
    return page(
        request,
        "evidence.html",
        standings=overview.standings(reader),
        bases_shown=tuple(BASES),
        strengths_shown=("established", "emerging", "workshop-view"),
        contested=overview.contested(reader),
    )


@router.get("/radar")
def radar(request: Request) -> Response:
    """Where the model is strong and where it is thin, and what to ask a workshop next."""
    reader = _reader(request)
    rows = views_radar.radar(reader)
    spots = views_radar.all_spots(rows)
    return page(
        request,
        "radar.html",
        rows=rows,
        columns=overview.stages(reader),
        asks=views_radar.next_questions(spots),
        thin=views_radar.thinnest(spots),
        signs=views_radar.SIGNS,
    )


@router.get("/about")
def about(request: Request) -> Response:
    """The case for change, how to read the model, and what it must not be used for."""
    return page(
        request,
        "about.html",
        kinds={k: len(_reader(request).of_kind(k)) for k in ("feature", "environment", "agency", "source")},
    )


@router.get("/developers")
def developers(request: Request) -> Response:
    """SPARQL, REST, downloads and linked data."""
    return page(request, "developers.html", base=_service(request).base_url)


@router.get("/style")
def style(request: Request) -> Response:
    """Every component once."""
    reader = _reader(request)
    feature = feature_page(reader, iri("feature", "joins-two-words"))
    return page(request, "style.html", p=feature, rows=overview.the_map(reader)[:1], columns=overview.stages(reader))


@router.get("/questions")
def questions(request: Request) -> Response:
    """The library of questions."""
    sections: dict[str, list[Question]] = {}
    for question in _service(request).catalogue.questions:
        sections.setdefault(question.header.section, []).append(question)
    return page(request, "questions.html", sections=sections)


@router.get("/questions/{name}")
def question(request: Request, name: str) -> Response:
    """A question with its blanks as a form, and its answer."""
    service = _service(request)
    asked = service.catalogue.get(name)
    given = {k: v for k, v in request.query_params.items() if v}
    values = given or dict(asked.header.example)
    problem, answer, bound = "", None, None
    try:
        bound = asked.bind(values, service.reader)
        answer = asked.answer(service.reader, bound)
    except ParameterError as e:
        problem = str(e)
    return page(
        request,
        "question.html",
        400 if problem else 200,
        question=asked,
        values=values,
        answer=answer,
        problem=problem,
        example=not given,
        sparql=asked.sparql(bound) if bound else "",
        asked=asked.asked(bound) if bound else asked.title,
        options=_options(service, asked),
        url=url,
    )


def _options(service: Service, asked: Question) -> dict[str, list[tuple[str, str]]]:
    """For each blank that is filled by a thing: the things it may be, as pairs of slug and label."""
    found = {}
    for p in asked.parameters:
        if p.kind == "thing":
            things = service.reader.subjects(RDF_TYPE, OF[p.of][0])
            found[p.name] = sorted(
                ((t.value.rsplit("/", 1)[-1], service.reader.label(t)) for t in things), key=lambda x: x[1].casefold()
            )
    return found
