"""The picture of 2,000 features in chromium, beside the same by pyvis as it comes, and of 10,000 in clusters.

    python -m benchmarks.graphs

The model is the packaged one with its features again and again under other names, built and served as it always is.
"""

from __future__ import annotations

import shutil
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from playwright.sync_api import Browser, sync_playwright
from pyoxigraph import Literal, NamedNode, Triple
from pyvis.network import Network
from tests.server import served

from childdev import terms as cd
from childdev.model.iris import PREFIXES, kind_and_slug
from childdev.model.modules import Model, load, write
from childdev.resources import folder

ROUNDS = 7
CLUSTER = "group/feature.numeracy.secondary"
_NAMES = {NamedNode(PREFIXES["rdfs"] + "label"), NamedNode(PREFIXES["skos"] + "prefLabel")}
#: the frame after the page says that its picture is drawn
PAINTED = """{
    const mark = performance.mark.bind(performance);
    performance.mark = (name, ...more) => {
        requestAnimationFrame(() => setTimeout(() => { window.painted = performance.now(); }));
        return mark(name, ...more);
    };
}"""
READ = '() => [performance.getEntriesByName("first-contentful-paint")[0].startTime, window.painted]'
#: what pyvis writes, with a mark at its first frame and when it has come to rest
MARKED = """<script>
network.once("afterDrawing", () => { window.painted = performance.now(); });
network.once("stabilizationIterationsDone", () => { window.rested = performance.now(); });
</script></body>"""


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name, sync_playwright() as p:
        browser = p.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        with grown(Path(name), 2_000) as address:
            ours, peer = [], []
            file = Path(name) / "pyvis.html"
            file.write_text(as_it_comes(address))
            for _ in range(ROUNDS):  # in turns
                ours.append(opened(browser, f"{address}/graph/whole")[:2])
                peer.append(by_pyvis(browser, file))
        words, drawn = (statistics.median(times) for times in zip(*ours, strict=True))
        first, rested = (statistics.median(times) for times in zip(*peer, strict=True))
        print(f"{'2,000 features':46} {'childdev':>10} {'pyvis':>10}   (median ms of {ROUNDS}, in turns)")
        print(f"{'first words and still picture on the screen':46} {words:10.0f} {'-':>10}")
        print(f"{'drawn, to be moved and walked in':46} {drawn:10.0f} {first:10.0f} {first / drawn:8.2f}")
        print(f"{'drawn and at rest':46} {drawn:10.0f} {rested:10.0f} {rested / drawn:8.2f}")
        with grown(Path(name), 10_000) as address:
            drawn = statistics.median(opened(browser, f"{address}/graph/whole")[1] for _ in range(ROUNDS))
            inside = statistics.median(opened(browser, f"{address}/graph/whole?open={CLUSTER}")[1] for _ in range(3))
        print(f"{'10,000 features, in clusters':46} {drawn:10.0f}")
        print(f"{'  with one cluster opened':46} {inside:10.0f}")


@contextmanager
def grown(name: Path, count: int) -> Iterator[str]:
    """The address of a server over a model of so many features."""
    to = name / f"model-{count}"
    shutil.copytree(folder("ontology"), to)
    write(to / "features-grown.ttl", copies(load(to), count), "# Features again under other names.\n")
    with served(name / f"data-{count}", CHILDDEV_MODEL=str(to)) as address:
        yield address


def copies(model: Model, count: int) -> Iterator[Triple]:
    """Features with the claims between them, until there are so many."""
    features = sorted({t.subject.value for t in model.triples if t.predicate == cd.inDomain})
    ends: dict[str, set[str]] = {}
    for t in model.triples:
        if t.predicate in (cd.claimSubject, cd.claimObject):
            ends.setdefault(t.subject.value, set()).add(t.object.value)
    made = len(features)
    for n in range(1, -(-count // made)):
        some = set(features[: count - n * len(features)])
        some |= {claim for claim, of in ends.items() if of <= some}
        for t in model.triples:
            if t.subject.value in some and not (isinstance(t.object, NamedNode) and _elsewhere(t.object, some)):
                yield Triple(_renamed(t.subject, some, n), t.predicate, _renamed(t.object, some, n, t.predicate))


def _elsewhere(node: NamedNode, some: set[str]) -> bool:
    named = kind_and_slug(node)
    return bool(named) and named[0] in ("feature", "claim") and node.value not in some


def _renamed(node: NamedNode | Literal, some: set[str], n: int, of: NamedNode | None = None) -> NamedNode | Literal:
    if isinstance(node, NamedNode):
        return NamedNode(f"{node.value}-{n}") if node.value in some else node
    return Literal(f"{node.value} {n}", language=node.language) if of in _NAMES and node.language else node


def as_it_comes(address: str) -> str:
    """The same things and lines by pyvis with nothing set."""
    data = httpx.get(f"{address}/graph/whole.json", trust_env=False, timeout=120).json()
    network = Network(directed=True, cdn_resources="in_line")
    for n in data["nodes"]:
        network.add_node(n["id"], label=n["label"])
    for e in data["edges"]:
        network.add_edge(e["from"], e["to"], title=e["sentence"])
    return network.generate_html(notebook=False).replace("</body>", MARKED)


def opened(browser: Browser, url: str) -> tuple[float, float]:
    """A picture in a new window with nothing kept: ms to its first words and to its canvas."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.add_init_script(PAINTED)
    page.goto(url, wait_until="commit", timeout=120_000)
    page.wait_for_function("window.painted", timeout=120_000)
    words, drawn = page.evaluate(READ)
    page.close()
    return words, drawn


def by_pyvis(browser: Browser, file: Path) -> tuple[float, float]:
    """What pyvis wrote: ms to its first frame, and until nothing moves."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(file.as_uri(), wait_until="commit")
    page.wait_for_function("window.painted && window.rested", timeout=600_000)
    times = page.evaluate("[window.painted, window.rested]")
    page.close()
    return times[0], times[1]


if __name__ == "__main__":
    main()
