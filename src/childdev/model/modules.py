"""Modules of the model: Turtle files read into sets of triples, put together, and written back.

A module is a file of `ontology/`; its name is the file's name without `.ttl`. Only `core` may hold
blank nodes (the lists in its axioms), which get canonical names (RDFC-1.0), so that the same file
always gives the same triples.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
    parse,
    serialize,
)

from childdev.errors import Finding, ModelError, ParseError
from childdev.model.iris import PREFIXES, kind_and_slug, module_graph

RDF_TYPE = NamedNode(PREFIXES["rdf"] + "type")
_CLAIM_SUBJECT = NamedNode(PREFIXES["cd"] + "claimSubject")
CORE = "core"


@dataclass(frozen=True)
class Model:
    """The stated triples by module."""

    modules: Mapping[str, frozenset[Triple]]

    @cached_property
    def triples(self) -> frozenset[Triple]:
        """All stated triples of all modules."""
        return frozenset().union(*self.modules.values())

    def quads(self) -> Iterator[Quad]:
        """Every stated triple in the graph of its module."""
        for name, triples in self.modules.items():
            graph = module_graph(name)
            for t in triples:
                yield Quad(t.subject, t.predicate, t.object, graph)

    def changed(self, added: Iterable[Quad], removed: Iterable[Quad]) -> Model:
        """The same with quads added and removed. A module of which nothing is left is gone."""
        modules = {name: set(triples) for name, triples in self.modules.items()}
        for q in removed:
            modules[_module_name(q)].discard(q.triple)
        for q in added:
            modules.setdefault(_module_name(q), set()).add(q.triple)
        return Model({name: frozenset(triples) for name, triples in modules.items() if triples})


def _module_name(quad: Quad) -> str:
    assert isinstance(quad.graph_name, NamedNode)
    return quad.graph_name.value.removeprefix(module_graph("").value)


def encode(
    statements: Iterable[Quad] | Iterable[Triple], form: RdfFormat, prefixes: Mapping[str, str] | None = None
) -> str:
    """Statements as text in a format."""
    found = serialize(statements, format=form, prefixes=dict(prefixes or {}))
    assert found is not None  # as no file was named
    return found.decode()


def lines(text: str) -> list[str]:
    """The lines of a text in one of RDF's formats. Words may hold characters at which `splitlines` would cut too."""
    return text.removesuffix("\n").split("\n") if text else []


def nquads(quads: Iterable[Quad]) -> list[str]:
    """The quads as sorted lines of canonical N-Quads."""
    return sorted(lines(encode(quads, RdfFormat.N_QUADS)))


def fingerprint(folder: Path) -> str:
    """SHA-256 (hexadecimal) of the names and bytes of a folder's modules: whether anything was edited at all."""
    digest = hashlib.sha256()
    for file in sorted(folder.glob("*.ttl")):
        digest.update(f"{file.name} {hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def load(folder: Path) -> Model:
    """Read every `*.ttl` of a folder.

    Raises:
        ParseError: a file is not Turtle; names the file and the line.
        ModelError: the folder holds no core module, or a module other than core has blank nodes.
    """
    files = sorted(folder.glob("*.ttl"))
    if not any(f.stem == CORE for f in files):
        raise ModelError(f"{folder} holds no core.ttl, so there is no model to read.")
    modules, findings = {}, []
    for file in files:
        try:
            modules[file.stem] = read(file)
        except ParseError as e:
            findings.extend(e.findings)
    if findings:
        raise ParseError("The model can't be read.", findings)
    return Model(modules)


def read(file: Path) -> frozenset[Triple]:
    """The triples of one Turtle file.

    Raises:
        ParseError: it is not Turtle, or has blank nodes though it is not core.
    """
    try:
        quads = list(parse(path=str(file), format=RdfFormat.TURTLE))
    except SyntaxError as e:
        raise ParseError("The file is not Turtle.", [Finding(f"{file.name}, line {e.lineno}", str(e.msg))]) from e
    except (OSError, ValueError) as e:
        raise ParseError("The file can't be read.", [Finding(file.name, str(e))]) from e
    if any(isinstance(q.subject, BlankNode) or isinstance(q.object, BlankNode) for q in quads):
        if file.stem != CORE:
            where = next(q for q in quads if isinstance(q.subject, BlankNode) or isinstance(q.object, BlankNode))
            raise ParseError(
                "A module has a blank node.",
                [
                    Finding(
                        file.name, f"a blank node stands at {where.predicate.value}; give the thing a name of its own"
                    )
                ],
            )
        dataset = Dataset(quads)
        dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
        quads = list(dataset)
    return frozenset(q.triple for q in quads)


def write(file: Path, triples: Iterable[Triple], banner: str) -> None:
    """Write a module as Turtle, the same bytes for the same triples: by thing, its claims after it."""
    text = turtle(triples, banner)
    partial = file.with_suffix(".ttl.part")
    partial.write_text(text, encoding="utf-8")
    partial.replace(file)


def turtle(triples: Iterable[Triple], banner: str) -> str:
    """Turtle for a module of things without blank nodes."""
    triples = list(triples)
    claim_of: dict[object, str] = {
        t.subject: t.object.value for t in triples if t.predicate == _CLAIM_SUBJECT and isinstance(t.object, NamedNode)
    }
    ordered = sorted(triples, key=lambda t: (_place(t.subject, claim_of), *_row(t)))
    body = []
    for line in lines(encode(ordered, RdfFormat.TURTLE, PREFIXES)):
        if line.startswith("@prefix") or not line.strip():
            continue
        if not line.startswith("\t"):
            body.append("")
        body.append(line.replace("\t", "    "))
    text = "\n".join(body)
    prefixes = [f"@prefix {p}: <{i}> ." for p, i in sorted(PREFIXES.items()) if re.search(rf"(^|[\s^]){p}:", text)]
    return "\n".join([*(f"# {line}" for line in banner.splitlines()), "", *prefixes, text]) + "\n"


def _place(subject: object, claim_of: Mapping[object, str]) -> tuple[str, int, str]:
    """A thing at its slug, its claims right after it."""
    value = str(getattr(subject, "value", subject))
    if subject in claim_of:
        return (claim_of[subject], 1, value)
    named = kind_and_slug(value)
    return (
        (value, 0, "")
        if named is None or named[0] != "position"
        else (value.replace("/position/", "/claim/"), 1, value)
    )


#: predicates that come first, in this order; the rest follow by name
_FIRST = {
    PREFIXES[p] + n: i
    for i, (p, n) in enumerate(
        [
            ("rdf", "type"),
            ("skos", "prefLabel"),
            ("skos", "altLabel"),
            ("skos", "hiddenLabel"),
            ("skos", "definition"),
            ("cd", "everydayWords"),
            ("cd", "claimSubject"),
            ("cd", "claimProperty"),
            ("cd", "claimObject"),
            ("cd", "strength"),
            ("cd", "basis"),
            ("cd", "inDomain"),
            ("cd", "inStage"),
            ("cd", "typicalFromMonths"),
            ("cd", "typicalToMonths"),
        ]
    )
}


def _row(t: Triple) -> tuple[int, str, str]:
    predicate = t.predicate.value
    return (_FIRST.get(predicate, len(_FIRST)), predicate, str(t.object))
