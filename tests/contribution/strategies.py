"""A small model cut out of the real one, and random changes of it: typed ones, and ones of single statements."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from childdev import terms as cd
from childdev.contribution.changes import kinds
from childdev.contribution.changes.kinds import Change, Evidence, Value
from childdev.contribution.changes.making import value_of
from childdev.contribution.changes.names import CLAIMED, term_name, thing_name
from childdev.model.iris import PREFIXES, iri, kind_and_slug
from childdev.model.modules import RDF_TYPE, Model
from childdev.model.stated import Delta, Stated

FEATURES = ("walks-alone", "stands-alone", "copes-with-setbacks")
SOURCES = ("who-motor-2006", "cdc-milestones-2022", "development-matters-2023")
CONTESTED = "ace-screening"
_LABEL = NamedNode(PREFIXES["rdfs"] + "label")
_FUNCTIONAL = NamedNode(PREFIXES["owl"] + "FunctionalProperty")
#: what people paste: quotes, line ends, letters of other scripts
WORDS = st.text(st.sampled_from('ab c"\\\n’é–\t你🙂\u2028'), min_size=1, max_size=8)
LANGUAGES = st.sampled_from(["en-gb", "en-gb", "cy"])


def small(model: Model) -> frozenset[Quad]:
    """A few features with what leads to them and from them, a contested view, and the names of the relations."""
    whole = Stated.of(model)
    nodes = {iri("feature", f) for f in FEATURES} | {iri("claim", CONTESTED)}
    around = {q.subject for n in nodes for q in whole.towards(n) if term_name(q.predicate) in CLAIMED}
    around |= {q.object for n in nodes for q in whole.about(n) if isinstance(q.object, NamedNode)}
    nodes |= {n for n in around if (named := kind_and_slug(n)) and named[0] != "claim"}
    claims = {q.subject for n in nodes for q in whole.towards(n) if q.predicate == cd.claimSubject}
    nodes |= {c for c in claims if (o := whole.value(c, cd.claimObject)) is None or o in nodes}
    nodes |= {iri("source", s) for s in SOURCES}
    kept = {q for n in nodes for q in whole.about(n) if not kind_and_slug(_iri(q.object)) or q.object in nodes}
    used = {q.predicate for q in kept} | {cd.canAlsoGrowFrom, cd.hasPosition}
    named = {q for p in used for q in whole.about(p) if q.predicate == _LABEL or q.object == _FUNCTIONAL}
    return frozenset(kept | named)


def _iri(node: object) -> str:
    return node.value if isinstance(node, NamedNode) else ""


def _things(stated: Stated, kind: str) -> list[str]:
    return [thing_name(n) for n in stated.of_kind(kind) if stated.value(n, RDF_TYPE) != cd.Retired]


@st.composite
def evidence(draw: st.DrawFn, stated: Stated) -> Evidence:
    sources = draw(st.lists(st.sampled_from(_things(stated, "source")), max_size=2, unique=True))
    return Evidence(
        strength=draw(st.sampled_from(["established", "emerging", "contested", "workshop-view"])),
        basis=draw(st.sampled_from(["read", "named", "reasoned", "unread"])),
        sources=tuple(sorted(s.removeprefix("source/") for s in sources)),
        explanation=draw(st.just("") | WORDS),
        locator=draw(st.just("") | WORDS),
        talk_from_months=draw(st.none() | st.integers(0, 200)),
    )


def _links(stated: Stated) -> list[Quad]:
    found = [q for n in stated.of_kind("feature") for q in stated.about(n) | stated.towards(n)]
    return sorted((q for q in found if term_name(q.predicate) in CLAIMED), key=str)


def _pick_link(draw: st.DrawFn, stated: Stated) -> dict[str, str]:
    q = draw(st.sampled_from(_links(stated)))
    return {"subject": thing_name(q.subject), "relation": term_name(q.predicate), "object": thing_name(q.object)}


def _reword(draw: st.DrawFn, stated: Stated) -> Change:
    name = draw(st.sampled_from([t for k in ("feature", "environment", "claim") for t in _things(stated, k)]))
    node = iri(*name.split("/"))
    words = sorted((q for q in stated.about(node) if isinstance(q.object, Literal) and q.object.language), key=str)
    after = Value(property="skos:altLabel", text=draw(WORDS), language=draw(LANGUAGES))
    if not words or draw(st.booleans()):
        return kinds.SetValue(thing=name, after=after)
    q = draw(st.sampled_from(words))
    before = value_of(q.predicate, q.object)
    if draw(st.booleans()):
        return kinds.SetValue(thing=name, before=before)
    return kinds.SetValue(thing=name, before=before, after=before.model_copy(update={"text": draw(WORDS)}))


def _ages(draw: st.DrawFn, stated: Stated) -> Change:
    first = draw(st.integers(-9, 100))
    given = draw(st.none() | evidence(stated))
    name = draw(st.sampled_from(_things(stated, "feature")))
    return kinds.SetAges(thing=name, first=first, last=first + draw(st.integers(0, 60)), evidence=given)


def _link(draw: st.DrawFn, stated: Stated) -> Change:
    relation = draw(st.sampled_from(["buildsOn", "canAlsoGrowFrom", "inStage"]))
    to = _things(stated, "stage" if relation == "inStage" else "feature")
    given = None if relation == "inStage" else draw(evidence(stated))
    subject = draw(st.sampled_from(_things(stated, "feature")))
    return kinds.Link(subject=subject, relation=relation, object=draw(st.sampled_from(to)), evidence=given)


def _add(draw: st.DrawFn, stated: Stated) -> Change:
    values = [Value(property="skos:prefLabel", text=draw(WORDS)), Value(property="everydayWords", text=draw(WORDS))]
    for p, v in (("inDomain", "domain/motor"), ("inStage", "stage/early-childhood")):
        values.append(Value(property=p, text=v, type="thing"))
    ages = draw(st.none() | evidence(stated))
    return kinds.AddThing(thing=f"feature/new-{draw(st.integers(1, 3))}", values=tuple(values), ages=ages)


def _disagree(draw: st.DrawFn, stated: Stated) -> Change:
    claim = draw(st.sampled_from(_things(stated, "claim")))
    stance = draw(st.sampled_from(["for", "against"]))
    return kinds.Disagree(claim=claim, stance=stance, words=draw(WORDS), role=draw(WORDS))


def _retire(draw: st.DrawFn, stated: Stated) -> Change:
    names = draw(st.lists(st.sampled_from(_things(stated, "feature")), min_size=1, max_size=3, unique=True))
    return kinds.Retire(thing=names[0], successors=tuple(sorted(names[1:])), reason=draw(WORDS))


def _merge(draw: st.DrawFn, stated: Stated) -> Change:
    names = draw(st.lists(st.sampled_from(_things(stated, "feature")), min_size=2, max_size=3, unique=True))
    if len(names) == 2:
        return kinds.Merge(thing=names[0], into=names[1], reason=draw(WORDS))
    return kinds.Split(thing=names[0], into=tuple(names[1:]), reason=draw(WORDS))


_MAKERS: tuple[Callable[[st.DrawFn, Stated], Change], ...] = (
    _reword,
    _ages,
    _link,
    lambda draw, stated: kinds.Unlink(**_pick_link(draw, stated)),
    lambda draw, stated: kinds.ReEvidence(**_pick_link(draw, stated), evidence=draw(evidence(stated))),
    _add,
    _disagree,
    _retire,
    _merge,
)


@st.composite
def changes(draw: st.DrawFn, stated: Stated) -> Change:
    """A typed change of what is stated, of any kind. Some can't be made, as they would be by people."""
    return draw(st.sampled_from(_MAKERS))(draw, stated)


