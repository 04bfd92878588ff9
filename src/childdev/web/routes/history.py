"""What changed, when and why; the model as it was; a feed."""

from __future__ import annotations

from fastapi import APIRouter

router = APIRouter(include_in_schema=False)
