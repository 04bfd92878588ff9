"""What pages say of what a model holds: routes, explanations, who turns to whom, terms of use, who holds which view."""

from __future__ import annotations

import re

import pytest

from childdev.model.iris import iri
from childdev.store.reader import Reader
from childdev.views import overview, people, sources
from childdev.views.feature import feature_page
from childdev.views.thing import claim_page, thing_page
from childdev.web.routes.things import LENSES
from tests.views.small import claim, feature, page
from tests.views.small import reader as small

MODEL = (
    feature("points", "Points to show", 10, 18)
    + feature("signs", "Talks by sign", 8, 84)
    + feature("late", "Weighs up an argument", 132, 216, "primary")
    + feature(
        "joins",
        "Joins two words",
        18,
        26,
        more="""; cd:buildsOn feature:points ; cd:canAlsoGrowFrom feature:signs ;
        skos:altLabel "word pairs" ; cd:everydayWords "Your child puts two words together." ; dcterms:source source:old""",
    )
    + "".join(feature(f"n{n}", f"Later thing {n}", 60 + n, 120, "primary") for n in range(9))
    + "".join(feature(f"m{n}", f"Early thing {n}", 12 + n, 40) for n in range(5))
    + claim(
        "age",
        "feature:joins",
        "typicalFromMonths",
        None,
        """; cd:evidence source:checklist ;
        cd:explanation "Published as done by 75 per cent by 2 years; the range around it is ours." ; cd:locator "page 4" """,
    )
    + claim(
        "grows",
        "feature:joins",
        "buildsOn",
        "feature:points",
        '; cd:explanation "A point and a word are a first pair."',
    )
    + claim("route", "feature:joins", "canAlsoGrowFrom", "feature:signs", '; cd:explanation "Two signs make a pair."')
    + claim(
        "helps",
        "environment:talk",
        "enables",
        "feature:joins",
        '; cd:explanation "Pauses in play invite a pair."',
        "named",
    )
    + """
    environment:talk a cd:Environment ; skos:prefLabel "A home full of talk" ; cd:atLevel level:family ;
        cd:mechanism "Words heard are words learnt." ; skos:altLabel "chatting" ;
        cd:enables feature:joins , feature:points , feature:n0 , feature:n1 , feature:n2 , feature:n3 , feature:n4 ,
            feature:n5 , feature:n6 , feature:n7 , feature:n8 , feature:m0 , feature:m1 , feature:m2 , feature:m3 .
    environment:gone a cd:Retired ; skos:prefLabel "Gone environment" ; cd:atLevel level:family ; cd:enables feature:joins .
    source:checklist a cd:Source ; skos:prefLabel "A checklist" ; cd:sourceType "guidance" ; cd:publisher "A publisher" ;
        cd:year 2022 ; cd:howUsed "Facts about ages, in our own words." ; cd:licence "Open Government Licence v3.0" .
    source:plain a cd:Source ; skos:prefLabel "A plain source" .
    source:old a cd:Retired ; skos:prefLabel "Gone source" .
    asset:know-how a cd:CapitalAsset ; skos:prefLabel "Know-how" ; cd:contributesTo feature:joins .
    agency:visiting a cd:Agency ; skos:prefLabel "Health visiting" ; skos:definition "Visits homes." ; cd:sector "health" ;
        cd:reachedBy "families" ; cd:howReached "Ring or text the team." ; cd:providesAt tier:universal .
    agency:hospice a cd:Agency ; skos:prefLabel "A hospice" ; cd:sector "health" ; cd:reachedBy "families" ;
        cd:providesAt tier:specialist .
    agency:therapy a cd:Agency ; skos:prefLabel "Therapy" ; cd:sector "health" ; cd:reachedBy "referral" .
    agency:board a cd:Agency ; skos:prefLabel "A board" ; cd:sector "health" ; cd:reachedBy "planning" ;
        cd:howReached "By its public meetings." .
    agency:unsorted a cd:Agency ; skos:prefLabel "Unsorted body" .
    claim:dispute a cd:Claim ; skos:prefLabel "Signing slows speech." ; cd:strength cd:contested ; cd:basis "read" ;
        cd:touches feature:joins ; cd:hasPosition position:for , position:against .
    position:for a cd:Position ; skos:prefLabel "Some fear so." ; cd:stance "for" ; cd:heldByRole "some families" .
    position:against a cd:Position ; skos:prefLabel "Signs lead to words." ; cd:stance "against" .
    """
    + "".join(
        f"agency:{a} cd:holds asset:know-how ; cd:canHelpWith feature:joins ; cd:worksIn stage:early-childhood .\n"
        for a in ("visiting", "hospice", "therapy", "board", "unsorted")
    )
)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    return small(tmp_path_factory.mktemp("small"), MODEL)


def words(text: str) -> str:
    """What a reader sees of a page, in one line."""
    main = text.split("<main")[1].split("</main>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", main))


def feature_words(model: Reader, slug: str) -> str:
    picture = {"width": 10, "height": 10, "curves": [], "boxes": [], "hidden_left": 0, "hidden_right": 0}
    found = feature_page(model, iri("feature", slug))
    return words(
        page(model, "feature.html", p=found, successors=None, slug=slug, lens="family", lenses=LENSES, picture=picture)
    )


