"""Signing in through an outside provider: a real one over HTTP, the real server, and every way to be refused."""

from __future__ import annotations

import html
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import sync_playwright
from pydantic import SecretStr

from childdev.access import accounts, audit, links, passwords
from childdev.access.attempts import Attempt
from childdev.access.links import Purpose
from childdev.access.openid import OutsideError, ProviderError, provider_of
from childdev.access.policy import Role
from childdev.config import Settings
from childdev.store.database import connect
from tests.access.people import COOKIE, account, cookie, signed_in
from tests.access.provider import CLIENT, SECRET, Provider, rsa
from tests.browser.test_browser import ARGS, faults, opened
from tests.server import free_port, served

GOOD = "a quiet river bends"


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    made = Provider()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def data(fresh_data: Path) -> Path:
    return fresh_data


@pytest.fixture(scope="module")
def here(data: Path, provider: Provider) -> Iterator[str]:
    settings = {"ISSUER": provider.issuer, "CLIENT_ID": CLIENT, "CLIENT_SECRET": SECRET, "LABEL": "Example Trust"}
    with served(data, NO_PROXY="127.0.0.1", **{f"CHILDDEV_OIDC_{k}": v for k, v in settings.items()}) as address:
        yield address


def browser(address: str) -> httpx.Client:
    headers = {"Origin": address, "Accept": "text/html"}
    return httpx.Client(base_url=address, headers=headers, trust_env=False, timeout=60)


@pytest.fixture
def client(here: str) -> Iterator[httpx.Client]:
    """The browser of one who is not signed in."""
    with browser(here) as made:
        yield made


@pytest.fixture
def wren(connected_once: None, provider: Provider) -> str:
    """The name of one whose identity opens an account, and who is at the provider now."""
    provider.subject = "Wren"
    return provider.subject


@pytest.fixture(scope="module")
def connected_once(here: str, data: Path, provider: Provider) -> None:
    connected(data, here, provider, "Wren")


def onward(page: httpx.Response) -> str:
    """Where the page leads that is shown on setting out."""
    assert page.status_code == 200, page.text
    return html.unescape(re.search(r'http-equiv="refresh" content="0;url=([^"]+)"', page.text)[1])  # type: ignore[index]


def returned(page: httpx.Response) -> str:
    """Go to the provider; gives where it sends the browser back to."""
    return httpx.get(onward(page), trust_env=False).headers["location"]


def came_in(client: httpx.Client, next: str = "") -> httpx.Response:
    return client.get(returned(client.post("/sign-in/outside", data={"next": next})))


def connected(data: Path, address: str, provider: Provider, name: str) -> None:
    """An account of this name that the provider's identity of the same name opens."""
    provider.subject = name
    with signed_in(address, data, name, Role.FACILITATOR) as client:
        assert client.get(returned(client.post("/account/outside", data={"current": ""}))).status_code == 303


def invitation(data: Path, name: str) -> str:
    person, engine = account(data, name, Role.FACILITATOR), connect(f"sqlite:///{data / 'record.sqlite'}")
    with engine.begin() as connection:
        path = links.make(connection, Purpose.INVITATION, person.id)
    engine.dispose()
    return path


def noted(data: Path, name: str) -> list[str]:
    engine = connect(f"sqlite:///{data / 'record.sqlite'}")
    with engine.connect() as connection:
        told = [line.action for line in audit.newest(connection) if line.who == name]
    engine.dispose()
    return told


def refused(answer: httpx.Response, status: int, words: str) -> None:
    assert answer.status_code == status and words in html.unescape(answer.text), answer.text
    assert COOKIE not in answer.cookies, "a session was begun"


@pytest.mark.slow
def test_an_invitation_is_accepted_without_a_password_and_opens_the_account_from_then_on(
    client: httpx.Client, here: str, data: Path, provider: Provider
) -> None:
    provider.subject, path = "first", invitation(data, "Ari")
    assert "Sign in with Example Trust" in client.get(path).text
    out = client.post(f"{path}/outside")
    assert re.search("childdev-session-outside=.*HttpOnly.*Max-Age=600.*SameSite=lax", out.headers["set-cookie"], re.I)
    done = client.get(returned(out))
    assert (done.status_code, done.headers["location"]) == (303, "/account")
    assert "Ari" in client.get("/account").text and "Connected" in client.get("/account").text
    assert client.get(path).status_code == 404, "the link works once"
    assert "connected outside sign-in" in noted(data, "Ari")
    with browser(here) as later:
        assert "Sign in with Example Trust" in later.get("/sign-in").text
        done = came_in(later, "/map?domain=motor")
        assert (done.status_code, done.headers["location"]) == (303, "/map?domain=motor")
        assert "Ari" in later.get("/account").text
    with browser(here) as later:
        assert came_in(later, "https://evil.example/").headers["location"] == "/account"


