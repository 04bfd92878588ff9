"""Tables come in whole or not at all, and every fault is named with its cell and a mend."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from childdev.contribution import imports
from childdev.contribution.reference import TABLES
from childdev.errors import TableError
from childdev.model.modules import load
from childdev.resources import folder

GOOD = {
    "stages": "id\tlabel\tdefinition\tfrom_months\tto_months\tfollowed_by\nearly\tEarly\tThe first years.\t0\t66\tlater\nlater\tLater\tThe years after.\t66\t216\t\n",
    "domains": "id\tlabel\tdefinition\nmoving\tMoving\tMoving about.\n",
    "sources": "key\ttitle\tpublisher\tyear\ttype\tlicence\turl\tnote\nbook-2020\tA book\tA press\t2020\tguidance\t\t\t\n",
    "need_areas": "id\tlabel\tdfe_code\tparent\tdefinition\tsource_key\tconfidence\nbody\tBody\t\t\tThe body.\tbook-2020\tcited\n",
    "features": (
        "id\tlabel\tdefinition\teveryday_words\tdomain\tstages\tage_from_months\tage_to_months\tbuilds_on\trelated_need_areas\tsource_key\tsource_locator\tconfidence\n"
        "rolls\tRolls over\tThe baby rolls.\tYour baby rolls over.\tmoving\tearly\t3\t8\t\tbody\tbook-2020\tpage 3\tcited\n"
        "sits\tSits\tThe baby sits.\tYour baby sits up.\tmoving\tearly\t6\t10\trolls\tbody\tbook-2020\t\tconsensus\n"
    ),
}


@pytest.fixture
def empty_model(tmp_path: Path) -> Path:
    target = tmp_path / "ontology"
    target.mkdir()
    shutil.copy(folder("ontology") / "core.ttl", target)
    return target


def put(tmp_path: Path, **changed: str) -> Path:
    tables = tmp_path / "tables"
    tables.mkdir(exist_ok=True)
    for name, text in {**GOOD, **changed}.items():
        (tables / f"{name}.tsv").write_text(text, encoding="utf-8")
    return tables


def faults(tables: Path, model: Path) -> str:
    before = sorted(f.name for f in model.iterdir())
    with pytest.raises(TableError) as raised:
        imports.run(tables, model)
    assert sorted(f.name for f in model.iterdir()) == before, "something was written"
    return str(raised.value)


def test_good_tables_become_modules_with_a_claim_for_each_link(tmp_path: Path, empty_model: Path) -> None:
    imports.run(put(tmp_path), empty_model)
    text = (empty_model / "features-moving.ttl").read_text("utf-8")
    assert "cd:buildsOn feature:rolls" in text
    assert "claim:sits--builds-on--rolls a cd:Claim" in text
    assert 'cd:locator "page 3"' in text
    load(empty_model)


def test_twice_the_same_import_is_refused(tmp_path: Path, empty_model: Path) -> None:
    tables = put(tmp_path)
    imports.run(tables, empty_model)
    assert "features, row 2 (rolls): stands already in the model; change it there" in faults(tables, empty_model)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("\t3\t8\t", "\tthree\t8\t", "features, row 2 (rolls), column age_from_months: 'three' is no whole number"),
        (
            "\tmoving\tearly\t6",
            "\tmovin\tearly\t6",
            "features, row 3 (sits), column domain: 'movin' is not in domains; did you mean 'moving'?",
        ),
        (
            "\trolls\tbody",
            "\trols\tbody",
            "features, row 3 (sits), column builds_on: 'rols' is not in features; did you mean 'rolls'?",
        ),
        ("\tYour baby sits up.", "\t", "features, row 3 (sits), column everyday_words: is empty; it is needed"),
        ("Sits\tThe", "Sits \tThe", "features, row 3 (sits), column label: has a stray space; remove it"),
        (
            "consensus",
            "sure",
            "features, row 3 (sits), column confidence: 'sure' is not one of cited, consensus, to-verify",
        ),
        ("sits\tSits", "Sits Up\tSits", "features, row 3 (Sits Up), column id: 'Sits Up' is no id"),
        ("sits\tSits", "rolls\tSits", "features, row 3 (rolls), column id: stands already in row 2"),
        ("8\t\tbody", "8\tsits\tbody", "closes a ring: "),
        (
            "\tconsensus\n",
            "\tconsensus\textra\n",
            "features, row 3: has 14 cells, the header has 13; look for a stray tab",
        ),
    ],
)
def test_each_fault_is_named(tmp_path: Path, empty_model: Path, old: str, new: str, message: str) -> None:
    assert old in GOOD["features"]
    assert message in faults(put(tmp_path, features=GOOD["features"].replace(old, new)), empty_model)


def test_a_wrong_header_says_which_columns(tmp_path: Path, empty_model: Path) -> None:
    message = faults(put(tmp_path, domains="id\tname\tdefinition\nmoving\tMoving\tx\n"), empty_model)
    assert "domains, row 1: the columns should be id, label, definition (missing: label; not known: name)" in message


def test_a_table_that_is_not_utf8_is_named(tmp_path: Path, empty_model: Path) -> None:
    tables = put(tmp_path)
    (tables / "domains.tsv").write_bytes("id\tlabel\tdefinition\nmoving\tMoving\tcafé\n".encode("latin-1"))
    assert "domains: byte 37 is not UTF-8; save the table as UTF-8" in faults(tables, empty_model)


def test_a_byte_order_mark_does_no_harm(tmp_path: Path, empty_model: Path) -> None:
    imports.run(put(tmp_path, domains="\ufeff" + GOOD["domains"]), empty_model)
    assert (empty_model / "frame.ttl").exists()


def test_a_broken_rule_of_the_model_is_brought_back_to_its_row(tmp_path: Path, empty_model: Path) -> None:
    message = faults(put(tmp_path, features=GOOD["features"].replace("\t6\t10\t", "\t10\t6\t")), empty_model)
    assert "features, row 3 (sits)" in message


def test_a_folder_without_tables_says_what_it_looked_for(tmp_path: Path, empty_model: Path) -> None:
    nothing = tmp_path / "nothing"
    nothing.mkdir()
    assert "holds none of the tables that can be imported: stages.tsv" in faults(nothing, empty_model)


def test_every_table_has_a_key_that_is_one_of_its_columns() -> None:
    assert len(TABLES) == 26
    for table in TABLES:
        assert table.key is None or table.key in {c.name for c in table.columns}
