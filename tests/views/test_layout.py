"""Pictures: no two boxes share a place, time runs to the right, and what is hidden is named."""

from __future__ import annotations

import pytest

from childdev.ages import age
from childdev.model.iris import iri
from childdev.store.reader import Reader
from childdev.views import graph, layout
from childdev.views.words import age_range, seen


def test_in_every_neighbourhood_boxes_stand_apart_and_lines_lead_right(reader: Reader) -> None:
    spec = graph.spec("neighbourhood")
    features = reader.of_kind("feature")
    assert len(features) > 600
    for feature in features[::7]:
        view = graph.build(reader, spec, feature)
        layout.place(view)
        places = [(n.x, n.y) for n in view.nodes.values()]
        assert len(set(places)) == len(places)
        for a in view.nodes.values():
            assert 0 <= a.x <= view.width - layout.BOX_WIDTH and 0 <= a.y <= view.height - layout.BOX_HEIGHT
            for b in view.nodes.values():
                assert a is b or abs(a.x - b.x) >= layout.BOX_WIDTH or abs(a.y - b.y) >= layout.BOX_HEIGHT
        for edge in view.edges:
            if edge.relation == "buildsOn":
                assert view.nodes[edge.source].x < view.nodes[edge.target].x
        assert len(view.nodes) <= spec.most


def test_what_does_not_fit_is_named_and_the_nearest_are_kept(reader: Reader) -> None:
    view = graph.build(reader, graph.spec("neighbourhood"), iri("feature", "reads-for-meaning"))
    assert len(view.nodes) == 36 and view.hidden
    assert not {n.link.iri for n in view.nodes.values()} & {h.iri for h in view.hidden}
    direct = {n.value for n in reader.objects(iri("feature", "reads-for-meaning"), graph.cd.buildsOn)}
    assert direct <= set(view.nodes)


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
