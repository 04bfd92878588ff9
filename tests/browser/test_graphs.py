"""The pictures in a real browser: drawn, walked by keyboard, brought back by their address, and the same as their list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page

from tests.browser.test_browser import browser, faults, opened

pytestmark = [pytest.mark.browser, pytest.mark.slow]
__all__ = ["browser"]
NEAR = "/graph/neighbourhood/feature/joins-two-words"
VIEWS = [
    NEAR,
    "/graph/lineage/feature/joins-two-words",
    "/graph/stages",
    "/graph/enables/environment/talk-rich-home",
    "/graph/enables",
    "/graph/capital/capital/social",
    "/graph/capital",
    "/graph/needs/need/slcn",
    "/graph/needs",
    "/graph/system/system-feature/positive-experience",
    "/graph/system",
    "/graph/evidence",
    "/graph/path?from=environment/warm-responsive-care&to=feature/reads-for-meaning",
    "/graph/whole",
]
#: what the canvas shows, line by line and thing by thing
DRAWN = """() => {
    const { edges, byId } = document.getElementById("network").picture;
    const sorted = (some) => [...some].sort();
    return [sorted(edges.getIds()), sorted(byId.keys()), sorted([...byId.values()].map((n) => `${n.id} at ${n.x}, ${n.y}`))];
}"""
#: a line that several ways share stands in the list with each of them
LISTED = "() => [...new Set([...document.querySelectorAll('#list li[data-edge]')].map((li) => li.dataset.edge))].sort()"
#: the lines of the picture for paper
STILL = "() => { dispatchEvent(new Event('beforeprint')); return document.querySelectorAll('#still .edge').length; }"


@pytest.fixture(scope="module")
def page(browser: Browser, server: str) -> Iterator[Page]:
    page = opened(browser, server, 1280, bypass_csp=True)
    yield page
    page.context.close()


def shown(page: Page, path: str) -> None:
    page.goto(path)
    page.wait_for_function("document.documentElement.classList.contains('drawn')")


def said(page: Page) -> str:
    """What is said of what is chosen, once it is said."""
    page.wait_for_function("document.getElementById('chosen').textContent.trim()")
    return page.locator("#chosen").text_content() or ""


def pressed(page: Page, key: str) -> str:
    page.evaluate("document.getElementById('chosen').textContent = ''")
    page.keyboard.press(key)
    return said(page)


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_every_view_is_drawn_says_what_its_list_says_and_fits(
    browser: Browser, server: str, width: int, scheme: str
) -> None:
    page = opened(browser, server, width, bypass_csp=True, color_scheme=scheme)
    for path in VIEWS:
        shown(page, path)
        lines, things, _ = page.evaluate(DRAWN)
        listed = page.evaluate(LISTED)
        assert lines == listed and len(things) > 1, path
        assert page.evaluate(STILL) == len(listed), path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        if path != "/graph/whole":  # made of the same parts as the rest, and very long
            assert not faults(page), path
    assert not page.wrong  # type: ignore[attr-defined]
    page.context.close()


def test_the_picture_is_walked_by_keyboard_line_by_line(page: Page) -> None:
    shown(page, NEAR)
    page.locator("#network").focus()
    words = pressed(page, "ArrowRight")
    line, chosen = page.evaluate("(({ line, chosen, edges }) => [edges.get(line), chosen])(network.picture)")
    assert line["sentence"] in words and line["to"] == chosen
    assert "evidence" in words.lower() or "view" in words.lower()
    row = page.locator(f'#list li.chosen[data-edge="{line["id"]}"]')
    assert line["sentence"] in row.inner_text()
    pressed(page, "ArrowLeft")
    assert page.evaluate("network.picture.chosen") == line["from"]
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.textContent") == "The same as a list"


def test_enter_opens_the_page_of_a_thing(page: Page) -> None:
    shown(page, NEAR)
    page.locator("#network").focus()
    pressed(page, "ArrowLeft")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "/graph/" not in address)
    assert "/feature/" in page.url and "/feature/joins-two-words" not in page.url


def test_filters_focus_pins_and_opening_are_in_the_address_and_can_be_undone(
    browser: Browser, server: str, page: Page
) -> None:
    shown(page, NEAR)
    before = page.evaluate(DRAWN)
    page.locator("#choose summary").click()
    box = page.locator('#filters input[type="checkbox"]').first
    box.click()
    page.wait_for_url(lambda address: "?" in address)
    page.wait_for_function("document.getElementById('said').textContent.includes('hidden')")
    fewer = page.evaluate(DRAWN)
    assert len(fewer[1]) < len(before[1])
    page.locator("#network").focus()
    pressed(page, "f")
    page.wait_for_url(lambda address: "focus=" in address)
    pressed(page, "p")
    page.wait_for_url(lambda address: "pin=" in address)
    now, address = page.evaluate(DRAWN), page.url
    elsewhere = opened(browser, server, 1280)
    shown(elsewhere, address)
    assert elsewhere.evaluate(DRAWN) == now
    elsewhere.context.close()
    page.locator("#network").focus()
    for part in ("pin=", "focus=", "?"):
        page.keyboard.press("u")
        page.wait_for_url(lambda address, part=part: part not in address)
    page.wait_for_function(f"network.picture.byId.size === {len(before[1])}")
    assert page.evaluate(DRAWN) == before


def test_a_search_marks_what_has_the_words(page: Page) -> None:
    shown(page, NEAR)
    page.locator("#choose summary").click()
    page.get_by_label("Mark what has these words").fill("words")
    page.get_by_role("button", name="Show", exact=True).click()
    page.wait_for_function("network.picture.searching")
    page.locator("#network").focus()
    assert "words" in pressed(page, "n").lower()
    page.goto("/")


def test_it_is_taken_away_as_an_image(page: Page) -> None:
    shown(page, NEAR)
    with page.expect_download() as waiting:
        page.evaluate("document.querySelector('[data-act=whole]').click()")
    image = Path(waiting.value.path()).read_bytes()
    assert image.startswith(b"\x89PNG") and len(image) > 20_000
    assert waiting.value.suggested_filename.endswith(".png")


def test_one_page_works_with_no_network_at_all(browser: Browser, server: str, tmp_path: Path) -> None:
    file = tmp_path / "picture.html"
    export = httpx.get(f"{server}{NEAR}.html", trust_env=False)
    assert export.status_code == 200
    file.write_bytes(export.content)
    context = browser.new_context(offline=True, viewport={"width": 390, "height": 844})
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda e: wrong.append(str(e)))
    page.on("console", lambda m: wrong.append(m.text) if m.type == "error" else None)
    page.goto(file.as_uri())
    assert page.get_by_role("heading", name=re.compile("Joins two words")).first.is_visible()
    page.wait_for_selector("canvas")
    assert page.locator("ul li").count() > 10
    assert not wrong
    context.close()


def test_a_view_is_shown_within_another_page(browser: Browser, server: str) -> None:
    page = opened(browser, server, 800)
    frame = (
        f'<!doctype html><title>Ours</title><iframe src="{NEAR}?embed=1" title="p" width="760" height="600"></iframe>'
    )
    page.route("**/ours", lambda route: route.fulfill(body=frame, content_type="text/html"))
    page.goto("/ours")
    inside = page.frame_locator("iframe")
    inside.locator("canvas").wait_for()
    assert inside.get_by_role("navigation", name="Main").count() == 0
    assert not page.wrong  # type: ignore[attr-defined]
    page.context.close()
