"""Graph views: the picture, and the list that says the same."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from markupsafe import Markup

from childdev.errors import NotFoundError
from childdev.views import graph, layout, network
from childdev.web.installation import served
from childdev.web.kept_route import KeptRoute
from childdev.web.templating import page

router = APIRouter(include_in_schema=False, route_class=KeptRoute)


@router.get("/graph/{view}/{kind}/{slug}")
def graph_view(request: Request, view: str, kind: str, slug: str) -> Response:
    """A graph view about a thing."""
    service = served(request)
    spec = graph.spec(view)
    if kind != spec.about:
        raise NotFoundError(f"The view '{view}' is about a {spec.about} and not about a {kind}.")
    about = service.find(kind, slug)
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
