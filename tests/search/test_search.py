"""Search finds what a practitioner would call right. `judged.tsv` was written by reading the model, not from output."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from childdev.store.reader import ALT_LABEL, Reader
from childdev.views.search import KINDS, Search

JUDGED = list(csv.DictReader(Path(__file__).with_name("judged.tsv").read_text("utf-8").splitlines(), delimiter="\t"))


@pytest.fixture(scope="module")
def search(reader: Reader) -> Search:
    return Search(reader)


def _slugs(search: Search, query: str, limit: int = 5) -> list[str]:
    return [hit.link.iri.rsplit("/", 1)[-1] for hit in search.find(query, limit)]


def test_the_judged_set_is_whole_and_of_things_that_are(reader: Reader) -> None:
    slugs = {s.value.rsplit("/", 1)[-1] for kind in KINDS for s in reader.of_kind(kind)}
    assert len(JUDGED) >= 200
    assert len({row["query"] for row in JUDGED}) == len(JUDGED)
    assert [row["query"] for row in JUDGED if not slugs & set(row["right"].split())] == []


def test_a_right_thing_is_in_the_first_five_for_95_in_100(search: Search) -> None:
    misses = [
        f"{row['query']}: {', '.join(found)}"
        for row in JUDGED
        if not set(found := _slugs(search, row["query"])) & set(row["right"].split())
    ]
    assert len(misses) <= 0.05 * len(JUDGED), "\n".join([f"{len(misses)} of {len(JUDGED)} missed", *misses])


def test_an_exact_name_is_first(search: Search, reader: Reader) -> None:
    names = {reader.label(s) for kind in KINDS for s in reader.of_kind(kind)}
    assert len(names) > 1000
    assert [name for name in names if search.find(name, 1)[0].link.label != name] == []


def test_an_exact_other_name_is_among_the_first(search: Search, reader: Reader) -> None:
    for kind in KINDS:
        for s in reader.of_kind(kind):
            for other in reader.objects(s, ALT_LABEL):
                assert s.value in {hit.link.iri for hit in search.find(other.value, 12)}, other.value


@pytest.mark.parametrize(
    ("query", "label", "why"),
    [
        ("SLCN", "Speech, language and communication needs", "it has just this name or code"),
        ("points", "Points to show interest", "its name says “points”"),
        ("fonics", "Links letters and sounds", "its name says “letters” and “sounds”, near to “phonics”"),
        ("fonics", "Links letters and sounds", "“fonics” was read as “phonics”"),
        ("sorts out disagreements", "Sorts out small disagreements", "all your words are in one place"),
        ("walking at 14 months", "Walks alone", "it is usual at about that age"),
        ("who do I ring about speech", "Speech and language therapy", "you asked who"),
    ],
)
def test_a_hit_says_why_it_was_found(search: Search, query: str, label: str, why: str) -> None:
    assert why in next(hit.why for hit in search.find(query) if hit.link.label == label)


@pytest.mark.parametrize("said", ["not pointing", "doesn't point", "never points", "won't point"])
def test_what_is_denied_is_found(search: Search, said: str) -> None:
    assert "points-to-share" in _slugs(search, said)


@pytest.mark.parametrize(
    ("query", "label"),
    [
        ("18 months", "Joins two words"),
        ("what should a 6 week old do", "Smiles back"),
        ("year 6", "Is ready for secondary school"),
    ],
)
def test_an_age_alone_finds_what_is_usual_then(search: Search, query: str, label: str) -> None:
    assert label in [hit.link.label for hit in search.find(query, 200)]
    assert all("usual at about that age" in hit.why for hit in search.find(query, 5))


@pytest.mark.parametrize("query", ["", " ", "?", '"', "the", "NOT OR AND", "a*b:c", "zzzzzzz", "ж" * 500, "9" * 400])
def test_any_query_is_answered(search: Search, query: str) -> None:
    assert isinstance(search.find(query), list)


def test_an_age_still_counts_beside_an_unknown_word(search: Search) -> None:
    assert search.find("18 months xylophonist")
