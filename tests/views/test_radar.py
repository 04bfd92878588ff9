"""The radar counts what there is, and its questions follow the rule that it states."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from childdev.store.reader import Reader
from childdev.views import overview, radar
from childdev.views.radar import SIGNS, Spot, next_questions, question
from tests.views.small import claim, feature
from tests.views.small import reader as small

FULL = Spot("sensory", "Senses", "secondary", "Secondary", 10, read=8, two_levels=8, routes=2, told=1, level="setting")


def test_a_place_with_enough_of_everything_shows_no_sign_and_is_not_asked_about() -> None:
    assert FULL.signs == []
    assert next_questions([FULL]) == []


@pytest.mark.parametrize(
    ("changed", "sign", "words"),
    [
        ({"two_levels": 4}, "help", "10 features; help at two levels or more for 4 of 10."),
        ({"features": 5, "read": 5, "two_levels": 5}, "few", "Only 5 features."),
        ({"routes": 0}, "routes", "10 features; no other route to any."),
        ({"told": 0}, "numbers", "10 features; no published number tells of any."),
        ({"read": 4}, "read", "10 features; 4 of 10 age ranges read in a source."),
        ({"differ": 2}, "differ", "10 features; people differ about 2 of 10."),
    ],
)
def test_each_sign_is_seen_alone_and_put_in_words(changed: dict[str, int], sign: str, words: str) -> None:
    spot = replace(FULL, **changed)  # type: ignore[arg-type]
    assert (spot.signs, spot.words) == ([sign], words)
    (ask,) = next_questions([spot])
    assert ask.sign == sign and ask.question == question(spot, sign) and ask.question.endswith("?")


def test_help_at_one_level_leads_to_the_question_of_what_helps_elsewhere() -> None:
    spot = replace(FULL, two_levels=1)
    assert question(spot, "help") == "What helps secondary-age children with their senses, beyond the classroom?"
    assert question(replace(spot, level="family"), "help").endswith("beyond the family home?")
    assert question(replace(spot, level=""), "help").endswith("beyond what we have described?")


def test_an_aspect_that_starts_later_is_not_thin_before() -> None:
    empty = Spot("numeracy", "Numeracy", "perinatal", "Perinatal", 0)
    assert empty.signs == ["few"] and empty.words == "No feature yet."
    assert replace(empty, later="Amounts come to matter in the first year.").signs == []


def test_one_or_two_features_are_not_judged_by_shares_and_no_other_route_is_asked_for_before_birth() -> None:
    assert replace(FULL, features=2, read=0, two_levels=0, routes=0, told=0).signs == ["few"]
    assert "routes" not in replace(FULL, stage="perinatal", routes=0).signs


def test_the_place_with_most_signs_comes_first_and_no_two_questions_are_alike() -> None:
    one = replace(FULL, domain="motor", told=0)
    two = replace(FULL, domain="literacy", told=0, read=0)
    same_aspect = replace(two, stage="primary", features=9, read=0, told=0)
    helped_little = replace(FULL, domain="social", two_levels=0, told=0)
    asks = next_questions([one, two, same_aspect, helped_little])
    assert [(a.spot.domain, a.sign) for a in asks] == [
        ("social", "help"),  # two signs, and its first stands highest in the list
        ("literacy", "numbers"),  # two signs, more features than the other cell of the aspect
        ("motor", "numbers"),  # nothing else to ask of it
    ]
    assert len(next_questions([replace(one, domain=f"d{n}") for n in range(9)])) == 5


def test_the_radar_counts_what_the_map_counts(reader: Reader) -> None:
    rows = radar.radar(reader)
    drawn = [[[c.count for c in cells] for _, cells in domains] for _, domains in overview.the_map(reader)]
    counted = [[[s.features for s in spots] for _, spots in domains] for _, domains in rows]
    assert counted == drawn and sum(n for f in counted for d in f for n in d) > 600
    for spot in radar.all_spots(rows):
        assert max(spot.read, spot.two_levels, spot.routes, spot.told, spot.differ) <= spot.features
    asks = next_questions(radar.all_spots(rows))
    assert len(asks) == 5 == len({a.spot.domain for a in asks}) and all(a.sign in SIGNS for a in asks)


def test_help_at_two_levels_and_ages_read_are_counted(tmp_path: Path) -> None:
    turtle = (
        feature("a", "A", 10, 20, more="; cd:canAlsoGrowFrom feature:b")
        + feature("b", "B", 10, 20)
        + claim("a-age", "feature:a", "typicalFromMonths", None)
        + claim("b-age", "feature:b", "typicalFromMonths", None, basis="named")
        + claim("a-b", "feature:b", "buildsOn", "feature:a")
        + """
        environment:home a cd:Environment ; cd:atLevel level:family ; cd:enables feature:a , feature:b .
        environment:nursery a cd:Environment ; cd:atLevel level:setting ; cd:enables feature:a .
        indicator:i a cd:Indicator ; cd:measures feature:b .
        claim:dispute a cd:Claim ; cd:strength cd:contested ; cd:touches feature:b .
        claim:settled a cd:Claim ; cd:strength cd:emerging ; cd:touches feature:a .
        """
    )
    spots = {(s.domain, s.stage): s for s in radar.all_spots(radar.radar(small(tmp_path, turtle)))}
    spot = spots["communication-and-language", "early-childhood"]
    assert (spot.features, spot.read, spot.two_levels, spot.routes, spot.told, spot.differ) == (2, 1, 1, 1, 1, 1)
    assert spot.level == "family" and spot.read_percent == 50
    assert spots["numeracy", "perinatal"].later == "Amounts come to matter in the first year."
    assert spots["numeracy", "primary"].later == ""
