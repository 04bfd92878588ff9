"""Tables as people fill them in: what they mean, what is wrong with them and in which cell, and how they come back."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from childdev.contribution.changes.kinds import AddThing, Link, ReEvidence, SetAges, Unlink
from childdev.contribution.sheets import checking, plans, reading, writing
from childdev.contribution.sheets.checking import Checked
from childdev.errors import TableError
from childdev.model.modules import Model
from childdev.model.stated import Stated

NEW = {
    "Name": "Sings along",
    "In everyday words": "Your child sings bits of songs with you.",
    "Definition": "The child joins in with parts of a song that they know.",
    "Domain": "Communication and language",
    "Stages": "Early childhood",
    "Usually seen from (months)": 18,
    "Usually seen by (months)": 36,
    "Usually builds on": "joins-two-words",
    "Why": "Seen by us.",
}


@pytest.fixture(scope="module")
def stated(model: Model) -> Stated:
    return Stated.of(model)


def workbook(*rows: Mapping[str, Any], headings: Sequence[str] = ()) -> bytes:
    heads = list(headings) or list(dict.fromkeys(h for row in rows for h in row))
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.append(heads)
    for row in rows:
        sheet.append([row.get(h) for h in heads])
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def table(*rows: Mapping[str, Any]) -> str:
    heads = list(dict.fromkeys(h for row in rows for h in row))
    file = io.StringIO()
    csv.writer(file).writerows([heads, *([row.get(h, "") for h in heads] for row in rows)])
    return file.getvalue()


def check(data: bytes, stated: Stated, which: str = "") -> Checked:
    return checking.check(reading.read(data, "table", which), stated)


def told(checked: Checked) -> dict[tuple[int, str], str]:
    """What is told of each cell, by row and name of the column."""
    return {(r.number, f.column): f.message for r in checked.rows for f in r.faults}


@pytest.mark.parametrize("as_", ["xlsx", "csv"])
@pytest.mark.parametrize("name", [n for n in plans.KINDS if n != "links"])
def test_the_model_written_to_a_table_and_read_again_is_the_same(stated: Stated, name: str, as_: Any) -> None:
    checked = check(writing.template(plans.plan(name), stated, as_, filled=True), stated)
    assert checked.sheet.plan.name == name
    assert checked.rows and checked.same == checked.rows
    assert checked.notices == []


@pytest.mark.parametrize("as_", ["xlsx", "csv"])
@pytest.mark.parametrize("name", plans.KINDS)
def test_an_empty_template_has_notes_and_an_example_that_are_not_read(stated: Stated, name: str, as_: Any) -> None:
    data = writing.template(plans.plan(name), stated, as_)
    sheet = reading.read(data, "table")
    assert sheet.plan.name == name and sheet.rows == {}
    assert all(column is not None for column in sheet.columns)
    with pytest.raises(TableError, match="no filled row"):
        checking.check(sheet, stated)


def test_a_template_has_lists_to_choose_from_and_notes(stated: Stated) -> None:
    book = openpyxl.load_workbook(io.BytesIO(writing.template(plans.plan("features"), stated)))
    sheet = book["Features"]
    assert book["Lists"].sheet_state == "hidden"
    lists = {str(v.sqref).split(":")[0]: v.formula1 for v in sheet.data_validations.dataValidation}
    domain = next(c.column_letter for c in sheet[1] if c.value == "Domain")
    column, last = (
        str(lists[f"{domain}4"]).removeprefix("Lists!$").split("$")[0],
        str(lists[f"{domain}4"]).split("$")[-1],
    )
    assert [book["Lists"][f"{column}{n}"].value for n in (1, int(last))] == [
        "Communication and language",
        "Thinking and attention",
    ]
    assert "Whole number from -9 to 300" in str(sheet["G2"].value)
    comment = sheet["B1"].comment
    assert comment is not None and comment.text.startswith("Needed. What the child does")
    assert sheet["B3"].value == "Joins two words"


def test_a_new_row_becomes_a_new_thing_with_its_links(stated: Stated) -> None:
    checked = check(workbook(NEW), stated)
    assert checked.sentence() == "1 row can be taken in."
    added, link = checked.changes({2})
    assert isinstance(added, AddThing) and added.thing == "feature/sings-along"
    assert isinstance(link, Link) and link.evidence is not None and link.evidence.explanation == "Seen by us."


def test_rows_may_build_on_rows_further_down(stated: Stated) -> None:
    first = NEW | {"Name": "Hums along", "Usually builds on": "Sings along"}
    checked = check(workbook(first, NEW), stated)
    assert told(checked) == {}
    assert [type(c) for c in checked.changes({2, 3})] == [AddThing, AddThing, Link, Link]
    assert len(checked.changes({3})) == 2


def test_a_row_that_needs_a_row_at_fault_says_so(stated: Stated) -> None:
    first = NEW | {"Name": "Hums along", "Usually builds on": "Sings along"}
    checked = check(workbook(first, NEW | {"Definition": None}), stated)
    assert told(checked)[2, ""] == "This leads to “Sings along” in row 3, where something is to be mended."
    assert "no definition" in told(checked)[3, "skos:definition"]


def test_a_known_thing_changes_only_where_something_is_written(stated: Stated) -> None:
    row = {"Code": "joins-two-words", "Name": None, "Usually seen by (months)": 32, "Other names": "-"}
    checked = check(workbook(row), stated)
    assert told(checked) == {}
    changes = checked.changes({2})
    assert changes[0] == SetAges(thing="feature/joins-two-words", first=16, last=32)
    assert all(getattr(c, "after", None) is None for c in changes[1:]) and len(changes) > 1


def test_each_fault_is_told_at_its_cell(stated: Stated) -> None:
    rows = [
        NEW | {"Name": "Cannot sing"},
        NEW | {"Name": "A", "Usually seen from (months)": 400},
        NEW | {"Name": "B", "Usually seen from (months)": 40},
        NEW | {"Name": "C", "Domain": "Communicaton and language"},
        NEW | {"Name": "D", "Definition": "My son Zebedee sings."},
        NEW | {"Name": "Joins two words"},
        NEW | {"Name": "E", "Code": "no-such-code"},
        NEW | {"Name": "F", "Usually builds on": None},
        NEW | {"Name": "G", "Stages": "Secondary education"},
        {"Name": None, "Definition": "Only this."},
    ]
    found = told(check(workbook(*rows), stated))
    assert "says what is missing or wrong" in found[2, "skos:prefLabel"]
    assert "between -9 and 300" in found[3, "typicalFromMonths"]
    assert "comes after the age" in found[4, "typicalFromMonths"]
    assert "Did you mean “Communication and language”?" in found[5, "inDomain"]
    assert "somebody's name" in found[6, "skos:definition"] and "Zebedee" not in str(found)
    assert "its code (joins-two-words)" in found[7, "skos:prefLabel"]
    assert "Nothing in the model has this code" in found[8, "code"]
    assert "stands alone" in found[9, ""]
    assert found[10, "inStage"].startswith("“Secondary education” is not in the model.") or (10, "") in found
    assert "has no name" in found[11, "skos:prefLabel"] and "no domain" in found[11, "inDomain"]


def test_two_rows_of_one_thing_are_refused(stated: Stated) -> None:
    row = {"Code": "joins-two-words", "Usually seen by (months)": 32}
    assert told(check(workbook(row, row | {"Usually seen by (months)": 33}), stated)) == {
        (3, "code"): "This is in row 2 already. Keep one of the two rows."
    }


def test_strong_evidence_needs_a_source(stated: Stated) -> None:
    row = NEW | {"Strength of evidence": "established"}
    assert "needs a source" in told(check(workbook(row), stated))[2, plans.STRENGTH]
    (source,) = (n for n in [stated.of_kind("source")[0]])
    sourced = check(workbook(row | {"Sources": source.value.rpartition("/")[2]}), stated)
    added = sourced.changes({2})[0]
    assert isinstance(added, AddThing) and added.ages is not None and added.ages.basis == "named"


def test_links_are_added_removed_and_given_other_evidence(stated: Stated) -> None:
    joins = "Joins two words"
    checked = check(
        workbook(
            {"From": joins, "Link": "usually builds on", "To": "babbles", "Why": "Seen by us."},
            {"From": joins, "Link": "usually builds on", "To": "points-to-share", "Remove": "yes"},
            {"From": joins, "Link": "usually builds on", "To": "says-several-words", "Why": "We see it each day."},
            {"From": joins, "Link": "enables", "To": "babbles"},
            {"From": joins, "Link": "usually builds on", "To": "babbles-on-and-on", "Remove": None},
            {
                "From": joins,
                "Link": "if not yet seen, may point to",
                "To": "need/slcn",
                "Why": "x",
                "Talk about it from (months)": 1,
            },
            {"From": joins, "To": "babbles"},
        ),
        stated,
    )
    assert [type(c) for r in checked.rows for c in r.changes][:3] == [Link, Unlink, ReEvidence]
    found = told(checked)
    assert found[5, "from"] == "This link starts from an environment. Choose one, or another link."
    assert "is not in the model" in found[6, "to"]
    assert found[8, "relation"] == "This is empty. Fill it in."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_comes_in_many_dresses(stated: Stated, encoding: str, delimiter: str) -> None:
    rows = list(csv.reader(io.StringIO(table(NEW | {"Name": "Sings in a café"}))))
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    checked = check(text.getvalue().encode(encoding), stated)
    assert told(checked) == {}
    assert checked.rows[0].label == "Sings in a café"
    assert [n.where for n in checked.notices] == (["The file"] if encoding == "cp1252" else [])
    answer = list(
        csv.reader(
            io.StringIO(writing.answer(text.getvalue().encode(encoding), checked).decode("utf-8-sig")),
            delimiter=delimiter,
        )
    )
    assert answer[0][:-1] == rows[0] and answer[0][-1] == "What to mend" and answer[1][:-1] == rows[1]


def test_headings_may_stand_elsewhere_in_another_order_and_written_otherwise(stated: Stated) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.append(["Our table of May"])
    sheet.append([])
    heads = [h.upper() + " *" for h in reversed(NEW)]
    sheet.append([*heads, "Defnition", "Room"])
    sheet.append([*reversed(list(NEW.values())), "", "12"])
    sheet.append([])
    checked = check(saved(book), stated)
    assert told(checked) == {} and len(checked.rows) == 1
    notices = {n.where: n.message for n in checked.notices}
    assert set(notices) == {"Column J", "Column K"}
    twice = workbook({"Name": "a", "Definition": "b"}, headings=["Name", "Definition", "name "])
    with pytest.raises(TableError, match="“Name” stands twice, in columns A and C"):
        reading.read(twice, "table")
    with pytest.raises(TableError, match="No row of headings"):
        reading.read(workbook({"Colour": "red", "Size": 3}), "table")


def test_what_a_spreadsheet_makes_of_cells_is_told(stated: Stated) -> None:
    row = NEW | {"Usually seen from (months)": "=9*2", "Usually seen by (months)": date(2026, 3, 4), "Why": "#N/A"}
    found = told(check(workbook(row | {"Name": 12.0}), stated))
    assert found[2, "typicalFromMonths"].startswith("This cell holds a formula.")
    assert "made a date or time of this (04 Mar 2026)" in found[2, "typicalToMonths"]
    assert "error of the spreadsheet" in found[2, plans.WHY]


def test_joined_cells_are_read_as_the_first_and_told_of(stated: Stated) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(NEW, NEW | {"Name": "Hums along"})))
    book.worksheets[0].merge_cells("D2:D3")
    checked = check(saved(book), stated)
    assert [n.where for n in checked.notices] == ["Cells D2:D3"]
    assert "no domain" in told(checked)[3, "inDomain"]
    assert openpyxl.load_workbook(io.BytesIO(writing.answer(saved(book), checked)))


def test_the_answer_is_the_same_table_with_what_to_mend(stated: Stated) -> None:
    data = workbook(NEW | {"Name": "Hums", "Room": "=1+1"}, NEW | {"Name": "Cannot sing", "Room": "12"})
    checked = check(data, stated)
    answer = writing.answer(data, checked)
    sheet = openpyxl.load_workbook(io.BytesIO(answer)).worksheets[0]
    rows = [[c.value for c in row] for row in sheet.iter_rows()]
    before = [[c.value for c in row] for row in openpyxl.load_workbook(io.BytesIO(data)).worksheets[0].iter_rows()]
    assert [r[:-1] for r in rows] == before
    assert rows[0][-1] == "What to mend" and rows[1][-1] is None
    assert str(rows[2][-1]).startswith("Name: Its name says what is missing or wrong.")
    assert sheet["A3"].comment is not None and sheet["A2"].comment is None
    again = check(answer, stated)
    assert told(again) == told(checked) and writing.answer(answer, again)
    assert openpyxl.load_workbook(io.BytesIO(writing.answer(answer, again))).worksheets[0].max_column == len(rows[0])


@pytest.mark.parametrize("text", ["=1+1", "+1+1", "-cmd", "@SUM(A1)", "\tx", '=HYPERLINK("http://x")'])
def test_what_looks_like_a_formula_is_written_as_text(stated: Stated, text: str) -> None:
    source = {"Title": "A title", "Kind of publication": "guidance", "Note": text}
    data = table(source | {"Title": ""}).encode()
    answer = writing.answer(data, check(data, stated)).decode("utf-8-sig")
    cell = list(csv.reader(io.StringIO(answer)))[1][2]
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    if text.strip() == text:
        assert check(answer.encode(), stated).sheet.cell(2, "skos:note").text == text
    book = openpyxl.Workbook()
    assert isinstance(book.active, Worksheet)
    writing._write(book.active["A1"], text)
    cell_again = openpyxl.load_workbook(io.BytesIO(saved(book))).worksheets[0]["A1"]
    assert cell_again.data_type == "s" and cell_again.quotePrefix == (not text.startswith(" "))
