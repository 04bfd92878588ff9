"""The picture of 2,000 features in chromium, beside the same by pyvis as it comes, and of 10,000 in clusters.

    python -m benchmarks.graphs

The model is the packaged one with its features again and again under other names, built and served as it always is.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from playwright.sync_api import Browser, TimeoutError, sync_playwright
from pyoxigraph import Literal, NamedNode, Triple
from pyvis.network import Network
from tests.server import served

from childdev import terms as cd
from childdev.model.iris import PREFIXES
from childdev.model.modules import Model, load, write
from childdev.resources import folder

ROUNDS = 7
PATIENCE = 60  # s
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
            file = Path(name) / "pyvis.html"
            file.write_text(as_it_comes(address))
            times = [opened(browser, f"{address}/graph/whole") for _ in range(ROUNDS)]
            first, rested = by_pyvis(browser, file)
        words, drawn = (statistics.median(some) for some in zip(*times, strict=True))
        print(f"{'2,000 features':46} {'childdev':>10} {'pyvis':>10}   (ms; ours: median of {ROUNDS})")
        print(f"{'first words on the screen':46} {words:10.0f} {'-':>10}")
        print(f"{'drawn, to be moved and walked in':46} {drawn:10.0f} {_beside(first, drawn)}")
        print(f"{'drawn and at rest':46} {drawn:10.0f} {_beside(rested, drawn)}")
        with grown(Path(name), 10_000) as address:
            drawn = statistics.median(opened(browser, f"{address}/graph/whole")[1] for _ in range(ROUNDS))
            inside = statistics.median(opened(browser, f"{address}/graph/whole?open={CLUSTER}")[1] for _ in range(3))
        print(f"{'10,000 features, in clusters':46} {drawn:10.0f}")
        print(f"{'  with one cluster opened':46} {inside:10.0f}")


def _beside(peer: float | None, ours: float) -> str:
    return f"{f'> {PATIENCE} s':>10}" if peer is None else f"{peer:10.0f} {peer / ours:8.2f}"


@contextmanager
def grown(name: Path, count: int) -> Iterator[str]:
    """The address of a server over a model of so many features."""
    to = name / f"model-{count}"
    shutil.copytree(folder("ontology"), to)
    write(to / "features-grown.ttl", copies(load(to), count), "# Features again under other names.\n")
    data = name / f"data-{count}"
    subprocess.run([sys.executable, "-m", "childdev", "build", "--model", to, "--data", data], check=True)
    with served(data, CHILDDEV_MODEL=str(to)) as address:
        yield address


def copies(model: Model, count: int) -> Iterator[Triple]:
    """Features, claims about them and links to what they have in common, until there are so many features."""
    known = {t.subject.value for t in model.triples if t.predicate == cd.inDomain}
    features = sorted(known)
    about: dict[str, set[str]] = {}
    for t in model.triples:
        if t.predicate in (cd.claimSubject, cd.claimObject) and t.object.value in known:
            about.setdefault(t.subject.value, set()).add(t.object.value)
    own = {*known, *about}
    for n in range(1, -(-count // len(features))):
        some = set(features[: count - n * len(features)])
        some |= {claim for claim, of in about.items() if of <= some}
        for t in model.triples:
            ends = {str(getattr(end, "value", "")) for end in (t.subject, t.object)} & own
            if ends and ends <= some:
                yield Triple(_renamed(t.subject, some, n), t.predicate, _renamed(t.object, some, n, t.predicate))


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
    page = browser.new_page(viewport={"width": 1280, "height": 800}, bypass_csp=True)
    page.add_init_script(PAINTED)
    page.goto(url, wait_until="commit", timeout=120_000)
    page.wait_for_function("window.painted", timeout=120_000)
    words, drawn = page.evaluate(READ)
    page.close()
    return words, drawn


def by_pyvis(browser: Browser, file: Path) -> list[float | None]:
    """What pyvis wrote: ms to its first frame, and until nothing moves; None for what does not come in `PATIENCE`."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(file.as_uri(), wait_until="commit")
    found = []
    for name in ("painted", "rested"):
        try:
            page.wait_for_function(f"window.{name}", timeout=PATIENCE * 1000)
            found.append(page.evaluate(f"window.{name}"))
        except TimeoutError:
            found.append(None)
    page.close(run_before_unload=False)
    return found


if __name__ == "__main__":
    main()
