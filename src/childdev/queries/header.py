"""The head of a `.rq` file: lines that begin with `#+` and hold YAML (as grlc has them), strictly checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Any

import yaml
from pyoxigraph import QuerySolutions, Store

from childdev.queries.answers import COLUMN_KINDS, Column
from childdev.queries.parameters import OF, Choice, Parameter

SECTIONS = (
    "Describing development",
    "Environments, factors and capital",
    "Need areas and early warning",
    "Evidence and disagreement",
    "The local system",
    "Change",
)
ASKED_BY = ("families", "education", "health", "care", "workshops", "local leaders", "developers")
KINDS = ("thing", "integer", "choice")

_FIELDS = {
    "title",
    "question",
    "competency",
    "section",
    "asked_by",
    "meaning",
    "parameters",
    "example",
    "columns",
    "notes",
}
_PARAMETER_FIELDS = {
    "name",
    "label",
    "kind",
    "of",
    "min",
    "max",
    "unit",
    "values",
    "required",
    "default",
    "any",
    "hint",
}
_VARIABLE = re.compile(r"[?$](_[A-Za-z0-9_]+)")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
#: libyaml where PyYAML has it: headers are read at each start
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class HeaderError(Exception):
    """A `.rq` file is not a question; `faults` holds pairs of a field and what is wrong with it."""

    def __init__(self, faults: list[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{field}: {message}" for field, message in faults))
        self.faults = faults


@dataclass(frozen=True)
class Meaning:
    """The sentence above the answer, for no row, one row and more."""

    none: str
    one: str
    many: str


@dataclass(frozen=True)
class Header:
    """What is said of a question beside its query."""

    title: str
    question: str
    competency: int
    section: str
    asked_by: tuple[str, ...]
    meaning: Meaning
    parameters: tuple[Parameter, ...]
    example: Mapping[str, str]
    columns: tuple[Column, ...]
    notes: tuple[str, ...]


def read_header(text: str) -> tuple[Header, str]:
    """The header and the query of a `.rq` file.

    Raises:
        HeaderError: with every fault found.
    """
    lines = text.splitlines()
    head = "\n".join(line[2:].removeprefix(" ") for line in lines if line.startswith("#+"))
    query = "\n".join(line for line in lines if not line.startswith("#+")).strip() + "\n"
    try:
        fields = yaml.load(head, _LOADER)  # noqa: S506 - both are safe loaders
    except yaml.YAMLError as e:
        mark = getattr(e, "problem_mark", None)
        place = f"line {mark.line + 1} of the header" if mark else "header"
        problem = getattr(e, "problem", e)
        raise HeaderError([(place, f"is not YAML: {problem}; quote a text that holds “: ” or “#”")]) from e
    if not isinstance(fields, dict):
        raise HeaderError([("header", "is missing; begin the file with `#+ title: ...` and the other fields")])
    reading = _Reading(fields)
    header = reading.header()
    reading.check_query(header, query)
    if reading.faults:
        raise HeaderError(reading.faults)
    return header, query


class _Reading:
    """One reading of a header: takes the fields in turn and keeps every fault."""

    def __init__(self, fields: Mapping[str, Any]) -> None:
        self.fields = fields
        self.faults: list[tuple[str, str]] = []

    def header(self) -> Header:
        for name in sorted(set(self.fields) - _FIELDS, key=str):
            self.fault(str(name), f"is no field of a question; the fields are {', '.join(sorted(_FIELDS))}")
        parameters = self.parameters()
        header = Header(
            title=self.text("title"),
            question=self.text("question"),
            competency=self.whole("competency"),
            section=self.one_of("section", SECTIONS),
            asked_by=self.asked_by(),
            meaning=self.meaning(),
            parameters=parameters,
            example={str(k): str(v) for k, v in self.mapping(self.fields, "example", optional=True).items()},
            columns=self.columns(),
            notes=self.texts("notes"),
        )
        names = {p.name for p in parameters}
        self.blanks("question", header.question, names, names)
        for key, words in vars(header.meaning).items():
            self.blanks(f"meaning.{key}", words, names | {"count"}, set())
        for name in sorted(set(header.example) - names):
            self.fault("example", f"gives a value for {name}, which is no parameter")
        for name in sorted({p.name for p in parameters if p.required} - set(header.example)):
            self.fault("example", f"gives no value for {name}, which is required")
        return header

    def check_query(self, header: Header, query: str) -> None:
        try:
            found = Store().query(query)
        except SyntaxError as e:
            self.fault("query", f"is not SPARQL: {e}")
            return
        if not isinstance(found, QuerySolutions):
            self.fault("query", "must be a SELECT")
            return
        projected = {v.value for v in found.variables}
        columns = {c.name for c in header.columns}
        for name in sorted(columns - projected):
            self.fault("columns", f"names {name}, which the query does not select; add ?{name} to its SELECT")
        for name in sorted(projected - columns - {f"{c}Label" for c in columns}):
            self.fault("query", f"selects ?{name}, which is no column; add it to columns or leave it out")
        used, declared = set(_VARIABLE.findall(query)), {p.variable: p.name for p in header.parameters}
        for name in sorted(used - set(declared)):
            self.fault("parameters", f"lacks the parameter of ?{name}; declare it, or name the variable without “_”")
        for name in sorted(set(declared) - used):
            self.fault("parameters", f"declares {declared[name]}, but the query has no ?{name}")
        if "WHERE {" not in query:
            self.fault("query", "must write “WHERE {”, which is where the values go")
        if "ORDER BY" not in query:
            self.fault("query", "must end with ORDER BY, so that the answer is always in the same order")

    # ------------------------------------------------------------ fields

    def parameters(self) -> tuple[Parameter, ...]:
        found = []
        for place, item in enumerate(self.list("parameters", optional=True), 1):
            where = f"parameters[{place}]"
            if not isinstance(item, dict) or not _NAME.fullmatch(str(item.get("name", ""))):
                self.fault(where, "needs a name of small letters, digits and _")
                continue
            where = f"parameters.{item['name']}"
            for name in sorted(set(item) - _PARAMETER_FIELDS, key=str):
                fields = ", ".join(sorted(_PARAMETER_FIELDS))
                self.fault(f"{where}.{name}", f"is no field of a parameter; they are {fields}")
            found.append(self.parameter(where, item))
        for name in {p.name for p in found if [q.name for q in found].count(p.name) > 1}:
            self.fault(f"parameters.{name}", "is declared twice")
        return tuple(found)

    def parameter(self, where: str, item: Mapping[str, Any]) -> Parameter:
        kind = str(item.get("kind", ""))
        if kind not in KINDS:
            self.fault(f"{where}.kind", f"must be one of {', '.join(KINDS)}")
            kind = "choice"
        if kind == "thing" and item.get("of") not in OF:
            self.fault(f"{where}.of", f"must say what kind of thing: one of {', '.join(OF)}")
        for key in ("min", "max"):
            if kind == "integer" and not isinstance(item.get(key), int):
                self.fault(f"{where}.{key}", "must be a whole number")
        values = item.get("values", {})
        if kind == "choice" and (not isinstance(values, dict) or not values):
            self.fault(f"{where}.values", "must give each value its words, as in `values: {for: in favour}`")
            values = {}
        default = str(item.get("default", ""))
        required = item.get("required", True)
        if not isinstance(required, bool):
            self.fault(f"{where}.required", "must be true or false")
        if not required and not default and not item.get("any"):
            self.fault(f"{where}.any", "must say what stands in the sentence when left open, as in `any: any stage`")
        if not item.get("label"):
            self.fault(f"{where}.label", "is missing; say in plain words what the blank is")
        return Parameter(
            name=str(item["name"]),
            label=str(item.get("label", "")),
            kind=kind,
            of=str(item.get("of", "")),
            minimum=item.get("min"),
            maximum=item.get("max"),
            unit=str(item.get("unit", "")),
            choices=tuple(Choice(str(v), str(label)) for v, label in values.items()),
            required=bool(required) and not default,
            default=default,
            any=str(item.get("any", "")),
            hint=str(item.get("hint", "")),
        )

    def columns(self) -> tuple[Column, ...]:
        found = []
        for name, item in self.mapping(self.fields, "columns").items():
            heading = item.get("heading") if isinstance(item, dict) else None
            kind = item.get("kind") if isinstance(item, dict) else None
            if not heading or kind not in COLUMN_KINDS or set(item) != {"heading", "kind"}:
                kinds = ", ".join(COLUMN_KINDS)
                self.fault(f"columns.{name}", f"must be {{heading: words, kind: k}} where k is one of {kinds}")
                continue
            found.append(Column(str(name), str(heading), str(kind)))
        return tuple(found)

    def meaning(self) -> Meaning:
        given = self.mapping(self.fields, "meaning")
        words = {key: given.get(key) for key in ("none", "one", "many")}
        for key, value in words.items():
            if not isinstance(value, str):
                self.fault(f"meaning.{key}", "is missing; say what the answer means for none, one and many rows")
        for key in sorted(set(given) - set(words), key=str):
            self.fault(f"meaning.{key}", "is not one of none, one and many")
        return Meaning(**{key: " ".join(str(value).split()) for key, value in words.items()})

    def asked_by(self) -> tuple[str, ...]:
        found = self.texts("asked_by")
        for who in found:
            if who not in ASKED_BY:
                self.fault("asked_by", f"has “{who}”; choose among {', '.join(ASKED_BY)}")
        return found

    # ------------------------------------------------------------ kinds of field

    def fault(self, field: str, message: str) -> None:
        self.faults.append((field, message))

    def text(self, name: str) -> str:
        value = self.fields.get(name)
        if not isinstance(value, str) or not value.strip():
            self.fault(name, "is missing; give it a text")
            return ""
        return " ".join(value.split())

    def texts(self, name: str) -> tuple[str, ...]:
        value = self.list(name)
        if not value or not all(isinstance(v, str) for v in value):
            self.fault(name, "must be a list of texts, with one at least")
            return ()
        return tuple(" ".join(v.split()) for v in value)

    def whole(self, name: str) -> int:
        value = self.fields.get(name)
        if not isinstance(value, int) or isinstance(value, bool):
            self.fault(name, "must be a whole number")
            return 0
        return value

    def one_of(self, name: str, allowed: tuple[str, ...]) -> str:
        value = self.text(name)
        if value and value not in allowed:
            self.fault(name, f"must be one of {'; '.join(allowed)}")
        return value

    def list(self, name: str, optional: bool = False) -> list[Any]:
        value = self.fields.get(name, [] if optional else None)
        if isinstance(value, list):
            return value
        self.fault(name, "must be a list")
        return []

    def mapping(self, fields: Mapping[str, Any], name: str, optional: bool = False) -> Mapping[str, Any]:
        value = fields.get(name, {} if optional else None)
        if isinstance(value, dict):
            return value
        self.fault(name, "must hold names with values")
        return {}

    def blanks(self, field: str, template: str, allowed: set[str], needed: set[str]) -> None:
        """Check the {blanks} of a sentence."""
        try:
            parts = [name for _, name, _, _ in Formatter().parse(template) if name is not None]
        except ValueError as e:
            self.fault(field, f"has a brace without its partner ({e})")
            return
        for name in parts:
            if name not in allowed:
                choose = ", ".join(sorted(allowed)) or "none"
                self.fault(field, f"has the blank {{{name}}}, which is not one of {choose}")
        for name in sorted(needed - set(parts)):
            self.fault(field, f"lacks the blank {{{name}}}, though it is a parameter")
