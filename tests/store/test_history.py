"""The history in PROV: made from the log, and asked as queries/README.md asks it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pyoxigraph import Store

from childdev.store.history import quads
from childdev.store.record import ChangeSet, Entry

QUERIES = re.findall(
    r"```sparql\n(.*?)```", (Path(__file__).parents[2] / "queries/README.md").read_text("utf-8"), re.DOTALL
)
LINE = '<https://w3id.org/childdev/id/feature/walks-alone> <http://www.w3.org/2004/02/skos/core#altLabel> "x"@en-gb <https://w3id.org/childdev/graph/model/features-motor> .'


@pytest.fixture
def history() -> Store:
    proposal = {
        "id": 3,
        "title": "What helps language grow",
        "why": "The room agreed.",
        "by": "workshop",
        "workshop": {"title": "Language in the north"},
        "dissent": ["Two health visitors see the age differently."],
    }
    details = {"proposals": [proposal], "sentences": ["Another name was added."], "credit": ["A. Person"]}
    log = [
        ("1.0.0", Entry(0, "2026-11-24T10:00:00+00:00", "maintainers", "The packaged model", "f", "1.0.0", {})),
        ("1.1.0", Entry(1, "2026-11-25T10:00:00+00:00", "maintainers", "Release 1.1.0", None, "1.1.0", details)),
    ]
    store = Store()
    store.extend(quads(log, lambda number: ChangeSet(frozenset([LINE]), frozenset(), "maintainers", "")))
    return store


def rows(store: Store, query: str) -> list[list[str]]:
    return [[value.value for value in row] for row in store.query(query)]


def test_proposals_that_were_released_with_dissent(history: Store) -> None:
    assert rows(history, QUERIES[0]) == [
        ["1.1.0", "What helps language grow", "Two health visitors see the age differently."]
    ]


def test_what_a_workshop_has_contributed(history: Store) -> None:
    assert rows(history, QUERIES[1]) == [
        ["Language in the north", "What helps language grow", "The room agreed.", "1.1.0", "Another name was added."]
    ]


def test_a_version_says_what_it_revises_who_took_part_and_what_it_touched(history: Store) -> None:
    prov = "PREFIX prov: <http://www.w3.org/ns/prov#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
    found = rows(
        history,
        prov
        + """SELECT ?old ?who ?thing { GRAPH ?g { ?v prov:wasRevisionOf ?old ; prov:wasGeneratedBy ?c .
        ?c prov:wasAssociatedWith/rdfs:label ?who ; prov:influenced ?thing } } ORDER BY ?who""",
    )
    base = "https://w3id.org/childdev/"
    thing = f"{base}id/feature/walks-alone"
    assert found == [[f"{base}version/1.0.0", who, thing] for who in ("A. Person", "maintainers")]
