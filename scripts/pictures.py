"""The pictures of the README: pages of a server started for it, taken with chromium."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.server import served  # noqa: E402

PAGES = {"feature": "/feature/joins-two-words", "map": "/map"}


def main() -> None:
    """Write docs/pictures/<name>.png."""
    target = ROOT / "docs/pictures"
    target.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as data, served(Path(data)) as address, sync_playwright() as p:
        browser = p.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1200, "height": 760})
        for name, path in PAGES.items():
            page.goto(address + path)
            page.evaluate("document.fonts.ready")
            page.screenshot(path=target / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main()
