"""Pages in a real browser: accessible, by keyboard, on a phone, without script, in print."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.counts import described
from tests.web.test_pages import ONE_OF_EACH

pytestmark = [pytest.mark.browser, pytest.mark.slow]
AXE = Path(__file__).resolve().parents[2] / "build/axe/axe.min.js"
#: only what is wrong is gathered: on a page of thousands of elements that is most of the time
LOOK = "rules => axe.run({ runOnly: rules, resultTypes: ['violations'], selectors: false, elementRef: false })"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
#: what begins so is looked at in the same way, at both widths, by test_graphs
LOOKED_AT_THERE = "/graph/"
expect.set_options(timeout=20_000)  # several browsers and servers share the machine
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as p:
        browser = p.chromium.launch(executable_path="/usr/bin/chromium", args=ARGS)
        yield browser
        browser.close()


def opened(browser: Browser, server: str, width: int, **options: object) -> Page:
    """A page whose errors fail the test when it is used."""
    context = browser.new_context(viewport={"width": width, "height": 860}, base_url=server, **options)  # type: ignore[arg-type]
    context.set_default_timeout(90_000)  # a page may be asked for while others keep the machine busy
    page = context.new_page()
    page.wrong = []  # type: ignore[attr-defined]
    page.on("pageerror", lambda e: page.wrong.append(str(e)))  # type: ignore[attr-defined]
    page.on("console", lambda m: page.wrong.append(m.text) if m.type == "error" else None)  # type: ignore[attr-defined]
    page.on(
        "request",
        lambda r: None if r.url.startswith((server, "data:", "blob:")) else page.wrong.append(f"asks {r.url}"),
    )  # type: ignore[attr-defined]
    return page


def faults(page: Page) -> list[str]:
    page.add_script_tag(path=str(AXE)) if not page.evaluate("!!window.axe") else None
    found = page.evaluate(LOOK, RULES)["violations"]
    return [f"{v['id']}: {v['help']} ({n['html'][:120]})" for v in found for n in v["nodes"]]


def amiss(page: Page, width: int) -> list[str]:
    """What is not accessible on a page, and whether it is wider than its window."""
    wide = page.evaluate("document.documentElement.scrollWidth")
    return [*faults(page), *([f"is {wide} wide"] if wide > width else [])]


def test_every_template_is_accessible_and_fits_on_a_laptop_and_on_a_phone(browser: Browser, server: str) -> None:
    page = opened(browser, server, 1280, bypass_csp=True)
    wrong: list[str] = []
    paths = [path for path in ONE_OF_EACH if not path.startswith(LOOKED_AT_THERE)]
    for path in paths:
        page.goto(path)
        for width in (1280, 390):  # as when a window is made narrow
            page.set_viewport_size({"width": width, "height": 860})
            wrong += [f"{path} at {width}: {a}" for a in amiss(page, width)]
    wrong += page.wrong  # type: ignore[attr-defined]
    assert not wrong, "\n".join(wrong)
    assert len(paths) > 50


def test_the_dark_theme_has_contrast_too(browser: Browser, server: str) -> None:
    page = opened(browser, server, 1280, bypass_csp=True, color_scheme="dark")
    for path in (
        "/",
        "/feature/joins-two-words",
        "/map?domain=motor&stage=primary",
        "/claim/ace-screening",
        "/radar",
        "/evidence",
        "/who",
        "/style",
        "/about",
    ):
        page.goto(path)
        assert not faults(page), path


def test_from_home_to_who_can_help_by_keyboard_alone(browser: Browser, server: str) -> None:
    page = opened(browser, server, 1280)
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "q":
            break
    page.keyboard.type("joins two words")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=**")
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == "Joins two words":
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/feature/joins-two-words")
    assert page.get_by_role("heading", name="Who can help?").is_visible()
    assert page.get_by_role("link", name="Health visiting").is_visible()
    assert not page.wrong  # type: ignore[attr-defined]


def test_reading_works_without_script(browser: Browser, server: str) -> None:
    page = opened(browser, server, 390, java_script_enabled=False)
    page.goto("/map")
    page.get_by_role("link", name=re.compile("^Movement, Primary")).click()
    page.locator("#cell a").first.click()
    assert page.get_by_role("heading", name="What helps?").is_visible()
    page.goto("/graph/neighbourhood/feature/joins-two-words")
    assert page.locator("#still svg").is_visible()
    page.goto("/questions/what-it-rests-on?feature=joins-two-words")
    assert page.get_by_role("cell", name="Uses several words or signs").first.is_visible()


def test_the_map_prints_on_one_page(browser: Browser, server: str) -> None:
    page = opened(browser, server, 1280)
    page.goto("/map")
    pdf = page.pdf(format="A4", landscape=False)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1


def test_the_radar_prints_whole_and_is_read_in_words_on_a_phone(browser: Browser, server: str) -> None:
    page = opened(browser, server, 390, java_script_enabled=False)
    page.goto("/radar")
    table = page.get_by_role("table", name=re.compile("^Strength of the model"))
    assert table.get_by_role("row").count() == 14
    cell = table.get_by_role("row", name=re.compile("^Movement")).get_by_role("cell").nth(1)
    assert re.search(r"\d+ features.*\d+% of ages read.*\d+% helped at two levels", cell.inner_text(), re.S)
    assert "Early childhood" in cell.inner_text()
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4"))) <= 5


def test_the_query_editor_works_offline(browser: Browser, server: str) -> None:
    page = opened(browser, server, 1280)
    page.goto("/sparql")
    page.wait_for_selector(".yasqe .CodeMirror")
    page.evaluate(
        "document.querySelector('.yasqe .CodeMirror').CodeMirror.setValue('SELECT (COUNT(*) AS ?n) { ?s a <https://w3id.org/childdev/def/Feature> }')"
    )
    page.locator(".yasqe_queryButton").first.click()
    page.wait_for_selector(".yasr_results >> text=" + str(described("Feature")))
    assert not page.wrong  # type: ignore[attr-defined]