@pytest.mark.slow
def test_who_is_signed_in_connects_with_their_password_and_ends_it_again(
    here: str, data: Path, provider: Provider
) -> None:
    provider.subject = "second"
    person, engine = account(data, "Kim", Role.FACILITATOR), connect(f"sqlite:///{data / 'record.sqlite'}")
    with engine.begin() as connection:
        passwords.set_password(connection, person, GOOD)
    engine.dispose()
    with signed_in(here, data, "Kim") as kim:
        wrong = kim.post("/account/outside", data={"current": "not it"})
        assert wrong.status_code == 422 and "This is not your password here" in wrong.text
        assert kim.get(returned(kim.post("/account/outside", data={"current": GOOD}))).status_code == 303
        with browser(here) as other:
            assert came_in(other).status_code == 303
        assert kim.post("/account/outside/end").status_code == 303
        with browser(here) as other:
            refused(came_in(other), 403, "nobody here is connected with that")
        assert noted(data, "Kim")[:2] == ["disconnected outside sign-in", "connected outside sign-in"]


@pytest.mark.slow
def test_the_only_way_in_can_not_be_ended(here: str, data: Path, provider: Provider) -> None:
    connected(data, here, provider, "Lou")
    with signed_in(here, data, "Lou") as lou:
        told = lou.post("/account/outside/end")
        assert told.status_code == 422 and "Choose a password first" in told.text
    with browser(here) as client:
        assert came_in(client).status_code == 303


@pytest.mark.slow
def test_an_unknown_identity_is_told_whom_to_ask_and_gets_no_account(
    client: httpx.Client, here: str, data: Path, provider: Provider
) -> None:
    provider.subject = "a stranger"
    refused(came_in(client), 403, "Ask a maintainer of these pages for an invitation")
    with signed_in(here, data, "Robin", Role.MAINTAINER) as robin:
        assert "stranger" not in robin.get("/people").text


@pytest.mark.slow
def test_a_disabled_account_is_not_opened(client: httpx.Client, here: str, data: Path, provider: Provider) -> None:
    connected(data, here, provider, "Sam")
    number = account(data, "Sam").id
    with signed_in(here, data, "Robin", Role.MAINTAINER) as robin:
        assert "Yes, with Example Trust" in robin.get(f"/people/{number}").text
        robin.post(f"/people/{number}/out")
        refused(came_in(client), 403, "nobody here is connected with that")
        robin.post(f"/people/{number}/in")
        assert came_in(client).status_code == 303


@pytest.mark.slow
def test_an_identity_opens_one_account_only(client: httpx.Client, here: str, data: Path, provider: Provider) -> None:
    connected(data, here, provider, "Uma")
    path = invitation(data, "Vic")
    refused(client.get(returned(client.post(f"{path}/outside"))), 422, "opens somebody else's account")
    assert "Welcome, Vic" in client.get(path).text, "the link was not used up"


@pytest.mark.slow
@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another client"},
        {"aud": [CLIENT, "another client"]},
        {"azp": "another client"},
        {"iss": "https://another.example"},
        {"exp": -3600},
        {"exp": None},
        {"iat": 3600},
        {"sub": None},
        {"sub": ""},
    ],
    ids=str,
)
def test_a_token_that_is_not_for_us_now_is_refused(
    client: httpx.Client, wren: str, provider: Provider, claims: dict[str, Any]
) -> None:
    now = int(time.time())
    timed = {name: now + value if name in ("exp", "iat") and value else value for name, value in claims.items()}
    with provider.saying(**timed):
        refused(came_in(client), 400, "could not be confirmed")
    assert came_in(client).status_code == 303, "without the fault it is taken"


@pytest.mark.slow
def test_a_token_for_several_is_taken_if_we_are_the_party(client: httpx.Client, wren: str, provider: Provider) -> None:
    with provider.saying(aud=[CLIENT, "another client"], azp=CLIENT):
        assert came_in(client).status_code == 303


