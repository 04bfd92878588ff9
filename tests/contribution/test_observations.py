"""Figures of areas as they come in: what is told of faulty rows, hostile files, cube and table alike."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Iterator

import openpyxl
import pytest
from pyoxigraph import RdfFormat, parse, serialize
from sqlalchemy import Engine

from childdev.contribution.observations import cube, taking
from childdev.contribution.observations.checking import Checked, check
from childdev.contribution.observations.rows import COLUMNS
from childdev.errors import ConflictError, NotFoundError, PersonalDataError, TableError
from childdev.store import observations as kept
from childdev.store.database import connect
from childdev.store.observations import Figures

INDICATORS = {"gld-at-5": "Good level of development at the end of Reception", "phonics-check": "Phonics"}
HEAD = "Indicator,Area code,Area name,Part of,Period,Count,Out of,Per cent\n"
GOOD = HEAD + (
    "gld-at-5,E92000001,England,,2024/25,402609,589471,\n"
    "gld-at-5,E08000039,Sheffield,E92000001,2024/25,3600,5900,\n"
    "Phonics,E08000039,Sheffield,E92000001,2024,,,79\n"
)
ABOUT = {"title": "Ours", "publisher": "Us", "licence": "OGL"}


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    found = connect(database_url)
    yield found
    found.dispose()


def checked(text: str | bytes, name: str = "ours.csv", known: Figures | None = None) -> Checked:
    data = text.encode() if isinstance(text, str) else text
    return check(data, name, INDICATORS, known or Figures())


def stored(engine: Engine, found: Checked, replaces: int | None = None) -> int:
    return taking.take_in(engine, found, taking.about(ABOUT), "maintainers", taking.base(engine), replaces)


def test_a_good_table_comes_in_as_it_is() -> None:
    found = checked(GOOD)
    assert found.is_good and found.sentence() == "3 figures of 2 areas can be taken in."
    assert [(o.indicator, o.area, o.year, o.period, o.count, o.percent) for o in found.observations] == [
        ("gld-at-5", "E92000001", 2024, "2024/25", 402609, 68.3),
        ("gld-at-5", "E08000039", 2024, "2024/25", 3600, 61.02),
        ("phonics-check", "E08000039", 2024, "2024", None, 79.0),
    ]


@pytest.mark.parametrize(
    ("row", "column", "says"),
    [
        ("gld-at-6,E08000039,Sheffield,,2024/25,3600,5900,", "Indicator", "Did you mean"),
        (",E08000039,Sheffield,,2024/25,3600,5900,", "Indicator", "which indicator"),
        ("gld-at-5,,Sheffield,,2024/25,3600,5900,", "Area code", "code of the area"),
        ("gld-at-5,S6 2AB,Sheffield,,2024/25,3600,5900,", "Area code", "letters, digits and hyphens"),
        ("gld-at-5,E08000039,,,2024/25,3600,5900,", "Area name", "called"),
        ("gld-at-5,E08000039,ann@example.org,,2024/25,3600,5900,", "Area name", "e-mail"),
        ("gld-at-5,E08000039,Sheffield,,spring,3600,5900,", "Period", "school year such as 2024/25"),
        ("gld-at-5,E08000039,Sheffield,,2024/27,3600,5900,", "Period", "school year such as 2024/25"),
        ("gld-at-5,E08000039,Sheffield,,2024/25,many,5900,", "Count", "whole number"),
        ("gld-at-5,E08000039,Sheffield,,2024/25,3600,,", "Out of", "how many children were looked at"),
        ("gld-at-5,E08000039,Sheffield,,2024/25,5900,3600,", "Count", "exchanged"),
        ("gld-at-5,E08000039,Sheffield,,2024/25,3600,5900,71", "Per cent", "another share"),
        ("gld-at-5,E08000039,Sheffield,,2024/25,,,710", "Per cent", "0 and 100"),
        ("gld-at-5,E08000039,Sheffield,,2024/25,=1+1,5900,", "Count", "formula"),
        ("gld-at-5,E08000039,Sheffield,,2024/25,nan,5900,", "Count", "whole number"),
        ("gld-at-5,E08000039,Sheffield,,2024/25,1e400,5900,", "Count", "whole number"),
    ],
)
def test_a_fault_names_row_and_column_and_mend(row: str, column: str, says: str) -> None:
    found = checked(GOOD.splitlines()[0] + "\n" + row + "\n")
    assert not found.is_good and found.faulty == 1
    assert [(f.place, f.column) for f in found.faults] == [("Row 2", column)]
    assert says in found.faults[0].message


def test_what_stands_twice_or_is_stored_already_is_told() -> None:
    twice = checked(GOOD + "gld-at-5,E08000039,Sheffield,E92000001,2024-25,3600,5900,\n")
    assert [f.message for f in twice.faults] == [
        "This indicator, area and period stand in row 3 already. Keep one of the two."
    ]


def test_the_sheet_comes_back_with_messages_and_without_small_numbers() -> None:
    text = GOOD + "gld-at-5,E05000001,Ward,E08000039,2024/25,3,77,\ngld-at-9,E05000002,Other,E08000039,2024/25,4,81,\n"
    found = checked(text)
    rows = list(found.answer_rows())
    assert rows[0][-1] == "What to mend" and rows[5][:1] == ["Row 6"] and "no indicator" in rows[5][-1]
    assert rows[4][6:9] == ["c", "c", "c"] and rows[5][6:9] == ["c", "c", "c"]
    assert "77" not in str(rows) and "81" not in str(rows)
    for as_ in ("csv", "xlsx"):
        again = taking.answer(found, as_)
        read = check(again, f"again.{as_}", INDICATORS, Figures())
        assert [(f.place, f.column) for f in read.faults] == [("Row 6", "Indicator")]


def test_small_numbers_are_nowhere_in_what_is_kept(engine: Engine) -> None:
    text = HEAD + "".join(
        f"gld-at-5,{c},{c},{p},2024/25,{n},{d},\n"
        for c, p, n, d in (("T", "", 1613, 4871), ("A", "T", 3, 77), ("B", "T", 807, 2391), ("C", "T", 803, 2403))
    )
    found = checked(text)
    number = stored(engine, found)
    figures = kept.load(engine)
    assert {o.area for o in figures.observations if o.left_out} == {"A", "C"}
    assert figures.sets[number].left_out == 2
    said = "".join([*cube.csv_lines(figures, figures.observations), *(str(t) for t in cube.triples(figures))])
    assert "807" in said and not {n for n in ("77", "803", "2403") if n in said}
    with engine.connect() as connection:
        rows = [tuple(r) for r in connection.exec_driver_sql("SELECT details FROM observation_set")]
    assert "77" not in str(rows)


def test_a_cube_says_the_same_as_the_table(engine: Engine) -> None:
    stored(engine, checked(GOOD + "gld-at-5,E05000001,Ward,E08000039,2024/25,3,77,\n"))
    figures = kept.load(engine)
    for form, name in ((RdfFormat.TURTLE, "cube.ttl"), (RdfFormat.N_TRIPLES, "cube.nt")):
        data = serialize(list(cube.triples(figures)), format=form, prefixes=cube.PREFIXES_OF_CUBE)
        assert data is not None
        again = checked(data, name)
        assert sorted(again.observations, key=lambda o: o.key) == sorted(figures.observations, key=lambda o: o.key)
        assert again.areas == figures.areas
    csv = "".join(cube.csv_lines(figures, figures.observations))
    assert sorted(checked(csv).observations, key=lambda o: o.key) == sorted(figures.observations, key=lambda o: o.key)


def test_a_cube_of_another_publisher_is_read() -> None:
    text = """@prefix qb: <http://purl.org/linked-data/cube#> . @prefix d: <http://purl.org/linked-data/sdmx/2009/dimension#> .
    @prefix cd: <https://w3id.org/childdev/def/> . @prefix i: <https://w3id.org/childdev/id/indicator/> .
    <http://x/o1> a qb:Observation ; cd:ofIndicator i:gld-at-5 ; cd:count 3600 ; cd:denominator 5900 ;
      d:refArea <http://statistics.data.gov.uk/id/statistical-geography/E08000039> ;
      d:refPeriod <http://reference.data.gov.uk/id/year/2024> .
    <http://statistics.data.gov.uk/id/statistical-geography/E08000039>
      <http://www.w3.org/2000/01/rdf-schema#label> "Sheffield" ."""
    found = checked(text, "theirs.ttl")
    assert [(o.area, o.year, o.count) for o in found.observations] == [("E08000039", 2024, 3600)]


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("[Content_Types].xml", "<Types/>")
        z.writestr("xl/workbook.xml", "<workbook/>")
        z.writestr("xl/worksheets/sheet1.xml", b"<worksheet>" + b" " * (70 << 20))
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "says"),
    [
        (b"", "a.csv", "empty"),
        (b"\x00\x01\x02", "a.csv", "No row of headings"),
        (b"PK\x03\x04rubbish", "a.xlsx", "damaged"),
        (b"\xd0\xcf\x11\xe0rubbish", "a.xls", "old kind"),
        (bomb(), "a.xlsx", "larger inside"),
        (b"a,b,c\n1,2,3\n", "a.csv", "No row of headings"),
        (HEAD.encode(), "a.csv", "no filled row"),
        (b"@prefix a: <b> . rubbish", "a.ttl", "can't be read as Turtle"),
        (b"<http://a> <http://b> <http://c> .", "a.nt", "no observation"),
        (HEAD.encode() + b'gld-at-5,"never ends\n' * 3, "a.csv", "no end|longer|row"),
        (b"Indicator,Area code,Period,Period\n", "a.csv", "stands twice"),
        ((GOOD + "gld-at-5,A,A,B,2020,10,20,\ngld-at-5,B,B,A,2020,10,20,\n").encode(), "a.csv", "in a ring"),
    ],
)
def test_hostile_files_are_refused_with_the_reason(data: bytes, name: str, says: str) -> None:
    try:
        found = checked(data, name)
    except TableError as e:
        assert any(s in str(e) for s in says.split("|")), str(e)
    else:
        assert found.faulty and "never ends" in data.decode("latin-1")


