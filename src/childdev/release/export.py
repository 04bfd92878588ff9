"""The model back to Turtle: the same bytes for the same model, so that an export shows in a diff what changed.

A module that says what its file says already is left as it is, byte for byte. Others are written anew in the fixed
order of `model.modules.turtle`. The core module is written by hand and has comments: where only the version in its
head is another, those lines alone are edited.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from pyoxigraph import Literal, NamedNode, Triple

from childdev.contribution.imports import banner
from childdev.errors import ModelError, StoreError
from childdev.model.iris import PREFIXES
from childdev.model.modules import CORE, Model, read, turtle
from childdev.release.numbering import ONTOLOGY

_OWL, _DCTERMS = PREFIXES["owl"], PREFIXES["dcterms"]
VERSION_INFO, VERSION_IRI = NamedNode(_OWL + "versionInfo"), NamedNode(_OWL + "versionIRI")
PRIOR, ISSUED = NamedNode(_OWL + "priorVersion"), NamedNode(_DCTERMS + "issued")
#: what the vocabulary says of its own version, in the order in which it stands
HEAD = (VERSION_IRI, PRIOR, VERSION_INFO, ISSUED)
_NAMES = {VERSION_IRI: "owl:versionIRI", PRIOR: "owl:priorVersion", VERSION_INFO: "owl:versionInfo"}
_NAMES[ISSUED] = "dcterms:issued"


@dataclass(frozen=True)
class Exported:
    """What an export did: names of files written and left as they were, and those that are no part of the model."""

    written: tuple[str, ...]
    kept: tuple[str, ...]
    extra: tuple[str, ...]
    core: str

    @property
    def words(self) -> str:
        """The same in words."""
        told = [f"{len(self.written)} files were written, {len(self.kept)} were the same already."]
        if self.core == "rewritten":
            told.append("core.ttl was written anew, without its comments, because more than its version changed.")
        if self.extra:
            told.append(f"These files are no part of this version; take them out: {', '.join(self.extra)}.")
        return "\n".join(told)


def export(model: Model, folder: Path, packaged: Path) -> Exported:
    """Write a model into a folder, each file at once or not at all. Nothing is taken out of the folder.

    `packaged` is the folder of the packaged model: its files are taken where they say the same.

    Raises:
        StoreError: the folder can't be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        written, kept, core = [], [], "kept"
        for name, triples in sorted(model.modules.items()):
            file = folder / f"{name}.ttl"
            text, how = _text(name, triples, (file, packaged / file.name))
            core = how if name == CORE else core
            if file.exists() and file.read_bytes() == text:
                kept.append(file.name)
                continue
            partial = file.with_suffix(".ttl.part")
            partial.write_bytes(text)
            partial.replace(file)
            written.append(file.name)
    except OSError as e:
        raise StoreError(f"{folder} can't be written: {e.strerror}. Choose another folder.") from e
    extra = sorted(f.name for f in folder.glob("*.ttl") if f.stem not in model.modules)
    return Exported(tuple(written), tuple(kept), tuple(extra), core)


def version_triples(number: str, before: str, issued: str) -> list[Triple]:
    """What the vocabulary says of its own version. `issued` is a moment, as ISO 8601 has it."""
    moment = Literal(issued, datatype=NamedNode(PREFIXES["xsd"] + "dateTime"))
    return [
        Triple(ONTOLOGY, VERSION_IRI, NamedNode(f"{ONTOLOGY.value}{number}/")),
        Triple(ONTOLOGY, PRIOR, NamedNode(f"{ONTOLOGY.value}{before}/")),
        Triple(ONTOLOGY, VERSION_INFO, Literal(number)),
        Triple(ONTOLOGY, ISSUED, moment),
    ]


def _text(name: str, triples: frozenset[Triple], known: tuple[Path, ...]) -> tuple[bytes, str]:
    """The bytes of a module, and whether they are those of a file that is known, edited, or written anew."""
    held = [(file.read_bytes(), found) for file in known if (found := _read(file)) is not None]
    for text, found in held:
        if found == triples:
            return text, "kept"
    if name == CORE:
        for text, _ in held:
            edited = _edited(text.decode(), triples)
            if _triples(edited) == triples:
                return edited.encode(), "edited"
    return turtle(triples, banner(name) if name != CORE else "The vocabulary of childdev.").encode(), "rewritten"


def _edited(text: str, triples: frozenset[Triple]) -> str:
    """The text of the core module with the version of these triples in its head."""
    said = {t.predicate: t.object for t in triples if t.subject == ONTOLOGY and t.predicate in HEAD}
    before = "a owl:Ontology ;\n"
    for predicate in HEAD:
        name, value = _NAMES[predicate], said.get(predicate)
        line = "" if value is None else f"    {name} {_short(value)} ;\n"
        found = re.search(rf"^ *{name} [^\n]* ;\n", text, re.M)
        start, end = found.span() if found else (text.index(before) + len(before),) * 2
        text = text[:start] + line + text[end:]
        before = line or before
    return text


def _short(value: object) -> str:
    return re.sub(rf"<{re.escape(PREFIXES['xsd'])}(\w+)>", r"xsd:\1", str(value))


def _read(file: Path) -> frozenset[Triple] | None:
    """What a file says, or None where it is not there or is not Turtle."""
    try:
        return read(file)
    except ModelError:
        return None


def _triples(text: str) -> frozenset[Triple] | None:
    with TemporaryDirectory() as folder:
        file = Path(folder) / f"{CORE}.ttl"
        file.write_text(text, encoding="utf-8")
        return _read(file)