@st.composite
def deltas(draw: st.DrawFn, stated: Stated) -> Delta:
    """Statements that come and go as they please: of things and of the vocabulary, in any graph, some of them odd."""
    quads = sorted(stated, key=str)
    some = st.sampled_from(quads)
    removed = frozenset(draw(st.lists(some, max_size=25)))
    odd = [BlankNode("c14n1"), NamedNode("http://example.org/x"), Literal("1.5", datatype=NamedNode(PREFIXES["xsd"] + "decimal")), Literal("a\u2028b")]  # fmt: skip
    added = set()
    for _ in range(draw(st.integers(0, 25))):
        s, p, o, g = draw(some), draw(some), draw(some), draw(some)
        way = draw(st.integers(0, 5))
        if way == 0:
            added.add(Quad(s.subject, p.predicate, draw(st.sampled_from(odd)), g.graph_name))
        elif way == 1:
            added.add(Quad(draw(st.sampled_from(odd[:2])), p.predicate, o.object, g.graph_name))
        elif way == 2 and isinstance(s.object, Literal):
            added.add(Quad(s.subject, s.predicate, Literal(draw(WORDS), language=draw(LANGUAGES)), s.graph_name))
        else:
            added.add(Quad(s.subject, p.predicate, p.object if way == 3 else o.object, s.graph_name))
    return Delta(frozenset(q for q in added if q not in stated) - removed, removed)
