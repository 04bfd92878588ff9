"""A whole day: a workshop of eight in real browsers, then review, a release, and what readers find afterwards.

The chapters are tests in order; each goes on where the one before ended. With STORY_PICTURES set to a folder, pictures
of the key moments are put there.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pyoxigraph
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser.test_browser import browser  # noqa: F401  (a fixture)
from tests.browser.test_graphs import DRAWN, LISTED
from tests.browser.test_workshop import Hall, card, connected, put, shown
from tests.counts import released

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MAJOR, MINOR, _ = released().split(".")
NEXT = f"{MAJOR}.{int(MINOR) + 1}.0"
PASSWORD = "four plain words here"
THING = "Walks alone"
OLD = "Your child takes steps and walks without holding on."
NEW = "Your child walks without holding on to you or to the furniture."
OTHER = "Your child takes a few steps with nobody holding them."
GROUND = "Walks on grass, sand and slopes"
BAREFOOT = "Barefoot play on different ground"
DIFFERENT = "Some children walk behind a push-along toy before they stand alone."
LINK = "Walking along the furniture comes just before"
WALKERS = "Do baby walkers help or not?"
COLD = "Floors here are cold for most of the year."
WARM = "On warm days and on mats at home it works all the same."

FEATURE, HELP, WORDS = "Something a child does or has", "Something that helps", "Better words"
LINKED, QUESTION, DIFFER = "How two things hang together", "A question", "We see it differently"
PARENT, GRAND, VISITOR = "Parent or carer", "Grandparent or other family member", "Health visitor"
PHYSIO, EARLY = "Occupational therapist or physiotherapist", "Early years practitioner or childminder"
TEACHER, LIBRARY, SUPPORT = "Teacher", "Library, play or leisure", "Family support or early help worker"
ROLES = (PARENT, GRAND, VISITOR, PHYSIO, EARLY, TEACHER, LIBRARY, SUPPORT)

#: who writes which cards while the room gathers, one of each in turn; what more a card tells is in `MORE`
CARDS = {
    PARENT: [
        (WORDS, NEW),
        (HELP, "Holding out your arms a few steps away"),
        (HELP, "A push-along toy that does not tip over"),
        (FEATURE, "Walks towards you for a cuddle"),
        (QUESTION, WALKERS),
        (FEATURE, "Stops and starts when a friend does"),
    ],
    GRAND: [
        (HELP, "Holding on to a grown-up's finger"),
        (HELP, "Time at the park without the buggy"),
        (FEATURE, "Carries a toy while walking"),
        (QUESTION, "When do shoes matter?"),
        (HELP, "Singing while you walk together"),
        (HELP, "Letting them tumble on soft ground"),
    ],
    VISITOR: [
        (DIFFER, DIFFERENT),
        (LINKED, LINK),
        (HELP, "Showing families how to make one room safe"),
        (FEATURE, "Squats to pick something up and stands again"),
        (QUESTION, "Which families do we not see?"),
        (HELP, "Games of follow my leader"),
    ],
    PHYSIO: [
        (FEATURE, GROUND),
        (HELP, BAREFOOT),
        (WORDS, OTHER),
        (HELP, "A low table with toys to stand at"),
        (QUESTION, "How do we tell that a walking frame fits?"),
    ],
    EARLY: [
        (HELP, "A clear floor with things to walk to"),
        (FEATURE, "Steps over small things"),
        (FEATURE, "Pushes a cart and steers it"),
        (QUESTION, "How much time on their feet in a day?"),
        (HELP, "Walking to nursery together"),
    ],
    LIBRARY: [
        (HELP, "Rhyme time with dancing"),
        (HELP, "Books with steps to act out"),
        (FEATURE, "Turns the pages of a book while standing"),
        (QUESTION, "Who runs groups on this side of town?"),
    ],
    SUPPORT: [
        (HELP, "Someone to go to the park with"),
        (FEATURE, "Explores a new room on foot"),
        (QUESTION, "What if there is no garden?"),
        (HELP, "Borrowing toys from a toy library"),
        (QUESTION, "What about children who wheel themselves?"),
    ],
}
WITHOUT_NETWORK = ("Chalk lines to walk along", "Dances when music plays")
MENDED = "What do we say when walking comes later?"

_TOLD = """() => [...document.querySelectorAll("#list .room-cards .card-group, #list .part-lot")].flatMap(group =>
    [...group.querySelectorAll(".card")].map(card => [group.querySelector("h3, h2")?.firstChild.textContent ?? "",
        ...["kind", "text", "about", "sums", "decision"].map(p => card.querySelector(`.card-${p}`)?.textContent ?? "")
    ].join(" | "))).concat([...document.querySelectorAll("#list .lines li > span:first-child")].map(l => l.textContent))"""


class Story:
    """The people of the day, each in a browser of their own."""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall
        self.phones: dict[str, Page] = {}
        self.keeper: Page
        self.lead: Page
        self.wall: Page
        self.code = ""
        self.proposal = ""

    def page(self, width: int = 1280, height: int = 860) -> Page:
        context = self.hall.context(width, height)
        context.set_default_timeout(60_000)  # a release is worked out on the way, and ten browsers share the machine
        return context.new_page()

    def everyone(self) -> list[Page]:
        return [self.lead, *self.phones.values()]

    def come_together(self, count: int) -> list[str]:
        """What all lists say, when all say the same: so many cards and lines."""
        for _ in range(100):
            first, *others = [page.evaluate(_TOLD) for page in self.everyone()]
            if len(first) == count and all(told == first for told in others):
                return [str(line) for line in first]
            time.sleep(0.1)
        apart = [set(told) ^ set(first) for told in others]
        raise AssertionError(f"the screens do not come together: {len(first)} on the first, others differ by {apart}")

    def on_the_wall(self) -> set[str]:
        return set(self.wall.locator(".wall-text").all_text_contents())


@pytest.fixture(scope="module")
def story(browser: Browser, fresh_data: Path) -> Iterator[Story]:  # noqa: F811
    hall = Hall(browser, fresh_data)
    yield Story(hall)
    hall.kill()


def picture(page: Page, name: str, whole: bool = False) -> None:
    if folder := os.environ.get("STORY_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=whole)


def pick(where: Page | Locator, label: str, words: str) -> None:
    """Find something by writing its name, and choose it."""
    where.get_by_role("combobox", name=label, exact=True).fill(words)
    where.get_by_role("option", name=re.compile(f"^{re.escape(words)}")).first.click()


def more(page: Page, text: str, words: str) -> None:
    """Do something with a card that is under “More”."""
    found = card(page, text)
    if not found.get_by_role("button", name=words).is_visible():
        found.locator("summary").click()
    found.get_by_role("button", name=words).click()


def write(page: Page, kind: str, text: str) -> None:
    """Write a card, and what it is about where the story needs that."""
    if not page.locator("#text").is_visible():
        page.locator("#writing > summary").click()
    page.get_by_label("What kind of card?").select_option(label=kind)
    if kind == WORDS:
        pick(page, "For what?", THING)
        page.get_by_label("What do you word better?").select_option(label="how to say it to a family")
    elif kind == DIFFER:
        pick(page, "About what?", THING)
        page.get_by_label("What is said of it that you see differently?").select_option(
            label=f"‘{THING}’ usually grows from ‘Stands alone’"
        )
    elif kind == LINKED:
        pick(page, "This…", THING)
        page.get_by_label("how they hang together").select_option(label="usually grows from")
        pick(page, "…that", "Walks with support")
    elif text == BAREFOOT:
        pick(page, "What does it help with? (if you know)", THING)
    page.locator("#text").fill(text)
    page.get_by_role("button", name="Put it up").click()


def go_on_to(story: Story, phase: str) -> None:
    story.lead.get_by_role("button", name=f"Go on to: {phase}").click()
    for page in (*story.everyone(), story.wall):
        expect(page.locator("#phase")).to_have_text(phase)


# ---------------------------------------------------------------- the morning: accounts, a room, eight phones


def test_the_first_maintainer_invites_a_facilitator_and_two_reviewers(story: Story) -> None:
    link = re.search(r"http\S+/set-up/\S+", story.hall.told())
    assert link
    story.keeper = keeper = story.page()
    keeper.goto(link[0])
    keeper.get_by_label("What shall we call you?").fill("Who tends it")
    keeper.get_by_label("Choose a password").fill(PASSWORD)
    keeper.get_by_role("button", name="Set up and sign in").click()
    for name, roles in (
        ("Who leads", ("Facilitator", "Domain reviewer")),
        ("Who knows children", ("Domain reviewer",)),
        ("Who knows the model", ("Model reviewer",)),
    ):
        keeper.goto("/people")
        keeper.get_by_role("link", name="Invite somebody").click()
        keeper.get_by_label("What is the name of the person you invite?").fill(name)
        keeper.get_by_role("button", name="Go on").click()
        for role in roles:
            keeper.get_by_role("checkbox", name=role).check()
        keeper.get_by_role("button", name=f"Make a link for {name}").click()
        invited = story.page()
        invited.goto(keeper.locator(".secret code").inner_text())
        expect(invited.get_by_role("heading", level=1)).to_have_text(f"Welcome, {name}")
        invited.get_by_label("Choose a password").fill(PASSWORD)
        invited.get_by_role("button", name="Sign in with this password").click()
        invited.context.close()


def signed_in(story: Story, name: str, onward: str) -> Page:
    page = story.page()
    page.goto(f"/sign-in?next={onward}")
    page.get_by_label("Your name here").fill(name)
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_url(re.compile(f"{re.escape(onward)}$"))
    return page


def test_a_workshop_is_opened_and_eight_join_with_its_code(story: Story) -> None:
    story.lead = lead = signed_in(story, "Who leads", "/workshops")
    lead.get_by_role("link", name="Read a part of the model together and mend it").click()
    lead.get_by_label("Name of the workshop").fill("First steps")
    lead.get_by_label("The question to the room").fill("How do we speak of first steps, and what helps?")
    lead.get_by_role("button", name="Open it").click()
    connected(lead)
    lead.get_by_role("button", name="As a list").click()
    story.code = lead.url.rsplit("/", 1)[1]
    lead.get_by_role("button", name="Link for another computer").click()
    address = lead.get_by_label("Open this address").input_value()
    lead.get_by_role("button", name="Close", exact=True).click()
    story.wall = wall = story.page(1920, 1080)
    wall.goto(address)
    expect(wall.locator("#join")).to_contain_text(f"{story.code[:3]} {story.code[3:]}")
    picture(wall, "01-wall-join")
    for role in ROLES:
        story.phones[role] = story.hall.phone(story.code, role)
        story.phones[role].set_default_timeout(30_000)
    for page in story.phones.values():
        connected(page)
    expect(wall.locator("#people")).to_have_text("8 people here")
    expect(lead.locator("#people")).to_contain_text("8 people have joined; 8 are here now.")
    picture(story.phones[PARENT], "02-phone-gather")


# ---------------------------------------------------------------- gather


def test_seven_write_what_they_know(story: Story) -> None:
    for turn in range(max(map(len, CARDS.values()))):
        for role, some in CARDS.items():
            if turn < len(some):
                write(story.phones[role], *some[turn])
    told = story.come_together(38)
    for some in CARDS.values():
        for _, text in some:
            assert sum(f"| {text} |" in line for line in told) == 1, text
    expect(card(story.phones[TEACHER], DIFFERENT)).to_contain_text("usually grows from ‘Stands alone’")
    expect(card(story.phones[TEACHER], NEW)).to_contain_text(f"How to say “{THING}” to a family")
    expect(story.lead.locator("#people")).to_contain_text("Not heard yet:Teacher (1)")
    picture(story.wall, "03-wall-gather")
    picture(story.lead, "04-laptop-gather")
    picture(story.phones[VISITOR], "05-phone-cards", whole=True)


def test_one_without_network_goes_on_and_comes_back(story: Story) -> None:
    page = story.phones[LIBRARY]
    page.context.set_offline(True)
    write(page, HELP, WITHOUT_NETWORK[0])
    write(page, FEATURE, WITHOUT_NETWORK[1])
    expect(page.locator("#band")).to_contain_text("No connection: 2 cards wait here and will be sent.")
    picture(page, "06-phone-offline")
    expect(shown(story.phones[PARENT], WITHOUT_NETWORK[0])).to_have_count(0)
    page.context.set_offline(False)
    connected(page)
    for text in WITHOUT_NETWORK:
        for other in (*story.everyone(), story.wall):
            expect(other.locator(".room-cards .card-text, .wall-text").filter(has_text=text)).to_have_count(1)
    expect(page.locator("#band-words")).to_have_text("Connected")


def test_a_card_like_one_that_is_there_is_offered_instead(story: Story) -> None:
    page = story.phones[EARLY]
    page.get_by_label("What kind of card?").select_option(label=HELP)
    page.locator("#text").press_sequentially("Holding on to one finger of a grown-up")
    expect(page.locator("#near")).to_contain_text("Holding on to a grown-up's finger")
    picture(page, "07-phone-near")
    page.locator("#near li", has_text="Holding on to").get_by_role("button", name="Yes, I support it").click()
    expect(card(story.phones[GRAND], "Holding on to a grown-up's finger")).to_contain_text("1 agrees")


def test_what_tells_of_one_child_is_refused_and_mended(story: Story) -> None:
    page = story.phones[SUPPORT]
    put(page, QUESTION, "My nephew Jack Miller, born 12 May 2019, walked late. Is that all right?")
    expect(page.locator("#compose-problem")).to_contain_text("seems to tell of one person")
    expect(page.locator("#text")).to_have_value(re.compile("^My nephew"))
    picture(page, "08-phone-refused")
    page.locator("#text").fill(MENDED)
    page.get_by_role("button", name="Put it up").click()
    expect(card(story.phones[PARENT], MENDED)).to_be_visible()
    told = story.come_together(41)  # forty cards, and the line that one of them is
    assert not any("Jack" in line for line in told)
    assert story.on_the_wall() == {text for some in CARDS.values() for _, text in some} | {*WITHOUT_NETWORK, MENDED}


# ---------------------------------------------------------------- group, connect, weigh


def together(page: Page, first: str, others: tuple[str, ...], name: str) -> None:
    more(page, first, "Put together with…")
    dialog = page.get_by_role("dialog")
    for text in others:
        dialog.get_by_role("checkbox", name=text).check()
    dialog.get_by_label("A name for the group").fill(name)
    dialog.get_by_role("button", name="Put them together").click()


def test_cards_are_grouped(story: Story) -> None:
    go_on_to(story, "Group")
    home = ("A push-along toy that does not tip over", "A clear floor with things to walk to")
    together(story.phones[PARENT], "Holding out your arms", home, "At home")
    together(story.phones[PHYSIO], BAREFOOT, (WITHOUT_NETWORK[0], "Time at the park"), "Outdoors")
    lead = story.lead
    lead.get_by_role("button", name="As a canvas").click()
    for text in ("Rhyme time with dancing", "Books with steps to act out"):
        lead.locator(".tile", has_text=text).click()
    lead.get_by_role("button", name="Put together", exact=True).click()
    lead.locator(".tile", has_text="Rhyme time with dancing").click()
    lead.get_by_role("button", name="Name the group…").click()
    lead.get_by_label("What do these cards have in common?").fill("At the library")
    lead.get_by_role("button", name="Save").click()
    lead.get_by_role("button", name="Let go").click()
    expect(lead.locator(".group-name", has_text="At the library")).to_be_visible()
    picture(lead, "09-laptop-canvas")
    picture(story.wall, "10-wall-groups")
    lead.get_by_role("button", name="As a list").click()
    for words in ("At home (3)", "Outdoors (3)", "At the library (2)"):
        expect(story.phones[TEACHER].get_by_role("heading", name=words)).to_be_visible()
    expect(story.wall.locator("#silent")).to_have_text("Not heard yet: Teacher")
    story.come_together(41)


def connect(page: Page, start: str, relation: str, end: str, why: str) -> None:
    more(page, start, "Connect with…")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("How do they hang together?").select_option(label=relation)
    pick(dialog, "To", end)
    dialog.get_by_label("Why? (if you like)").fill(why)
    dialog.get_by_role("button", name="Connect them").click()


def test_cards_are_connected(story: Story) -> None:
    go_on_to(story, "Check")
    connect(story.phones[PHYSIO], GROUND, "usually grows from", THING, "First on level floors, then on uneven ground.")
    connect(story.phones[EARLY], BAREFOOT, "helps", GROUND, "Feet learn what the ground feels like.")
    expect(story.phones[TEACHER].get_by_role("heading", name="Connections (3)")).to_be_visible()
    picture(story.phones[EARLY], "11-phone-connect", whole=True)
    told = story.come_together(43)
    assert f"{GROUND} usually grows from {THING}" in told and f"{BAREFOOT} helps {GROUND}" in told


def test_the_room_weighs_and_some_differ(story: Story) -> None:
    go_on_to(story, "Weigh")
    lead, phones = story.lead, story.phones
    lead.get_by_role("button", name="Start the clock").click()
    expect(story.wall.get_by_role("timer")).to_have_text(re.compile(r"^(9|10):\d\d$"))
    for role, text, words in (
        (PARENT, NEW, "Agree"),
        (GRAND, NEW, "Agree"),
        (SUPPORT, NEW, "Agree"),
        (PHYSIO, GROUND, "Agree"),
        (VISITOR, GROUND, "Agree"),
        (EARLY, BAREFOOT, "Agree"),
        (LIBRARY, DIFFERENT, "Agree"),
    ):
        card(phones[role], text).get_by_role("button", name=words, exact=True).click()
    for role, text, words, reason in (
        (GRAND, BAREFOOT, "I see it differently", COLD),
        (VISITOR, DIFFERENT, "Unsure", "Is it the toy that is pushed, or the child?"),
        (TEACHER, GROUND, "Unsure", "We only see them when they run already."),
    ):
        found = card(phones[role], text)
        found.get_by_role("button", name=words, exact=True).click()
        found.get_by_label(re.compile("^Why")).fill(reason)
        found.get_by_role("button", name="Say why").click()
    for role, text in ((PARENT, GROUND), (PARENT, BAREFOOT), (EARLY, GROUND), (TEACHER, GROUND), (LIBRARY, WALKERS)):
        card(phones[role], text).get_by_role("button", name=re.compile("^(Give a dot|One more dot)")).click()
    expect(card(phones[PARENT], GROUND)).to_contain_text("One more dot (1 left)")
    expect(card(phones[PARENT], BAREFOOT)).to_contain_text(f"{GRAND}: {COLD}")
    expect(card(phones[LIBRARY], GROUND)).to_contain_text("2 agree · 1 is unsure · 3 dots")
    expect(lead.locator("#people")).to_contain_text("Every role has been heard.")
    expect(lead.locator("#spread")).to_contain_text(COLD)
    expect(story.wall.locator("#silent")).to_be_hidden()
    picture(phones[GRAND], "12-phone-weigh")
    card(phones[GRAND], BAREFOOT).scroll_into_view_if_needed()
    picture(phones[GRAND], "13-phone-differ")
    picture(lead, "14-laptop-weigh", whole=True)
    story.come_together(43)


# ---------------------------------------------------------------- agree


def decide(lead: Page, text: str, decision: str, reason: str) -> None:
    card(lead, text).get_by_role("button", name="Decide…").click()
    dialog = lead.get_by_role("dialog")
    dialog.get_by_label("Decision").select_option(label=decision)
    dialog.get_by_label("Why?").fill(reason)
    dialog.get_by_role("button", name="Note it").click()
    expect(card(lead, text)).to_contain_text(f"{decision}: {reason}")


def test_two_wordings_are_put_to_the_room_and_it_chooses(story: Story) -> None:
    go_on_to(story, "Agree")
    question = f"There are 2 wordings for the everyday words of “{THING}”. Now it says “{OLD}” Which one?"
    expect(story.wall.locator("#wall")).to_contain_text(question)
    expect(story.phones[TEACHER].locator("#conflicts")).to_contain_text(question)
    picture(story.wall, "15-wall-conflict")
    picture(story.phones[TEACHER], "16-phone-conflict")
    picture(story.lead, "17-laptop-conflict")
    story.lead.locator("#conflicts").get_by_role("button", name=f"“{NEW}”").click()
    story.lead.get_by_label("Why?").fill("It says what one sees at home.")
    picture(story.lead, "18-laptop-choose")
    story.lead.get_by_role("button", name="Note it").click()
    expect(story.phones[TEACHER].locator("#conflicts")).to_contain_text("Settled together")
    expect(story.wall.locator("#wall")).not_to_contain_text("To settle together")


def test_what_is_agreed_is_finished_and_the_workshop_closes(story: Story) -> None:
    lead = story.lead
    decide(lead, NEW, "Taken up", "These are the words that families use.")
    decide(lead, GROUND, "Taken up", "Most have seen it.")
    decide(lead, BAREFOOT, "Taken up", "Most have seen it, and one sees it differently.")
    decide(lead, DIFFERENT, "Taken up", "Two of us know such children.")
    decide(lead, LINK, "Not now", "The model says it already over one more step.")
    decide(lead, WALKERS, "Stays an open question", "We need someone who has read the studies.")
    panel = lead.locator("#unfinished")
    expect(panel).to_contain_text("2 cards need more before they can be proposed.")
    picture(lead, "19-laptop-unfinished", whole=True)
    panel.locator("li", has_text=GROUND).get_by_role("button", name="Fill in…").click()
    lead.get_by_label("What does it mean?").fill(
        "The child walks on grass, sand and slopes, or moves over them with a walker, frame or chair that suits them."
    )
    lead.get_by_label("How would you say it to a family?").fill("Your child walks on grass, on sand and up a slope.")
    lead.get_by_label("Usually seen from (months)").fill("14")
    lead.get_by_label("Usually seen by (months)").fill("36")
    lead.get_by_role("checkbox", name="Early childhood").check()
    lead.get_by_label("Aspect of development").select_option(label="Movement")
    picture(lead, "20-laptop-finish")
    lead.get_by_role("button", name="Save").click()
    panel.locator("li", has_text=BAREFOOT).get_by_role("button", name="Fill in…").click()
    lead.get_by_label("What does it mean?").fill(
        "Time without shoes on grass, sand, mud and floors that feel different."
    )
    lead.get_by_label("How does it help?").fill("Feet that feel the ground learn to keep balance on it.")
    lead.get_by_label("Where does it happen?").select_option(label="Family and home")
    lead.get_by_role("button", name="Save").click()
    expect(panel).to_contain_text("All of them have what they need.")
    story.come_together(43)
    lead.get_by_role("button", name="Close the workshop…").click()
    lead.get_by_label("Last words for the record").fill("Thank you all. We meet again in spring.")
    lead.get_by_role("button", name="Close it").click()
    for page in story.everyone():
        expect(page.locator("#notice")).to_contain_text("This workshop is closed")
    expect(story.wall.locator("#band-words")).to_contain_text("The workshop is closed")
    story.come_together(43)
    picture(lead, "21-laptop-closed")


def test_the_record_tells_it_all(story: Story) -> None:
    page = story.phones[PARENT]
    page.get_by_role("link", name="Read the record").click()
    told = page.locator("#content")
    for words in (
        "How do we speak of first steps, and what helps?",
        "Grandparent or other family member (1)",
        "Taken up (4)",
        f"{GRAND}: {COLD}",
        "Why: These are the words that families use.",
        "Not now (1)",
        "The model says it already over one more step.",
        "Settled together (1)",
        "It says what one sees at home.",
        WALKERS,
        "Thank you all. We meet again in spring.",
    ):
        expect(told).to_contain_text(words)
    picture(page, "22-phone-record", whole=True)
    with page.expect_response("**/record.ttl") as answer:
        page.evaluate("fetch(document.querySelector('a[href$=\"record.ttl\"]').href)")
    statements = list(pyoxigraph.parse(answer.value.text(), format=pyoxigraph.RdfFormat.TURTLE))
    assert len(statements) > 200 and any(getattr(q.object, "value", "") == COLD for q in statements)


# ---------------------------------------------------------------- review


def say(page: Page, address: str, act: str, words: str) -> None:
    page.goto(address)
    page.get_by_label("What you say").fill(words)
    page.get_by_role("radio", name=act).check()
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#said")).to_contain_text(words)


def test_the_proposal_is_reviewed_by_two_who_did_not_write_it(story: Story) -> None:
    lead = story.lead
    lead.get_by_role("button", name="Hand it to review").click()
    story.proposal = lead.url.removeprefix(story.hall.address)
    told = lead.locator("#content")
    expect(lead.get_by_role("heading", level=1)).to_contain_text("First steps")
    expect(told.locator("ins").first).to_be_visible()
    for words in (
        f"everyday words of ‘{THING}’",
        GROUND,
        f"{BAREFOOT}: {GRAND} differs, because: {COLD}",
        f"{GROUND}: 3 dots, 2 agree, 1 unsure",
        "It waits for a domain reviewer and a model reviewer.",
    ):
        expect(told).to_contain_text(words)
    expect(lead.get_by_role("radio", name=re.compile("^Approve"))).to_have_count(0)
    picture(lead, "23-laptop-proposal", whole=True)
    knows = signed_in(story, "Who knows children", "/proposals")
    knows.get_by_role("link", name="First steps").click()
    say(knows, story.proposal, "Say something", "Did anyone ask families with twins?")
    say(knows, story.proposal, "Approve as domain reviewer", "It is what families see, and the other view is kept.")
    expect(knows.locator(".standing")).to_contain_text("Domain review: approved")
    fits = signed_in(story, "Who knows the model", story.proposal)
    say(fits, story.proposal, "Approve as model reviewer", "The new feature is in its place.")
    expect(fits.locator("#content")).to_contain_text("It can go into a release.")
    picture(fits, "24-laptop-approved", whole=True)


# ---------------------------------------------------------------- release


def publish(page: Page, number: str) -> None:
    page.get_by_label("Number (if you like)").fill(number)
    page.get_by_role("button", name="Check everything and publish").click()


def test_a_release_is_made_and_its_number_is_worked_out(story: Story) -> None:
    keeper = story.keeper
    keeper.goto("/proposals?show=approved")
    keeper.get_by_role("link", name="Make a release").click()
    keeper.get_by_role("button", name="See what it would be").click()
    expect(keeper.get_by_role("heading", name=f"It would be release {NEXT}")).to_be_visible()
    expect(keeper.locator("#content")).to_contain_text("Something is new or stands on other evidence")
    picture(keeper, "25-laptop-release", whole=True)
    publish(keeper, "1.0.1")
    expect(keeper.get_by_role("heading", level=1)).to_have_text("Nothing was released", timeout=60_000)
    expect(keeper.get_by_role("alert")).to_contain_text(f"This release can't be 1.0.1. It is {NEXT}")
    keeper.get_by_role("link", name="Back to the release").click()
    publish(keeper, NEXT)
    picture(keeper, "26-laptop-progress")
    expect(keeper.get_by_role("status")).to_contain_text("It is published", timeout=90_000)
    notes = keeper.locator("#content")
    for words in (f"Release {NEXT}", GROUND, NEW, f"{GRAND} differs", "What changed since"):
        expect(notes).to_contain_text(words)
    picture(keeper, "27-laptop-notes", whole=True)


# ---------------------------------------------------------------- afterwards, for everyone


@pytest.fixture(scope="module")
def reader(story: Story) -> Page:
    return story.page(390)


def test_a_reader_finds_the_new_words_and_how_they_came(story: Story, reader: Page) -> None:
    reader.goto("/feature/walks-alone")
    told = reader.locator("#content")
    expect(reader.locator(".lead")).to_have_text(NEW)
    expect(reader.locator("#opens")).to_contain_text(GROUND)
    expect(reader.locator("#helps")).to_contain_text(BAREFOOT)
    picture(reader, "28-phone-feature", whole=True)
    reader.get_by_role("link", name="What changed here").click()
    expect(told).to_contain_text(f"version {NEXT}")
    expect(told.locator("ins").first).to_be_visible()
    expect(told).to_contain_text("First steps")
    picture(reader, "29-phone-changed", whole=True)
    told.get_by_role("link", name="First steps").first.click()
    expect(told).to_contain_text(COLD)
    reader.goto("/claim/walks-alone--builds-on--stands-alone")
    expect(told).to_contain_text(DIFFERENT)
    expect(told).to_contain_text(f"Held by: {VISITOR.lower()}.")
    picture(reader, "30-phone-position", whole=True)
    reader.goto("/feature/walks-alone?version=1.0.0")
    expect(reader.locator(".lead")).to_have_text(OLD)
    picture(reader, "31-phone-before")
    reader.goto("/feature/walks-on-grass-sand-and-slopes")
    expect(reader.get_by_role("heading", level=1)).to_have_text(GROUND)
    expect(reader.locator("#grows-from")).to_contain_text(THING)
    picture(reader, "32-phone-new-feature", whole=True)


def test_what_changed_is_drawn_and_told(story: Story, reader: Page) -> None:
    for page in (reader, story.keeper):
        page.goto(f"/graph/changes?from=1.0.0&to={NEXT}")
        page.wait_for_function("document.documentElement.classList.contains('drawn')")
        lines, things, _ = page.evaluate(DRAWN)
        assert lines == page.evaluate(LISTED) and "feature/walks-on-grass-sand-and-slopes" in things
        told = page.locator("#list")
        expect(told).to_contain_text(f"New: “{GROUND}” usually grows from “{THING}”")
        expect(told).to_contain_text(f"New: “{BAREFOOT}” helps “{GROUND}”")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    picture(reader, "33-phone-what-changed", whole=True)
    picture(story.keeper, "34-laptop-what-changed", whole=True)


ASKED = """PREFIX cd: <https://w3id.org/childdev/def/> SELECT ?words (COUNT(?f) AS ?features) {
    <https://w3id.org/childdev/id/feature/walks-alone> cd:everydayWords ?words . ?f a cd:Feature } GROUP BY ?words"""


