"""A form for anything in the model, made from its shape; what a change would do, as one types."""

from __future__ import annotations

from fastapi import APIRouter

router = APIRouter(include_in_schema=False)
