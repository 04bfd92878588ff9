"""Where the files lie that travel with the code: model, shapes, upkeep, questions, views."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parent.parent


def folder(name: str) -> Path:
    """The folder `name` (ontology, shapes, quality, queries or viz): in the wheel, or in the checkout."""
    packaged = _PACKAGE / "data" / name
    return packaged if packaged.is_dir() else _CHECKOUT / name
