"""Plain charts of shares over time, as SVG to stand in a page: text stays text, colours come from the stylesheet.

matplotlib draws; it is loaded when the first chart is asked for, or `warm` is called. It writes looks as `style`
attributes, which a page that forbids inline style does not show, so they become attributes, and each colour a class.
"""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: points of 1/72 inch
WIDTH, HEIGHT = 720, 320
#: a colour for matplotlib → the class by which the stylesheet colours it
_CLASSES = {"#010101": "ink", "#020202": "quiet", "#030303": "line", "#040404": "own", "#050505": "whole"}
_INK, _QUIET, _LINE, OWN, WHOLE = _CLASSES
_SVG = "http://www.w3.org/2000/svg"
_LOCK = threading.Lock()  # matplotlib's text is not made for several threads at once
#: what of a style is kept; the font is the page's
_KEPT = {
    "fill",
    "stroke",
    "stroke-width",
    "stroke-dasharray",
    "stroke-linecap",
    "stroke-linejoin",
    "text-anchor",
    "opacity",
}


@dataclass(frozen=True)
class Series:
    """A line of a chart: its name and, for each period, the share in per cent and its interval, or None."""

    name: str
    shares: tuple[float | None, ...]
    lows: tuple[float | None, ...]
    highs: tuple[float | None, ...]


@lru_cache(512)
def trend(
    years: tuple[int, ...], periods: tuple[str, ...], own: Series, whole: Series | None, title: str, key: str
) -> str:
    """The SVG of a trend beside that of the whole country, the periods as far apart as their years.

    `title` says in words what it shows; `key` makes its ids unique in a page.
    """
    with _LOCK:
        drawn = _drawn(years, periods, [own, *([whole] if whole is not None else [])])
    return _inline(drawn, title, key)


def warm() -> None:
    """Load matplotlib beside other work, so that the first chart need not wait for it."""
    threading.Thread(target=lambda: __import__("matplotlib.figure"), daemon=True).start()


