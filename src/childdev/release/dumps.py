"""The whole model as files, made from the composed model (never read back from the store), once for each version."""

from __future__ import annotations

import hashlib
import json
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

from pyoxigraph import Quad, RdfFormat, Triple, parse, serialize

from childdev.model.iris import PREFIXES
from childdev.model.modules import Model
from childdev.release.description import Distribution
from childdev.release.jsonld import compact, context
from childdev.release.mappings import sssom
from childdev.store.publication import Version

_STATED = "The ontology: everything stated"
_ALL = "Everything stated and inferred, in named graphs"
#: name → format, media type, title, whether it holds named graphs
FILES = {
    "childdev.ttl": (RdfFormat.TURTLE, "text/turtle", _STATED + ", Turtle", False),
    "childdev.nt": (RdfFormat.N_TRIPLES, "application/n-triples", _STATED + ", N-Triples", False),
    "childdev.rdf": (RdfFormat.RDF_XML, "application/rdf+xml", _STATED + ", RDF/XML", False),
    "childdev-all.nq": (RdfFormat.N_QUADS, "application/n-quads", _ALL + ", N-Quads", True),
    "childdev-all.trig": (RdfFormat.TRIG, "application/trig", _ALL + ", TriG", True),
}
#: name → how it is written (from the model and its version), media type, title
TEXTS: dict[str, tuple[Callable[[Model, str], str], str, str]] = {
    "childdev.jsonld": (lambda model, _: compact(model), "application/ld+json", _STATED + ", JSON-LD"),
    "context.jsonld": (
        lambda model, _: json.dumps(context(model), indent=1),
        "application/ld+json",
        "The JSON-LD context: short names for the terms of the vocabulary",
    ),
    "childdev.sssom.tsv": (sssom, "text/tab-separated-values", "Matches with terms of other schemes, SSSOM"),
}


_MAKING = threading.Lock()


def dumps(model: Model, version: Version) -> tuple[Path, list[Distribution]]:
    """The folder of a version's dumps and what is in it; the dumps are made on the first call."""
    folder = version.folder / "dumps"
    with _MAKING:
        if not (folder / "index.json").exists():
            _make(model, version, folder)
    return folder, [Distribution(**d) for d in json.loads((folder / "index.json").read_text())]


def _make(model: Model, version: Version, folder: Path) -> None:
    partial = folder.with_name("dumps.part")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir()
    triples = sorted(model.triples, key=_order)
    quads = sorted(
        parse(path=str(version.dataset), format=RdfFormat.N_QUADS), key=lambda q: (str(q.graph_name), *_order(q))
    )
    found = []
    for name, (form, media_type, title, graphs) in FILES.items():
        content: list[Quad] | list[Triple] = quads if graphs else triples
        serialize(content, str(partial / name), format=form, prefixes=PREFIXES)
        found.append(_distribution(partial / name, media_type, title))
    for name, (written, media_type, title) in TEXTS.items():
        (partial / name).write_text(written(model, version.name), encoding="utf-8")
        found.append(_distribution(partial / name, media_type, title))
    (partial / "SHA256SUMS").write_text("".join(f"{d.sha256}  {d.name}\n" for d in found))
    (partial / "index.json").write_text(json.dumps([d.__dict__ for d in found]))
    shutil.rmtree(folder, ignore_errors=True)
    partial.rename(folder)


def _distribution(file: Path, media_type: str, title: str) -> Distribution:
    data = file.read_bytes()
    return Distribution(file.name, media_type, title, len(data), hashlib.sha256(data).hexdigest())


def _order(statement: Quad | Triple) -> tuple[str, str, str]:
    return (str(statement.subject), str(statement.predicate), str(statement.object))
