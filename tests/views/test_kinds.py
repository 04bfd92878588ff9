"""What the shapes allow, the pages have words for."""

from __future__ import annotations

import re

import pytest

from childdev.resources import folder
from childdev.views import people, sources


@pytest.mark.parametrize(
    ("file", "path", "known"),
    [
        ("source", "cd:sourceType", sources.KINDS),
        ("agency", "cd:sector", people.SECTORS),
        ("agency", "cd:reachedBy", people.REACHED),
    ],
)
def test_every_kind_that_is_allowed_has_a_heading(file: str, path: str, known: dict[str, object]) -> None:
    rules = (folder("shapes") / f"{file}.ttl").read_text("utf-8")
    allowed = re.search(rf"sh:path {path} ;[^]]*?sh:in \(([^)]*)\)", rules)
    assert allowed is not None
    assert set(re.findall(r'"([^"]+)"', allowed[1])) <= set(known)
