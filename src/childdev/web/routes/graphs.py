"""Graph views: the picture, the list that says the same, and both as files. The address alone makes them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from childdev.errors import NotFoundError, ParameterError
from childdev.views import history
from childdev.views.graphs import files, sources, still
from childdev.views.graphs.changing import changed
from childdev.views.graphs.facts import Facts, facts
from childdev.views.graphs.picture import FORMATS, Picture, as_data, as_json, hidden_words, picture
from childdev.views.graphs.spec import Spec, group_words, spec, specs
from childdev.views.graphs.state import State, parsed
from childdev.web.installation import Installation, installation, served
from childdev.web.kept_route import KeptRoute
from childdev.web.service import Service
from childdev.web.templating import page

router = APIRouter(include_in_schema=False, route_class=KeptRoute)

_WEB = Path(__file__).parents[1]
_MEDIA = {"svg": "image/svg+xml", "graphml": "application/graphml+xml", "csv": "text/csv", "html": "text/html"}
#: addresses of things may end in one of these
_ENDINGS = ("json", *FORMATS)


@router.get("/graphs")
def all_views(request: Request) -> Response:
    """What graph views there are, in plain words."""
    known = facts(served(request).reader)
    return page(request, "graphs.html", views=[v for v in specs() if _can_show(request, v)], label=_label(known))


@router.get("/graph/{view}")
def whole_view(request: Request, view: str) -> Response:
    """A view that is about nothing in particular, or about what its form names."""
    name, _, ending = view.partition(".")
    asked = _Asked(request, spec(name), ending)
    if "about" in request.query_params and asked.spec.about:
        return asked.led_to(_found(asked.service, request.query_params["about"], asked.spec.about))
    if asked.spec.source == "path":
        return asked.between()
    if asked.spec.source == "changes":
        return asked.changes()
    if asked.spec.needs_about:
        return asked.choose()
    return asked.answer(lambda: sources.everything(asked.facts, asked.spec))


@router.get("/graph/{view}/{kind}/{slug}")
def view_about(request: Request, view: str, kind: str, slug: str) -> Response:
    """A view about a thing."""
    slug, _, ending = slug.partition(".")
    asked = _Asked(request, spec(view), ending)
    if kind in asked.spec.about:
        asked.service.find(kind, slug)
    asked.about = f"{kind}/{slug}"
    return asked.answer(lambda: sources.about_thing(asked.facts, asked.spec, kind, slug))


class _Asked:
    """A request for a view: in which form, and what its address says."""

    def __init__(self, request: Request, view: Spec, ending: str) -> None:
        if ending and ending not in _ENDINGS:
            raise NotFoundError(f"A graph view can be had as {', '.join(_ENDINGS)}, and not as '{ending}'.")
        self.request, self.spec, self.ending = request, view, ending
        self.service = served(request)
        self.facts: Facts = facts(self.service.reader)
        self.state: State = parsed(request.query_params.multi_items(), self.facts.words)
        self.about = ""
        self.steps: list[str] = []

    @property
    def path(self) -> str:
        """The address of the view without its query."""
        return f"/graph/{self.spec.slug}{f'/{self.about}' if self.about else ''}"

    def answer(self, gather: Callable[[], sources.Gathered]) -> Response:
        """The view in the form in which it is asked for."""
        made = picture(self.facts, self.spec, self.state, gather(), self.path, self.service.version)
        if not self.ending:
            return self._page(made)
        if self.ending == "json":
            return JSONResponse(as_data(made), headers={"Access-Control-Allow-Origin": "*"})
        return _file(made, self.ending)

    def between(self) -> Response:
        """The lines from one thing to another, or a form that asks for both."""
        if not self.state.first or not self.state.last:
            if self.ending:
                raise ParameterError("Say from what to what: from=feature/x and to=feature/y.")
            return self.choose()
        kinds = ("environment", "feature", "factor")
        ends = _found(self.service, self.state.first, kinds), _found(self.service, self.state.last, ("feature",))
        if ends != (self.state.first, self.state.last):
            state = self.state.but(first=ends[0], last=ends[1])
            return RedirectResponse(f"{self.path}{_dot(self.ending)}?{state.query}", 303)
        gone = [n for n in ends if n not in self.facts.things]
        if gone:
            raise NotFoundError(f"“{gone[0]}” is no longer part of the model.")
        return self.answer(lambda: sources.between(self.facts, self.spec, *ends))

    def changes(self) -> Response:
        """What is otherwise in one version than in another: without any named, in the newest than in the first."""
        here = installation(self.request)
        self.steps = _versions(here)
        last = self.state.last or self.service.version
        first = self.state.first or self.steps[0]
        self.state = self.state.but(first=first, last=last)
        before, self.facts = facts(here.at(first).reader), facts(here.at(last).reader)
        return self.answer(lambda: changed(self.spec, before, self.facts))

    def choose(self) -> Response:
        """A form that asks what the view is to be about."""
        if self.ending:
            raise ParameterError(f"Say about what: /graph/{self.spec.slug}/feature/…")
        return page(self.request, "graph-choose.html", spec=self.spec, **self._choices())

    def led_to(self, about: str) -> Response:
        """The same view about another thing."""
        self.about = about
        state = State(version=self.state.version)
        return RedirectResponse(f"{self.path}{_dot(self.ending)}{'?' if state.query else ''}{state.query}", 303)

    def _page(self, made: Picture) -> Response:
        named = bool(self.state.version)
        data = as_data(made)
        values: dict[str, Any] = {
            "p": made,
            "spec": self.spec,
            "data": data,
            "embedded": Markup(as_json({k: v for k, v in data.items() if k != "list"})),  # noqa: S704 - escaped there
            "picture": Markup(still.still(made)),  # noqa: S704 - all words are escaped as it is drawn
            "hidden": hidden_words(made),
            "about": self._about(),
            "kept": [(n, v) for n, v in self.state.pairs if n in ("from", "to", "focus", "pin", "most", "version")],
            "opened": made.opened,
            "opening": lambda name: still.opening(made, name),
            "whole": made.path + _query([(n, v) for n, v in self.state.pairs if n in ("from", "to")]),
            "without": {name: self._without(name) for name in ("focus", "pin", "most")},
            "focus": _focus(made),
            "exports": {f: made.address(f".{f}", version=not named) for f in FORMATS},
            "address": self.service.base_url + made.address(),
            "steps": self.steps,
            "embedding": self.service.settings.embed_origins,
            **self._choices(),
        }
        return page(self.request, "graph-embed.html" if self.state.embed else "graph.html", **values)

    def _without(self, name: str) -> str:
        pairs = [(n, v) for n, v in self.state.pairs if n not in (name, "version")]
        return self.path + _query(pairs)

    def _about(self) -> tuple[str, str] | None:
        if not self.about:
            return None
        kind, _, slug = self.about.partition("/")
        return f"/{self.about}", self.service.reader.label(self.service.find(kind, slug))

    def _choices(self) -> dict[str, Any]:
        """What the view may be about, for a form: names with their labels."""
        kinds = ("environment", "factor", "feature") if self.spec.source == "path" else self.spec.about
        some = [t for t in self.facts.things.values() if t.kind in kinds]
        words = [str(group_words()["kinds"][k][0]) for k in self.spec.about]
        label = _label(self.facts)
        return {
            "choices": sorted({t.label for t in some}, key=str.casefold),
            "about_words": words,
            "first": label(self.state.first),
            "last": label(self.state.last),
        }


def _label(known: Facts) -> Callable[[str], str]:
    return lambda name: known.things[name].label if name in known.things else name


def _query(pairs: list[tuple[str, str]]) -> str:
    return f"?{urlencode(pairs, quote_via=quote, safe='/:,')}" if pairs else ""


def _dot(ending: str) -> str:
    return f".{ending}" if ending else ""


def _focus(p: Picture) -> str:
    return next((b.name for b in p.boxes if b.id == p.state.focus), p.state.focus)


def _found(service: Service, words: str, kinds: tuple[str, ...]) -> str:
    """A thing by its name ("kind/slug"), else by what it is called, else the one that is found by these words."""
    words = words.strip()[:200]
    kind, _, slug = words.partition("/")
    if kind in kinds and slug:
        service.find(kind, slug)
        return words
    known = facts(service.reader)
    exact = [t.id for t in known.things.values() if t.label.casefold() == words.casefold() and t.kind in kinds]
    if exact:
        return exact[0]
    hits = [hit.link.url.strip("/") for hit in service.search.find(words)] if words else []
    fitting = [name for name in hits if name.partition("/")[0] in kinds]
    if not fitting:
        raise NotFoundError(f"Nothing is found here by “{words}”.", service.search.near(words) if words else [])
    return fitting[0]


def _versions(here: Installation) -> list[str]:
    """The versions that can be compared, the earliest first."""
    if here.read_only:
        return [here.newest.version]
    return [s.version for s in reversed(history.steps(here.publication.record))]


def _can_show(request: Request, view: Spec) -> bool:
    return view.source != "changes" or len(_versions(installation(request))) > 1


def _file(made: Picture, ending: str) -> Response:
    if ending == "svg":
        body: bytes | str = still.file(made)
    elif ending == "html":
        body = _offline(made)
    else:
        body = files.as_csv(made) if ending == "csv" else files.as_graphml(made)
    name = "-".join(["childdev", *made.path.split("/")[2:], made.version])
    headers = {"Content-Disposition": f'{"inline" if ending == "svg" else "attachment"}; filename="{name}.{ending}"'}
    return Response(body, headers=headers, media_type=_MEDIA[ending])


def _offline(made: Picture) -> str:
    """One file that shows the picture and its list with no network: made by pyvis, with our frame round it."""
    library = (_WEB / "static/vendor/vis-network/vis-network.min.js").read_text("utf-8")
    frame = Environment(loader=FileSystemLoader(_WEB / "templates"), autoescape=True)
    frame.globals.update(
        data=as_data(made),
        hidden=hidden_words(made),
        library=Markup(library.replace("</script", "<\\/script")),  # noqa: S704 - our own file
    )
    network = files.network(made)
    network.templateEnv, network.path = frame, "graph-offline.html"
    return str(network.generate_html())
