"""Signing in over HTTP: links, cookies, forged requests, tokens, people; and the pages in a real browser."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import sync_playwright

from childdev.access.policy import Action, Role
from childdev.web.signed import secret_of
from tests.access.people import COOKIE, account, cookie, signed_in, token
from tests.browser.test_browser import ARGS, faults, opened
from tests.server import served

pytestmark = pytest.mark.slow
GOOD = "a quiet river bends"
HTML = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def data(fresh_data: Path) -> Path:
    return fresh_data


@pytest.fixture(scope="module")
def here(data: Path) -> Iterator[str]:
    with served(data) as address:
        yield address


@pytest.fixture
def robin(here: str, data: Path) -> Iterator[httpx.Client]:
    """A maintainer who is signed in."""
    with signed_in(here, data, "Robin", Role.MAINTAINER) as client:
        yield client


def stranger(address: str, **headers: str) -> httpx.Client:
    return httpx.Client(base_url=address, headers={"Origin": address, **HTML, **headers}, trust_env=False, timeout=60)


def user(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "childdev", "user", *arguments, "--data", str(data)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "CHILDDEV_PUBLIC_URL": "https://childdev.example"},
    )


def test_an_invitation_by_command_is_followed_once_and_opens_a_session(here: str, data: Path) -> None:
    account(data, "Robin", Role.MAINTAINER)
    told = user(data, "add", "Ari", "--role", "facilitator").stdout
    path = re.search(r"https://childdev\.example(/invitation/\S+)", told)[1]  # type: ignore[index]
    with stranger(here) as client:
        assert "Welcome, Ari" in client.get(path).text
        short = client.post(path, data={"password": "short"})
        assert short.status_code == 422 and 'href="#password">Enter a password of at least 12' in short.text
        done = client.post(path, data={"password": GOOD})
        assert done.status_code == 303 and "Ari" in client.get("/account").text
        assert re.search("HttpOnly.*SameSite=lax", done.headers["set-cookie"], re.I)
        assert client.get(path).status_code == 404
        assert client.get("/account").headers["cache-control"] == "no-store"
    with stranger(here) as client:
        wrong = client.post("/sign-in", data={"name": "ari", "password": "something else"})
        assert wrong.status_code == 422 and "name or the password is not right" in wrong.text
        unknown = client.post("/sign-in", data={"name": "nobody", "password": "something else"})
        assert unknown.text == wrong.text.replace('value="ari"', 'value="nobody"'), "it is not told who has an account"
        right = client.post("/sign-in", data={"name": "ARI", "password": GOOD, "next": "/map?domain=motor"})
        assert (right.status_code, right.headers["location"]) == (303, "/map?domain=motor")


@pytest.mark.parametrize("onward", ["https://evil.example/", "//evil.example", "/\\evil.example", "", "/\nx"])
def test_signing_in_never_leads_away(here: str, data: Path, onward: str) -> None:
    with stranger(here, Cookie=f"{COOKIE}={cookie(data, 'Robin', Role.MAINTAINER)}") as client:
        assert client.get("/sign-in", params={"next": onward}).headers["location"] == "/account"


def test_who_is_not_signed_in_is_led_to_sign_in_and_a_program_is_told(here: str) -> None:
    page = httpx.get(f"{here}/people?x=1", headers=HTML, trust_env=False)
    assert (page.status_code, page.headers["location"]) == (303, "/sign-in?next=%2Fpeople%3Fx%3D1")
    told = httpx.get(f"{here}/people", headers={"Accept": "application/json"}, trust_env=False)
    assert told.status_code == 401 and told.headers["www-authenticate"].startswith("Bearer")
    assert told.json()["type"].endswith("/problem/sign-in-needed") and told.json()["detail"].startswith("Sign in first")


def test_a_role_that_may_not_is_told_so(here: str, data: Path) -> None:
    with signed_in(here, data, "Kim", Role.FACILITATOR) as kim:
        told = kim.get("/people", headers={"Accept": "application/json"})
        assert told.status_code == 403 and "your role (facilitator)" in told.json()["detail"]


@pytest.mark.parametrize("taken", [("X-CSRF",), ("Origin",), ("X-CSRF", "Origin")])
def test_a_forged_request_changes_nothing(robin: httpx.Client, taken: tuple[str, ...]) -> None:
    for header in taken:
        del robin.headers[header]
    refused = robin.post("/account/name", data={"name": "Mallory"}, headers={"Accept": "application/json"})
    assert refused.status_code == 403
    assert "Mallory" not in robin.get("/account").text


def test_another_site_and_another_session_are_not_trusted(robin: httpx.Client, data: Path) -> None:
    for headers in (
        {"Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"X-CSRF": secret_of(cookie(data, "Kim", Role.FACILITATOR))},
    ):
        assert robin.post("/account/name", data={"name": "Mallory"}, headers=headers).status_code == 403, headers


def test_the_secret_of_a_form_is_found_wherever_the_form_has_it(robin: httpx.Client) -> None:
    secret = robin.headers.pop("X-CSRF")
    long = {"credit": "name", "more": "x" * 200_000, "csrf": secret}
    assert robin.post("/account/credit", data=long).status_code == 303
    assert "By my name" in robin.get("/account").text
    # an upload passes the guard when the field comes first, and is refused for its kind only after that
    upload = robin.post("/account/credit", data={"csrf": secret}, files={"file": b"x" * 300_000})
    assert upload.status_code == 415
    assert robin.get("/account").text.count(f'value="{secret}"') == 2


def test_a_cookie_does_not_hinder_what_asks_for_nobody(robin: httpx.Client) -> None:
    del robin.headers["X-CSRF"], robin.headers["Origin"]
    assert robin.post("/sparql", data={"query": "ASK {}"}).json()["boolean"] is True


def test_pages_for_all_are_the_same_for_who_is_signed_in(robin: httpx.Client, here: str) -> None:
    assert robin.get("/map", headers=HTML).text == httpx.get(f"{here}/map", headers=HTML, trust_env=False).text


def test_a_token_does_what_it_allows_without_a_form(here: str, data: Path) -> None:
    account(data, "Robin", Role.MAINTAINER)
    held = {"Authorization": f"Bearer {token(data, 'Robin', Action.SEE_AUDIT)}", "Accept": "application/json"}
    assert httpx.get(f"{here}/people/audit", headers=held, trust_env=False).status_code == 200
    refused = httpx.get(f"{here}/people", headers=held, trust_env=False)
    assert refused.status_code == 403 and "the token you sent" in refused.json()["detail"]
    wrong = httpx.get(f"{here}/people", headers={**held, "Authorization": "Bearer no"}, trust_env=False)
    assert wrong.status_code == 401 and "does not hold" in wrong.json()["detail"]


def test_another_password_ends_all_other_sessions(here: str, data: Path) -> None:
    with signed_in(here, data, "Sam", Role.FACILITATOR) as one, signed_in(here, data, "Sam") as other:
        done = one.post("/account/password", data={"password": GOOD})
        assert done.status_code == 303 and other.get("/account", headers=HTML).status_code == 303
        one.cookies.clear()
        one.cookies.set(COOKIE, done.cookies[COOKIE])
        one.headers["X-CSRF"] = secret_of(done.cookies[COOKIE])
        assert one.post("/account/password", data={"password": GOOD, "current": "not it"}).status_code == 422
        one.post("/sign-out")
        assert one.get("/account", headers=HTML).status_code == 303


def test_guessing_is_slowed_and_says_for_how_long(here: str, data: Path) -> None:
    with stranger(here, Accept="application/json") as client:
        for _ in range(10):
            assert client.post("/sign-in", data={"name": "guessed", "password": "x"}).status_code == 422
        told = client.post("/sign-in", data={"name": "Guessed", "password": "x"})
        assert told.status_code == 429 and int(told.headers["retry-after"]) > 0
        assert told.json()["title"] == "Please wait a little"
        assert client.post("/sign-in", data={"name": "someone", "password": "x"}).status_code == 422


def test_people_are_invited_changed_and_kept_out_and_the_audit_tells(robin: httpx.Client, here: str) -> None:
    assert "somebody called" in robin.get("/people/invite", params={"name": "robin"}).text
    made = robin.post("/people/invite", data={"name": "Noor", "roles": ["domain-reviewer"]})
    path = re.search(r"/invitation/[\w-]+", made.text)[0]  # type: ignore[index]
    number = re.search(r'href="/people/(\d+)">Noor', robin.get("/people").text)[1]  # type: ignore[index]
    assert robin.post(f"/people/{number}/roles", data={"roles": ["model-reviewer", "facilitator"]}).status_code == 303
    assert "Facilitator, model reviewer" in robin.get(f"/people/{number}").text
    robin.post(f"/people/{number}/out")
    assert httpx.get(here + path, headers=HTML, trust_env=False).status_code == 404
    told = robin.get("/people/audit").text
    for line in (f"invited account {number}", f"roles of account {number}", f"kept out account {number}"):
        assert line in told
    assert "Noor" not in told


def test_the_command_lists_changes_and_refuses_plainly(here: str, data: Path) -> None:
    account(data, "Robin", Role.MAINTAINER)
    assert user(data, "add", "Bo", "--role", "facilitator").returncode == 0
    assert "Bo is now maintainer." in user(data, "role", "Bo", "--role", "maintainer").stdout
    assert "Bo is kept out." in user(data, "disable", "Bo").stdout
    assert re.search(r"^Bo +maintainer  \(kept out\)$", user(data, "list").stdout, re.M)
    assert user(data, "role", "Bo", "--role", "king").stderr.startswith("There is no role 'king'.")
    assert user(data, "disable", "Nobody").stderr.startswith("There is nobody called 'Nobody' here.")


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
def test_every_page_is_accessible_and_fits(here: str, data: Path, width: int) -> None:
    secret, number = cookie(data, "Robin", Role.MAINTAINER), account(data, "Robin").id
    paths = ["/people", "/people/invite", "/people/invite?name=Robin", "/people/invite?name=Zed", "/people/audit"]
    paths += [f"/people/{number}", f"/people/{number}/roles", f"/people/{number}/token"]
    paths += ["/account", "/account/name", "/account/credit", "/account/password"]
    wrong: list[str] = []
    with sync_playwright() as p:
        browser = p.chromium.launch(executable_path="/usr/bin/chromium", args=ARGS)
        page = opened(browser, here, width, bypass_csp=True)
        for path in ["/sign-in", *paths]:
            if path != "/sign-in":
                page.context.add_cookies([{"name": COOKIE, "value": secret, "url": here}])
            page.goto(path)
            wrong += [f"{path}: {f}" for f in faults(page)]
            if page.evaluate("document.documentElement.scrollWidth") > width:
                wrong.append(f"{path}: is too wide at {width}")
        browser.close()
    assert not wrong, "\n".join(wrong)


@pytest.mark.browser
def test_an_invitation_is_followed_in_a_browser_without_script(here: str, data: Path) -> None:
    """The whole way in a browser: a link, a password that is too easy, the account, signing out and in again."""
    path = re.search(r"/invitation/\S+", user(data, "add", "Lou", "--role", "facilitator").stdout)[0]  # type: ignore[index]
    with sync_playwright() as p:
        browser = p.chromium.launch(executable_path="/usr/bin/chromium", args=ARGS)
        page = opened(browser, here, 390, java_script_enabled=False)
        page.goto(path)
        page.get_by_label("Choose a password").fill("password1234")
        page.get_by_role("button", name="Sign in with this password").click()
        page.get_by_role("alert").get_by_role("link").click()
        page.get_by_label("Choose a password").fill(GOOD)
        page.get_by_role("button", name="Sign in with this password").click()
        page.get_by_role("heading", name="Lou").wait_for()
        page.get_by_role("button", name="Sign out", exact=True).click()
        page.get_by_label("Your name here").fill("lou")
        page.get_by_label("Your password").fill(GOOD)
        page.get_by_role("main").get_by_role("button", name="Sign in").click()
        page.get_by_role("heading", name="Lou").wait_for()
        browser.close()
