"""Small numbers: no sum or difference of what is stored gives one away."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from childdev.contribution.observations.suppression import LEAST, protect
from childdev.store.observations import Area, Observation

Tree = tuple[dict[str, Area], dict[str, tuple[int, int]]]


@st.composite
def trees(draw: st.DrawFn) -> Tree:
    """Areas within areas within one, and how many children of how many in each, which add up."""
    areas = {"T": Area("T", "Top")}
    numbers: dict[str, tuple[int, int]] = {}
    small = st.tuples(st.integers(0, 14), st.integers(0, 14))
    large = st.tuples(st.integers(0, 60), st.integers(0, 60))
    top = (0, 0)
    for m in range(draw(st.integers(1, 4))):
        middle = f"M{m}"
        areas[middle] = Area(middle, middle, "T")
        whole = (0, 0)
        for leaf in range(draw(st.integers(0, 4))):
            code = f"{middle}L{leaf}"
            areas[code] = Area(code, code, middle)
            numbers[code] = draw(st.one_of(small, large))
            whole = (whole[0] + numbers[code][0], whole[1] + numbers[code][1])
        if not any(c.startswith(f"{middle}L") for c in numbers):
            whole = draw(large)
        numbers[middle] = whole
        top = (top[0] + whole[0], top[1] + whole[1])
    numbers["T"] = top
    return areas, {code: n for code, n in numbers.items() if sum(n) > 0}


def observations(numbers: dict[str, tuple[int, int]]) -> list[Observation]:
    return [Observation("gld-at-5", code, 2024, "2024/25", a, a + b, None) for code, (a, b) in numbers.items()]


def given_away(areas: dict[str, Area], numbers: dict[str, tuple[int, int]], kept: list[Observation]) -> set[str]:
    """The small numbers that whoever has all that is kept can work out, by any sums and differences: linear algebra."""
    hidden = [o.area for o in kept if o.left_out]
    shown = {o.area for o in kept if not o.left_out}
    wholes = {a.part_of for c, a in areas.items() if c in numbers} & set(numbers)
    rows = []
    for whole in wholes:
        parts = [c for c, a in areas.items() if a.part_of == whole and c in numbers]
        if {whole, *parts} <= shown | set(hidden):
            rows.append([(h == whole) - (h in parts) for h in hidden])
    if not rows or not hidden:
        return set()
    matrix = np.array(rows, float)
    rank = np.linalg.matrix_rank(matrix)
    return {
        h
        for i, h in enumerate(hidden)
        if min(numbers[h]) < LEAST and np.linalg.matrix_rank(np.vstack([matrix, np.eye(len(hidden))[i]])) == rank
    }


@settings(max_examples=300, deadline=None)
@given(trees())
def test_nothing_left_out_can_be_worked_out(tree: Tree) -> None:
    areas, numbers = tree
    kept = protect(observations(numbers), [], areas)
    for o in kept:
        a, b = numbers[o.area]
        if o.left_out:
            assert (o.count, o.denominator, o.percent) == (None, None, None)
        else:
            assert min(a, b) >= LEAST
    assert given_away(areas, numbers, kept) == set()


@settings(max_examples=300, deadline=None)
@given(trees(), st.data())
def test_nor_from_what_came_at_different_times(tree: Tree, data: st.DataObject) -> None:
    """The same figures in two sets, the second made safe beside what the first shows already."""
    areas, numbers = tree
    first = {c: n for c, n in numbers.items() if data.draw(st.booleans(), c)}
    second = {c: n for c, n in numbers.items() if c not in first}
    stored = protect(observations(first), [], areas)
    kept = [*stored, *protect(observations(second), stored, areas)]
    assert all(min(numbers[o.area]) >= LEAST for o in kept if not o.left_out)
    assert given_away(areas, numbers, kept) == set()


@settings(max_examples=300, deadline=None)
@given(trees())
def test_the_sum_of_what_is_left_out_is_not_so_small_that_it_tells(tree: Tree) -> None:
    """Where one area's parts are left out, what subtraction gives of them together is a group of some size."""
    areas, numbers = tree
    kept = {o.area: o for o in protect(observations(numbers), [], areas)}
    for whole, o in kept.items():
        parts = [c for c, a in areas.items() if a.part_of == whole and c in kept]
        hidden = [c for c in parts if kept[c].left_out]
        if hidden and not o.left_out:
            for side in (0, 1):
                assert sum(numbers[c][side] for c in hidden) >= LEAST


def test_a_place_that_no_row_names_is_safe_too() -> None:
    areas = {"T": Area("T", "Top"), "A": Area("A", "A", "T"), "B": Area("B", "B", "T")}
    kept = protect(observations({"T": (100, 100), "A": (60, 50), "B": (37, 40)}), [], areas)
    assert [o.area for o in kept if o.left_out] == ["A", "B"], "3 of 13 children are elsewhere"


@pytest.mark.parametrize(
    ("count", "denominator", "percent", "left_out"),
    [
        (5, 100, None, True),
        (6, 100, None, False),
        (95, 100, None, True),
        (94, 100, None, False),
        (0, 100, None, True),
        (None, 100, 5.0, True),
        (None, 100, 12.0, False),
        (None, None, 0.0, True),
        (None, None, 100.0, True),
        (None, None, 12.0, False),
        (4, None, 12.0, True),
    ],
)
def test_what_is_small(count: int | None, denominator: int | None, percent: float | None, left_out: bool) -> None:
    o = Observation("gld-at-5", "A", 2024, "2024/25", count, denominator, percent)
    assert protect([o], [], {})[0].left_out is left_out


def test_a_share_is_small_where_another_indicator_tells_how_many_children_there_are() -> None:
    other = Observation("phonics-check", "A", 2024, "2024/25", 20, 40, None)
    share = Observation("gld-at-5", "A", 2024, "2024/25", None, None, 10.0)
    assert protect([share], [other], {})[0].left_out
    assert protect([share, other], [], {})[0].left_out
