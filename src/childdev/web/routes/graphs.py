"""Graph views: the picture, and the list that says the same."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from markupsafe import Markup

from childdev.errors import NotFoundError
from childdev.model.iris import iri
from childdev.views import graph, layout, network
from childdev.web.kept import KeptRoute
from childdev.web.templating import page

router = APIRouter(include_in_schema=False, route_class=KeptRoute)


@router.get("/graph/{view}/{kind}/{slug}")
def graph_view(request: Request, view: str, kind: str, slug: str) -> Response:
    """A graph view about a thing."""
    service = request.app.state.service
    spec = graph.spec(view)
    about = iri(kind, slug) if all(c.isascii() and (c.isalnum() or c == "-") for c in slug) else None
    if kind != spec.about or about is None or not service.reader.exists(about):
        raise NotFoundError(f"There is no {spec.about} called '{slug}' here.", service.search.near(slug, spec.about))
    built = graph.build(service.reader, spec, about)
    layout.place(built)
    data = Markup(network.as_json(network.vis_data(built)))  # noqa: S704 - escaped for a script element just there
    return page(
        request,
        "graph.html",
        view=built,
        data=data,
        about=built.nodes[about.value].link,
        lines=layout.lines,
        box=(layout.BOX_WIDTH, layout.BOX_HEIGHT),
    )
