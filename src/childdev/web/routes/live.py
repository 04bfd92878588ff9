"""The live side of a workshop: commands by POST, events by SSE."""

from __future__ import annotations

from fastapi import APIRouter

router = APIRouter(include_in_schema=False)
