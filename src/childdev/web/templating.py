"""HTML from templates."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from childdev.errors import ChilddevError, FindingsError, NotFoundError
from childdev.views.words import BASES, STRENGTHS
from childdev.web.installation import installation, served
from childdev.web.signed import CsrfField

_HERE = Path(__file__).parent
#: ages in months → share of the age bar; the early years have more room
_SCALE = [(-9, 0.0), (0, 0.12), (12, 0.28), (36, 0.44), (66, 0.57), (138, 0.78), (216, 1.0)]

#: links to what there is in every version
_INNER_LINK = re.compile(
    r'(?<= )(href)="((?:\?|/(?!static/|(?:history|workshops|sign-in|suggest|edit|proposals|releases|tables|people'
    r'|account|feed|tend)\b))[^"]*)"(?! data-newest)'
)

environment = Environment(
    loader=FileSystemLoader(_HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def place(months: int) -> int:
    """Where an age lies on the age bar, from 0 to 720."""
    months = max(-9, min(months, 216))
    for (a, x), (b, y) in pairwise(_SCALE):
        if months <= b:
            return round(720 * (x + (y - x) * (months - a) / (b - a)))
    return 720


environment.filters["blanks"] = lambda question: re.sub(r"\{[^}]*\}", "…", question)
environment.globals.update(strengths=STRENGTHS, bases=BASES, place=place, as_at=None)


def error_page(request: Request, error: ChilddevError) -> Response:
    """An error as a page: what happened, and the nearest things to go on to."""
    near = error.near if isinstance(error, NotFoundError) else []
    detail = error.summary if isinstance(error, FindingsError) else str(error)
    response = page(request, "error.html", error.status, title=error.title, detail=detail, near=near)
    response.headers.update(getattr(error, "headers", {}))
    return response


def page(request: Request, template: str, status: int = 200, **values: Any) -> Response:
    """A page from a template. At a version that the address names, its links stay at that version."""
    name = request.query_params.get("version")
    try:
        service = served(request)
    except NotFoundError:
        service, name = installation(request).newest, None
    known = {
        "path": request.url.path,
        "version": service.version,
        "stages": service.stages,
        "as_at": service.published if name else None,
        "newest": installation(request).newest.version,
        "csrf": CsrfField(request),
    }
    html = environment.get_template(template).render(**known, **values)
    return HTMLResponse(_at_version(html, service.version) if name else html, status)


def _at_version(html: str, version: str) -> str:
    def link(match: re.Match[str]) -> str:
        address, hash_, fragment = match[2].partition("#")
        return f'{match[1]}="{address}{"&amp;" if "?" in address else "?"}version={version}{hash_}{fragment}"'

    return _INNER_LINK.sub(link, html)
