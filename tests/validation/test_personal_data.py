"""The screen for personal data, over texts judged beforehand and over everything that the model says."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from pyoxigraph import Literal

from childdev.errors import PersonalDataError
from childdev.model.modules import Model
from childdev.validation.personal_data import refuse, screen

with Path(__file__).with_name("personal_data.tsv").open(encoding="utf-8", newline="") as file:
    JUDGED = [(row["found"], row["text"]) for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]


def test_there_are_enough_of_both_kinds() -> None:
    clean = [text for found, text in JUDGED if found == "nothing"]
    assert len(clean) >= 70
    assert len(JUDGED) - len(clean) >= 75


@pytest.mark.parametrize(("found", "text"), JUDGED)
def test_a_text_as_judged(found: str, text: str) -> None:
    assert "; ".join(f.where for f in screen(text)) == found.replace("nothing", "")


def test_nothing_that_the_model_says_is_refused(model: Model) -> None:
    texts = {t.object.value for t in model.triples if isinstance(t.object, Literal)}
    assert {text: [f.where for f in found] for text in texts if (found := screen(text))} == {}


def test_what_is_refused_is_told_by_kind_and_never_quoted() -> None:
    with pytest.raises(PersonalDataError) as caught:
        refuse(["Reads alone", "My son Zebedee lives at SW1A 1AA", "My son Zebedee"])
    message = str(caught.value)
    assert caught.value.status == 422
    assert "Nothing was stored" in message
    assert [f.where for f in caught.value.findings] == ["a postcode", "somebody's name"]
    assert "Zebedee" not in message and "1AA" not in message


def test_a_text_without_is_let_through() -> None:
    refuse(["", "Reads alone", "Your child turns to their own name."])


def test_a_long_text_written_to_hold_the_screen_up_is_soon_read() -> None:
    for piece in ("0 ", "a@", "my a ", "born ", "3-", "+1 ", "A1 ", "name is ", "called "):
        assert isinstance(screen(piece * 20_000), list)
