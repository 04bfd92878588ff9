"""The model for people who analyse: a networkx graph and pandas tables, in two lines.

::

    model = childdev.Model()
    model.graph()          # a networkx.MultiDiGraph
    model.table("feature") # a pandas.DataFrame
    model.leverage()       # how far features and environments reach, a pandas.DataFrame
    model.gaps()           # where much rests on little, a pandas.DataFrame
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import networkx as nx
from pyoxigraph import Literal, NamedNode

from childdev import terms as cd
from childdev.errors import ModelError, NotFoundError
from childdev.model.iris import KINDS, PREFIXES, kind_and_slug
from childdev.model.modules import RDF_TYPE, load
from childdev.resources import folder

if TYPE_CHECKING:
    from pandas import DataFrame

_FAR = ("band", "steady", "held", "reach", "later", "passing")
_CLAIM_PARTS = (cd.claimSubject, cd.claimProperty, cd.claimObject)


class Model:
    """What is stated in the model, read once from its Turtle. Ages are in months after birth."""

    def __init__(self, ontology: Path | str | None = None) -> None:
        """Read the packaged model, or the folder of Turtle that is named.

        Raises:
            ModelError: the folder holds no model, or a file of it is not Turtle.
        """
        self._stated = load(Path(ontology) if ontology else folder("ontology"))

    def graph(self, *relations: str) -> nx.MultiDiGraph[str]:
        """Things and the links between them: all, or those of some relations (`"buildsOn"`, `"enables"` …).

        A node is named as in its IRI (`feature/walks-alone`) and has `kind`, `label` and its values
        (`typicalFromMonths` …; a list where there are several). An edge has its relation as key and, where
        there is a claim, `strength`, `basis` and `explanation`.
        """
        graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
        for name in sorted(self._values):
            kind = name.partition("/")[0]
            if kind not in ("claim", "position"):
                values = {k: _one(v) for k, v in self._values[name].items()}
                graph.add_node(name, kind=kind, label=values.get("prefLabel", name), **values)
        for s, relation, o in sorted(self._links):
            if (not relations or relation in relations) and s in graph and o in graph:
                graph.add_edge(s, o, key=relation, **self._claims.get((s, relation, o), {}))
        return graph

    def table(self, kind: str) -> DataFrame:
        """All things of a kind (`"feature"`, `"environment"` …) that are not retired, one row each, by name.

        Links are lists of names; a value that a thing has once is a plain value.

        Raises:
            NotFoundError: there is no such kind.
            ModelError: pandas is not installed.
        """
        if kind not in KINDS:
            raise NotFoundError(f"There is no kind '{kind}'; there are {', '.join(KINDS)}.")
        rows: dict[str, dict[str, Any]] = {}
        for name in sorted(n for n in self._values if n.startswith(f"{kind}/")):
            rows[name] = {k: _one(v) for k, v in self._values[name].items()}
        for s, relation, o in sorted(self._links):
            if s in rows:
                rows[s].setdefault(relation, []).append(o)
        table: DataFrame = _pandas().DataFrame.from_dict(rows, orient="index")
        return table

    def claims(self) -> DataFrame:
        """Every link that has a claim: subject, relation, object, strength, basis, evidence, locator, explanation.

        Raises:
            ModelError: pandas is not installed.
        """
        rows = [
            {"subject": s, "relation": p, "object": o, **facts} for (s, p, o), facts in sorted(self._claims.items())
        ]
        table: DataFrame = _pandas().DataFrame(rows)
        return table

    def leverage(self) -> DataFrame:
        """How far each feature and environment reaches into what comes later, those that reach farthest first.

        One row each, by name: `label`, `kind`, `band`, `steady`, `held` (the least share of random losses of a tenth
        of the links in which it stays in its band), `reach`, `later`, `passing` and `gate`, as
        `childdev.pathways.leverage.Far` says. It is about the model and says nothing of any child.

        Raises:
            ModelError: pandas is not installed.
        """
        from childdev.pathways.leverage import leverage

        rows = {
            far.thing: {
                "label": self._label(far.thing),
                "kind": far.thing.partition("/")[0],
                **{name: getattr(far, name) for name in _FAR},
                "gate": list(far.gate),
            }
            for far in leverage(self.graph()).values()
        }
        table: DataFrame = _pandas().DataFrame.from_dict(rows, orient="index")
        return table

    def gaps(self) -> DataFrame:
        """Where much rests on little, one row for each gap as `childdev.pathways.gaps.Gap` has it, with a `label`.

        Raises:
            ModelError: pandas is not installed.
        """
        from dataclasses import asdict

        from childdev.pathways.gaps import gaps

        rows = [{"label": " · ".join(map(self._label, gap.about)), **asdict(gap)} for gap in gaps(self.graph())]
        table: DataFrame = _pandas().DataFrame(rows)
        return table

    def _label(self, name: str) -> str:
        return str(_one(self._values[name].get("prefLabel", [name])))

    @cached_property
    def _values(self) -> dict[str, dict[str, list[Any]]]:
        found: defaultdict[str, defaultdict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
        for t in self._stated.triples:
            name = _name(t.subject)
            if name and t.predicate == RDF_TYPE:
                found[name]["type"].append(_local(t.object.value) if isinstance(t.object, NamedNode) else "")
            elif name and isinstance(t.object, Literal):
                value = t.object.value
                found[name][_local(t.predicate.value)].append(int(value) if _whole(t.object) else value)
        return {
            name: {k: sorted(v, key=str) for k, v in sorted(values.items())}
            for name, values in found.items()
            if "Retired" not in values["type"]
        }

    @cached_property
    def _links(self) -> set[tuple[str, str, str]]:
        return {
            (s, _local(t.predicate.value), o)
            for t in self._stated.triples
            if (s := _name(t.subject)) and (o := _name(t.object)) and t.predicate not in _CLAIM_PARTS
        }

    @cached_property
    def _claims(self) -> dict[tuple[str, str, str], dict[str, Any]]:
        parts: defaultdict[str, dict[NamedNode, str]] = defaultdict(dict)
        evidence: defaultdict[str, list[str]] = defaultdict(list)
        strength: dict[str, str] = {}
        for t in self._stated.triples:
            name = _name(t.subject)
            if not name or not isinstance(t.object, NamedNode):
                continue
            if t.predicate in _CLAIM_PARTS:
                parts[name][t.predicate] = _name(t.object) or _local(t.object.value)
            elif t.predicate == cd.evidence:
                evidence[name].append(_name(t.object))
            elif t.predicate == cd.strength:
                strength[name] = _local(t.object.value)
        return {
            (p[cd.claimSubject], p[cd.claimProperty], p.get(cd.claimObject, "")): {
                "strength": strength.get(name, ""),
                **{k: _one(self._values[name].get(k, [""])) for k in ("basis", "locator", "explanation")},
                "evidence": sorted(evidence[name]),
            }
            for name, p in parts.items()
            if cd.claimSubject in p and cd.claimProperty in p
        }


def _name(node: object) -> str:
    named = kind_and_slug(node) if isinstance(node, NamedNode) else None
    return "/".join(named) if named else ""


def _local(iri: str) -> str:
    return iri.rsplit("/", 1)[-1].rsplit("#", 1)[-1]


def _whole(value: Literal) -> bool:
    return value.datatype.value == PREFIXES["xsd"] + "integer"


def _one(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values


def _pandas() -> Any:
    try:
        import pandas
    except ImportError as e:
        raise ModelError("Tables need pandas; install it with `pip install 'childdev[notebook]'`.") from e
    return pandas
