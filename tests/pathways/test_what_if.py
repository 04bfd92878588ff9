"""What a loss or a gain would touch, against taking things out one by one; and gaps."""

from __future__ import annotations

from collections import Counter

import networkx as nx
import pytest

from childdev.errors import NotFoundError, ParameterError
from childdev.pathways.gaps import gaps_of
from childdev.pathways.links import growth, linked, out
from childdev.pathways.what_if import what_if
from childdev.store.reader import Reader

HUB = ["environment/family-hub-nearby", "asset/family-hub-buildings", "agency/family-hub"]


def helping(graph: nx.MultiDiGraph[str], without: list[str]) -> nx.DiGraph[str]:
    """Who and what helps what, without some things and, again and again, without what has lost all behind it."""
    found: nx.DiGraph[str] = nx.DiGraph()
    for s, o, relation in graph.edges(keys=True):
        if relation == "heldBy":
            found.add_edge(o, s)
        elif relation in ("supports", "enables", "strengthens"):
            found.add_edge(s, o)
    had = {n for n in found if found.in_degree(n) and not n.startswith("feature/")}
    found.remove_nodes_from(without)
    while bare := [n for n in found if n in had and not found.in_degree(n)]:
        found.remove_nodes_from(bare)
    return found


@pytest.mark.parametrize(
    "without",
    [
        HUB[:1],
        HUB,
        ["asset/settled-homes"],
        ["agency/employers-and-careers"],
        ["agency/health-visiting", "agency/midwifery"],
    ],
)
def test_a_loss_touches_what_taking_it_out_by_hand_touches(reader: Reader, without: list[str]) -> None:
    graph = linked(reader)
    without = [n for n in without if n in graph]
    effect = what_if(graph, without)
    before, after = helping(graph, []), helping(graph, without)

    def behind(found: nx.DiGraph[str], name: str) -> set[str]:
        return set(found.predecessors(name)) if name in found else set()

    expected = {
        n: behind(before, n) - behind(after, n)
        for n in before
        if n.partition("/")[0] in ("asset", "environment", "factor", "feature") and n not in without
    }
    assert {t.thing: set(t.lost) for t in effect.help} == {n: lost for n, lost in expected.items() if lost}
    features = {n for n, lost in expected.items() if lost and n.startswith("feature/")}
    grown = growth(graph)
    assert set(effect.later) == {o for f in features for o in nx.descendants(grown, f)} - features
    assert not any(t.gained for t in effect.help)


def test_a_family_hub_names_what_it_touches(reader: Reader) -> None:
    effect = what_if(linked(reader), HUB[:1])
    assert {"feature/welcomed-and-wanted", "feature/joins-other-children"} <= {
        t.thing for t in effect.touched("feature")
    }
    assert effect.gone == ("environment/family-hub-nearby",)
    visiting = next(s for s in effect.stand_ins if s.thing == "environment/home-visiting")
    assert "agency/health-visiting" in visiting.holders and "feature/welcomed-and-wanted" in visiting.shared
    # with the agency alone its building is left with nobody
    assert "asset/family-hub-buildings" in what_if(linked(reader), ["agency/family-hub"]).gone


def test_a_gain_and_a_single_link(reader: Reader) -> None:
    graph = linked(reader)
    gain = what_if(graph, with_=["asset/settled-homes:environment/family-hub-nearby"])
    assert [(t.thing, t.gained, t.lost) for t in gain.help] == [
        ("environment/family-hub-nearby", ("asset/settled-homes",), ())
    ]
    loss = what_if(graph, ["environment/family-hub-nearby:feature/uses-toilet"])
    assert [(t.thing, t.lost) for t in loss.help] == [("feature/uses-toilet", ("environment/family-hub-nearby",))]
    spared = what_if(graph, ["agency/family-hub"], ["agency/health-visiting:asset/family-hub-buildings"])
    assert "asset/family-hub-buildings" not in spared.gone
    assert not what_if(graph).help and "environment/family-hub-nearby" in graph


def test_a_feature_left_out_closes_ways_in(reader: Reader) -> None:
    graph = linked(reader)
    effect = what_if(graph, ["feature/joint-attention"])
    after = set(growth(graph, "buildsOn", "canAlsoGrowFrom").successors("feature/joint-attention"))
    assert {t.thing for t in effect.routes} == after and not effect.help
    assert set(effect.later) >= set(nx.descendants(growth(graph), "feature/joint-attention")) - after


@pytest.mark.parametrize(
    ("without", "with_", "error", "words"),
    [
        (["feature/nope"], [], NotFoundError, "no feature called 'nope'"),
        (["stage/primary"], [], ParameterError, "not of one of these forms"),
        ([], ["feature/uses-toilet"], ParameterError, "not a link"),
        ([], ["agency/family-hub:feature/uses-toilet"], ParameterError, "not a link"),
        (["asset/settled-homes:environment/family-hub-nearby"], [], NotFoundError, "no link"),
        (["feature/uses-toilet"] * 21, [], ParameterError, "At most 20"),
    ],
)
def test_what_can_not_be_asked_is_told(
    reader: Reader, without: list[str], with_: list[str], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        what_if(linked(reader), without, with_)


@pytest.mark.slow
def test_gaps_are_there_of_each_kind_and_true(reader: Reader) -> None:
    graph, found = linked(reader), gaps_of(reader)
    grown = growth(graph)
    kinds = Counter(g.kind for g in found)
    assert set(kinds) == {"little-help", "one-holder", "thin-help", "no-indicator"} and min(kinds.values()) >= 5
    for gap in found:
        if gap.kind == "little-help":
            helps = [s for s, _, k in graph.in_edges(gap.about[0], keys=True) if k == "enables"]
            assert len(helps) <= 1 and gap.later == len(nx.descendants(grown, gap.about[0]))
        elif gap.kind == "one-holder":
            assert list(gap.others) == out(graph, gap.about[0], "heldBy")
            lost = {t.thing for t in what_if(graph, gap.about).help if t.lost == gap.about and t.bare}
            assert {b for b in gap.bare if not b.startswith("feature/")} <= lost
        elif gap.kind == "no-indicator":
            assert gap.last - gap.first > 60 and gap.features
