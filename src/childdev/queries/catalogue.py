"""The question library: a `.rq` file is one question, with its blanks, its query and how its answer is told.

From a question come a page, a REST route, a command and a test; nothing about it is written anywhere else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import QuerySolutions
from rapidfuzz import fuzz, process

from childdev.errors import Finding, ModelError, NotFoundError, ParameterError
from childdev.queries.answers import Answer, Column, rows
from childdev.queries.header import Header, HeaderError, read_header
from childdev.queries.parameters import Parameter, Value
from childdev.store.reader import Reader, Term

_WHERE = "WHERE {"


@dataclass(frozen=True)
class Bound:
    """Values for all blanks of a question, by name."""

    values: Mapping[str, Value]

    @property
    def given(self) -> dict[str, str]:
        """The shortest way to give the same values again, for links and as a key; blanks left open are left out."""
        return {name: value.given for name, value in self.values.items() if value.given}


@dataclass(frozen=True)
class Question:
    """One question of the library."""

    name: str
    header: Header
    query: str

    @property
    def title(self) -> str:
        """A few words for lists."""
        return self.header.title

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """Its blanks, in the order of the sentence."""
        return self.header.parameters

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns of its answer."""
        return self.header.columns

    def bind(self, values: Mapping[str, str], reader: Reader) -> Bound:
        """Values for the blanks, as the terms they stand for.

        Raises:
            ParameterError: a blank is unknown, empty though it must be filled, or filled with what does not fit.
        """
        known = [p.name for p in self.parameters]
        for name in values:
            if name not in known:
                blanks = f"Its blanks are: {', '.join(known)}." if known else "It has none."
                raise ParameterError(f"The question “{self.title}” has no blank called “{name}”. {blanks}")
        return Bound({p.name: p.read(values.get(p.name, ""), reader) for p in self.parameters})

    def example(self, reader: Reader) -> Bound:
        """The example of its header, bound."""
        return self.bind(self.header.example, reader)

    def asked(self, bound: Bound) -> str:
        """The question as a sentence, its blanks filled."""
        return _fill(self.header.question, bound, {})

    def sparql(self, bound: Bound) -> str:
        """The query with the values in place, ready to run on any endpoint that holds the same data.

        Each value is a term written by the engine's own serialiser, never text as it was given.
        """
        terms = {p.variable: str(v.term) for p in self.parameters if (v := bound.values[p.name]).term is not None}
        if not terms:
            return self.query
        names = " ".join(f"?{name}" for name in terms)
        block = f"VALUES ({names}) {{ ({' '.join(terms.values())}) }}"
        return self.query.replace(_WHERE, f"{_WHERE}\n  {block}")

    def answer(self, reader: Reader, bound: Bound) -> Answer:
        """The answer of one version of the model."""
        found: QuerySolutions = reader.query(self.sparql(bound))
        names = [v.value for v in found.variables]
        solutions: list[dict[str, Term]] = [
            {n: term for n, term in zip(names, solution, strict=True) if term is not None} for solution in found
        ]
        table = rows(self.columns, solutions, reader)
        meaning = self.header.meaning
        words = meaning.none if not table else meaning.one if len(table) == 1 else meaning.many
        return Answer(self.asked(bound), _fill(words, bound, {"count": f"{len(table):,}"}), self.columns, table)


@dataclass(frozen=True)
class Catalogue:
    """All questions, in the order of the competency list."""

    questions: tuple[Question, ...]

    @classmethod
    def load(cls, folder: Path) -> Catalogue:
        """Read every `.rq` of a folder.

        Raises:
            ModelError: a file is not a question; names the file, the field and how to mend it.
        """
        questions: list[Question] = []
        findings: list[Finding] = []
        for file in sorted(folder.glob("*.rq")):
            try:
                header, query = read_header(file.read_text(encoding="utf-8"))
                questions.append(Question(file.stem, header, query))
            except HeaderError as e:
                findings.extend(Finding(f"{file.name}, {field}", message) for field, message in e.faults)
        if findings:
            raise ModelError("The questions can't be read.", findings)
        if not questions:
            raise ModelError(f"{folder} holds no .rq file, so there is no question to ask.")
        return cls(tuple(sorted(questions, key=lambda q: (q.header.competency, q.name))))

    def get(self, name: str) -> Question:
        """The question of that name.

        Raises:
            NotFoundError: there is none; carries near matches.
        """
        for question in self.questions:
            if question.name == name:
                return question
        titles = {q.name: q.title for q in self.questions}
        near = process.extract(name, list(titles), scorer=fuzz.WRatio, limit=3, score_cutoff=50)
        raise NotFoundError(f"There is no question called “{name}”.", [(titles[found], found) for found, _, _ in near])


def _fill(template: str, bound: Bound, more: Mapping[str, str]) -> str:
    words = {name: value.text for name, value in bound.values.items()} | dict(more)
    filled = template.format_map(words)
    return filled[:1].upper() + filled[1:]
