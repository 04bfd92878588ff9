"""The small picture on a feature's page: what it grows from and what it opens, one step each way.

Places are computed here, so that every screen and paper shows the same. Units are those of SVG.
"""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import NamedNode

from childdev import terms as cd
from childdev.store.reader import Reader
from childdev.views.graphs.still import lines
from childdev.views.things import Link, by_age, evidence, link

_HEIGHT = 54


@dataclass(frozen=True)
class Box:
    """A box of the small picture on a feature's page."""

    link: Link
    lines: list[str]
    x: int
    y: int
    centre: bool = False
    strength: str = ""


@dataclass(frozen=True)
class SmallPicture:
    """What a feature grows from (left) and opens (right), one step each way."""

    boxes: list[Box]
    curves: list[tuple[str, str]]
    width: int
    height: int
    hidden_left: int
    hidden_right: int


def neighbourhood(reader: Reader, f: NamedNode, most: int) -> SmallPicture:
    """The small picture of a feature, with at most `most` things on each side."""
    left = by_age(reader, reader.objects(f, cd.buildsOn))
    right = by_age(reader, reader.subjects(cd.buildsOn, f))
    rows = max(min(len(left), most), min(len(right), most), 1)
    step, w, h, gap = _HEIGHT + 10, 150, _HEIGHT, 36
    height = rows * step
    middle = height / 2 - step / 2
    xs = [0, w + gap, 2 * (w + gap)]
    boxes = [Box(link(reader, f), lines(reader.label(f), 18), xs[1], round(middle), True)]
    curves = []
    for side, some in ((0, left[:most]), (2, right[:most])):
        offset = (rows - len(some)) * step / 2
        for i, other in enumerate(some):
            e = evidence(reader, f, cd.buildsOn, other) if side == 0 else evidence(reader, other, cd.buildsOn, f)
            y = round(offset + i * step)
            strength = e.strength if e else ""
            boxes.append(Box(link(reader, other), lines(reader.label(other), 18), xs[side], y, False, strength))
            a, b = (
                ((xs[0] + w, y + h // 2), (xs[1], round(middle) + h // 2))
                if side == 0
                else ((xs[1] + w, round(middle) + h // 2), (xs[2], y + h // 2))
            )
            bend = (a[0] + b[0]) // 2
            curves.append((f"M{a[0]} {a[1]}C{bend} {a[1]} {bend} {b[1]} {b[0] - 6} {b[1]}", strength))
    return SmallPicture(boxes, curves, 3 * w + 2 * gap, height, max(0, len(left) - most), max(0, len(right) - most))