def test_dates_and_formulas_of_a_workbook_are_told() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        [c.heading for c in COLUMNS],
        ["gld-at-5", "E08000039", "Sheffield", "", datetime.date(2024, 1, 25), 3600, 5900, ""],
        ["gld-at-5", "E08000039", "Sheffield", "", "2024/25", "=1+1", 5900, ""],
    ):
        sheet.append(row)  # type: ignore[union-attr]
    out = io.BytesIO()
    book.save(out)
    found = checked(out.getvalue(), "a.xlsx")
    assert [(f.place, f.column) for f in found.faults][:1] == [("Row 2", "Period")]
    assert ("Row 3", "Count") in [(f.place, f.column) for f in found.faults]


def test_the_template_comes_in_without_its_notes() -> None:
    for as_ in ("csv", "xlsx"):
        with pytest.raises(TableError, match="no filled row"):
            checked(taking.template(as_), f"a.{as_}")


def test_a_set_is_replaced_or_withdrawn_and_never_doubled(engine: Engine) -> None:
    first = stored(engine, checked(GOOD))
    again = checked(GOOD, known=kept.load(engine))
    assert [f.message[:24] for f in again.faults] == ["This figure is in “Ours”"] * 3
    with pytest.raises(ConflictError, match="Ours"):
        stored(engine, checked(GOOD))
    second = stored(engine, checked(GOOD, known=kept.load(engine, first)), first)
    old, new = kept.sets(engine)[1], kept.sets(engine)[0]
    assert (old.id, old.replaced_by, new.id, new.ended_at) == (first, second, second, None)
    assert len(kept.load(engine).observations) == 3
    with engine.begin() as connection:
        kept.end(connection, second, "maintainers")
    assert kept.load(engine).observations == []
    with engine.begin() as connection, pytest.raises(NotFoundError):
        kept.end(connection, second, "maintainers")


