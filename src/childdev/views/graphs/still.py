"""The still picture: SVG for pages, where the stylesheet colours it, and as a file that carries its colours."""

from __future__ import annotations

import textwrap
from html import escape

from childdev.views.graphs.boxes import Box, Edge
from childdev.views.graphs.layout import HEIGHT, WIDTH
from childdev.views.graphs.picture import Picture, hidden_words, legend

_LANE_ROOM, _EDGE, _BEND = 188, 16, 36
_MARKS = {
    "body": '<circle cx="{x}" cy="{y}" r="6"/>',
    "talk": '<path d="M{l} {t}h11v11h-11z"/>',
    "thinking": '<path d="M{x} {t}l6.5 11.5h-13z"/>',
    "feelings": '<path d="M{x} {t}l6.5 6-6.5 6-6.5-6z"/>',
    "together": '<path d="M{l} {y}l3-5.5h6l3 5.5-3 5.5h-6z"/>',
}
#: the stylesheet's light colours, so that a file looks the same everywhere
_STYLE = """
svg{background:#fff;font:15px "Atkinson Hyperlegible",system-ui,sans-serif}text{fill:#1d2429}.head,.said{fill:#4c5760}
.heading{font-size:27px;font-weight:700}
.lane rect.band{opacity:.55;fill:#f6f4ef}.edge{fill:none;stroke:#4c5760;stroke-width:1.2}
.edge.established{stroke-width:3}.edge.emerging{stroke-width:2}.edge.contested{stroke-dasharray:6 4}
.node rect.box{fill:#fff;stroke:#7b756a;stroke-width:1.5}.node.centre rect.box{stroke-width:3;fill:#e3f0f1}
.node.match rect.box{stroke:#0b5c6b;stroke-width:4}.lane text{font-weight:700}
""" + "".join(
    f".f-{key} rect.box{{stroke:{colour}}}.f-{key} .sign,.lane.f-{key} text{{fill:{colour}}}"
    f".lane.f-{key} rect.band,.node.centre.f-{key} rect.box{{fill:{soft}}}"
    for key, colour, soft in (
        ("body", "#0072b2", "#e4f0f8"),
        ("talk", "#a65300", "#f8ece0"),
        ("thinking", "#00735c", "#e0f0ec"),
        ("feelings", "#a03d78", "#f7e8f1"),
        ("together", "#5b4fa2", "#ebe9f5"),
    )
)


def lines(label: str, width: int = 20, most: int = 3) -> list[str]:
    """A label broken into lines that fit a box, shortened by an ellipsis where it must be."""
    broken = textwrap.wrap(label, width)
    if len(broken) > most:
        rest = " ".join(broken[most - 1 :])
        broken = [*broken[: most - 1], textwrap.shorten(rest, width, placeholder="…")]
    return broken


def still(p: Picture) -> str:
    """The picture for a page."""
    left, top, width, height = _frame(p)
    return (
        f'<svg class="big" viewBox="{left} {top} {width} {height}" width="{width}" height="{height}" role="group" '
        f'aria-labelledby="big-title"><title id="big-title">{escape(p.title)}. The list below says the same.</title>'
        f"{_drawn(p)}</svg>"
    )