@pytest.mark.slow
def test_keys_may_change_but_only_those_published_count(client: httpx.Client, wren: str, provider: Provider) -> None:
    honest = provider.key
    for forged in (rsa(str(honest.kid)), rsa("unpublished")):
        provider.key = forged
        refused(came_in(client), 400, "could not be confirmed")
    provider.key = rsa("two")
    provider.published = [honest, provider.key]
    assert came_in(client).status_code == 303


@pytest.mark.slow
def test_an_answer_counts_in_the_browser_that_asked_and_once(client: httpx.Client, here: str, wren: str) -> None:
    back = returned(client.post("/sign-in/outside", data={"next": ""}))
    held = dict(client.cookies)
    with browser(here) as victim:
        refused(victim.get(back), 400, "not begun in this browser")
        victim.post("/sign-in/outside", data={"next": ""})
        refused(victim.get(back), 400, "not begun in this browser")
    assert client.get(back).status_code == 303
    with browser(here) as again:
        again.cookies.update(held)
        refused(again.get(back), 400, "not begun in this browser")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"state": "another"}, "not begun in this browser"),
        ({"iss": "https://another.example"}, "not signed in by Example Trust"),
        ({"code": ""}, "not signed in by Example Trust"),
        ({"code": "made up"}, "could not be confirmed"),
        ({"error": "access_denied"}, "not signed in by Example Trust"),
    ],
    ids=str,
)
def test_an_answer_that_was_changed_is_refused(
    client: httpx.Client, wren: str, changed: dict[str, str], words: str
) -> None:
    back = httpx.URL(returned(client.post("/sign-in/outside", data={"next": ""})))
    refused(client.get(back.copy_merge_params(changed)), 400, words)


@pytest.mark.slow
def test_a_code_is_worth_nothing_twice_or_in_another_attempt(
    client: httpx.Client, here: str, wren: str, provider: Provider
) -> None:
    used = httpx.URL(returned(client.post("/sign-in/outside", data={"next": ""})))
    client.get(used)
    stolen = httpx.URL(returned(client.post("/sign-in/outside", data={"next": ""})))
    for code in (used.params["code"], stolen.params["code"]):
        with browser(here) as other:
            back = httpx.URL(returned(other.post("/sign-in/outside", data={"next": ""})))
            refused(other.get(back.copy_set_param("code", code)), 400, "could not be confirmed")


@pytest.mark.slow
def test_connecting_needs_the_session_that_began_it(here: str, data: Path, provider: Provider) -> None:
    provider.subject = "seventh"
    with signed_in(here, data, "Bo", Role.FACILITATOR) as bo:
        back = returned(bo.post("/account/outside", data={"current": ""}))
        held = dict(bo.cookies) | {COOKIE: cookie(data, "Cy", Role.FACILITATOR)}
        bo.cookies.clear()
        bo.cookies.update(held)
        assert "Cy" in bo.get("/account").text
        assert "not signed in any more as the one" in bo.get(back).text
        assert "Not connected" in bo.get("/account").text


@pytest.mark.slow
def test_a_forged_request_sets_out_for_nothing(client: httpx.Client, here: str, data: Path) -> None:
    client.headers["Origin"] = "https://evil.example"
    for path in ("/sign-in/outside", f"{invitation(data, 'Dee')}/outside"):
        assert client.post(path, data={"next": ""}).status_code == 403
    with signed_in(here, data, "Eli", Role.FACILITATOR) as eli:
        del eli.headers["X-CSRF"]
        for path in ("/account/outside", "/account/outside/end"):
            assert eli.post(path, data={"current": ""}).status_code == 403
    assert client.get("/sign-in/outside").status_code == 400, "one can't set out by a mere link"


