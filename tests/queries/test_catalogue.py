"""Questions as files: what their headers must hold, how blanks are filled, and the shapes of answers."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from pyoxigraph import QueryResultsFormat, RdfFormat, parse_query_results

from childdev.errors import ModelError, NotFoundError, ParameterError
from childdev.queries.catalogue import Catalogue, Question
from childdev.queries.parameters import in_words, months
from childdev.store.reader import Reader

QUESTION = """\
#+ title: What comes after
#+ question: What comes after {feature} by {age}, on {strength}?
#+ competency: 8
#+ section: Describing development
#+ asked_by: [families]
#+ parameters:
#+   - {name: feature, kind: thing, of: feature, label: Feature, hint: Give a feature.}
#+   - {name: age, kind: integer, min: -9, max: 228, unit: months, default: 228, label: Age}
#+   - {name: strength, kind: choice, required: false, any: any evidence, label: Evidence, values: {new: new evidence}}
#+ example: {feature: babbles}
#+ meaning:
#+   none: Nothing comes after {feature}.
#+   one: One thing comes after {feature} by {age}, on {strength}.
#+   many: "{count} things come after {feature}."
#+ columns:
#+   next: {heading: Feature, kind: thing}
#+   words: {heading: In words, kind: text}
#+   first: {heading: From, kind: months}
#+   share: {heading: Share, kind: number}
#+ notes:
#+   - There are many ways.
PREFIX cd: <https://w3id.org/childdev/def/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

SELECT ?next ?nextLabel ?words ?first ?share WHERE {
  ?next cd:buildsOn ?_feature_iri ; skos:prefLabel ?nextLabel ; cd:typicalFromMonths ?first .
  OPTIONAL { ?next cd:everydayWords ?words }
  OPTIONAL { ?next cd:share ?share }
  FILTER (?first <= ?_age_integer && COALESCE(?_strength, "new") = "new")
}
ORDER BY ?first
"""

DATA = """\
@prefix cd: <https://w3id.org/childdev/def/> .
@prefix feature: <https://w3id.org/childdev/id/feature/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

feature:babbles a cd:Feature ; skos:prefLabel "Babbles"@en-gb ; skos:altLabel "Canonical babble"@en-gb .
feature:says-words a cd:Feature ; skos:prefLabel "Says words"@en-gb ; cd:buildsOn feature:babbles ;
  cd:everydayWords "=HYPERLINK(\\"http://x.example\\")"@en-gb ; cd:typicalFromMonths 12 ; cd:share 12.5 .
feature:early a cd:Feature ; skos:prefLabel "+ Sum, \\"quoted\\""@en-gb ; cd:buildsOn feature:babbles ;
  cd:typicalFromMonths -9 .
