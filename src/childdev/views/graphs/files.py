"""A view as files for other programs: a table of its list, and GraphML."""

from __future__ import annotations

import csv
import io

import networkx as nx
from pyvis.network import Network

from childdev.queries.answers import no_formula
from childdev.views.graphs.boxes import iri_of
from childdev.views.graphs.layout import HEIGHT, WIDTH
from childdev.views.graphs.picture import Picture, listed

#: widths of lines by strength, and the light colours of the stylesheet by family
_WEIGHTS = {"established": 3.5, "emerging": 2.2, "contested": 1.8}
_COLOURS = {"body": "#0072b2", "talk": "#a65300", "thinking": "#00735c", "feelings": "#a03d78", "together": "#5b4fa2"}


def as_csv(p: Picture) -> bytes:
    """The list as a table; opens in spreadsheets as it is."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["part", "sentence", "evidence", "from", "relation", "to", "claim", "version"])
    edges, labels = {e.id: e for e in p.edges}, {b.id: b.label for b in p.boxes}
    for group in listed(p):
        for item in group["items"]:
            e = edges.get(item["edge"])
            ends = (labels[e.first], e.relation, labels[e.last]) if e else ("", "", "")
            row = (group["heading"], item["sentence"], item["strength_words"], *ends, item["claim"] or "", p.version)
            writer.writerow([no_formula(text) for text in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def as_graphml(p: Picture) -> bytes:
    """Boxes and lines as GraphML, with their places and words."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(title=p.title, version=p.version, address=p.address())
    for b in p.boxes:
        said = {"label": b.label, "kind": b.kind, "family": b.family, "ages": "" if b.cluster else b.members[0].ages}
        graph.add_node(b.id, **said, iri=iri_of(b), stands_for=len(b.members), note=b.note, x=b.x, y=b.y)
    for e in p.edges:
        said = {"relation": e.relation, "sentence": e.sentence, "strength": e.strength, "evidence": e.strength_words}
        graph.add_edge(e.first, e.last, e.id, **said, contested=e.contested, claim=e.claim, lines=len(e.bonds))
    return b"".join(line + b"\n" for line in (s.encode() for s in nx.generate_graphml(graph, prettyprint=False)))


def network(p: Picture) -> Network:
    """The picture for pyvis: places fixed, nothing moves by itself, all that is needed inside the file."""
    found = Network(directed=True, cdn_resources="in_line", height="640px", width="100%", heading="")
    found.toggle_physics(False)
    for b in p.boxes:
        colour = {"background": "#e3f0f1" if b.centre else "#ffffff", "border": _COLOURS.get(b.family, "#7b756a")}
        ages = "" if b.cluster else b.members[0].ages
        found.add_node(
            b.id,
            label=b.words,
            title=". ".join(part for part in (b.label, ages, b.note.rstrip(".")) if part),
            shape="box",
            x=b.x + WIDTH // 2,
            y=b.y + HEIGHT // 2,
            physics=False,
            borderWidth=4 if b.match else 3 if b.centre or b.cluster else 1.5,
            color=colour,
            widthConstraint={"minimum": WIDTH - 20, "maximum": WIDTH - 20},
            heightConstraint={"minimum": HEIGHT - 20},
            font={"size": 14, "color": "#1d2429"},
        )
    for e in p.edges:
        found.add_edge(
            e.first,
            e.last,
            title=f"{e.sentence} ({e.strength_words})" if e.strength_words else e.sentence,
            width=_WEIGHTS.get(e.strength, 1.2),
            dashes=e.contested,
            color={"color": "#4c5760", "highlight": "#0b5c6b", "hover": "#0b5c6b"},
            smooth={"enabled": True, "type": "cubicBezier", "forceDirection": "horizontal", "roundness": 0.5},
        )
    return found