def scale(series: Sequence[Series]) -> tuple[float, float]:
    """From which to which share the chart runs: round numbers, at least 20 points apart, so that noise looks small."""
    known = [n for s in series for some in (s.shares, s.lows, s.highs) for n in some if n is not None]
    low, high = (min(known, default=0), max(known, default=100))
    middle, half = (low + high) / 2, max(10, (high - low) / 2 + 4)
    first, last = 5 * int((middle - half) // 5), -5 * int(-(middle + half) // 5)
    if last > 100:
        first, last = max(0, first - (last - 100)), 100
    if first < 0:
        first, last = 0, min(100, last - first)
    return first, last


def _drawn(years: Sequence[int], periods: Sequence[str], series: Sequence[Series]) -> bytes:
    import matplotlib as mpl
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    look: Any = {"svg.fonttype": "none", "svg.hashsalt": "childdev", "font.size": 15, "font.family": "DejaVu Sans"}
    with mpl.rc_context(look):
        figure = Figure(figsize=(WIDTH / 72, HEIGHT / 72))
        axes = figure.add_axes((0.1, 0.13, 0.725, 0.82))
        for one, colour in zip(series, (OWN, WHOLE), strict=False):
            _line(axes, years, one, colour)
        span = max(1, years[-1] - years[0])
        axes.set_xlim(years[0] - 0.06 * span, years[0] + 1.06 * span)
        axes.set_ylim(*scale(series))
        step = -(-len(years) // 7)
        axes.set_xticks(list(years[::step]), list(periods[::step]))
        axes.yaxis.set_major_formatter(lambda value, _: f"{value:g} %")
        axes.yaxis.set_major_locator(MaxNLocator(5, integer=True))
        axes.grid(axis="y", color=_LINE, linewidth=1)
        axes.set_axisbelow(True)
        axes.tick_params(colors=_QUIET, length=0, labelsize=15, pad=7)
        for side, spine in axes.spines.items():
            spine.set_visible(side == "bottom")
            spine.set_color(_QUIET)
        _names(axes, series)
        out = io.BytesIO()
        figure.savefig(out, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return out.getvalue()


def _line(axes: Axes, years: Sequence[int], one: Series, colour: str) -> None:
    """A line with its points and intervals, broken where there is no figure for a year."""
    known = dict(zip(years, one.shares, strict=True))
    every = range(years[0], years[-1] + 1)
    shares = [float("nan") if (s := known.get(y)) is None else s for y in every]
    is_own = colour == OWN
    dashes: Any = "-" if is_own else (0, (5, 3))
    axes.plot(list(every), shares, color=colour, linewidth=2.5 if is_own else 2, linestyle=dashes)
    axes.plot(
        list(every),
        shares,
        color=colour,
        linestyle="none",
        marker="o" if is_own else "s",
        markersize=7 if is_own else 6,
    )
    cap = 0.008 * max(1, years[-1] - years[0])
    for year, low, high in zip(years, one.lows, one.highs, strict=True):
        if low is not None and high is not None:
            axes.plot([year, year], [low, high], color=colour, linewidth=1.5)
            for end in (low, high):
                axes.plot([year - cap, year + cap], [end, end], color=colour, linewidth=1.5)


def _names(axes: Axes, series: Sequence[Series]) -> None:
    """The name of each line at its end, not on each other."""
    first, last = axes.get_ylim()
    gap = (last - first) * 0.09
    ends = [
        (known[-1], one.name, colour)
        for one, colour in zip(series, (OWN, WHOLE), strict=False)
        if (known := [s for s in one.shares if s is not None])
    ]
    heights = [height for height, _, _ in ends]
    if len(ends) == 2 and abs(heights[0] - heights[1]) < gap:
        middle, up = sum(heights) / 2, 1 if heights[0] >= heights[1] else -1
        heights = [middle + up * gap / 2, middle - up * gap / 2]
    for height, (_, name, colour) in zip(heights, ends, strict=True):
        axes.text(axes.get_xlim()[1], height, f" {_short(name)}", color=colour, va="center", ha="left", fontsize=15)


def _short(name: str) -> str:
    return name if len(name) <= 12 else f"{name[:10].rstrip()}…"


# ---------------------------------------------------------------- into a page


def _inline(svg: bytes, title: str, key: str) -> str:
    """The drawing as an element of a page: no style attributes, ids of its own, a name for those who can't see it."""
    root = ElementTree.fromstring(svg)  # noqa: S314 - just made here
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in (f"{{{_SVG}}}metadata", f"{{{_SVG}}}style") or (
                child.tag == f"{{{_SVG}}}defs" and child.find(f"{{{_SVG}}}style") is not None and len(child) == 1
            ):
                parent.remove(child)
    ids = {e.attrib["id"]: f"{key}-{n}" for n, e in enumerate(root.iter()) if "id" in e.attrib}
    used = set(re.findall(r"url\(#([^)]+)\)|href=\"#([^\"]+)\"", svg.decode()))
    wanted = {name for pair in used for name in pair if name}
    for element in root.iter():
        _restyle(element)
        element.tag = element.tag.rpartition("}")[2]
        old = element.attrib.pop("id", None)
        if old is not None and old in wanted:
            element.attrib["id"] = ids[old]
        for name, value in list(element.attrib.items()):
            for before in wanted:
                if f"#{before}" in value and before in ids:
                    element.attrib[name] = value.replace(f"#{before}", f"#{ids[before]}")
            if name.endswith("}href"):
                element.attrib["href"] = element.attrib.pop(name)
    for name in ("width", "height", "version"):
        root.attrib.pop(name, None)
    root.attrib |= {"xmlns": _SVG, "class": "chart", "role": "img", "aria-label": title, "focusable": "false"}
    return ElementTree.tostring(root, encoding="unicode", short_empty_elements=True)


def _restyle(element: ElementTree.Element) -> None:
    style = element.attrib.pop("style", "")
    given = dict(p.strip().split(": ", 1) for p in style.split(";") if ": " in p)
    if element.tag == f"{{{_SVG}}}text":
        size = re.search(r"(\d+(?:\.\d+)?)px", style)
        element.attrib["font-size"] = size[1] if size else "14"
    classes = []
    for name, value in {**{k: element.attrib.get(k, "") for k in ("fill", "stroke")}, **given}.items():
        if value in _CLASSES:
            element.attrib.pop(name, None)
            classes.append(f"{name}-{_CLASSES[value]}")
        elif name in _KEPT and value:
            element.attrib[name] = value
    if classes:
        element.attrib["class"] = " ".join(sorted(set(classes)))
