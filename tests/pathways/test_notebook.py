"""The model in a notebook: two lines to a graph, two to a table."""

from __future__ import annotations

import subprocess
import sys

import networkx as nx
import pytest

import childdev
from childdev.errors import ModelError, NotFoundError


@pytest.fixture(scope="module")
def model() -> childdev.Model:
    return childdev.Model()


def test_two_lines_give_a_graph(model: childdev.Model) -> None:
    graph = model.graph("buildsOn")
    assert nx.is_directed_acyclic_graph(graph)
    walks = graph.nodes["feature/walks-alone"]
    assert walks["label"] == "Walks alone" and walks["kind"] == "feature" and walks["typicalFromMonths"] < 12
    assert {d["strength"] for *_, d in graph.edges(data=True)} <= {"established", "emerging", "workshop-view"}
    assert "feature/joint-attention" in nx.descendants(graph, "feature/reads-for-meaning")


def test_all_relations_are_there_unless_some_are_asked_for(model: childdev.Model) -> None:
    relations = {key for _, _, key in model.graph().edges(keys=True)}
    assert {"buildsOn", "enables", "supports", "heldBy", "inDomain", "mayIndicate"} <= relations


def test_two_lines_give_a_table(model: childdev.Model) -> None:
    features = model.table("feature")
    assert len(features) > 700
    late = features[features.typicalFromMonths >= 132]
    assert len(late) > 100 and "prefLabel" in late.columns
    assert features.loc["feature/walks-alone", "inDomain"] == ["domain/motor"]


def test_claims_say_on_what_links_stand(model: childdev.Model) -> None:
    claims = model.claims()
    read = claims[claims.basis == "read"]
    assert (read.locator != "").all() and (read.evidence.str.len() > 0).all()


def test_what_is_not_there_is_told(model: childdev.Model, tmp_path: object) -> None:
    with pytest.raises(NotFoundError, match="There is no kind 'fature'"):
        model.table("fature")
    with pytest.raises(ModelError, match="no model"):
        childdev.Model(str(tmp_path))


def test_the_command_does_not_pay_for_it() -> None:
    code = "import childdev, sys; assert not {'networkx', 'pandas'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
