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

_HERE = Path(__file__).parent
#: ages in months → share of the age bar; the early years have more room
_SCALE = [(-9, 0.0), (0, 0.12), (12, 0.28), (36, 0.44), (66, 0.57), (138, 0.78), (216, 1.0)]

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
environment.globals.update(strengths=STRENGTHS, bases=BASES, place=place)


def error_page(request: Request, error: ChilddevError) -> Response:
    """An error as a page: what happened, and the nearest things to go on to."""
    near = error.near if isinstance(error, NotFoundError) else []
    detail = error.summary if isinstance(error, FindingsError) else str(error)
    response = page(request, "error.html", error.status, title=error.title, detail=detail, near=near)
    response.headers.update(getattr(error, "headers", {}))
    return response


def page(request: Request, template: str, status: int = 200, **values: Any) -> Response:
    """A page from a template."""
    known = {"path": request.url.path, "version": request.app.state.service.version, "stages": request.app.state.stages}
    return HTMLResponse(environment.get_template(template).render(**known, **values), status)
