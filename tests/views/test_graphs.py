"""Graph views over the real model: boxes stand apart, the list says what the picture shows, what is hidden is counted."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import networkx as nx
import pytest

from childdev.errors import NotFoundError, ParameterError
from childdev.store.reader import Reader
from childdev.views.graphs import files, layout, sources, still
from childdev.views.graphs.changing import changed
from childdev.views.graphs.facts import Bond, Facts, Thing, facts
from childdev.views.graphs.picture import Picture, as_data, picture
from childdev.views.graphs.spec import ORDER, Spec, spec, specs
from childdev.views.graphs.state import State, parsed

VIEWS = [
    ("neighbourhood", "feature/joins-two-words"),
    ("neighbourhood", "feature/reads-for-meaning"),
    ("lineage", "feature/joins-two-words"),
    ("lineage", "feature/reads-for-meaning"),
    ("path", "environment/warm-responsive-care feature/reads-for-meaning"),
    ("path", "feature/coos-and-takes-turns feature/reads-for-meaning"),
    *((name, "") for name in ("enables", "stages", "whole", "needs", "capital", "system", "evidence")),
    ("enables", "environment/talk-rich-home"),
    ("enables", "level/family"),
    ("enables", "feature/joins-two-words"),
    ("needs", "need/slcn"),
    ("needs", "need/communication-and-interaction"),
    ("capital", "capital/social"),
    ("capital", "agency/health-visiting"),
    ("capital", "asset/early-language-pathway"),
    ("system", "system-feature/positive-experience"),
]


@pytest.fixture(scope="module")
def known(reader: Reader) -> Facts:
    return facts(reader)


def made(known: Facts, name: str, about: str = "", query: str = "") -> Picture:
    view = spec(name)
    pairs = [(k, v) for k, _, v in (part.partition("=") for part in query.split("&") if part)]
    return picture(known, view, parsed(pairs, known.words), _gathered(known, view, about), f"/graph/{name}", "1.0.0")


def _gathered(known: Facts, view: Spec, about: str) -> sources.Gathered:
    if view.source == "path":
        return sources.between(known, view, *about.split())
    return sources.about_thing(known, view, *about.split("/")) if about else sources.everything(known, view)


def everything(known: Facts) -> Iterator[tuple[Picture, dict[str, Any]]]:
    for name, about in VIEWS:
        p = made(known, name, about)
        yield p, as_data(p)


def test_every_view_of_the_issue_is_there_and_introduced() -> None:
    assert {s.slug for s in specs()} == {name for name, _ in VIEWS} | {"changes"} == set(ORDER)
    assert all(len(s.words) > 40 and s.words.endswith(".") for s in specs())


def test_boxes_never_overlap_in_any_view(known: Facts) -> None:
    pictures = [p for p, _ in everything(known)]
    opened = [
        made(known, "stages", query="open=group/feature.motor.early-childhood&open=group/feature.social.primary"),
        made(known, "enables", query="open=group/environment.family&open=group/feature.motor"),
        made(known, "capital", query="open=group/asset.social&open=group/agency.health"),
        made(known, "whole", query="most=300&open=group/feature.numeracy.primary"),
    ]
    features = [f"feature/{f.value.rsplit('/', 1)[-1]}" for f in known.reader.of_kind("feature")][::23]
    around = [made(known, "neighbourhood", f) for f in features if f in known.things]
    assert len(around) > 25
    for p in (*pictures, *opened, *around):
        cells: dict[tuple[int, int], str] = {}
        assert p.boxes
        for b in p.boxes:
            assert 0 <= b.x <= p.places.width - layout.WIDTH and 0 <= b.y <= p.places.height - layout.HEIGHT, b.id
            for x in (b.x, b.x + layout.WIDTH - 1):
                for y in (b.y, b.y + layout.HEIGHT - 1):
                    cells[x, y] = b.id if (x, y) not in cells else pytest.fail(f"{b.id} stands on {cells[x, y]}")
        near = sorted(p.boxes, key=lambda b: b.x)
        for i, a in enumerate(near):
            for b in near[i + 1 :]:
                if b.x - a.x >= layout.WIDTH:
                    break
                assert abs(a.y - b.y) >= layout.HEIGHT, (p.path, a.id, b.id)


def test_time_runs_to_the_right(known: Facts) -> None:
    for name in ("neighbourhood", "lineage"):
        p = made(known, name, "feature/reads-for-meaning")
        places = {b.id: b.x for b in p.boxes}
        grows = [e for e in p.edges if e.relation == "buildsOn"]
        assert len(grows) > 20 and all(places[e.first] < places[e.last] for e in grows)
    p = made(known, "lineage", "feature/reads-for-meaning")
    stages = {s for b in p.boxes for s in b.members[0].facets["stage"]}
    assert {"perinatal", "secondary"} <= stages, "a line of growth reaches both ends of childhood"


def test_the_list_says_what_the_picture_shows_and_nothing_else(known: Facts) -> None:
    total = 0
    for p, data in everything(known):
        drawn = {e["id"]: e["sentence"] for e in data["edges"]}
        said = {i["edge"]: i["sentence"] for g in data["list"] for i in g["items"] if i["edge"]}
        assert drawn == said, p.path
        svg = still.still(p)
        ids = [i.replace("&gt;", ">") for i in re.findall(r'data-edge="([^"]*)"', svg)]
        assert sorted(ids) == sorted(drawn), p.path
        told = {i.get("node") for g in data["list"] for i in g["items"]}
        ends = {end for e in data["edges"] for end in (e["from"], e["to"])}
        assert {n["id"] for n in data["nodes"]} <= told | ends, "every box is in the list, in a line or by itself"
        assert ends <= {n["id"] for n in data["nodes"]}
        total += len(drawn)
    assert total > 1500


def test_things_shown_and_hidden_add_up(known: Facts) -> None:
    queries = (
        "",
        "stage=primary",
        "domain=motor&status=stable",
        "evidence=contested",
        "most=10",
        "need=cognition-and-learning",
    )
    seen = 0
    for name, about in VIEWS:
        if spec(name).source == "path":
            continue
        for query in queries:
            p = made(known, name, about, query)
            data = as_data(p)
            assert data["shown"]["things"] + data["hidden"]["count"] == len(p.gathered.things), (name, about, query)
            numbers = [
                int(n.replace(",", "")) for n in re.findall(r"[\d,]*\d", data["hidden"]["sentence"].split(". ")[0])
            ]
            assert sum(numbers[1:]) in (0, data["hidden"]["count"])
            seen += data["hidden"]["count"]
    assert seen > 1000


def test_filters_say_what_they_hide(known: Facts) -> None:
    data = as_data(made(known, "neighbourhood", "feature/reads-for-meaning", "domain=literacy&most=12"))
    assert re.fullmatch(
        r"\d+ more are hidden: \d+ by your filter, \d+ because more would be hard to read\.", data["hidden"]["sentence"]
    )
    features = [n for n in data["nodes"] if n["kind"] == "feature" and not n["centre"]]
    assert features and all(known.things[n["id"]].facets["domain"] == ("literacy",) for n in features)
    only = as_data(made(known, "whole", query="evidence=established"))
    assert only["edges"] and all(e["strength"] == "established" for e in only["edges"])
    counted = {f["name"]: sum(o["count"] for o in f["options"]) for f in as_data(made(known, "whole"))["filters"]}
    assert counted["domain"] == len(known.growth) and counted["evidence"] == known.growth.number_of_edges()


def test_focus_close_open_search_and_pin(known: Facts) -> None:
    about = "feature/joins-two-words"
    full = made(known, "neighbourhood", about)
    names = {b.id for b in full.boxes}
    near = next(n for n in names if n.startswith("feature/") and n != about)
    focus = made(known, "neighbourhood", about, f"focus={near}")
    assert {b.id for b in focus.boxes} < names and near in {b.id for b in focus.boxes}
    closed = made(known, "neighbourhood", about, f"closed={near}")
    assert {b.id for b in closed.boxes} <= names and near in {b.id for b in closed.boxes}
    grown = next(b for b in full.boxes if b.more)
    opened = made(known, "neighbourhood", about, f"open={grown.id}")
    assert {b.id for b in opened.boxes} > names
    assert next(b for b in opened.boxes if b.id == grown.id).more == 0
    marked = made(known, "whole", query="q=Two WORDS")
    assert about in {b.id for b in marked.boxes if b.match} and sum(b.match for b in marked.boxes) < 30
    pinned = next(b for b in made(known, "whole", query=f"pin={about}:-40,77").boxes if b.id == about)
    assert (pinned.x, pinned.y, pinned.pinned) == (-40, 77, True)


def test_the_address_comes_back_as_it_was(known: Facts) -> None:
    query = (
        "from=feature/x&to=feature/y&q=big words&stage=primary&stage=secondary&domain=motor&need=cognition-and-learning"
        "&level=family&evidence=contested&status=stable&open=group/feature.motor.primary&open=feature/a&closed=feature/b"
        "&focus=feature/c&pin=feature/a:10,-20&pin=group/feature.motor.primary:1,2&most=40&version=1.0.0&embed=1"
    )
    pairs = [(k, v) for k, _, v in (part.partition("=") for part in query.split("&"))]
    state = parsed(pairs, known.words)
    assert state.pairs == pairs
    assert parsed(State(q="a").pairs, known.words) == State(q="a")
    for wrong in (
        "stage=tall",
        "pin=feature/x",
        "pin=x:1,2",
        "most=0",
        "most=many",
        "open=x",
        "focus=<b>",
        "evidence=sure",
    ):
        with pytest.raises(ParameterError, match=r"“|whole number"):
            parsed([tuple(wrong.split("=", 1))], known.words)  # type: ignore[list-item]
    with pytest.raises(NotFoundError):
        made(known, "whole", query="focus=feature/none")


def test_the_same_address_makes_the_same_bytes(reader: Reader, known: Facts) -> None:
    again = Facts(reader)
    for name in ("whole", "capital"):
        assert as_data(made(known, name)) == as_data(made(again, name))


def test_a_path_from_serve_and_return_to_reading_has_evidence_words_for_each_step(known: Facts) -> None:
    p = made(known, "path", "environment/warm-responsive-care feature/reads-for-meaning")
    ways = as_data(p)["list"]
    assert len(ways) == 3 and ways[0]["heading"].startswith("The surest line")
    for way in ways:
        assert "Warm, responsive care" in way["items"][0]["sentence"]
        assert way["items"][-1]["sentence"].startswith("“Reads for meaning” usually grows from")
        for step in way["items"]:
            assert step["strength_words"] and step["claim"] and len(step["evidence"]) > 20
    none = made(known, "path", "feature/reads-for-meaning feature/coos-and-takes-turns")
    assert "knows no line" in none.intro and "other way round" in none.intro and not none.edges


def test_the_evidence_view_names_what_is_contested_and_thin(known: Facts) -> None:
    data = as_data(made(known, "evidence"))
    contested = [n for n in data["nodes"] if "◐" in n["label"]]
    assert len(contested) > 5 and all("People or studies differ: “" in n["note"] for n in contested)
    thin = [n for n in data["nodes"] if n["label"].endswith("thin")]
    assert thin and all(n["cluster"] < 6 and "The cell is thin." in n["note"] for n in thin)
    told = " ".join(i["sentence"] for g in data["list"] for i in g["items"])
    assert "Services should screen children for a count of adverse experiences" in told


def test_files_say_the_same_as_the_picture(known: Facts) -> None:
    for name, about in VIEWS:
        p = made(known, name, about)
        data = as_data(p)
        graph = nx.read_graphml(io.BytesIO(files.as_graphml(p)), force_multigraph=True)
        assert set(graph) == {n["id"] for n in data["nodes"]}
        assert {e["sentence"] for *_, e in graph.edges(data=True)} == {e["sentence"] for e in data["edges"]}
        table = files.as_csv(p)
        assert table.startswith(b"\xef\xbb\xbf")
        rows = list(csv.DictReader(io.StringIO(table.decode("utf-8-sig"))))
        assert [r["sentence"] for r in rows] == [i["sentence"] for g in data["list"] for i in g["items"]]
        svg = still.file(p)
        root = ElementTree.fromstring(svg)
        assert root.tag.endswith("svg") and "style" in svg and 'class="heading"' in svg
        assert not re.search(r"(?:href|src)=|url\((?!#)", svg), "nothing is loaded from elsewhere"


def test_a_table_gives_spreadsheets_no_formula(known: Facts) -> None:
    p = made(known, "enables", "environment/talk-rich-home")
    p.edges[0].sentence = '=HYPERLINK("x")'
    assert b"\"'=HYPERLINK" in files.as_csv(p)


def test_changes_between_two_versions_tell_what_is_new_gone_and_otherwise(reader: Reader, known: Facts) -> None:
    later = Facts(reader)
    later.version = "later"
    old = known.things["feature/joins-two-words"]
    new = Thing("feature/new-thing", "feature", "A new thing", "talk", 20, 30, "", old.facets, "", "emerging")
    later.things = {n: t for n, t in known.things.items() if n != "feature/walks-alone"} | {new.id: new}
    bonds = [b for b in known.bonds["buildsOn"] if "feature/walks-alone" not in (b.first, b.last)]
    was = next(b for b in bonds if b.strength == "emerging")
    now = Bond(was.first, was.last, "buildsOn", "established", was.claim)
    later.bonds = {**known.bonds, "buildsOn": [now if b == was else b for b in bonds]}
    later.bonds["buildsOn"].append(Bond(old.id, new.id, "buildsOn", "emerging", ""))
    p = picture(later, spec("changes"), State(), changed(spec("changes"), known, later), "/graph/changes", "later")
    data = as_data(p)
    notes = {n["id"]: n["note"] for n in data["nodes"]}
    words = {n["id"]: n["words"] for n in data["nodes"]}
    assert words["feature/new-thing"] == "New: A new thing" and words["feature/walks-alone"] == "Gone: Walks alone"
    assert notes["feature/new-thing"] == "New in later." and notes["feature/walks-alone"] == "No longer in later."
    sentences = {e["sentence"] for e in data["edges"]}
    assert "New: “A new thing” usually grows from “Joins two words”" in sentences
    assert any(s.startswith("The evidence was emerging and is established: ") for s in sentences)
    assert sum(s.startswith("No longer: ") for s in sentences) == len(known.bonds["buildsOn"]) - len(bonds)
    assert not changed(spec("changes"), known, known).things


def grown(known: Facts, count: int) -> Facts:
    """A model of very many features: the real one again and again, each time under other names."""
    more = Facts.__new__(Facts)
    more.version, more.reader, more.words = known.version, known.reader, known.words
    real = [t for t in known.things.values() if t.kind == "feature"]
    more.things, more.bonds = {}, {name: [] for name in known.bonds}
    for i in range(-(-count // len(real))):
        for t in real[: count - len(more.things)]:
            more.things[f"{t.id}-{i}"] = Thing(**{**vars(t), "id": f"{t.id}-{i}"})
        for b in known.bonds["buildsOn"]:
            ends = f"{b.first}-{i}", f"{b.last}-{i}"
            if ends[0] in more.things and ends[1] in more.things:
                more.bonds["buildsOn"].append(Bond(*ends, b.relation, b.strength, b.claim))
    return more


def test_two_thousand_are_drawn_and_ten_thousand_stand_together(known: Facts) -> None:
    two, ten = grown(known, 2000), grown(known, 10_000)
    assert len(made(two, "whole").boxes) == 2000
    p = made(ten, "whole")
    assert 40 < len(p.boxes) < 400 and sum(len(b.members) for b in p.boxes) == 10_000
    opened = made(ten, "whole", query="open=group/feature.numeracy.secondary")
    assert len(opened.boxes) > 100 and len({(b.x, b.y) for b in opened.boxes}) == len(opened.boxes)
