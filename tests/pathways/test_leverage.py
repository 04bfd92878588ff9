"""Leverage: figures worked out by hand on a small graph, and what networkx finds on the real model."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

import childdev
from childdev.errors import ModelError
from childdev.pathways.leverage import BANDS, Far, banded, leverage, leverage_of, losses, reach
from childdev.pathways.links import growth, linked
from childdev.pathways.network import development
from childdev.pathways.surest import Lines
from childdev.store.reader import Reader


def small() -> nx.MultiDiGraph[str]:
    """a → b → c → d and, less surely, a → c; an environment helps with b."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.add_nodes_from([f"feature/{x}" for x in "abcd"], kind="feature")
    graph.add_node("environment/e", kind="environment")
    for later, earlier, strength in (
        ("b", "a", "established"),
        ("c", "b", "emerging"),
        ("c", "a", "workshop-view"),
        ("d", "c", "established"),
    ):
        graph.add_edge(f"feature/{later}", f"feature/{earlier}", key="buildsOn", strength=strength)
    graph.add_edge("environment/e", "feature/b", key="enables", strength="emerging")
    return graph


@pytest.fixture(scope="module")
def far(reader: Reader) -> dict[str, Far]:
    return leverage_of(reader)


def test_reach_is_as_worked_out_by_hand() -> None:
    found = reach(growth(small()))
    # from a: b at 0.9; c by b at 0.9 × 0.7, surer than 0.5 straight; d at 0.9 of that
    assert found == pytest.approx(
        {"feature/a": 0.9 + 0.63 + 0.567, "feature/b": 0.7 + 0.63, "feature/c": 0.9, "feature/d": 0}
    )


def test_leverage_is_as_worked_out_by_hand() -> None:
    found = leverage(small(), draws=4)
    assert found["environment/e"].reach == pytest.approx(0.7 + 0.49 + 0.441, abs=1e-4)
    assert (found["environment/e"].later, found["feature/a"].later, found["feature/d"].later) == (3, 3, 0)
    # a to d and b to d pass through c, a to c and a to d through b
    assert {f: found[f"feature/{f}"].passing for f in "abcd"} == {"a": 0, "b": 2, "c": 2, "d": 0}
    # c can be come to from a without b, so b is on every line to itself alone; a is on every line to all
    assert found["feature/a"].gate == ("feature/b", "feature/c", "feature/d")
    assert found["feature/b"].gate == () and found["feature/c"].gate == ("feature/d",)
    assert list(found) == sorted(found, key=lambda f: -found[f].reach)


def test_bands_are_shares_of_places_and_equals_share_one() -> None:
    bands = banded(np.array([[10, 9, 9, 7, 6, 5, 4, 3, 2, 0]], np.float32))[0]
    assert [list(BANDS)[b] for b in bands] == ["very far", *["far"] * 2, *["some way"] * 3, *["nearby"] * 4]


def test_a_circle_is_told() -> None:
    graph = nx.DiGraph([("x", "y"), ("y", "x")])
    with pytest.raises(ModelError, match="circle: x → y"):
        reach(graph)


def test_a_tenth_is_lost_and_weak_links_more_often(reader: Reader) -> None:
    lines = Lines(growth(linked(reader)))
    alike, weaker = losses(lines, 60, 1)
    tenth = round(len(lines.steps) / 10)
    assert {int(n) for kept in (alike, weaker) for n in (~kept).sum(axis=1)} == {tenth}
    weak = np.array([sure < 0.6 for *_, sure in lines.steps])
    assert abs((~alike)[:, weak].mean() - 0.1) < 0.01 and (~weaker)[:, weak].mean() > 0.11
    assert (losses(lines, 60, 1)[0] == alike).all() and (losses(lines, 60, 2)[0] != alike).any()


def test_reach_agrees_with_surest_lines_of_networkx(reader: Reader) -> None:
    graph = development(reader).growth
    found = reach(graph)
    weighted = Lines(graph)
    costed: nx.DiGraph[str] = nx.DiGraph()
    costed.add_weighted_edges_from((a, b, -np.log(sure)) for a, b, sure in weighted.steps)
    for start in sorted(costed)[::60]:
        lengths = nx.single_source_dijkstra_path_length(costed, start)
        assert found[start] == pytest.approx(sum(np.exp(-cost) for cost in lengths.values()) - 1, abs=1e-3)
    assert len(found) > 700


def test_counts_and_crossings_agree_with_networkx(reader: Reader, far: dict[str, Far]) -> None:
    graph = growth(linked(reader))
    some = sorted(graph)[::25]
    assert {f: far[f].later for f in some} == {f: len(nx.descendants(graph, f)) for f in some}
    weights = {"established": 105, "emerging": 357, "contested": 693, "workshop-view": 693}
    for *_, line in graph.edges(data=True):
        line["cost"] = weights[line["strength"]]
    expected = nx.betweenness_centrality(graph, normalized=False, weight="cost")
    assert {f: far[f].passing for f in graph} == pytest.approx(expected, abs=0.01)


def test_without_a_gate_what_lies_behind_it_is_out_of_reach(reader: Reader, far: dict[str, Far]) -> None:
    graph = linked(reader)
    ways = growth(graph, "buildsOn", "canAlsoGrowFrom")
    first = {f for f in ways if graph.has_edge(f, "stage/perinatal", key="inStage")}
    gates = [f for f in far.values() if f.gate]
    assert len(gates) > 100 and max(len(f.gate) for f in gates) > 10
    for gate in gates[::12]:
        without = ways.subgraph(set(ways) - {gate.thing})
        starts = first - {gate.thing}
        reached = starts.union(*(nx.descendants(without, f) for f in starts))
        all_reached = first.union(*(nx.descendants(ways, f) for f in first))
        assert set(gate.gate) == all_reached - reached - {gate.thing}


@pytest.mark.slow
def test_the_same_seed_gives_the_same_bands_from_turtle_as_from_a_version(far: dict[str, Far]) -> None:
    table = childdev.Model().leverage()
    assert list(table.index) == list(far)
    assert table.band.to_dict() == {name: f.band for name, f in far.items()}
    assert table.held.to_dict() == {name: f.held for name, f in far.items()}
    assert set(table.kind) == {"feature", "environment"} and table.label["feature/walks-alone"] == "Walks alone"


def test_what_is_known_to_carry_much_reaches_very_far(far: dict[str, Far]) -> None:
    assert far["feature/joint-attention"].band == "very far" and far["feature/joint-attention"].steady == "steady"
    assert far["environment/warm-responsive-care"].band == "very far"
    assert {f.steady for f in far.values()} == {"steady", "mostly steady", "hangs on a few links"}
