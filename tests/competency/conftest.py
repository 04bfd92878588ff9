"""The question library, read once."""

from __future__ import annotations

import pytest

from childdev.queries.catalogue import Catalogue
from childdev.resources import folder


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return Catalogue.load(folder("queries"))