feature:twin-a a cd:Feature ; skos:prefLabel "Twin"@en-gb .
feature:twin-b a cd:Feature ; skos:prefLabel "Twin"@en-gb .
<https://w3id.org/childdev/id/stage/primary> a cd:Stage ; skos:prefLabel "Primary"@en-gb .
"""


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    dataset = tmp_path_factory.mktemp("small") / "dataset.nq"
    dataset.write_text("")
    reader = Reader("0", dataset)
    reader.store.load(DATA.encode(), format=RdfFormat.TURTLE)
    return reader


def load(folder: Path, text: str = QUESTION, name: str = "what-comes-after") -> Catalogue:
    (folder / f"{name}.rq").write_text(text, encoding="utf-8")
    return Catalogue.load(folder)


@pytest.fixture
def question(tmp_path: Path) -> Question:
    return load(tmp_path).get("what-comes-after")


# ---------------------------------------------------------------- headers


@pytest.mark.parametrize(
    ("old", "new", "field", "mend"),
    [
        ("#+ title: What comes after\n", "", "title", "give it a text"),
        ("competency: 8", "competency: eight", "competency", "must be a whole number"),
        ("section: Describing development", "section: Growing", "section", "must be one of Describing development;"),
        ("[families]", "[parents]", "asked_by", "choose among families, education"),
        ("by {age}, on {strength}?", "by {age}?", "question", "lacks the blank {strength}"),
        (
            "after {feature} by",
            "after {thing} by",
            "question",
            "has the blank {thing}, which is not one of age, feature",
        ),
        ("{count} things", "{counts} things", "meaning.many", "has the blank {counts}"),
        ("{count} things", "{count things", "meaning.many", "has a brace without its partner"),
        ("#+   none: Nothing comes after {feature}.\n", "", "meaning.none", "say what the answer means"),
        ("of: feature,", "of: fish,", "parameters.feature.of", "must say what kind of thing: one of feature, stage"),
        ("min: -9,", "min: low,", "parameters.age.min", "must be a whole number"),
        ("any: any evidence,", "", "parameters.strength.any", "must say what stands in the sentence when left open"),
        ("kind: choice,", "kind: choise,", "parameters.strength.kind", "must be one of thing, integer, choice"),
        ("hint: Give", "help: Give", "parameters.feature.help", "is no field of a parameter"),
        ("example: {feature: babbles}", "example: {}", "example", "gives no value for feature, which is required"),
        ("{feature: babbles}", "{feature: babbles, x: 1}", "example", "gives a value for x, which is no parameter"),
        ("heading: From, kind: months", "heading: From, kind: age", "columns.first", "k is one of thing, text, number"),
        ("  next: {heading", "  other: {heading", "columns", "names other, which the query does not select"),
        ("#+   words: {heading: In words, kind: text}\n", "", "query", "selects ?words, which is no column"),
        ("#+ notes:", "#+ remarks:", "remarks", "is no field of a question; the fields are asked_by, columns"),
        ("?_feature_iri ;", "?_featur_iri ;", "parameters", "lacks the parameter of ?_featur_iri"),
        ("<= ?_age_integer", "<= 12", "parameters", "declares age, but the query has no ?_age_integer"),
        ("ORDER BY ?first", "", "query", "must end with ORDER BY"),
        ("WHERE {", "{", "query", "must write “WHERE {”"),
        ("FILTER (", "FILTER ((", "query", "is not SPARQL"),
        ("#+ notes:", "#+ notes: a: b", "line 20 of the header", "is not YAML"),
    ],
)
def test_a_fault_names_file_field_and_mend(tmp_path: Path, old: str, new: str, field: str, mend: str) -> None:
    assert old in QUESTION
    with pytest.raises(ModelError) as refused:
        load(tmp_path, QUESTION.replace(old, new, 1))
    found = [f for f in refused.value.findings if f.where == f"what-comes-after.rq, {field}"]
    assert any(mend in f.message for f in found), refused.value


def test_all_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.rq").write_text("SELECT * WHERE { ?s ?p ?o } ORDER BY ?s", encoding="utf-8")
    with pytest.raises(ModelError) as refused:
        load(tmp_path, QUESTION.replace("competency: 8", "competency: x").replace("[families]", "[]"))
    assert [f.where for f in refused.value.findings] == [
        "a.rq, header",
        "what-comes-after.rq, competency",
        "what-comes-after.rq, asked_by",
    ]


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"holds no \.rq file"):
        Catalogue.load(tmp_path)


def test_questions_come_in_the_order_of_their_numbers_and_are_found_by_name(tmp_path: Path) -> None:
    load(tmp_path, QUESTION.replace("competency: 8", "competency: 40"), "a-late-one")
    catalogue = load(tmp_path)
    assert [q.name for q in catalogue.questions] == ["what-comes-after", "a-late-one"]
    with pytest.raises(NotFoundError) as missing:
        catalogue.get("what-came-after")
    assert missing.value.near[0] == ("What comes after", "what-comes-after")


# ---------------------------------------------------------------- blanks


@pytest.mark.parametrize(
    "given",
    ["babbles", "https://w3id.org/childdev/id/feature/babbles", "Babbles", " bABBLES ", "canonical  babble"],
)
def test_a_thing_is_known_by_address_slug_and_label(question: Question, reader: Reader, given: str) -> None:
    bound = question.bind({"feature": given}, reader)
    assert str(bound.values["feature"].term) == "<https://w3id.org/childdev/id/feature/babbles>"
    assert bound.given == {"feature": "babbles", "age": "228"}
    assert question.asked(bound) == "What comes after “Babbles” by 19 years, on any evidence?"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("", "“Feature” is empty. Give a feature."),
        ("bables", "“Feature”: there is no feature called “bables”. Did you mean one of these? Babbles (babbles)"),
        (
            "Twin",
            "there is more than one feature called “Twin”. Did you mean one of these? Twin (twin-a); Twin (twin-b)",
        ),
        ("https://w3id.org/childdev/id/stage/primary", "there is no feature called “https://w3id.org/"),
        ("http://x.example/> } # ", "there is no feature called “http://x.example/> } #”"),
        ("qqqqqq", "“Feature”: there is no feature called “qqqqqq”. Give a feature."),
    ],
)
def test_what_is_no_thing_of_that_kind_is_refused(question: Question, reader: Reader, given: str, message: str) -> None:
    with pytest.raises(ParameterError) as refused:
        question.bind({"feature": given}, reader)
    assert message in str(refused.value)


@pytest.mark.parametrize(
    ("given", "age"),
    [
        ("30", 30),
        ("30 months", 30),
        ("30m", 30),
        ("2y6m", 30),
        ("2y 6m", 30),
        ("2½ years", 30),
        ("2.5 years", 30),
        ("2 1/2 years", 30),
        ("2 years and 6 months", 30),
        ("2 years, 6 months old", 30),
        ("3 yrs", 36),
        ("½ year", 6),
        ("2¼ years", 27),
        ("-9", -9),
        ("birth", 0),
        ("1 month", 1),
        ("18 Years", 216),
        ("0", 0),
        ("", None),
        ("soon", None),
        ("2.3 years", None),
        ("years", None),
        ("3 6", None),
        ("30 weeks", None),
    ],
)
def test_ages_are_read_as_people_write_them(given: str, age: int | None) -> None:
    assert months(given) == age


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (-3, "before birth"),
        (0, "birth"),
        (1, "1 month"),
        (30, "30 months"),
        (36, "3 years"),
        (54, "4½ years"),
        (63, "5¼ years"),
        (100, "8 years 4 months"),
        (133, "11 years 1 month"),
    ],
)
def test_ages_are_told_as_people_say_them(number: int, words: str) -> None:
    assert in_words(number) == words
    assert months(words) in {number, None if number < 0 else number}


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (
            {"age": "300"},
            "“Age”: 25 years is out of range. Give an age in months, such as 30 or 2½ years, from before birth",
        ),
        ({"age": "-10"}, "“Age”: before birth is out of range."),
        ({"age": "soon"}, "“Age”: “soon” can't be read. Give an age in months"),
        ({"strength": "old"}, "“Evidence” can't be “old”. Give one of new."),
        ({"ages": "3"}, "has no blank called “ages”. Its blanks are: feature, age, strength."),
    ],
)
def test_what_does_not_fit_a_blank_is_refused(
    question: Question, reader: Reader, values: dict[str, str], message: str
) -> None:
    with pytest.raises(ParameterError) as refused:
        question.bind({"feature": "babbles", **values}, reader)
    assert message in str(refused.value)


def test_values_stand_in_the_query_as_terms(question: Question, reader: Reader) -> None:
    text = question.sparql(question.bind({"feature": "babbles", "age": "2y", "strength": "new evidence"}, reader))
    assert (
        "VALUES (?_feature_iri ?_age_integer ?_strength) { (<https://w3id.org/childdev/id/feature/babbles>"
        ' "24"^^<http://www.w3.org/2001/XMLSchema#integer> "new") }'
    ) in text


# ---------------------------------------------------------------- answers


def test_an_answer_tells_none_one_and_many(question: Question, reader: Reader) -> None:
    def sentence(**values: str) -> str:
        return question.answer(reader, question.bind(values, reader)).sentence

    assert sentence(feature="early") == 'Nothing comes after “+ Sum, "quoted"”.'
    assert sentence(feature="babbles", age="0") == "One thing comes after “Babbles” by birth, on any evidence."
    assert sentence(feature="babbles") == "2 things come after “Babbles”."


def test_an_answer_as_json(question: Question, reader: Reader) -> None:
    answer = question.answer(reader, question.example(reader))
    base = "https://w3id.org/childdev/id/feature/"
    assert json.loads(json.dumps(answer.to_json())) == [
        {"next": {"iri": base + "early", "label": '+ Sum, "quoted"'}, "words": None, "first": -9, "share": None},
        {
            "next": {"iri": base + "says-words", "label": "Says words"},
            "words": '=HYPERLINK("http://x.example")',
            "first": 12,
            "share": 12.5,
        },
    ]
    assert [cell.text for cell in answer.rows[0]] == ['+ Sum, "quoted"', "", "before birth", ""]


def test_an_answer_as_csv_holds_no_formula(question: Question, reader: Reader) -> None:
    text = question.answer(reader, question.example(reader)).to_csv()
    assert list(csv.reader(io.StringIO(text))) == [
        ["Feature", "Feature (address)", "In words", "From (months)", "Share"],
        ['\'+ Sum, "quoted"', "https://w3id.org/childdev/id/feature/early", "", "-9", ""],
        [
            "Says words",
            "https://w3id.org/childdev/id/feature/says-words",
            '\'=HYPERLINK("http://x.example")',
            "12",
            "12.5",
        ],
    ]
    assert text.count("\r\n") == 3


def test_an_answer_as_sparql_results_is_read_by_a_sparql_reader(question: Question, reader: Reader) -> None:
    answer = question.answer(reader, question.example(reader))
    found = parse_query_results(json.dumps(answer.to_sparql_json()), format=QueryResultsFormat.JSON)
    assert [v.value for v in found.variables] == ["next", "words", "first", "share"]
    assert [list(solution) for solution in found] == [[cell.term for cell in row] for row in answer.rows]
