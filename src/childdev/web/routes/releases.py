"""Releases: proposals that were approved, put together and published."""

from __future__ import annotations

from fastapi import APIRouter

router = APIRouter(include_in_schema=False)
