"""Where to look for what is not yet seen: by how much rests on it, what several share once, groups without numbers."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from childdev.errors import TicksError
from childdev.model.iris import iri
from childdev.pathways import group, not_yet
from childdev.pathways.network import development
from childdev.pathways.not_yet import Age, Ticks, around, carries, look, rests_on
from childdev.store.reader import Reader


@pytest.fixture(scope="module")
def known(built: Path) -> Reader:
    return Reader("test", built / "versions" / "0" / "dataset.nq")


def some(*slugs: str) -> frozenset[str]:
    return frozenset(iri("feature", s).value for s in slugs)


@pytest.mark.parametrize(
    ("months", "early", "counted"),
    [(30, 0, 30), (8, 9, 6), (9, 9, 7), (23, 8, 21), (24, 8, 24), (25, 17, 25), (1, 18, 0), (6, 1, 6), (0, 0, 0)],
)
def test_up_to_two_years_one_counts_from_the_due_day(months: int, early: int, counted: int) -> None:
    assert Age(months, early).counted == counted


@pytest.mark.parametrize("months", [0, 3, 12, 30, 60, 132, 216])
def test_what_is_asked_is_usual_at_that_age_or_shortly_before(known: Reader, months: int) -> None:
    growth, asked = development(known).growth, [f.value for f in around(known, months)]
    assert len(asked) > 20 and len(set(asked)) == len(asked)
    for f in asked:
        ages = growth.nodes[f]
        assert ages["first"] <= months <= max(ages["last"] / 0.6, months), f
    assert [f.value for f in around(known, months)] == asked


def test_what_guidance_speaks_of_by_now_is_asked_first(known: Reader) -> None:
    asked = [f.value for f in around(known, 30)]
    assert asked.index(*some("joins-two-words")) < len(asked) / 3


def test_first_comes_that_on_which_the_most_of_what_comes_later_rests(known: Reader) -> None:
    weight, draw = carries(known), random.Random(7)
    asked = [f.value for f in around(known, 30)]
    for _ in range(20):
        picked = draw.sample(asked, 12)
        found = look(known, Ticks(frozenset(picked[:4]), frozenset(picked[4:10]), frozenset(picked[10:])))
        for order in ([e.feature for e in found.each], [r for r, _ in found.shared], list(found.unsure)):
            weights = [round(weight[f], 4) for f in order]
            assert weights == sorted(weights, reverse=True)
        assert {e.feature for e in found.each} == set(picked[4:10]) and set(found.unsure) == set(picked[10:])


def test_what_several_rest_on_is_said_once_and_what_is_seen_is_not_said(known: Reader) -> None:
    draw, shared = random.Random(3), 0
    asked = [f.value for f in around(known, 30)]
    for _ in range(20):
        picked = draw.sample(asked, 24)
        seen, not_seen = frozenset(picked[:8]), frozenset(picked[8:])
        found = look(known, Ticks(seen, not_seen))
        together = dict(found.shared)
        shared += len(together)
        assert all(len(features) > 1 for features in together.values())
        alone = [root for e in found.each for root in e.rests_on]
        assert len(alone) == len(set(alone)) and not set(alone) & set(together)
        said = set(alone) | set(together)
        assert said == {r for f in not_seen for r in rests_on(known, f)} - seen
        for root, features in together.items():
            assert all(root in rests_on(known, f) for f in features)
    assert shared > 10


def test_nothing_ticked_gives_nothing(known: Reader) -> None:
    found = look(known, Ticks())
    assert (found.shared, found.each, found.unsure) == ((), (), ())


def test_another_way_that_some_children_have_is_known_as_one(known: Reader) -> None:
    ways = not_yet.other_ways(known)
    growth = development(known).growth
    assert len(ways) >= 1 and all(growth.out_degree(f) == 0 for f in ways)


# ---------------------------------------------------------------- groups


@pytest.mark.parametrize(("count", "size"), [(1, 9), (0, 0), (3, 501), (-1, 20), (21, 20)])
def test_a_group_that_is_too_small_or_a_number_that_can_not_be_is_refused(count: int, size: int) -> None:
    with pytest.raises(TicksError, match="children"):
        group.share(count, size)


@pytest.mark.parametrize("size", [10, 11, 17, 24, 30, 100, 500])
def test_small_counts_and_all_but_small_counts_are_words_alone(size: int) -> None:
    words = [group.share(n, size) for n in range(size + 1)]
    assert words[0] == "none" and set(words[1:6]) == {"a few"}
    assert set(words[max(6, size - 5) :]) == {"most"}
    order = ["none", "a few", "some", "about half", "most"]
    assert [order.index(w) for w in words] == sorted(order.index(w) for w in words)


def test_what_would_help_most_of_the_room_comes_from_what_many_do_not_have_yet(known: Reader) -> None:
    words, few, none = some("joins-two-words"), some("uses-toilet"), some("climbs-on-and-off")
    counts = {**dict.fromkeys(words, 14), **dict.fromkeys(few, 3), **dict.fromkeys(none, 0)}
    found = group.room(known, counts, 24)
    assert dict(found.shares) == {**dict.fromkeys(words, "about half"), **dict.fromkeys(few, "a few")}
    assert len(found.helps) > 1 and all(set(features) == words for _, features in found.helps)
    assert iri("environment", "talk-rich-home").value in dict(found.helps)


def test_what_helps_more_of_it_comes_first(known: Reader) -> None:
    asked = [f.value for f in around(known, 36)]
    found = group.room(known, dict.fromkeys(random.Random(1).sample(asked, 15), 20), 30)
    sure = [sum(group.SURE[development(known).helps[f][e]] for f in features) for e, features in found.helps]
    assert sure == sorted(sure, reverse=True) and len(sure) > 10
