"""Every question of the library, asked of the real model: the answers in `expected/` were read and judged.

Each file holds cases: the values given, why the answer is right (`judged`, from reading the Turtle), the
number of rows, and the cells of some columns, of all rows or of the first ones.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from childdev.errors import ParameterError
from childdev.model.iris import iri
from childdev.queries.catalogue import Catalogue
from childdev.queries.header import SECTIONS
from childdev.resources import folder
from childdev.store.reader import Reader
from childdev.terms import enables

EXPECTED = Path(__file__).parent / "expected"
CASES: list[tuple[str, dict[str, Any]]] = [
    (file.stem, case)
    for file in sorted(EXPECTED.glob("*.yaml"))
    for case in yaml.safe_load(file.read_text(encoding="utf-8"))
]
NAMES = sorted(file.stem for file in folder("queries").glob("*.rq"))
#: a question that looks for gaps may rightly find none, and must then say so
LOOKS_FOR_GAPS = "nothing-enables-it-yet"

each_question = pytest.mark.parametrize("name", NAMES)
each_case = pytest.mark.parametrize(("name", "case"), CASES, ids=[f"{n}-{i}" for i, (n, _) in enumerate(CASES)])


def test_the_library_is_large_and_every_question_has_an_expected_answer(catalogue: Catalogue) -> None:
    assert len(NAMES) >= 20
    assert [q.name for q in sorted(catalogue.questions, key=lambda q: q.name)] == NAMES
    assert {name for name, _ in CASES} == set(NAMES)
    assert all(len(case["judged"].split()) >= 8 for _, case in CASES)


def test_every_section_has_questions(catalogue: Catalogue) -> None:
    asked = [q.header.section for q in catalogue.questions]
    assert all(asked.count(section) >= 2 for section in SECTIONS)
    numbers = [q.header.competency for q in catalogue.questions]
    assert numbers == sorted(numbers)


@each_case
def test_the_answer_is_the_one_judged_right(
    name: str, case: dict[str, Any], catalogue: Catalogue, reader: Reader
) -> None:
    question = catalogue.get(name)
    answer = question.answer(reader, question.bind(case["values"], reader))
    places = [[c.name for c in answer.columns].index(column) for column in case["columns"]]
    found = [[row[place].text for place in places] for row in answer.rows]
    assert found[: len(case["rows"])] == case["rows"]
    assert len(found) == case["count"]
    assert len(case["rows"]) == case["count"] or len(case["rows"]) < case["count"] > 12


@each_case
def test_the_answer_reads_as_a_sentence(name: str, case: dict[str, Any], catalogue: Catalogue, reader: Reader) -> None:
    question = catalogue.get(name)
    answer = question.answer(reader, question.bind(case["values"], reader))
    for sentence in (answer.question, answer.sentence):
        assert re.match(r"[A-Z0-9“]", sentence)
        assert sentence[-1] in ".?"
        assert not re.search(r"[{}]|https?:|  |\.\.", sentence)


@each_case
def test_as_sparql_it_gives_the_same_rows_on_any_endpoint(
    name: str, case: dict[str, Any], catalogue: Catalogue, reader: Reader
) -> None:
    question = catalogue.get(name)
    bound = question.bind(case["values"], reader)
    answer = question.answer(reader, bound)
    # nothing is given here but the text: no prefixes, no values
    found = reader.store.query(question.sparql(bound), use_default_graph_as_union=True)
    rows = [[solution[c.name] for c in question.columns] for solution in found]
    assert rows == [[cell.term for cell in row] for row in answer.rows]


@each_question
def test_the_example_has_an_answer_with_plain_words_in_every_cell(
    name: str, catalogue: Catalogue, reader: Reader
) -> None:
    question = catalogue.get(name)
    bound = question.example(reader)
    answer = question.answer(reader, bound)
    if name == LOOKS_FOR_GAPS and not answer.rows:
        assert answer.sentence.startswith("Every feature of senses has an environment that enables it")
    else:
        assert len(answer) > 0
    for row in answer.rows:
        for column, cell in zip(answer.columns, row, strict=True):
            assert not re.search(r"https?://|[{}]", cell.text)
            assert (cell.iri is not None) == (column.kind in {"thing", "evidence"} and cell.term is not None)


@each_question
def test_the_same_values_can_be_given_again_as_slugs(name: str, catalogue: Catalogue, reader: Reader) -> None:
    question = catalogue.get(name)
    bound = question.example(reader)
    assert question.bind(bound.given, reader) == bound


@each_question
def test_the_names_given_as_hints_can_be_given(name: str, catalogue: Catalogue, reader: Reader) -> None:
    for parameter in catalogue.get(name).parameters:
        for given in re.findall("“([^”]+)”", parameter.hint):
            assert parameter.read(given, reader).term is not None


@each_question
def test_an_unknown_thing_is_refused_with_near_matches(name: str, catalogue: Catalogue, reader: Reader) -> None:
    question = catalogue.get(name)
    for parameter in (p for p in question.parameters if p.kind == "thing"):
        value = question.example(reader).values[parameter.name]
        right = reader.label(str(value.term.value)) if value.term is not None else "Family and home"
        wrong = right[:-1] + "zq"
        with pytest.raises(ParameterError) as refused:
            question.bind({**question.header.example, parameter.name: wrong}, reader)
        message = str(refused.value)
        assert message.startswith(f"“{parameter.label}”: there is no ")
        assert wrong in message
        if value.term is not None:
            assert f"Did you mean one of these? {right} ({value.given})" in message


def test_what_may_point_to_a_need_always_says_what_else_may_explain_it(catalogue: Catalogue, reader: Reader) -> None:
    question = catalogue.get("not-yet-seen-and-need")
    needs = [n.value for n in reader.of_kind("need")]
    rows = [
        dict(zip([c.name for c in question.columns], row, strict=True))
        for need in needs
        for row in question.answer(reader, question.bind({"age": "228", "need": need}, reader)).rows
    ]
    assert len(rows) > 234
    assert all(len(row["explanation"].text) > 30 and row["strength"].text for row in rows)


def test_a_gap_that_is_there_is_found(catalogue: Catalogue, dataset: Path, tmp_path: Path) -> None:
    # the model without what enables babbling, and without all that one environment enables
    babbles, care = iri("feature", "babbles"), iri("environment", "warm-responsive-care")
    left = [
        line
        for line in dataset.read_text(encoding="utf-8").splitlines()
        if f" {enables} {babbles} " not in line and not line.startswith(f"{care} {enables} ")
    ]
    file = tmp_path / "gaps.nq"
    file.write_text("\n".join(left) + "\n", encoding="utf-8")
    reader = Reader("gaps", file)
    question = catalogue.get(LOOKS_FOR_GAPS)
    answer = question.answer(reader, question.bind({"domain": "communication-and-language"}, reader))
    found = [(kind.text, thing.iri) for kind, thing, *_ in answer.rows]
    assert found[0] == ("environment", care.value)
    assert ("feature", babbles.value) in found
    assert not any(f" {enables} <{gap}> " in line for _, gap in found for line in left)
    assert answer.sentence.startswith(f"{len(found)} gaps are left in communication and language")


def test_a_blank_left_open_takes_in_everything(catalogue: Catalogue, reader: Reader) -> None:
    for name, parameter, least in [
        ("other-routes", "feature", 150),
        ("what-is-contested", "feature", 140),
        ("evidence-by-stage-and-domain", "stage", 49),
        ("capital-a-system-needs", "system_feature", 50),
        ("questions-at-each-step", "step", 60),
    ]:
        question = catalogue.get(name)
        open_ = question.bind({}, reader)
        assert open_.values[parameter].term is None
        assert len(question.answer(reader, open_)) >= least, name


def test_the_words_of_questions_speak_of_children_with_respect(catalogue: Catalogue) -> None:
    for question in catalogue.questions:
        header = question.header
        words = " ".join([header.title, header.question, *vars(header.meaning).values(), *header.notes]).lower()
        assert not re.search(r"\b(can't|cannot|deficit|abnormal|fail\w*|suffers?|delayed?|disorder)\b", words), header
        ruled_out = re.findall(r"(?:never a|none is a|without waiting for a) diagnosis", words)
        assert len(ruled_out) == words.count("diagnosis"), header.title