def asked(story: Story, **version: str) -> tuple[str, int]:
    answer = httpx.get(
        f"{story.hall.address}/sparql",
        params={"query": ASKED, **version},
        headers={"Accept": "application/sparql-results+json"},
        trust_env=False,
        timeout=60,
    )
    (row,) = answer.json()["results"]["bindings"]
    return row["words"]["value"], int(row["features"]["value"])


def test_programs_get_both_versions_and_the_news(story: Story) -> None:
    (new, now), (old, before) = asked(story), asked(story, version="1.0.0")
    assert (new, old, now) == (NEW, OLD, before + 1)
    feed = httpx.get(f"{story.hall.address}/feed.atom", trust_env=False)
    assert f"<title>{NEXT}: " in feed.text and NEW in feed.text


def test_the_files_of_the_release_keep_every_rule(story: Story, tmp_path: Path) -> None:
    folder = tmp_path / "ontology"
    command = [sys.executable, "-m", "childdev"]
    run = subprocess.run(
        [*command, "export", "--to", str(folder), "--data", str(story.hall.data)], capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
    assert GROUND in (folder / "features-motor.ttl").read_text("utf-8")
    run = subprocess.run([*command, "check", "--model", str(folder)], capture_output=True, text=True)
    assert run.returncode == 0 and "keeps all its rules" in run.stdout, run.stdout + run.stderr


def test_it_is_all_there_after_a_restart(story: Story, reader: Page) -> None:
    story.hall.kill()
    story.hall.start()
    assert httpx.get(f"{story.hall.address}/healthz", trust_env=False).json()["version"] == NEXT
    reader.goto("/feature/walks-alone")
    expect(reader.locator(".lead")).to_have_text(NEW)
    assert asked(story, version="1.0.0")[0] == OLD
    phone: BrowserContext = story.phones[TEACHER].context
    again = phone.new_page()
    again.goto(f"/workshops/{story.code}")
    expect(again.locator("#notice")).to_contain_text("This workshop is closed")
    assert not story.hall.wrong