def test_figures_that_came_meanwhile_stop_those_that_were_checked_before(engine: Engine) -> None:
    on, found = taking.base(engine), checked(GOOD)
    stored(engine, checked(HEAD + "gld-at-5,E08000012,Elsewhere,E92000001,2023/24,3000,5000,\n"))
    with pytest.raises(ConflictError, match="Send it again"):
        taking.take_in(engine, found, taking.about(ABOUT), "maintainers", on)
    assert len(kept.sets(engine)) == 1


def test_where_figures_are_from_has_to_be_told_and_tells_of_nobody() -> None:
    with pytest.raises(TableError, match="Publisher"):
        taking.about({"title": "Ours", "licence": "OGL"})
    with pytest.raises(PersonalDataError):
        taking.about(ABOUT | {"note": "Ring Mrs Ann Bloggs on 07700 900123"})
    with pytest.raises(TableError, match="https"):
        taking.about(ABOUT | {"link": "javascript:alert(1)"})


def test_the_cube_has_a_structure() -> None:
    figures = Figures()
    told = serialize(list(cube.triples(figures)), format=RdfFormat.N_TRIPLES)
    assert told is not None
    kinds = {
        str(q.object) for q in parse(input=told, format=RdfFormat.N_TRIPLES) if q.predicate.value.endswith("#type")
    }
    assert {f"<{cube.QB}{k}>" for k in ("DataStructureDefinition", "DimensionProperty", "MeasureProperty")} <= kinds