@pytest.mark.slow
def test_a_provider_that_is_away_is_told_plainly(client: httpx.Client, provider: Provider) -> None:
    back = returned(client.post("/sign-in/outside", data={"next": ""}))
    with provider.away():
        refused(client.get(back), 502, "could not reach Example Trust")


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
def test_in_a_browser_without_script_it_is_one_press(here: str, data: Path, provider: Provider, width: int) -> None:
    connected(data, here, provider, "Fay")
    with sync_playwright() as p:
        chromium = p.chromium.launch(executable_path="/usr/bin/chromium", args=ARGS)
        page = opened(chromium, here, width, java_script_enabled=False)
        page.goto("/sign-in?next=/account")
        page.get_by_role("button", name="Sign in with Example Trust").click()
        page.get_by_role("heading", name="Fay").wait_for()
        page.get_by_role("link", name="Change signing in with Example Trust").click()
        page.get_by_role("button", name="Connect another one").click()
        page.get_by_role("heading", name="Fay").wait_for()
        chromium.close()


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
def test_its_pages_are_accessible_and_fit(here: str, data: Path, width: int) -> None:
    secret, path, wrong = cookie(data, "Gil", Role.FACILITATOR), invitation(data, "Hao"), []
    with sync_playwright() as p:
        chromium = p.chromium.launch(executable_path="/usr/bin/chromium", args=ARGS)
        page = opened(chromium, here, width, bypass_csp=True)
        for address in ("/sign-in", path, "/sign-in/outside?state=x", "/account/outside", "/account"):
            if address.startswith("/account"):
                page.context.add_cookies([{"name": COOKIE, "value": secret, "url": here}])
            page.goto(address)
            wrong += [f"{address}: {f}" for f in faults(page)]
            if page.evaluate("document.documentElement.scrollWidth") > width:
                wrong.append(f"{address}: is too wide at {width}")
        chromium.close()
    assert not wrong, "\n".join(wrong)


@pytest.mark.slow
def test_without_a_provider_nothing_of_it_is_there(server: str) -> None:
    with browser(server) as client:
        assert "/sign-in/outside" not in client.get("/sign-in").text
        assert client.post("/sign-in/outside", data={"next": ""}).status_code == 404
        assert client.get("/sign-in/outside").status_code == 404


def settings(issuer: str | None, client: str | None = CLIENT, secret: str | None = SECRET) -> Settings:
    return Settings(oidc_issuer=issuer, oidc_client_id=client, oidc_client_secret=SecretStr(secret) if secret else None)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (settings("https://id.example", secret=None), "only half set up"),
        (settings(None), "only half set up"),
        (settings("http://id.example"), "has to be an https address"),
        (settings("id.example"), "has to be an https address"),
    ],
)
def test_a_set_up_that_is_not_sound_is_told(given: Settings, words: str) -> None:
    assert SECRET not in repr(given)
    with pytest.raises(OutsideError, match=words):
        provider_of(given)


@pytest.mark.parametrize(
    "description",
    [
        {"issuer": "https://another.example"},
        {"authorization_endpoint": "http://id.example/authorize"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": None},
        {"token_endpoint": "https:///token"},
    ],
    ids=str,
)
def test_a_description_that_leads_astray_is_not_followed(provider: Provider, description: dict[str, Any]) -> None:
    ours = provider_of(settings(provider.issuer))
    assert ours is not None
    provider.description = description
    with pytest.raises(ProviderError):
        ours.address(Attempt("sign-in"), "http://127.0.0.1/back")
    provider.description = {}
    assert ours.address(Attempt("sign-in"), "http://127.0.0.1/back").startswith(provider.issuer)


def test_a_provider_that_is_not_there_is_told() -> None:
    ours = provider_of(settings(f"http://127.0.0.1:{free_port()}"))
    assert ours is not None
    with pytest.raises(ProviderError, match="could not reach"):
        ours.address(Attempt("sign-in"), "http://127.0.0.1/back")


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
def test_the_same_person_has_the_same_key_however_the_secret_is_sent(provider: Provider, method: str) -> None:
    ours, attempt, keys = provider_of(settings(provider.issuer)), Attempt("sign-in"), []
    assert ours is not None
    provider.description = {"token_endpoint_auth_methods_supported": [method]}
    for provider.subject in ("one", "one", "another"):
        sent = httpx.get(ours.address(attempt, "http://127.0.0.1/back"), trust_env=False).headers["location"]
        keys.append(ours.identity(attempt, httpx.URL(sent).params["code"], "http://127.0.0.1/back"))
    provider.description = {}
    assert keys[0] == keys[1] != keys[2] and {len(key) for key in keys} == {64}


def test_there_is_none_if_none_is_set() -> None:
    assert provider_of(settings(None, None, None)) is None


def test_an_account_that_only_an_identity_opens_is_ready(tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path / 'record.sqlite'}")
    with engine.begin() as connection:
        person = accounts.create(connection, "Robin", [Role.MAINTAINER])
        assert not accounts.any_ready(connection)
        accounts.connect_outside(connection, person.id, "a" * 64)
        assert accounts.any_ready(connection)
    engine.dispose()
