"""A view as data: what is drawn, the list that says the same, what is hidden and why, legend and filters."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import Any

from childdev.views.graphs import choosing, layout
from childdev.views.graphs.boxes import Box, Edge, boxed
from childdev.views.graphs.facts import Facts
from childdev.views.graphs.sources import Gathered
from childdev.views.graphs.spec import Spec, group_words, relations
from childdev.views.graphs.state import State
from childdev.views.words import FAMILIES, STRENGTHS

FORMATS = ("svg", "graphml", "csv", "html")


@dataclass
class Picture:
    """A view made up from what an address asks for."""

    spec: Spec
    state: State
    gathered: Gathered
    version: str
    path: str
    boxes: list[Box]
    edges: list[Edge]
    places: layout.Places
    hidden: Counter[str]
    filters: list[tuple[str, str, list[choosing.Option]]]
    opened: list[tuple[str, str]]

    @property
    def title(self) -> str:
        """Its heading."""
        return self.gathered.title

    @property
    def intro(self) -> str:
        """What one sees and how to read it."""
        return " ".join(part for part in (self.spec.intro, self.gathered.missing) if part)

    def address(self, extension: str = "", version: bool = True) -> str:
        """The address that makes this picture again, with its version."""
        state = self.state.but(version=self.version if version else "", embed=False)
        return f"{self.path}{extension}{'?' if state.query else ''}{state.query}"


def picture(facts: Facts, spec: Spec, state: State, gathered: Gathered, path: str, version: str) -> Picture:
    """The picture of a view, as the address asks for it."""
    gathered = choosing.expanded(facts, spec, state, gathered)
    found = choosing.chosen(spec, state, gathered)
    boxes, edges = boxed(facts, spec, state, gathered, found)
    words = state.q.casefold().split()
    shown = {b.id for b in boxes}
    inside = {t.id for b in boxes for t in b.members}
    for b in boxes:
        b.match = bool(words) and any(all(w in t.names for w in words) for t in b.members)
        if not b.cluster and spec.source not in ("path", "changes"):
            b.more = len(_linked(facts, spec, b.id) - inside)
    places = layout.place(facts, spec, boxes, edges)
    for b in boxes:
        if b.id in state.pins:
            (b.x, b.y), b.pinned = state.pins[b.id], True
    opened = [(n, facts.things[n].label) for n in state.open if n in facts.things and n in shown]
    opened += [(n, _opened(facts, spec, n)) for n in state.open if n.startswith("group/")]
    filters = choosing.filters(facts, state, gathered)
    return Picture(spec, state, gathered, version, path, boxes, edges, places, found.hidden, filters, opened)


def _linked(facts: Facts, spec: Spec, name: str) -> set[str]:
    bonds = (b for relation in spec.relations for b in facts.around[relation].get(name, ()))
    return {end for b in bonds for end in (b.first, b.last)}


def _opened(facts: Facts, spec: Spec, name: str) -> str:
    kind, *values = name.removeprefix("group/").split(".")
    words = [facts.words.get(f, {}).get(v, v) for f, v in zip(spec.groups.get(kind, ()), values, strict=False)]
    return ", ".join(words) or kind


def hidden_words(p: Picture) -> str:
    """What is hidden and why, as a sentence."""
    reasons = {
        "filter": "by your filter",
        "closed": "as you closed what they hang on",
        "focus": "as they are not linked with what you focus on",
        "room": "because more would be hard to read",
    }
    count = sum(p.hidden[r] for r in reasons)
    parts = [f"{p.hidden[r]:,} {words}" for r, words in reasons.items() if p.hidden[r]]
    verb = "is" if count == 1 else "are"
    if len(parts) == 1:
        said = f"{count:,} more {verb} hidden, {parts[0].partition(' ')[2]}."
    else:
        said = f"{count:,} more {verb} hidden: {', '.join(parts)}." if count else "Nothing is hidden."
    if lines := p.hidden["lines"]:
        which = "those less in doubt" if p.spec.first == "weakest" else "those that stand for fewest"
        said += f" {lines:,} lines between boxes are left out too, {which}, because more would be hard to read."
    return said


def as_data(p: Picture) -> dict[str, Any]:
    """All of a picture as plain data, for scripts and other programs."""
    at = f"?version={p.state.version}" if p.state.version else ""
    count = sum(p.hidden[r] for r in ("filter", "closed", "focus", "room"))
    return {
        "view": p.spec.slug,
        "title": p.title,
        "intro": p.intro,
        "version": p.version,
        "url": p.address(),
        "nodes": [_node(b, at) for b in p.boxes],
        "edges": [_edge(e) for e in p.edges],
        "lanes": [{"y": y, "height": h, "family": key, "label": words} for y, h, key, words in p.places.lanes],
        "columns": [{"x": x, "label": words} for x, words in p.places.columns],
        "width": p.places.width,
        "height": p.places.height,
        "box": [layout.WIDTH, layout.HEIGHT],
        "hidden": {"count": count, "sentence": hidden_words(p), "by": dict(p.hidden)},
        "shown": {"things": sum(len(b.members) for b in p.boxes), "boxes": len(p.boxes), "lines": len(p.edges)},
        "legend": legend(p),
        "list": listed(p),
        "filters": [
            {"name": name, "label": words, "options": [vars(o) for o in options]} for name, words, options in p.filters
        ],
        "exports": {f: p.address(f".{f}") for f in FORMATS},
        "state": {**p.state.as_data(), "opened": [{"id": n, "label": words} for n, words in p.opened]},
    }


def _node(b: Box, at: str) -> dict[str, Any]:
    return {
        "id": b.id,
        "label": b.label,
        "words": b.words,
        "kind": b.kind,
        "of": b.of,
        "url": b.url + at if b.url else "",
        "ages": "" if b.cluster else b.members[0].ages,
        "family": b.family,
        "lane": b.lane,
        "x": b.x,
        "y": b.y,
        "w": layout.WIDTH,
        "h": layout.HEIGHT,
        "centre": b.centre,
        "cluster": len(b.members) if b.cluster else None,
        "match": b.match,
        "pinned": b.pinned,
        "note": b.note,
        "more": b.more,
    }


def _edge(e: Edge) -> dict[str, Any]:
    return {
        "id": e.id,
        "from": e.first,
        "to": e.last,
        "relation": e.relation,
        "sentence": e.sentence,
        "strength": e.strength,
        "strength_words": e.strength_words,
        "contested": e.contested,
        "claim": e.claim or None,
    }


def legend(p: Picture) -> list[dict[str, str]]:
    """What the signs of a picture mean; only those that are there."""
    families, strengths = {b.family for b in p.boxes}, {e.strength for e in p.edges}
    kinds = dict.fromkeys("cluster" if b.cluster else b.kind for b in p.boxes)
    drawn = {"established": "thick line", "emerging": "middle line", "workshop-view": "thin line"}
    words = {k: v[0] for k, v in group_words()["kinds"].items()} | {"cluster": "many things that stand together"}
    return [
        *({"kind": "family", "key": f.key, "label": f.label, "sign": f.shape} for f in FAMILIES if f.key in families),
        *({"kind": "strength", "key": s, "label": STRENGTHS[s][1], "sign": drawn[s]} for s in drawn if s in strengths),
        *(
            [{"kind": "strength", "key": "contested", "label": "contested, or some of many are", "sign": "dashed line"}]
            if any(e.contested for e in p.edges)
            else []
        ),
        *({"kind": "box", "key": k, "label": str(words.get(k, k)), "sign": _shape(k)} for k in kinds),
    ]


def _shape(kind: str) -> str:
    return {"cluster": "double box", "feature": "box", "environment": "rounded box"}.get(kind, "square box")


def listed(p: Picture) -> list[dict[str, Any]]:
    """The list that says the same as the picture: every line once, then every box that has none."""
    by_bond = {e.bonds[0].id: e for e in p.edges if len(e.bonds) == 1}
    groups: list[dict[str, Any]] = []
    if p.gathered.ways:
        for number, way in enumerate(p.gathered.ways, 1):
            found = [by_bond[b.id] for b in way if b.id in by_bond]
            if len(found) == len(way):
                items = [{**_item(e), "evidence": p.gathered.standing.get(e.bonds[0].id, "")} for e in found]
                groups.append({"heading": _way(number, found), "items": items})
    else:
        for relation in p.spec.relations:
            some = [_item(e) for e in p.edges if e.relation == relation]
            if some:
                groups.append({"heading": relations()[relation].heading, "items": some})
    ends = {end for e in p.edges for end in (e.first, e.last)}
    alone = [b for b in p.boxes if b.id not in ends or b.cluster or p.gathered.notes.get(b.id)]
    for heading, clusters in (("What each box stands for", True), ("Also shown", False)):
        told = sorted((b for b in alone if b.cluster == clusters), key=lambda b: (b.y, b.x))
        if told:
            groups.append({"heading": heading, "items": [_said(b) for b in told]})
    return groups


def _way(number: int, edges: list[Edge]) -> str:
    words = ("The surest line", "The next surest line", "A third line")
    steps = f"{len(edges)} step{'s' if len(edges) > 1 else ''}"
    return f"{words[number - 1] if number <= len(words) else 'Another line'}, in {steps}"


def _item(e: Edge) -> dict[str, Any]:
    return {
        "sentence": e.sentence,
        "strength_words": e.strength_words,
        "strength": e.strength,
        "claim": e.claim or None,
        "edge": e.id,
    }


def _said(b: Box) -> dict[str, Any]:
    ages = f", {b.members[0].ages}" if not b.cluster and b.members[0].ages else ""
    note = f": {b.note.rstrip('.')}" if b.note else ""
    return {
        "sentence": f"“{b.name}”{ages}{note}",
        "strength_words": "",
        "strength": "",
        "claim": None,
        "edge": None,
        "node": b.id,
    }


def as_json(data: dict[str, Any]) -> str:
    """JSON that is safe inside a script element."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