def file(p: Picture) -> str:
    """The picture as a file, with its title, what is hidden, and its legend."""
    left, top, width, height = _frame(p)
    said = [
        hidden_words(p),
        f"Model version {p.version}. Lines: thick established, middle emerging, thin workshop view, dashed contested.",
    ]
    signs = " · ".join(f"{s['sign']}: {s['label']}" for s in legend(p) if s["kind"] != "strength")
    width = max(width, 640)
    rows = [row for text in (*said, signs) for row in textwrap.wrap(text, max(60, width // 8))]
    title = textwrap.wrap(p.title, max(30, width // 15))
    above, below = 20 + 34 * len(title), 24 + 22 * len(rows)
    head = "".join(
        f'<text class="heading" x="{left + 12}" y="{top - above + 34 + 34 * i}">{escape(t)}</text>'
        for i, t in enumerate(title)
    )
    foot = "".join(
        f'<text class="said" x="{left + 12}" y="{top + height + 22 + 22 * i}">{escape(t)}</text>'
        for i, t in enumerate(rows)
    )
    tall = height + above + below
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<svg xmlns="http://www.w3.org/2000/svg" '
        f'viewBox="{left} {top - above} {width} {tall}" width="{width}" height="{tall}">'
        f"<title>{escape(p.title)}</title><style>{_STYLE}</style>{head}{_drawn(p, links=False)}{foot}</svg>\n"
    )


def _frame(p: Picture) -> tuple[int, int, int, int]:
    named = any(words for *_, words in p.places.lanes)
    left = min(-_LANE_ROOM if named else -_EDGE, *(b.x - _EDGE for b in p.boxes), 0)
    top = min(0, *(b.y - _EDGE for b in p.boxes), 0)
    right = max(p.places.width + _EDGE, *(b.x + WIDTH + _EDGE for b in p.boxes), 0) + _BEND
    bottom = max(p.places.height, *(b.y + HEIGHT + _EDGE for b in p.boxes), 0)
    return left, top, right - left, bottom - top


def _drawn(p: Picture, links: bool = True) -> str:
    places = {b.id: b for b in p.boxes}
    tip = (
        '<defs><marker id="tip" markerWidth="9" markerHeight="9" refX="7" refY="4.5" orient="auto" '
        'markerUnits="userSpaceOnUse"><path d="M0 0L9 4.5L0 9z" fill="context-stroke"/></marker></defs>'
    )
    heads = "".join(f'<text class="head" x="{x}" y="18">{escape(words)}</text>' for x, words in p.places.columns)
    return "".join(
        [
            tip,
            *(_lane(p, *lane) for lane in p.places.lanes),
            heads,
            *(_edge(e, places[e.first], places[e.last]) for e in p.edges),
            *(_box(p, b, links) for b in p.boxes),
        ]
    )


def _lane(p: Picture, y: int, height: int, family: str, words: str) -> str:
    rows = textwrap.wrap(words, 17)
    first = y + height // 2 + 5 - 9 * (len(rows) - 1)
    said = "".join(
        f'<text x="-22" y="{first + 18 * i}" text-anchor="end">{escape(row)}</text>' for i, row in enumerate(rows)
    )
    band = f'<rect class="band" x="-10" y="{y}" width="{p.places.width + 20}" height="{height}"/>'
    return f'<g class="lane f-{family or "none"}">{band}{said}</g>'


def _edge(e: Edge, a: Box, b: Box) -> str:
    x1, y1, x2, y2 = a.x + WIDTH, a.y + HEIGHT // 2, b.x - 2, b.y + HEIGHT // 2
    if x2 > x1:
        bend = (x1 + x2) // 2
        way = f"M{x1} {y1}C{bend} {y1} {bend} {y2} {x2} {y2}"
    else:  # out and in again at the right of both
        x2 = b.x + WIDTH + 2
        bend = max(x1, x2) + 44
        way = f"M{x1} {y1}C{bend} {y1} {bend} {y2} {x2} {y2}"
    kind = f"{e.strength}{' contested' if e.contested and e.strength != 'contested' else ''}"
    said = f"{e.sentence} ({e.strength_words})" if e.strength_words else e.sentence
    told = f"<title>{escape(said)}</title>"
    return f'<path class="edge {kind}" data-edge="{escape(e.id)}" d="{way}" marker-end="url(#tip)">{told}</path>'


def _box(p: Picture, b: Box, links: bool) -> str:
    signs = [f"f-{b.family}"] if b.family else []
    signs += [name for name, on in (("centre", b.centre), ("match", b.match), ("pinned", b.pinned)) if on]
    middle = b.y + HEIGHT // 2
    size = f'width="{WIDTH}" height="{HEIGHT}"'
    round_ = 6 if b.cluster or b.of == "feature" else HEIGHT // 2 if b.of == "environment" else 0
    behind = f'<rect class="box" x="{b.x + 5}" y="{b.y + 5}" {size} rx="6"/>' if b.cluster else ""
    box = f'<rect class="box" x="{b.x}" y="{b.y}" {size} rx="{round_}"/>'
    mark = ""
    if b.family:
        mark = _MARKS[b.family].format(x=b.x + 14, y=middle, l=b.x + 8, t=middle - 6)
        mark = f'<g class="sign">{mark}</g>'
    rows, start = lines(b.words, 20 if b.family else 22), b.x + (28 if b.family else 16)
    first = middle + 5 - (17 * (len(rows) - 1) + 1) // 2
    text = "".join(f'<text x="{start}" y="{first + 17 * i}">{escape(row)}</text>' for i, row in enumerate(rows))
    ages = b.members[0].ages if not b.cluster else ""
    told = f"{b.label}{f' ({ages})' if ages else ''}{f'. {b.note}' if b.note else ''}"
    address = escape(opening(p, b.id) if b.cluster else b.url)
    inner = f"{behind}{box}{mark}{text}<title>{escape(told)}</title>"
    tag = f'<a href="{address}"' if links else "<g"
    return f'{tag} class="node {" ".join(signs)}" data-node="{escape(b.id)}">{inner}</{"a" if links else "g"}>'


def opening(p: Picture, name: str) -> str:
    """The address of the same picture with a box opened."""
    state = p.state.but(open=tuple(dict.fromkeys([*p.state.open, name])), version="", embed=False)
    return f"{p.path}?{state.query}"
