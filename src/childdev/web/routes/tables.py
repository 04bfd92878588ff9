"""Tables: templates to fill in, and filled ones checked, returned with their messages, and taken in."""

from __future__ import annotations

from fastapi import APIRouter

router = APIRouter(include_in_schema=False)
