"""A knowledge graph of healthy child development, served.

`childdev.Model()` reads the model for analysis; see `childdev.pathways.notebook`.
"""

from __future__ import annotations

from typing import Any

__all__ = ["Model"]


def __getattr__(name: str) -> Any:
    # read only when asked for, so that the command starts at once
    if name == "Model":
        from childdev.pathways.notebook import Model

        return Model
    raise AttributeError(f"module 'childdev' has no attribute '{name}'")
