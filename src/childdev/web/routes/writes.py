"""Writes by standards: SPARQL Update and the Graph Store Protocol, with a token."""

from __future__ import annotations

from fastapi import APIRouter

router = APIRouter(include_in_schema=False)
