"""A graph view as data for the interactive picture (pyvis), with places fixed and physics off."""

from __future__ import annotations

import json
from typing import Any

from pyvis.network import Network

from childdev.views.graph import GraphView
from childdev.views.layout import BOX_HEIGHT, BOX_WIDTH
from childdev.views.words import STRENGTHS

_WIDTH = {"established": 3.5, "emerging": 2.2, "workshop-view": 1.2, "contested": 1.8}


def vis_data(view: GraphView) -> dict[str, Any]:
    """Nodes, edges and options as vis-network takes them. Colours come from the stylesheet, by family."""
    network = Network(directed=True, cdn_resources="local")
    for value, node in view.nodes.items():
        network.add_node(
            value,
            label=node.link.label,
            title=" ".join([node.link.label, f"({node.link.ages})" * bool(node.link.ages)]).strip(),
            shape="box",
            x=node.x + BOX_WIDTH // 2,
            y=node.y + BOX_HEIGHT // 2,
            physics=False,
            url=node.link.url,
            family=node.link.family.key if node.link.family else "",
            centre=node.centre,
        )
    for edge in view.edges:
        strength = edge.evidence.strength if edge.evidence else "workshop-view"
        network.add_edge(
            edge.source,
            edge.target,
            title=f"{edge.sentence} ({STRENGTHS[strength][1]})",
            width=_WIDTH[strength],
            dashes=strength == "contested",
        )
    nodes, edges, *_ = network.get_network_data()
    lanes = [{"y": y, "height": h, "family": key, "label": label} for y, h, key, label in view.lanes]
    columns = [{"x": x, "label": words} for x, words in view.columns]
    return {
        "nodes": nodes,
        "edges": edges,
        "lanes": lanes,
        "columns": columns,
        "width": view.width,
        "box": [BOX_WIDTH, BOX_HEIGHT],
    }


def as_json(data: dict[str, Any]) -> str:
    """JSON that is safe inside a script element."""
    return json.dumps(data, ensure_ascii=False).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
