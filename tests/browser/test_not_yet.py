"""“Not there yet?” in a real browser: answered on the device as the server would, without a network, leaving nothing."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from docx import Document
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_browser import browser, faults, opened

pytestmark = [pytest.mark.browser, pytest.mark.slow]
__all__ = ["browser"]
#: what a part of a page says and where its links and forms lead, closed parts included
SAID = """(part) => [
    part.textContent.replace(/\\s+/g, " ").trim(),
    ...[...part.querySelectorAll("a, input")].map((e) => `${e.getAttribute("href")} ${e.name} ${e.value}`),
]"""
HERE = f"""() => {{
    const part = document.getElementById("content").cloneNode(true);
    part.querySelector("[data-back]").remove();
    return ({SAID})(part);
}}"""
SERVED = f"""(html) => ({SAID})(new DOMParser().parseFromString(html, "text/html").getElementById("content"))"""
LEFT = """async () => ({
    address: location.pathname + location.search,
    state: history.state,
    local: localStorage.length,
    session: sessionStorage.length,
    cookies: document.cookie,
    caches: (await caches.keys()).length,
    databases: (await indexedDB.databases()).length,
    workers: (await navigator.serviceWorker.getRegistrations()).length,
})"""
NOTHING = {"state": None, "local": 0, "session": 0, "cookies": "", "caches": 0, "databases": 0, "workers": 0}


@pytest.fixture(scope="module")
def page(browser: Browser, server: str) -> Iterator[Page]:
    page = opened(browser, server, 1280)
    yield page
    assert not page.wrong  # type: ignore[attr-defined]
    page.context.close()


def asked(page: Page, months: int, early: int = 0, aspect: str = "") -> None:
    """Come to what is asked about at an age, with all that the device needs to answer."""
    page.goto("/not-yet")
    page.fill("#months", str(months))
    if early:
        page.get_by_text("Was the baby born early?").click()
        page.fill("#early", str(early))
    if aspect:
        page.get_by_text("Only about some things?").click()
        page.check(f"#aspect-{aspect}")
    page.get_by_role("button", name="Go on").click()
    page.wait_for_selector("form[data-ready]")


def tick(page: Page, choices: dict[str, str]) -> None:
    page.evaluate(
        "(ticks) => { for (const [slug, value] of Object.entries(ticks)) "
        "document.getElementById(`${slug}.${value}`).checked = true; }",
        choices,
    )


def answered(page: Page) -> None:
    page.get_by_role("button", name="See what helps").click()
    expect(page.get_by_role("heading", level=1, name="What to talk about")).to_be_focused()


def slugs(page: Page) -> list[str]:
    return page.locator("input[value=seen]").evaluate_all("es => es.map(e => e.name.slice(2))")  # type: ignore[no-any-return]


@pytest.mark.parametrize(("months", "early", "seed"), [(30, 0, 1), (9, 9, 2), (132, 0, 3)])
def test_the_device_answers_as_the_server_would(page: Page, months: int, early: int, seed: int) -> None:
    asked(page, months, early)
    draw = random.Random(seed)
    words = draw.choices(["seen", "not-yet", "not-sure"], k=30)
    ticks = dict(zip(draw.sample(slugs(page), 30), words, strict=True))
    tick(page, ticks)
    answered(page)
    fields = {"months": str(months), "early": str(early)} | {f"f.{slug}": word for slug, word in ticks.items()}
    answer = page.request.post("/not-yet/answer", form=fields, headers={"Accept": "text/html"})
    here, served = page.evaluate(HERE), page.evaluate(SERVED, answer.text())
    assert here == served
    assert len(here) > 60 and words.count("not-yet") == len(re.findall(r"When to talk to someone", here[0]))


def test_nothing_ticked_is_answered_on_the_device_too(page: Page) -> None:
    asked(page, 30)
    answered(page)
    answer = page.request.post("/not-yet/answer", form={"months": "30"}, headers={"Accept": "text/html"})
    assert page.evaluate(HERE) == page.evaluate(SERVED, answer.text())
    assert page.get_by_text("Nothing is ticked as “not yet”.").is_visible()


def test_the_network_may_go_and_nothing_is_left(browser: Browser, server: str) -> None:
    page = opened(browser, server, 390)
    page.goto("/about")
    asked(page, 30)
    entries = page.evaluate("history.length")
    told: list[str] = []
    page.on("request", lambda r: told.append(f"{r.url} {r.post_data}"))
    page.context.set_offline(True)
    tick(page, {"joins-two-words": "not-yet", "points-to-share": "not-sure"})
    answered(page)
    assert page.get_by_role("heading", name="Joins two words").is_visible() and not told
    page.locator("#lens-health").check()
    assert page.locator(".lens-health").first.is_visible() and not page.locator(".lens-care").first.is_visible()
    page.get_by_role("button", name="Make the sheet").click()
    page.get_by_text("There is no connection just now. Nothing was lost").wait_for()
    page.context.set_offline(False)
    assert page.evaluate(LEFT) == {"address": "/not-yet", **NOTHING}
    assert page.evaluate("history.length") == entries and not page.context.cookies()
    page.get_by_role("button", name="Back").click()
    assert page.locator("[id='joins-two-words.not-yet']").is_checked()
    answered(page)
    page.goto("/about")
    page.go_back()
    assert page.get_by_role("button", name="Go on").is_visible() and page.locator("#months").input_value() == ""
    assert page.get_by_text("Joins two words").count() == 0
    assert [w for w in page.wrong if "ERR_INTERNET_DISCONNECTED" not in w] == []  # type: ignore[attr-defined]
    page.context.close()


def test_a_teams_hour_from_a_worry_to_the_next_cycle(browser: Browser, server: str, tmp_path: Path) -> None:
    page = opened(browser, server, 1280)
    asked(page, 30)
    tick(page, {"joins-two-words": "not-yet", "points-to-share": "seen"})
    answered(page)
    page.get_by_role("button", name="Make the sheet").click()
    expect(page.get_by_role("heading", name="A sheet for our conversation")).to_be_focused()
    pages = len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4")))
    assert 2 <= pages <= 6
    kept = {}
    for name in ("Keep as a document", "Put the day in a calendar"):
        with page.expect_download() as download:
            page.get_by_role("button", name=name).click()
        kept[name] = tmp_path / download.value.suggested_filename
        download.value.save_as(kept[name])
    assert any(p.text == "Joins two words" for p in Document(str(kept["Keep as a document"])).paragraphs)
    assert b"BEGIN:VEVENT" in kept["Put the day in a calendar"].read_bytes()
    assert page.evaluate(LEFT) == {"address": "/not-yet", **NOTHING}
    page.goto("/not-yet")
    page.get_by_text("Start the next cycle from a sheet").click()
    page.set_input_files("#kept", kept["Put the day in a calendar"])
    page.get_by_role("button", name="Start the next cycle").click()
    expect(page.get_by_role("alert")).to_contain_text("not a sheet that was made here")
    page.set_input_files("#kept", kept["Keep as a document"])
    page.get_by_role("button", name="Start the next cycle").click()
    page.get_by_text("What has changed with “Joins two words”?").wait_for()
    assert [w for w in page.wrong if "422" not in w] == []  # type: ignore[attr-defined]
    page.context.close()


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (390, "dark")])
def test_each_step_is_accessible_and_fits(browser: Browser, server: str, width: int, theme: str) -> None:
    page = opened(browser, server, width, bypass_csp=True, color_scheme=theme)
    wrong: list[str] = []
    looked = 0

    def look(rules: bool = True) -> None:
        nonlocal looked
        looked += 1
        heading = page.locator("h1").inner_text()
        wrong.extend(f"{heading}: {f}" for f in (faults(page) if rules else []))
        wide = page.evaluate("document.documentElement.scrollWidth")
        wrong.extend([f"{heading}: is {wide} wide at {width}"] if wide > width else [])

    asked(page, 30, aspect="talk")
    look()
    tick(page, dict.fromkeys(("joins-two-words", "names-everyday-things"), "not-yet") | {"points-to-share": "not-sure"})
    answered(page)
    page.locator("#lens-care").check()
    look()
    page.get_by_role("button", name="Make the sheet").click()
    page.get_by_role("heading", name="A sheet for our conversation").wait_for()
    look()
    page.goto("/not-yet/group")
    page.get_by_role("button", name="Go on").click()
    page.wait_for_selector("#summary")
    look(theme == "light")
    page.fill("#years", "3")
    page.fill("#size", "24")
    page.get_by_text("Only about some things?").click()
    page.check("#aspect-talk")
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("heading", name="For about how many").wait_for()
    look(theme == "light")
    for place, number in enumerate(("13", "3")):
        page.locator("input[type=number]:visible").nth(place).fill(number)
    page.get_by_role("button", name="See what would help").click()
    page.get_by_role("heading", level=1, name="What would help most").wait_for()
    look(theme == "light")
    assert looked == 6 and not wrong, "\n".join(wrong)
    page.context.close()


def test_from_an_age_to_a_sheet_without_script(browser: Browser, server: str) -> None:
    page = opened(browser, server, 390, java_script_enabled=False)
    page.goto("/not-yet")
    page.fill("#years", "2")
    page.fill("#months", "6")
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("group", name="Your child puts two words").get_by_label("Not yet").check()
    page.get_by_role("button", name="See what helps").click()
    assert page.get_by_role("heading", name="Joins two words").is_visible()
    assert not page.get_by_role("button", name="Print this page").is_visible()
    page.get_by_role("button", name="Make the sheet").click()
    assert page.get_by_role("heading", name="4. Review").is_visible()
    assert "?" not in page.url and not page.context.cookies()
    page.context.close()
