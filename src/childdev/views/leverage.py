"""Leverage, gaps and "what if" in words, for pages, for the API and for the command alike."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pyoxigraph import NamedNode

from childdev import terms as cd
from childdev.ages import OPEN_END, age
from childdev.model.iris import ID
from childdev.pathways.gaps import Gap
from childdev.pathways.leverage import BANDS, Far
from childdev.pathways.links import linked, out
from childdev.pathways.what_if import Effect, Touch
from childdev.store.reader import Reader
from childdev.views.things import Link, by_age, evidence, link
from childdev.views.words import STRENGTHS

#: each band as a heading, and what it means
REACHES = {
    "very far": ("Reaches very far", "The tenth on which most of what comes later rests."),
    "far": ("Reaches far", "The next fifth."),
    "some way": ("Reaches some way", "The next third or so."),
    "nearby": ("Reaches nearby", "The rest: often what comes late, as the model ends at about 18."),
}
_RELATIONS = {"environment": cd.enables, "factor": cd.strengthens, "asset": cd.supports}
_ONWARD = {"environment": "enables", "factor": "strengthens"}


@dataclass(frozen=True)
class Told:
    """A gap in words: the thing, a sentence, and the next step with its address."""

    kind: str
    title: str
    url: str
    sentence: str
    step: str
    step_url: str


@dataclass(frozen=True)
class StandsIn:
    """For one thing that is gone, what could stand in for it."""

    instead_of: Link
    found: list[Link]


def node(name: str) -> NamedNode:
    """The thing of a name of the graph, `feature/walks-alone`."""
    return NamedNode(ID + name)


def linked_to(reader: Reader, name: str, note: str = "") -> Link:
    """A link to a thing of the graph."""
    return link(reader, node(name), note)


def chosen(reader: Reader, far: Iterable[Far], kind: str, stage: str = "", domain: str = "") -> list[Far]:
    """Those of a kind in a stage and a domain (slugs; empty for all), in the order given. An environment is in a
    domain where it enables a feature of it."""
    graph = linked(reader)

    def fits(name: str) -> bool:
        if not name.startswith(f"{kind}/") or (stage and f"stage/{stage}" not in out(graph, name, "inStage")):
            return False
        features = [name] if kind == "feature" else out(graph, name, "enables")
        return not domain or any(f"domain/{domain}" in out(graph, f, "inDomain") for f in features)

    return [f for f in far if fits(f.thing)]


def grouped(reader: Reader, far: list[Far], sort: str = "age") -> list[tuple[str, str, list[Link]]]:
    """Bands that hold something, each with its heading, its meaning and its things by age or by name.

    Within a band there is no order of reach: it would be finer than what is known.
    """
    found = []
    for band in BANDS:
        some = {node(f.thing): f for f in far if f.band == band}
        names = sorted(some, key=lambda s: reader.label(s).casefold())
        order = by_age(reader, names) if sort == "age" and names and "/feature/" in names[0].value else names
        if order:
            found.append((*REACHES[band], [link(reader, s, reach_note(some[s])) for s in order]))
    return found


def reach_note(far: Far) -> str:
    """What is said of how far a thing reaches."""
    words = count(far.later, "later feature")
    if far.thing.startswith("environment/"):
        return f"It helps, straight or by way of others, with {count(far.later, 'feature')} · {far.steady}"
    if not far.later:
        return "Nothing named grows from it yet"
    return f"{words} {'grow' if far.later > 1 else 'grows'} from it, straight or by way of others · {far.steady}"


def crossings(reader: Reader, far: list[Far], most: int = 12) -> list[Link]:
    """What the most of the surest lines between others pass through, by age."""
    some = sorted((f for f in far if f.passing), key=lambda f: (-f.passing, f.thing))[:most]
    return [link(reader, s) for s in by_age(reader, [node(f.thing) for f in some])]


def gates(reader: Reader, far: list[Far], least: int = 3) -> list[Link]:
    """What every line from the first stage to several others passes through, by age, with what these are."""
    some = {node(f.thing): f.gate for f in far if len(f.gate) >= least}
    found = []
    for s in by_age(reader, some):
        behind = by_age(reader, [node(f) for f in some[s]])
        found.append(link(reader, s, f"On every line to {listed([reader.label(f) for f in behind], 3)}"))
    return found


def far_data(reader: Reader, far: Far) -> dict[str, Any]:
    """How far a thing reaches, as plain data."""
    return {
        "thing": far.thing,
        "label": reader.label(node(far.thing)),
        "band": far.band,
        "steady": far.steady,
        "held": round(100 * far.held),
        "later": far.later,
        "reach": round(far.reach, 1),
        "passing": round(far.passing),
        "gate": list(far.gate),
    }


def gap_data(reader: Reader, gap: Gap) -> dict[str, Any]:
    """A gap as plain data."""
    told_ = told(reader, gap)
    numbers = {
        "little-help": {"later": gap.later, "environments": len(gap.others)},
        "one-holder": {"later": gap.later},
        "thin-help": {"features": gap.features, "environments": gap.environments, "views": gap.views},
        "no-indicator": {"features": gap.features, "first": gap.first, "last": gap.last},
    }[gap.kind]
    return {
        "kind": gap.kind,
        "about": list(gap.about),
        "others": list(gap.others),
        "bare": list(gap.bare),
        **numbers,
        "title": told_.title,
        "sentence": told_.sentence,
        "next": told_.step,
        "next_url": told_.step_url,
    }


def within(reader: Reader, found: Iterable[Gap], stage: str = "", domain: str = "") -> list[Gap]:
    """The gaps of a stage and a domain: those about the place itself or about a feature in it."""
    graph = linked(reader)

    def fits(gap: Gap, place: str, relation: str) -> bool:
        if place in gap.about:
            return True
        if gap.kind == "no-indicator" and relation == "inStage":
            stage_ = graph.nodes[place]
            return bool(gap.first < stage_.get("toMonths", OPEN_END) and gap.last > stage_.get("fromMonths", 0))
        if gap.kind in ("thin-help", "no-indicator"):
            return False
        features = {o for b in (*gap.about, *gap.bare) for o in (b, *out(graph, b, "supports"))}
        features |= {f for o in features for r in _ONWARD.values() for f in out(graph, o, r)}
        return any(place in out(graph, f, relation) for f in features if f.startswith("feature/"))

    return [
        g
        for g in found
        if (not stage or fits(g, f"stage/{stage}", "inStage"))
        and (not domain or fits(g, f"domain/{domain}", "inDomain"))
    ]


def told(reader: Reader, gap: Gap) -> Told:
    """A gap in words, with a next step."""
    label = reader.label(node(gap.about[0]))
    names = [reader.label(node(o)) for o in gap.others]
    suggest = f"/suggest?about={gap.about[0]}"
    if gap.kind == "little-help":
        help_ = f"only “{names[0]}” is named to help with it" if names else "nothing is named to help with it"
        sentence = f"{count(gap.later, 'later feature')} rest{'' if gap.later > 1 else 's'} on it, and {help_}."
        return Told(gap.kind, label, f"/{gap.about[0]}", sentence, "Suggest what helps", suggest)
    if gap.kind == "one-holder":
        bare = listed([f"“{reader.label(node(b))}”" for b in gap.bare], 3)
        more = f" Nothing else stands behind {bare}." if gap.bare else " Something else stands behind all it supports."
        felt = f" {count(gap.later, 'feature')} may be touched in the end." if gap.later else ""
        sentence = f"Held by {names[0]} alone.{more}{felt}"
        return Told(
            gap.kind, label, f"/{gap.about[0]}", sentence, "See what a loss would touch", what_if_url(gap.about)
        )
    if gap.kind == "thin-help":
        domain, stage = (name.partition("/")[2] for name in gap.about)
        sentence = (
            f"{count(gap.features, 'feature')}, helped by {count(gap.environments, 'environment')}; "
            f"{gap.views} of 100 links stand on a workshop view alone."
        )
        title = f"{label} · {reader.label(node(gap.about[1]))}"
        return Told(
            gap.kind, title, f"/map?domain={domain}&stage={stage}#cell", sentence, "Suggest what helps", suggest
        )
    end = "on" if gap.last >= OPEN_END else f"to {age(gap.last)}"
    start = "before birth" if gap.first < 0 else age(gap.first)
    seen = f"{count(gap.features, 'feature')} begin{'' if gap.features > 1 else 's'} in that time."
    sentence = f"No published number tells of it from {start} {end}. {seen}"
    return Told(gap.kind, label, f"/{gap.about[0]}", sentence, "Suggest a published number", suggest)


def what_if_url(without: Iterable[str], with_: Iterable[str] = ()) -> str:
    """The page of a "what if"."""
    parts = [f"without={name}" for name in without] + [f"with={name}" for name in with_]
    return "/leverage/what-if" + (f"?{'&'.join(parts)}" if parts else "")


def effect_sentences(reader: Reader, effect: Effect) -> list[str]:
    """What a loss or gain would touch, in sentences. They count things of the model, never children."""
    features = effect.touched("feature")
    less, more = [t for t in features if t.lost], [t for t in features if t.gained]
    bare = [t for t in features if t.bare]
    said = []
    if less:
        left = f"{len(bare)} of them would have none left" if bare else "each would still have some"
        said.append(f"{count(len(less), 'feature')} would have less help named; {left}.")
    elif effect.without:
        said.append("No feature would have less help named.")
    for kind, words in (("asset", "asset"), ("environment", "environment"), ("factor", "protective factor")):
        lost = [t for t in effect.touched(kind) if t.lost]
        if lost:
            alone = [t for t in lost if t.bare]
            rest = f", and {len(alone)} would have nobody and nothing left" if alone else ", and none would stand alone"
            said.append(f"{count(len(lost), words)} would have less behind {'them' if len(lost) > 1 else 'it'}{rest}.")
    if effect.later:
        rest = f", {len(effect.later_bare)} of them on something with nothing left" if effect.later_bare else ""
        verb = "rest" if len(effect.later) > 1 else "rests"
        said.append(f"{count(len(effect.later), 'later feature')} usually {verb} on what is touched{rest}.")
    if more:
        said.append(f"{count(len(more), 'feature')} would have more help named.")
    return said


def touched_links(reader: Reader, touches: Iterable[Touch]) -> list[Link]:
    """Things that are touched, each with what it would lose or gain and what is left."""
    return [linked_to(reader, t.thing, touch_note(reader, t)) for t in touches]


def touch_note(reader: Reader, touch: Touch) -> str:
    """What one thing would lose or gain, and what is left behind it, with how strong the evidence is."""
    parts = []
    if touch.lost:
        parts.append(f"Without {listed([reader.label(node(o)) for o in touch.lost], 2)}.")
    if touch.gained:
        parts.append(f"With {listed([reader.label(node(o)) for o in touch.gained], 2)} as well.")
    left = [_with_strength(reader, o, touch.thing) for o in touch.left if o not in touch.gained]
    parts.append(f"Still there: {listed(left, 4)}." if left else "" if touch.gained else "Nothing else is named.")
    return " ".join(p for p in parts if p)


def stands_in(reader: Reader, effect: Effect, most: int = 6) -> list[StandsIn]:
    """What could stand in for each thing that is gone, and who holds it."""
    found = []
    for name in effect.gone:
        some = [s for s in effect.stand_ins if s.instead_of == name][:most]
        links = []
        for s in some:
            shared = listed([_with_strength(reader, s.thing, o, reader.label(node(o))) for o in s.shared], 3)
            held = listed([reader.label(node(h)) for h in s.holders], 4)
            links.append(linked_to(reader, s.thing, f"Helps with {shared}." + (f" Held by {held}." if held else "")))
        if links:
            found.append(StandsIn(linked_to(reader, name), links))
    return found


def effect_data(reader: Reader, effect: Effect) -> dict[str, Any]:
    """What a loss or gain would touch, as plain data."""
    return {
        "without": list(effect.without),
        "with": list(effect.with_),
        "sentences": effect_sentences(reader, effect),
        "touched": [
            {
                "thing": t.thing,
                "label": reader.label(node(t.thing)),
                "lost": list(t.lost),
                "gained": list(t.gained),
                "left": list(t.left),
            }
            for t in (*effect.help, *effect.routes)
        ],
        "gone": list(effect.gone),
        "later": list(effect.later),
        "later_bare": list(effect.later_bare),
        "stand_ins": [
            {"thing": s.thing, "instead_of": s.instead_of, "shared": list(s.shared), "holders": list(s.holders)}
            for s in effect.stand_ins
        ],
    }


def count(number: int, words: str) -> str:
    """A number of things: "1 feature", "2 features"."""
    return f"{number} {words}{'' if number == 1 else 's'}"


def listed(words: list[str], most: int) -> str:
    """Some words in a row, and how many more there are."""
    if len(words) > most + 1:
        return f"{', '.join(words[:most])} and {len(words) - most} more"
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _with_strength(reader: Reader, helper: str, helped: str, words: str = "") -> str:
    """What stands behind a thing, with the strength of that link in words where it has a claim."""
    relation = _RELATIONS.get(helper.partition("/")[0])
    found = evidence(reader, node(helper), relation, node(helped)) if relation else None
    label = words or reader.label(node(helper))
    return f"{label} ({STRENGTHS[found.strength][1]})" if found else label
