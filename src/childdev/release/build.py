"""Build: compose the modules, check every rule, prove that they hold together, infer."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad

from childdev.config import Settings
from childdev.contribution.observations import example
from childdev.errors import ChilddevError, InvalidError
from childdev.model.iris import iri
from childdev.model.modules import Model, fingerprint, load
from childdev.model.stated import PREF_LABEL
from childdev.reasoning.consistency import prove
from childdev.reasoning.inference import Inference, leaves_inferred
from childdev.release.settling import clashes, settle
from childdev.resources import folder
from childdev.store import observations
from childdev.store.publication import Publication
from childdev.validation import reports, shapes


def model_folder(settings: Settings) -> Path:
    """Where the model's Turtle lies."""
    return settings.model or folder("ontology")


def check(model: Model) -> None:
    """Check every rule of the model and prove that it is consistent.

    Raises:
        InvalidError: rules are broken; its findings say which, where and how to mend it.
        InconsistentError: the model contradicts itself.
    """
    broken = [v for v in shapes.validate(model) if v.severity == "Violation"]
    if broken:
        what = (
            "One rule of the model is not met"
            if len(broken) == 1
            else f"Rules of the model are not met in {len(broken)} places"
        )
        raise InvalidError(f"{what}.", reports.findings(model, broken))
    prove(model)


def infer(model: Model) -> Iterable[Quad]:
    """The inferred quads of a model."""
    return Inference(model).quads()


def open_publication(settings: Settings) -> tuple[Publication, ChilddevError | None]:
    """Open the data folder with the model that the settings name; also what is wrong with that model.

    Raises:
        ChilddevError: the model is wrong and there is no earlier version to serve.
    """
    publication = Publication(settings, infer, leaves_inferred)
    model = model_folder(settings)
    try:
        problem = publication.open(lambda: load(model), check, fingerprint(model))
        settle(publication.record)
        clashes(publication.record)
        if observations.is_new(publication.record.engine):
            example.bring_in(publication.record.engine, indicators(publication.model))
        return publication, problem
    except Exception:
        publication.close()
        raise


def indicators(model: Model) -> dict[str, str]:
    """The indicators of a model: slug → name."""
    start = iri("indicator", "").value
    return {
        t.subject.value.removeprefix(start): t.object.value
        for t in model.triples
        if t.predicate == PREF_LABEL
        and isinstance(t.subject, NamedNode)
        and t.subject.value.startswith(start)
        and isinstance(t.object, Literal)
    }
