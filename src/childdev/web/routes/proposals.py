"""Proposals: what is put forward, what is said of it, and what is decided."""

from __future__ import annotations

from fastapi import APIRouter

router = APIRouter(include_in_schema=False)
