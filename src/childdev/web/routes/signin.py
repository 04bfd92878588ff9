"""Signing in and out, setting up, and the people who may do more than read."""

from __future__ import annotations

from fastapi import APIRouter

router = APIRouter(include_in_schema=False)
