"""A workshop in real browsers: a facilitator's laptop, phones and a projector, with the network and the server going."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from childdev.access.policy import Role
from tests.access.people import COOKIE, cookie
from tests.browser.test_browser import browser, faults  # noqa: F401  (a fixture)
from tests.server import free_port

pytestmark = [pytest.mark.browser, pytest.mark.slow]


class Hall:
    """A server that can be killed and started again at the same address, and the browsers around it."""

    def __init__(self, chromium: Browser, data: Path) -> None:
        self.browser, self.data, self.port = chromium, data, free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.wrong: list[str] = []
        self._said = data.parent / "said.txt"
        self.start()

    def start(self) -> None:
        env = {**os.environ, "CHILDDEV_DATA": str(self.data), "CHILDDEV_PORT": str(self.port)}
        with self._said.open("w") as said:
            self.process = subprocess.Popen([sys.executable, "-m", "childdev", "serve"], env=env, stdout=said)
        for _ in range(1200):
            try:
                if httpx.get(f"{self.address}/healthz", trust_env=False).status_code == 200:
                    return
            except httpx.TransportError:
                assert self.process.poll() is None, "the server stopped"
                time.sleep(0.1)
        raise AssertionError("the server did not start")

    def told(self) -> str:
        """What the server said when it started."""
        return self._said.read_text()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(20)

    def context(self, width: int, height: int = 860, **options: object) -> BrowserContext:
        context = self.browser.new_context(
            viewport={"width": width, "height": height},
            base_url=self.address,
            reduced_motion="reduce",
            **options,  # type: ignore[arg-type]
        )
        context.set_default_timeout(30_000)
        context.on("weberror", lambda e: self.wrong.append(str(e.error)))
        context.on("console", lambda m: self.wrong.append(m.text) if "Content Security Policy" in m.text else None)
        return context

    def facilitator(self, **options: object) -> BrowserContext:
        context = self.context(1280, **options)
        secret = cookie(self.data, "Who leads the workshop", Role.FACILITATOR)
        context.add_cookies([{"name": COOKIE, "value": secret, "url": self.address}])
        return context

    def phone(self, code: str, role: str, **options: object) -> Page:
        page = self.context(390, **options).new_page()
        page.goto("/join")
        page.get_by_label("The six letters").fill(f"{code[:3].lower()} {code[3:]}")
        page.get_by_role("button", name="Join").click()
        page.get_by_label("You are here as").select_option(label=role)
        page.get_by_role("button", name="Join the room").click()
        return page


@pytest.fixture(scope="module")
def hall(browser: Browser, fresh_data: Path) -> Iterator[Hall]:  # noqa: F811
    hall = Hall(browser, fresh_data)
    yield hall
    hall.kill()


class Workshop:
    """A workshop that is open: who leads it, two phones, and the wall."""

    def __init__(self, hall: Hall) -> None:
        self.lead = hall.facilitator().new_page()
        self.lead.goto("/workshops/new?template=language-0-3")
        self.lead.get_by_label("Gather").fill("7")
        self.lead.get_by_role("button", name="Open it").click()
        connected(self.lead)
        self.code = self.lead.url.rsplit("/", 1)[1]
        self.parent = hall.phone(self.code, "Parent or carer")
        self.teacher = hall.phone(self.code, "Teacher")
        self.wall = self.lead.context.new_page()
        self.wall.set_viewport_size({"width": 1920, "height": 1080})
        self.wall.goto(f"/workshops/{self.code}/projector")
        for page in (self.parent, self.teacher):
            connected(page)

    def everywhere(self, text: str) -> None:
        """The card is there for everyone, once."""
        for page in (self.lead, self.parent, self.teacher, self.wall):
            expect(shown(page, text)).to_have_count(1)

    def texts(self) -> list[set[str]]:
        return [set(shown(page).all_inner_texts()) for page in (self.lead, self.parent, self.teacher, self.wall)]


@pytest.fixture(scope="module")
def workshop(hall: Hall) -> Workshop:
    return Workshop(hall)


def connected(page: Page) -> None:
    expect(page.locator("#band")).to_have_attribute("data-status", "connected", timeout=20_000)


def kept(page: Page, text: str) -> None:
    """Wait until the phone keeps the room with this card."""
    asked = """async (text) => {
        const found = await (await caches.open("childdev.workshop")).match(`${location.pathname}/last-seen`);
        return (await found?.text())?.includes(text);
    }"""
    for _ in range(100):
        if page.evaluate(asked, text):
            return
        page.wait_for_timeout(100)
    raise AssertionError("the phone does not keep the room")


def shown(page: Page, text: str | None = None) -> Locator:
    """The cards of the room on a page, whichever way it shows them."""
    return page.locator(".tile-text:visible, .room-cards .card-text:visible, .wall-text", has_text=text)


def put(page: Page, kind: str, text: str) -> None:
    if not page.locator("#text").is_visible():
        page.locator("#writing > summary").click()
    page.get_by_label("What kind of card?").select_option(label=kind)
    page.locator("#text").fill(text)
    page.locator("#compose button[type=submit]").click()


def card(page: Page, text: str) -> Locator:
    return page.locator(".room-cards .card", has_text=text)


def test_a_card_by_one_appears_on_all(workshop: Workshop) -> None:
    expect(workshop.wall.locator("#join")).to_contain_text(f"{workshop.code[:3]} {workshop.code[3:]}")
    expect(workshop.wall.get_by_alt_text(re.compile("QR code"))).to_be_visible()
    expect(workshop.lead.get_by_role("button", name="Start the clock: 7 minutes")).to_be_visible()
    put(workshop.parent, "Something that helps", "Singing the same song at bath time")
    put(workshop.teacher, "Something a child does or has", "Points to show you something")
    workshop.everywhere("Singing the same song at bath time")
    workshop.everywhere("Points to show you something")
    expect(workshop.parent.get_by_role("heading", name="Your cards (1)")).to_be_visible()
    expect(workshop.teacher.locator("#voice")).to_have_text(re.compile("1 new card"))
    smallest = workshop.wall.locator("#wall *:visible, #silent, #people").evaluate_all(
        "es => Math.min(...es.map(e => parseFloat(getComputedStyle(e).fontSize)))"
    )
    assert smallest >= 28


def test_close_cards_are_shown_while_writing_and_can_be_supported(workshop: Workshop) -> None:
    page = workshop.teacher
    page.get_by_label("What kind of card?").select_option(label="Something that helps")
    page.locator("#text").press_sequentially("Singing the same song at bath time, always")
    page.get_by_role("button", name="Yes, I support it").click()
    expect(page.locator("#text")).to_have_value("")
    expect(card(workshop.parent, "Singing the same song")).to_contain_text("1 agrees")


def test_what_names_a_child_is_refused_at_the_box_and_kept_for_mending(workshop: Workshop) -> None:
    put(workshop.parent, "A question", "My son Jack Miller, born 12 May 2019, says no words")
    expect(workshop.parent.get_by_role("alert").first).to_contain_text("can't be kept")
    expect(workshop.parent.locator("#text")).to_have_value(re.compile("^My son Jack"))
    expect(workshop.parent.locator("#text")).to_be_focused()
    workshop.parent.locator("#text").fill("What when a child says no words at 2?")
    workshop.parent.get_by_role("button", name="Put it up").click()
    workshop.everywhere("What when a child says no words at 2?")
    assert not any("Jack" in text for texts in workshop.texts() for text in texts)


def test_who_loses_the_network_goes_on_and_nothing_is_lost_or_doubled(workshop: Workshop) -> None:
    page = workshop.parent
    page.context.set_offline(True)
    put(page, "Something that helps", "Waiting before you answer")
    put(page, "Something that helps", "A walk without a phone")
    expect(page.locator("#band")).to_contain_text("No connection: 2 cards wait here and will be sent.")
    put(workshop.teacher, "Something that helps", "Rhymes at the library")
    expect(card(page, "A walk without a phone")).to_contain_text("Waits here for the connection")
    page.context.set_offline(False)
    for text in ("Waiting before you answer", "A walk without a phone", "Rhymes at the library"):
        workshop.everywhere(text)
    expect(page.locator("#band-words")).to_have_text("Connected")


def test_a_reload_keeps_what_was_not_sent_and_what_was_being_written(workshop: Workshop) -> None:
    page = workshop.parent
    page.route("**/commands", lambda route: route.abort())
    put(page, "Something that helps", "Naming what the child looks at")
    page.locator("#text").fill("Half a thought")
    page.wait_for_timeout(500)
    page.unroute("**/commands")
    page.reload()
    connected(page)
    workshop.everywhere("Naming what the child looks at")
    expect(page.locator("#text")).to_have_value("Half a thought")
    page.locator("#text").fill("")


def test_the_server_is_killed_and_all_come_together_again(hall: Hall, workshop: Workshop) -> None:
    kept(workshop.parent, "Naming what the child looks at")
    hall.kill()
    put(workshop.teacher, "Something that helps", "Reading the same book again")
    workshop.parent.reload()  # as phones do by themselves when they wake
    expect(shown(workshop.parent, "Naming what the child looks at")).to_have_count(1)
    expect(workshop.parent.locator("#band")).to_have_attribute("data-status", "offline")
    put(workshop.parent, "Something that helps", "Talking while washing up")
    expect(workshop.teacher.locator("#band")).to_contain_text("1 card")
    expect(workshop.lead.locator("#band")).to_have_attribute("data-status", "offline")
    hall.start()
    for page in (workshop.lead, workshop.parent, workshop.teacher):
        connected(page)
    workshop.everywhere("Reading the same book again")
    workshop.everywhere("Talking while washing up")
    first, *others = workshop.texts()
    assert len(first) == 9 and all(texts == first for texts in others)


def test_two_wordings_of_one_card_are_put_side_by_side(workshop: Workshop) -> None:
    mine, lead = workshop.teacher, workshop.lead
    mine.context.set_offline(True)
    found = card(mine, "Points to show you something")
    found.locator("summary").click()
    found.get_by_role("button", name="Change the words").click()
    mine.get_by_label("What the card says").fill("Points at things to show you")
    mine.get_by_role("button", name="Save").click()
    lead.get_by_role("button", name="As a list").click()
    found = card(lead, "Points to show you something")
    found.locator("summary").click()
    found.get_by_role("button", name="Change the words").click()
    lead.get_by_label("What the card says").fill("Points so that you look too")
    lead.get_by_role("button", name="Save").click()
    expect(card(workshop.parent, "Points so that you look too")).to_be_visible()
    mine.context.set_offline(False)
    question = mine.locator("#troubles")
    expect(question).to_contain_text("Which words should stand?")
    expect(question).to_contain_text("Points so that you look too")
    question.get_by_role("button", name="Use mine").click()
    workshop.everywhere("Points at things to show you")
    expect(question).to_be_hidden()


def test_cards_are_grouped_and_connected_by_keyboard_alone(workshop: Workshop) -> None:
    lead = workshop.lead
    lead.get_by_role("button", name="As a canvas").focus()
    lead.keyboard.press("Enter")
    lead.locator(".tile[tabindex='0']").focus()
    first = lead.locator(".tile:focus .tile-text").inner_text()
    lead.keyboard.press("Space")
    lead.keyboard.press("Escape")
    lead.keyboard.press("ArrowRight")
    second = lead.locator(".tile:focus .tile-text").inner_text()
    assert first != second
    lead.keyboard.press("Space")
    lead.keyboard.press("ArrowDown")  # moves what is chosen
    lead.keyboard.press("Escape")
    lead.keyboard.press("Space")
    lead.keyboard.press("Enter")
    lead.get_by_role("dialog").get_by_role("button", name="Put together with…").press("Enter")
    tick = lead.get_by_role("dialog").get_by_role("checkbox", name=first)
    tick.focus()
    lead.keyboard.press("Space")
    lead.get_by_label("A name for the group").focus()
    lead.keyboard.type("Early signs")
    lead.keyboard.press("Enter")
    expect(workshop.parent.get_by_role("heading", name="Early signs (2)")).to_be_visible()
    expect(workshop.wall.get_by_role("heading", name="Early signs")).to_be_visible()
    lead.locator(".tile", has_text=first).focus()
    lead.keyboard.press("Enter")
    lead.get_by_role("dialog").get_by_role("button", name="Connect…").press("Enter")
    lead.get_by_role("combobox", name="To", exact=True).focus()
    lead.keyboard.type("joins two words")
    expect(lead.get_by_role("option", name=re.compile("^Joins two words")).first).to_be_visible()
    lead.keyboard.press("ArrowDown")
    lead.keyboard.press("Enter")
    lead.get_by_role("button", name="Connect them").press("Enter")
    expect(workshop.parent.locator(".lines li")).to_have_text(
        re.compile(rf"^{re.escape(first)}.*helps.*Joins two words")
    )
    expect(lead.locator(".canvas-lines .drawn")).to_have_count(1)
    expect(lead.locator(".canvas-lines text")).to_have_text("helps")
    expect(lead.locator(".thing", has_text="Joins two words")).to_be_visible()


def test_a_card_is_dragged_into_a_group(workshop: Workshop) -> None:
    lead = workshop.lead
    lead.locator("#canvas").evaluate("c => { c.scrollTo(0, 0); c.scrollIntoView(); }")
    card_at = lead.locator(".tile:not(.group-box *)", has_text="Rhymes at the library").bounding_box()
    name_at = lead.locator(".group-box", has_text="Early signs").bounding_box()
    assert card_at and name_at
    lead.mouse.move(card_at["x"] + 110, card_at["y"] + 66)
    lead.mouse.down()
    lead.mouse.move(name_at["x"] + 60, name_at["y"] + 90, steps=6)
    put(workshop.teacher, "A question", "Does the time of day matter?")  # what others do does not tear it away
    expect(lead.locator(".tile", has_text="Does the time of day")).to_be_visible()
    held = lead.locator(".tile.held").bounding_box()
    assert held and abs(held["x"] + 110 - name_at["x"] - 60) < 30
    lead.mouse.up()
    expect(workshop.parent.get_by_role("heading", name="Early signs (3)")).to_be_visible()


def test_the_room_weighs_differs_and_is_steered(workshop: Workshop) -> None:
    lead, parent, teacher, wall = workshop.lead, workshop.parent, workshop.teacher, workshop.wall
    lead.locator("summary", has_text="The whole run sheet").click()
    lead.locator(".sheet-list li", has_text="Weigh").get_by_role("button").click()
    lead.get_by_role("button", name="Start the clock").click()
    for page in (parent, wall):
        expect(page.locator("#phase")).to_have_text("Weigh")
        expect(page.get_by_role("timer")).to_have_text(re.compile(r"^(9|10):\d\d$"))
    song = card(teacher, "Singing the same song")
    song.get_by_role("button", name="I see it differently").click()
    song.get_by_label(re.compile("^Why")).fill("In our class it made no difference")
    song.get_by_role("button", name="Say why").click()
    card(parent, "Singing the same song").get_by_role("button", name="Give a dot (5 left)").click()
    expect(card(parent, "Singing the same song")).to_contain_text("1 sees it differently · 1 dot")
    expect(card(parent, "Singing the same song")).to_contain_text("Teacher: In our class it made no difference")
    expect(lead.locator("#spread")).to_contain_text("Nursery, school and college: 1 sees it differently")
    lead.get_by_role("button", name="Pause the cards").click()
    expect(parent.locator("#notice")).to_contain_text("paused the cards")
    expect(parent.get_by_role("button", name="Give a dot")).to_have_count(0)
    put(parent, "Something that helps", "Written while paused")
    expect(card(parent, "Written while paused")).to_be_visible()
    lead.get_by_role("button", name="Open the cards again").click()
    workshop.everywhere("Written while paused")
    lead.locator("summary", has_text="Take back someone's last act").click()
    lead.locator("#people li", has_text="Parent or carer").get_by_role("button").click()
    expect(shown(teacher, "Written while paused")).to_have_count(0)
    expect(shown(teacher, "Talking while washing up")).to_have_count(1)


def test_a_clash_of_meaning_is_put_to_the_room_as_a_choice(workshop: Workshop) -> None:
    lead, parent, teacher, wall = workshop.lead, workshop.parent, workshop.teacher, workshop.wall
    for page, here, there in ((parent, "Points at things to show you", "Joins two words"), (teacher, "", "Points at")):
        found = card(page, "Points at things to show you")
        found.locator("summary").click()
        found.get_by_role("button", name="Connect with…").click()
        dialog = page.get_by_role("dialog")
        if not here:
            dialog.get_by_role("combobox", name="From").fill("")
            dialog.get_by_role("combobox", name="From").press_sequentially("Joins two words")
            page.get_by_role("option", name=re.compile("^Joins two words")).first.click()
        dialog.get_by_label("How do they hang together?").select_option(label="usually grows from")
        dialog.get_by_role("combobox", name="To", exact=True).press_sequentially(there)
        page.get_by_role("option", name=re.compile(f"^{there}")).first.click()
        dialog.get_by_role("button", name="Connect them").click()
    expect(parent.get_by_role("heading", name="To settle together (1)")).to_be_visible()
    lead.locator(".sheet-list li", has_text="Agree").get_by_role("button").click()
    expect(wall.locator("#wall")).to_contain_text("To settle together")
    lead.locator("#conflicts").get_by_role("button", name=re.compile("^Leave out")).first.click()
    lead.get_by_label("Why?").fill("Pointing comes first")
    lead.get_by_role("button", name="Note it").click()
    expect(parent.get_by_role("heading", name="Settled together")).to_be_visible()
    expect(wall.locator("#wall")).not_to_contain_text("To settle together")


def test_paper_cards_are_keyed_in_and_what_is_decided_is_in_the_record(workshop: Workshop) -> None:
    lead = workshop.lead
    desk = lead.context.new_page()
    desk.goto(f"/workshops/{workshop.code}/key-in")
    connected(desk)
    desk.locator("#role").select_option(label="Midwife")
    desk.locator("#code").focus()
    for code, words in (("b1", "Songs before birth"), ("e1", "Who sings with fathers?")):
        desk.keyboard.type(code)
        desk.keyboard.press("Tab")
        desk.keyboard.press("Tab")
        desk.keyboard.type(words)
        desk.keyboard.press("Enter")
    workshop.everywhere("Who sings with fathers?")
    expect(card(workshop.parent, "Songs before birth")).to_contain_text(
        re.compile("Something that helps.*Midwife", re.S)
    )
    assert len(re.findall(rb"/Type\s*/Page\b", _printed(desk, f"/workshops/{workshop.code}/cards"))) == 3
    lead.get_by_role("button", name="As a list").click()
    card(lead, "Singing the same song").get_by_role("button", name="Decide…").click()
    lead.get_by_label("Why?").fill("Many have seen it")
    lead.get_by_role("button", name="Note it").click()
    expect(card(workshop.parent, "Singing the same song")).to_contain_text("Taken up: Many have seen it")
    lead.get_by_role("button", name="Fill in…").click()
    lead.get_by_label("What does it mean?").fill("The same song each time a child is bathed.")
    lead.get_by_label("How does it help?").fill("Words that come again are learnt.")
    lead.get_by_label("Where does it happen?").select_option(index=1)
    lead.get_by_role("combobox", name="What does it help with?").press_sequentially("joins two")
    lead.get_by_role("option", name=re.compile("^Joins two words")).first.click()
    lead.get_by_role("button", name="Save").click()
    expect(lead.locator("#unfinished")).to_contain_text("All of them have what they need.")
    lead.get_by_role("button", name="Close the workshop…").click()
    lead.get_by_role("button", name="Close it").click()
    expect(workshop.parent.locator("#notice")).to_contain_text("This workshop is closed")
    until_gone = (
        "async () => { while (await caches.has('childdev.workshop')) await new Promise((go) => setTimeout(go, 100)) }"
    )
    workshop.parent.evaluate(until_gone)  # the phone keeps nothing of it
    workshop.parent.get_by_role("link", name="Read the record").click()
    page = workshop.parent.locator("#content")
    expect(page).to_contain_text("Teacher: In our class it made no difference")
    expect(page).to_contain_text("Why: Many have seen it")


def _printed(page: Page, address: str) -> bytes:
    page.goto(address)
    return page.pdf(format="A4")


def test_joining_writing_and_reading_work_without_script(hall: Hall) -> None:
    lead = hall.facilitator().new_page()
    lead.goto("/workshops/new?template=read-and-mend")
    lead.get_by_role("button", name="Open it").click()
    connected(lead)
    page = hall.phone(lead.url.rsplit("/", 1)[1], "Parent or carer", java_script_enabled=False)
    page.locator("#text").fill("Written without script")
    page.get_by_role("button", name="Put it up").click()
    expect(page.get_by_role("listitem").filter(has_text="Written without script")).to_be_visible()
    expect(lead.locator(".tile-text", has_text="Written without script")).to_be_visible()
    page.locator("#text").fill("My daughter Amy Smith, born 3 March 2020, hides books")
    page.get_by_role("button", name="Put it up").click()
    expect(page.get_by_role("alert")).to_contain_text("can't be kept")
    expect(page.locator("#text")).to_have_value(re.compile("^My daughter"))


def test_every_page_is_accessible_in_both_themes_and_fits(hall: Hall) -> None:
    page = hall.facilitator(bypass_csp=True).new_page()
    wrong: list[str] = []

    def look(name: str, seen: Page = page, wide: int = 1280) -> None:
        for scheme in ("light", "dark"):
            seen.emulate_media(color_scheme=scheme)
            wrong.extend(f"{name}, {scheme}: {f}" for f in faults(seen))
        if (got := seen.evaluate("document.documentElement.scrollWidth")) > wide:
            wrong.append(f"{name} is {got} wide at {wide}")

    for path in ("/workshops", "/workshops/new?template=starting-secondary"):
        page.goto(path)
        look(path)
    page.get_by_role("button", name="Open it").click()
    connected(page)
    code = page.url.rsplit("/", 1)[1]
    phone = hall.context(390, bypass_csp=True).new_page()
    phone.goto(f"/w/{code}")
    look("join", phone, 390)
    phone.get_by_label("You are here as").select_option(label="Teacher")
    phone.get_by_role("button", name="Join the room").click()
    connected(phone)
    for words in ("Knowing one adult well", "A map of the school"):
        put(phone, "Something that helps", words)
    tiles = page.locator(".tile")
    expect(tiles).to_have_count(2)
    tiles.first.click()
    look("canvas")
    page.get_by_role("button", name="Put together with…").click()
    look("dialog")
    page.keyboard.press("Escape")
    page.locator("summary", has_text="The whole run sheet").click()
    page.locator(".sheet-list li").nth(3).get_by_role("button").click()
    expect(phone.locator("#phase")).not_to_have_text("Gather")
    card(phone, "A map of the school").get_by_role("button", name="I see it differently").click()
    expect(phone.get_by_role("button", name="Say why")).to_be_visible()
    look("phone", phone, 390)
    page.get_by_role("button", name="As a list").click()
    page.locator(".card summary").first.click()
    look("list")
    for path in ("projector", "key-in", "cards", "record"):
        page.goto(f"/workshops/{code}/{path}")
        if path == "projector":
            expect(page.locator(".wall-text")).to_have_count(2)
        look(path)
    assert not wrong, "\n".join(wrong)


def test_no_page_broke_its_own_rules(hall: Hall) -> None:
    assert not hall.wrong
