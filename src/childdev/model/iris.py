"""How things are named: `.../id/<kind>/<slug>`, and the graphs in which their triples lie."""

from __future__ import annotations

from pyoxigraph import NamedNode

from childdev import terms

BASE = "https://w3id.org/childdev/"
ID = BASE + "id/"
GRAPH = BASE + "graph/"

INFERRED = NamedNode(GRAPH + "inferred")
CATALOGUE = NamedNode(GRAPH + "catalogue")
DATASET = NamedNode(BASE + "dataset")

#: kind of thing, as in its IRI → the class that it is an instance of
KINDS: dict[str, NamedNode] = {
    "feature": terms.Feature,
    "stage": terms.Stage,
    "domain": terms.Domain,
    "environment": terms.Environment,
    "level": terms.EnvironmentLevel,
    "factor": terms.Factor,
    "need": terms.Need,
    "capital": terms.Capital,
    "asset": terms.CapitalAsset,
    "agency": terms.Agency,
    "tier": terms.ProvisionTier,
    "system-feature": terms.SystemFeature,
    "prompt": terms.Prompt,
    "measure": terms.Measure,
    "indicator": terms.Indicator,
    "step": terms.GraduatedStep,
    "principle": terms.DialogicPrinciple,
    "participation": terms.ParticipationLevel,
    "accountability": terms.AccountabilityForm,
    "claim": terms.Claim,
    "position": terms.Position,
    "source": terms.Source,
    "term": terms.OutsideTerm,
    "story": terms.Story,
    "observation": terms.Observation,
}

PREFIXES: dict[str, str] = {
    "cd": BASE + "def/",
    "dcterms": "http://purl.org/dc/terms/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "vs": "http://www.w3.org/2003/06/sw-vocab-status/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    **{kind: f"{ID}{kind}/" for kind in KINDS},
}


def iri(kind: str, slug: str) -> NamedNode:
    """The name of a thing, for instance `iri("feature", "walks-alone")`."""
    return NamedNode(f"{ID}{kind}/{slug}")


def kind_and_slug(node: NamedNode | str) -> tuple[str, str] | None:
    """The kind and slug in the name of a thing, or None where it is not one of ours."""
    value = node if isinstance(node, str) else node.value
    if not value.startswith(ID):
        return None
    kind, _, slug = value[len(ID) :].partition("/")
    return (kind, slug) if kind in KINDS and slug and "/" not in slug else None


def module_graph(module: str) -> NamedNode:
    """The graph that holds the stated triples of a module."""
    return NamedNode(f"{GRAPH}model/{module}")
