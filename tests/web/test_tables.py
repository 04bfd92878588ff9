"""Tables over HTTP: templates for all, checking and taking in for those who may, nothing kept that is too large."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import openpyxl
import pytest

from childdev.access.policy import Role
from childdev.release.proposals import proposals
from childdev.store.database import connect
from tests.access.people import signed_in
from tests.server import served

pytestmark = pytest.mark.slow
GOOD = (
    "Name,In everyday words,Definition,Domain,Stages,Usually seen from (months),Usually seen by (months),"
    "Usually builds on,Why\n"
    "Sings along,Your child sings with you.,The child joins in with a song.,Communication and language,"
    "Early childhood,18,36,joins-two-words,Seen by us.\n"
)
BAD = GOOD + "Cannot hum,My son Zebedee hums.,The child hums.,Musik,Early childhood,18,36,joins-two-words,x\n"


@pytest.fixture(scope="module")
def address(fresh_data: Path) -> Iterator[str]:
    with served(fresh_data, CHILDDEV_UPLOAD_BYTES=str(1 << 20)) as address:
        yield address


@pytest.fixture(scope="module")
def facilitator(address: str, fresh_data: Path) -> Iterator[httpx.Client]:
    client = signed_in(address, fresh_data, "Ada", Role.FACILITATOR)
    client.headers["Accept"] = "text/html"
    client.follow_redirects = True
    client.timeout = httpx.Timeout(120)
    with client:
        yield client


def stored(data: Path) -> int:
    engine = connect(f"sqlite:///{data / 'record.sqlite'}")
    with engine.begin() as connection:
        count = len(proposals(connection))
    engine.dispose()
    return count


def csrf(client: httpx.Client) -> str:
    found = re.search(r'name="csrf" value="([0-9a-f]+)"', client.get("/tables").text)
    assert found
    return found[1]


def send(client: httpx.Client, data: bytes, name: str = "ours.csv") -> httpx.Response:
    answer = client.post("/tables/check", data={"csrf": csrf(client)}, files={"file": (name, data)})
    for _ in range(60):
        if "looks again every two seconds" not in answer.text:
            return answer
        assert answer.headers["refresh"] == "2"
        answer = client.get(answer.url)
    raise AssertionError("the table was never checked")


def test_anyone_can_take_a_template_and_read_how_it_goes(address: str) -> None:
    with httpx.Client(base_url=address, trust_env=False, timeout=60, headers={"Accept": "text/html"}) as anyone:
        page = anyone.get("/tables")
        assert page.status_code == 200 and "/sign-in?next=/tables" in page.text and 'type="file"' not in page.text
        book = openpyxl.load_workbook(io.BytesIO(anyone.get("/tables/features.xlsx").content))
        assert book.sheetnames == ["Features", "Lists"]
        filled = anyone.get("/tables/agencies.csv?filled=true")
        assert "health-visiting" in filled.text and "attachment" in filled.headers["content-disposition"]
        assert anyone.get("/tables/nothing.xlsx").status_code == 404
        sent = anyone.post("/tables/check", files={"file": ("a.csv", GOOD.encode())})
        assert sent.status_code == 303 and sent.headers["location"].startswith("/sign-in")


def test_a_reviewer_without_that_role_may_not_send_one(address: str, fresh_data: Path) -> None:
    with signed_in(address, fresh_data, "Rosa", Role.DOMAIN_REVIEWER) as reviewer:
        reviewer.headers["Accept"] = "text/html"
        assert "Your role does not send tables" in reviewer.get("/tables").text


def test_a_table_is_checked_returned_and_taken_in_only_when_asked(facilitator: httpx.Client, fresh_data: Path) -> None:
    before = stored(fresh_data)
    page = send(facilitator, BAD.encode())
    assert "1 row can be taken in and 1 row has something to mend." in page.text
    assert "says what is missing or wrong" in page.text and "somebody&#39;s name" in page.text
    assert "Zebedee" not in page.text
    assert page.headers["cache-control"] == "private, no-store"
    sheet = facilitator.get(f"{page.url}/sheet")
    assert "ours%20-%20to%20mend.csv" in sheet.headers["content-disposition"]
    assert "What to mend" in sheet.text
    assert stored(fresh_data) == before
    no_reason = facilitator.post(str(page.url), data={"csrf": csrf(facilitator), "title": "t", "why": " ", "row": "2"})
    assert no_reason.status_code == 422 and "Say why" in no_reason.text
    form = {"csrf": csrf(facilitator), "title": "Songs", "why": "Seen by us all.", "row": "2"}
    taken = facilitator.post(str(page.url), data=form)
    assert taken.status_code == 200 and taken.url.path.startswith("/proposals/")
    assert "Songs" in taken.text and "Sings along" in taken.text
    assert stored(fresh_data) == before + 1
    assert facilitator.get(str(page.url)).status_code == 404


def test_a_table_belongs_to_the_one_who_sent_it(facilitator: httpx.Client, address: str, fresh_data: Path) -> None:
    page = send(facilitator, GOOD.encode())
    with signed_in(address, fresh_data, "Mina", Role.MAINTAINER) as other:
        assert other.get(page.url.path).status_code == 404
        assert other.get(f"{page.url.path}/sheet").status_code == 404
    with httpx.Client(base_url=address, trust_env=False) as anyone:
        assert anyone.get(page.url.path).status_code in (303, 401)


def test_what_is_too_large_is_refused_before_it_is_read(facilitator: httpx.Client) -> None:
    answer = facilitator.post(
        "/tables/check", data={"csrf": csrf(facilitator)}, files={"file": ("a.csv", b"x" * (3 << 20))}
    )
    assert answer.status_code == 413 and "larger than 1 MB" in answer.text


def test_a_hundred_megabytes_of_no_given_length_are_not_taken(facilitator: httpx.Client) -> None:
    secret = csrf(facilitator).encode()

    def body() -> Iterator[bytes]:
        yield b'--b\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n' + secret + b"\r\n"
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
        for _ in range(100):
            yield b"a,b\n" * (1 << 18)

    kind = {"Content-Type": "multipart/form-data; boundary=b"}
    answer = facilitator.post("/tables/check", content=body(), headers=kind)
    assert answer.status_code == 413 and "larger than 1 MB" in answer.text


@pytest.mark.parametrize(
    ("data", "why"),
    [(b"", "The file is empty"), (b"PK\x03\x04rubbish", "damaged"), (b"Dear all", "No row of headings")],
)
def test_what_is_no_table_is_told_on_the_page(facilitator: httpx.Client, data: bytes, why: str) -> None:
    answer = send(facilitator, data)
    assert answer.status_code == 422 and why in answer.text
    assert 'type="file"' in answer.text


def test_nothing_can_be_sent_without_the_secret_of_the_form(facilitator: httpx.Client) -> None:
    file = {"file": ("a.csv", GOOD.encode())}
    assert facilitator.post("/tables/check", files=file, headers={"X-CSRF": ""}).status_code == 403
