"""From an area's falling indicator to what rests on it and to what a team will do, in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.test_browser import amiss, browser, opened

pytestmark = [pytest.mark.browser, pytest.mark.slow]
__all__ = ["browser"]


@pytest.mark.parametrize(("width", "scheme"), [(1280, "dark"), (390, "light")])
def test_from_a_falling_indicator_to_what_rests_on_it_to_actions(
    browser: Browser, server: str, width: int, scheme: str
) -> None:
    page = opened(browser, server, width, bypass_csp=True, color_scheme=scheme)
    page.goto("/areas")
    page.get_by_role("link", name="England", exact=True).click()
    adverse = page.locator(".note-box", has=page.get_by_role("heading", name="Worth talking about"))
    assert not amiss(page, width), page.url
    adverse.get_by_role("link", name=re.compile("communication", re.I)).first.click()

    rests = page.locator("section", has=page.get_by_role("heading", name="What usually grows from these later?"))
    for stage in ("Early childhood", "Primary"):
        expect(rests.get_by_role("heading", name=re.compile(f"^{stage}"))).to_be_visible()
    assert "by way of" in rests.locator(".note").first.inner_text()
    chart = page.get_by_role("img", name=re.compile(r"\d%|\d %"))
    shares = re.findall(r"\d+\.\d %", page.get_by_role("table").first.inner_text())
    assert shares and [s for s in shares if s not in (chart.get_attribute("aria-label") or "")] == []
    assert not amiss(page, width), page.url

    page.get_by_role("link", name="Talk about it: turn the curve").click()
    for heading in ("Task and process", "Outcome"):
        table = page.get_by_role("region", name=re.compile(f"^{heading}.*: what we will do"))
        expect(table.get_by_role("columnheader", name="Who, with whom")).to_be_visible()
    assert not amiss(page, width), page.url
    page.get_by_role("heading", name="4. What would work").locator("..").get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert "/environment/" in page.url
    assert not page.wrong  # type: ignore[attr-defined]
