"""Ages in words."""

from __future__ import annotations

import pytest

from childdev.ages import age
from childdev.views.words import age_range, seen


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (18, 30, "18 to 30 months"),
        (36, 54, "3 to 4½ years"),
        (24, 48, "2 to 4 years"),
        (-9, 0, "before birth, from about the start of pregnancy"),
        (-5, 0, "before birth, from about month 4 of pregnancy"),
        (0, 1, "from birth to 1 month"),
        (132, 216, "from 11 years on"),
        (60, 60, "5 years"),
        (-2, 6, "from before birth to 6 months"),
        (12, 48, "12 months to 4 years"),
        (40, 60, "3 years 4 months to 5 years"),
    ],
)
def test_ages_in_words(first: int, last: int, words: str) -> None:
    assert age_range(first, last) == words


def test_ages_as_a_sentence() -> None:
    assert seen(18, 30) == "Usually seen between 18 and 30 months"
    assert seen(132, 216) == "Usually seen from 11 years on"
    assert [age(m) for m in (-3, 0, 1, 30, 42)] == ["before birth", "birth", "1 month", "30 months", "3½ years"]