def thing_words(model: Reader, kind: str, slug: str) -> str:
    found = thing_page(model, kind, iri(kind, slug))
    return words(page(model, "thing.html", p=found, slug=slug, successors=None))


def test_a_feature_says_why_beside_each_link_and_how_its_age_is_known(model: Reader) -> None:
    text = feature_words(model, "joins")
    assert "Also called: word pairs" in text
    assert "A point and a word are a first pair." in text
    assert "Two signs make a pair." in text.split("Other routes")[1]
    assert "Pauses in play invite a pair." in text and "Words heard are words learnt." not in text
    assert "Published as done by 75 per cent by 2 years; the range around it is ours." in text.split("grow from?")[0]
    assert "The usual age: the source was read. A checklist (page 4)." in text
    assert "Gone" not in text


def test_what_a_link_opens_says_why_from_the_other_side_too(model: Reader) -> None:
    assert "A point and a word are a first pair." in feature_words(model, "points").split("What does it open?")[1]
    assert "Words heard are words learnt." in feature_words(model, "points"), "no claim, so the general words stay"


def test_corrected_age_is_told_where_it_matters(model: Reader) -> None:
    assert "Count from the day the baby was due" in feature_words(model, "joins")
    assert "Born early?" not in feature_words(model, "late")


def test_who_can_help_begins_with_those_a_family_can_go_to(model: Reader) -> None:
    text = feature_words(model, "joins").split("Who can help?")[1]
    order = [
        "You can go to them yourself",
        "Health visiting",
        "How to begin: Ring or text the team.",
        "A hospice",
        "Through a practitioner",
        "Therapy",
        "Unsorted body",
        "They plan for many and are not rung about one child.",
        "A board",
    ]
    assert [text.index(x) for x in order] == sorted(text.index(x) for x in order)


def test_the_page_of_all_who_help_does_so_too_and_bears_missing_values(model: Reader) -> None:
    text = words(page(model, "who.html", groups=people.everyone(model), tiers=[]))
    order = ["Health visiting", "A hospice", "Therapy", "Unsorted body", "A board"]
    assert [text.index(x) for x in order] == sorted(text.index(x) for x in order)
    assert "for everyone" in text and "None" not in text


def test_an_agency_says_how_one_begins(model: Reader) -> None:
    assert "How do you reach it? Ring or text the team." in thing_words(model, "agency", "visiting")
    assert "How do you reach it? A practitioner usually brings you together." in thing_words(model, "agency", "therapy")
    assert "How do you reach it?" not in thing_words(model, "agency", "unsorted")


def test_an_environment_has_other_names_and_its_long_list_goes_by_stage(model: Reader) -> None:
    text = thing_words(model, "environment", "talk")
    assert "Also called: chatting" in text
    early, primary = text.index("Early childhood"), text.index("Primary")
    assert early < text.index("Joins two words") < primary < text.index("Later thing 0")


def test_what_was_retired_stands_in_no_list(model: Reader) -> None:
    listed = [x.label for _, _, found in overview.environments_by_level(model) for x in found]
    assert listed == ["A home full of talk"]
    assert "Gone environment" not in thing_words(model, "level", "family")


def test_sources_say_how_they_are_used_and_on_what_terms(model: Reader) -> None:
    text = words(page(model, "sources.html", groups=sources.by_kind(model), attributions=sources.attributions(model)))
    assert "A checklist A publisher, 2022 Facts about ages, in our own words." in text
    assert "Licence: Open Government Licence v3.0 · 1 statement stands on it" in text
    assert "Contains public sector information licensed under the Open Government Licence v3.0." in text
    assert "Licence: not known" in text
    assert "Gone source" not in text
    assert "Phenotype" not in text and "International Classification" not in text, "only what is used is named"


def test_an_aspect_that_starts_later_says_why_on_its_page_and_on_the_map(model: Reader) -> None:
    assert "Amounts come to matter in the first year." in thing_words(model, "domain", "numeracy")
    rows = overview.the_map(model)
    later = overview.starting_later(model)
    assert [(d.label, why) for d, why in later] == [("Numeracy", "Amounts come to matter in the first year.")]
    text = page(
        model,
        "map.html",
        rows=rows,
        columns=overview.stages(model),
        current=None,
        found=None,
        domain="",
        stage="",
        later=later,
    )
    assert 'title="Amounts come to matter in the first year."' in text
    assert "Numeracy : Amounts come to matter in the first year." in words(text)


def test_views_say_who_holds_them_where_that_is_known(model: Reader) -> None:
    found = claim_page(model, iri("claim", "dispute"))
    text = words(page(model, "claim.html", p=found, slug="dispute"))
    assert "For Some fear so. Held by: some families." in text
    assert text.count("Held by") == 1


def test_evidence_is_counted_by_how_it_came_to_stand(model: Reader) -> None:
    found = {s.words: s for s in overview.standings(model)}
    assert found["What helps"].bases == {"named": 1} and found["Other routes"].bases == {"read": 1}
    everything = found["All statements"]
    assert (everything.all, everything.bases["read"], everything.percent(3)) == (4, 3, 75)
