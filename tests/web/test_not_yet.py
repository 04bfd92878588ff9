"""“Not there yet?” over HTTP: the whole path without script, and nothing of what was ticked left anywhere."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest
from docx import Document
from icalendar import Calendar

from childdev.errors import TicksError
from childdev.views import sheet_files
from tests.server import free_port

pytestmark = pytest.mark.slow
#: none of these stands anywhere in the model, so that whatever holds one has it from a request
CANARY = "zqcanary"
REVIEW = (datetime.now(UTC).date() + timedelta(weeks=11)).isoformat()
TICKED = {"months": "30", "early": "0", "f.joins-two-words": "not-yet", "f.points-to-share": "not-sure"}
SHARING = {
    "months": "30",
    "f.joins-two-words": "not-yet",
    "f.names-everyday-things": "not-yet",
    "f.points-to-share": "seen",
    "f.looks-through-a-book-with-you": "not-sure",
}
SHEET: dict[str, Any] = {"feature": ["joins-two-words", "says-several-words"], "months": "30", "review": REVIEW}
JUDGES = re.compile(
    r"\b(scor\w*|rank\w*|fail\w*|delay\w*|deficit\w*|abnormal\w*|percentile|out of \d+)\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Quiet:
    """A real server of which all output, files and temporary files can be looked at."""

    client: httpx.Client
    data: Path
    log: Path
    temporary: Path


@pytest.fixture(scope="module")
def quiet(fresh_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Quiet]:
    around = tmp_path_factory.mktemp("quiet")
    log, temporary, port = around / "log", around / "tmp", free_port()
    temporary.mkdir()
    env = {
        **os.environ,
        "CHILDDEV_DATA": str(fresh_data),
        "CHILDDEV_PORT": str(port),
        "TMPDIR": str(temporary),
        "PYTHONUNBUFFERED": "1",  # what is printed is in the log at once
    }
    with log.open("wb") as out:
        process = subprocess.Popen([sys.executable, "-m", "childdev", "serve"], env=env, stdout=out, stderr=out)
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=60) as client:
                client.headers["Accept"] = "text/html"
                for _ in range(600):
                    try:
                        if client.get("/healthz").status_code == 200:
                            break
                    except httpx.TransportError:
                        assert process.poll() is None, log.read_text("utf-8")
                        time.sleep(0.1)
                yield Quiet(client, fresh_data, log, temporary)
        finally:
            process.terminate()
            process.wait(timeout=20)


def words(response: httpx.Response) -> str:
    """What a page says."""
    body = response.text.split("<main", 1)[1].split("</main", 1)[0]
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body)))


def post(quiet: Quiet, step: str, fields: dict[str, Any], status: int = 200) -> httpx.Response:
    response = quiet.client.post(f"/not-yet/{step}", data=fields)
    assert response.status_code == status, (step, response.text[:400])
    assert response.headers["cache-control"] == "no-store"
    return response


def sent(quiet: Quiet, data: bytes, name: str = "kept.docx") -> httpx.Response:
    return quiet.client.post("/not-yet/sheet/next", files={"kept": (name, data)})


def every_page(quiet: Quiet) -> dict[str, httpx.Response]:
    """A page of each kind, and what refuses."""
    early = {"years": "", "months": "9", "early": "9"}
    return {
        "start": quiet.client.get("/not-yet"),
        "refused age": post(quiet, "features", {"years": "", "months": ""}, 422),
        "features": post(quiet, "features", {"years": "2", "months": "6"}),
        "born early": post(quiet, "features", early),
        "answer": post(quiet, "answer", TICKED),
        "nothing ticked": post(quiet, "answer", {"months": "30"}),
        "several share": post(quiet, "answer", SHARING),
        "born early, answer": post(quiet, "answer", {"months": "9", "early": "9", "f.sits-without-support": "not-yet"}),
        "sheet": post(quiet, "sheet", SHEET),
        "again": post(quiet, "sheet", {**SHEET, "again": "yes"}),
        "no sheet": sent(quiet, b"no sheet"),
        "group": quiet.client.get("/not-yet/group"),
        "group too small": post(quiet, "group/features", {"years": "3", "size": "9"}, 422),
        "group features": post(quiet, "group/features", {"years": "3", "size": "24"}),
        "group answer": post(
            quiet, "group/answer", {"months": "36", "size": "24", "n.joins-two-words": "13", "n.uses-toilet": "3"}
        ),
        "no age": post(quiet, "answer", {"early": "0"}, 400),
        "no size": post(quiet, "group/answer", {"months": "36"}, 422),
        "group wrong": post(quiet, "group/answer", {"months": "36", "size": "24", "n.joins-two-words": "25"}, 422),
    }


@pytest.fixture(scope="module")
def pages(quiet: Quiet) -> dict[str, httpx.Response]:
    return every_page(quiet)


# ---------------------------------------------------------------- what every page says


def test_every_page_says_what_it_is_not_and_where_to_turn(pages: dict[str, httpx.Response]) -> None:
    assert len(pages) == 18
    for name, page in pages.items():
        said = words(page)
        assert re.search(r"not a screening instrument,? (and )?not a medical device", said), name
        for route in ("999", "111", "0808 800 5000", "0800 1111", "children's social care", "loses something"):
            assert route in said, (name, route)
        assert page.headers["cache-control"] == "no-store", name
        assert 'name="referrer" content="no-referrer"' in page.text and "noindex" in page.text, name


def test_no_page_scores_ranks_or_judges(pages: dict[str, httpx.Response]) -> None:
    for name, page in pages.items():
        assert not JUDGES.search(words(page)), (name, JUDGES.search(words(page)))
        assert "%" not in words(page), name


# ---------------------------------------------------------------- nothing is left


def states(folder: Path) -> dict[str, str]:
    return {
        str(f.relative_to(folder)): hashlib.sha256(f.read_bytes()).hexdigest() for f in folder.rglob("*") if f.is_file()
    }


def test_nothing_of_what_is_sent_is_left_anywhere(quiet: Quiet) -> None:
    before, log_before = states(quiet.data), quiet.log.read_bytes()
    unusual = {"months": "197", "early": "13", f"f.{CANARY}": "not-yet", "f.joins-two-words": "not-yet"}
    answers = [
        post(quiet, "features", {"years": "16", "months": "5", "early": "13", "aspect": CANARY}),
        post(quiet, "features", {"years": CANARY, "months": "197"}, 422),
        post(quiet, "answer", {**unusual, "name": CANARY}),
        post(quiet, "answer", {"months": CANARY}, 400),
        post(quiet, "pieces", {**unusual, "aspect": "talk"}),
        post(quiet, "sheet", {"feature": ["joins-two-words", CANARY], "months": "197", "review": REVIEW}),
        post(quiet, "sheet", {"feature": "joins-two-words", "review": CANARY}, 400),
        post(quiet, "sheet.docx", {"feature": "joins-two-words", "months": "197", "review": REVIEW}),
        post(quiet, "sheet.ics", {"review": REVIEW, "note": CANARY}),
        sent(quiet, kept(quiet, written=CANARY), f"{CANARY}.docx"),
        sent(quiet, CANARY.encode() * (1 << 18), f"{CANARY}.docx"),
        post(quiet, "group/features", {"years": "16", "months": "5", "size": "173"}),
        post(quiet, "group/answer", {"months": "197", "size": "173", f"n.{CANARY}": "19", "n.joins-two-words": "19"}),
        post(quiet, "group/answer", {"months": "197", "size": "173", "n.joins-two-words": CANARY}, 422),
    ]
    for body in (
        {"months": 197, "weeks_early": 13, "not_yet": ["joins-two-words"]},
        {"months": 197, "not_yet": [CANARY]},
        {"months": CANARY, "not_yet": []},
        {"months": 197, "not_yet": [], CANARY: CANARY},
    ):
        answers.append(quiet.client.post("/api/v1/not-yet", json=body))
    assert len(answers) == 18
    for answer in answers:
        told = f"{answer.url} {answer.headers}"
        assert not re.search(rf"{CANARY}|197|173|{REVIEW}|\?", told), told
        assert "set-cookie" not in answer.headers and not answer.history
        assert CANARY not in answer.text
    assert not quiet.client.cookies
    assert quiet.log.read_bytes() == log_before
    assert states(quiet.data) == before
    for file in quiet.temporary.rglob("*"):
        assert not file.is_file() or CANARY.encode() not in file.read_bytes()


# ---------------------------------------------------------------- the path, without script


def hidden(page: httpx.Response, action: str) -> dict[str, Any]:
    """What a form of a page carries along."""
    form = page.text.split(f'action="{action}"', 1)[1].split("</form>", 1)[0]
    found: dict[str, Any] = {}
    for name, value in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form):
        found.setdefault(name, []).append(value)
    return found


def test_from_an_age_to_a_sheet_and_the_next_cycle(quiet: Quiet) -> None:
    start = quiet.client.get("/not-yet")
    assert 'action="/not-yet/features"' in start.text
    asked = post(quiet, "features", {"years": "2", "months": "6"})
    assert "usually seen around 30 months" in words(asked) and 'id="joins-two-words.not-yet"' in asked.text
    ticks = {"f.joins-two-words": "not-yet", "f.points-to-share": "not-sure", "f.says-several-words": "seen"}
    answer = post(quiet, "answer", {**hidden(asked, "/not-yet/answer"), **ticks})
    said = words(answer)
    for wanted in ("A home full of talk", "Health visiting", "There for everyone", "established", "never a diagnosis"):
        assert wanted in said
    assert "You were not sure about this one" in said and "Uses several words or signs" not in said.split("Who can")[0]
    sheet = post(quiet, "sheet", {**hidden(answer, "/not-yet/sheet"), "review": REVIEW})
    day = date.fromisoformat(REVIEW)
    assert f"We look again on {day.day} {day:%B %Y}" in words(sheet)
    for step in ("1. Assess", "2. Plan", "3. Do", "4. Review", "What we can draw on", "How we talk"):
        assert step in words(sheet)
    document = post(quiet, "sheet.docx", hidden(sheet, "/not-yet/sheet.docx"))
    assert "attachment" in document.headers["content-disposition"]
    again = sent(quiet, document.content)
    assert again.status_code == 200 and again.headers["cache-control"] == "no-store"
    assert "once more" in words(again) and "What has changed with “Joins two words”?" in words(again)


def test_a_baby_born_early_is_asked_about_by_the_age_from_the_due_day(quiet: Quiet) -> None:
    asked = words(post(quiet, "features", {"months": "8", "early": "9"}))
    assert "around 6 months" in asked and "the age is 6 months" in asked and "8 months" not in asked
    answer = words(post(quiet, "answer", {"months": "8", "early": "9", "f.sits-without-support": "not-yet"}))
    assert "at about 6 months , counted from the day the baby was due" in answer.replace("months,", "months ,")
    older = words(post(quiet, "features", {"years": "2", "early": "9"}))
    assert "around 24 months" in older and "born early" not in older
    assert "around birth or a little before" in words(post(quiet, "features", {"months": "1", "early": "12"}))


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"years": "", "months": ""}, "Say how old the child is"),
        ({"years": "two", "months": ""}, "whole numbers"),
        ({"years": "19", "months": "6"}, "up to 18 years"),
        ({"years": "0", "months": "5", "early": "30"}, "up to 18 weeks early"),
    ],
)
def test_an_age_that_can_not_be_taken_is_explained(quiet: Quiet, fields: dict[str, str], told: str) -> None:
    page = post(quiet, "features", fields, 422)
    assert told in words(page) and 'role="alert"' in page.text


def test_who_comes_to_a_later_step_without_what_was_sent_begins_again(quiet: Quiet) -> None:
    for step in ("features", "answer", "pieces", "sheet", "sheet.docx", "sheet.ics", "sheet/next"):
        response = quiet.client.get(f"/not-yet/{step}")
        assert (response.status_code, response.headers["location"]) == (303, "/not-yet")
    assert quiet.client.get("/not-yet/group/answer").headers["location"] == "/not-yet/group"
    assert quiet.client.get("/not-yet/nothing").status_code == 404


def test_a_choice_of_aspects_asks_about_these_alone(quiet: Quiet) -> None:
    asked = words(post(quiet, "features", {"months": "30", "aspect": "talk"}))
    assert "Talk and text" in asked and "More: body" not in asked


# ---------------------------------------------------------------- files


def kept(quiet: Quiet, written: str = "") -> bytes:
    """A sheet as a team keeps it, with something written on it."""
    made = Document(io.BytesIO(post(quiet, "sheet.docx", SHEET).content))
    made.add_paragraph(written or "What we saw this week.")
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def test_the_document_says_what_the_page_says_and_comes_back_when_written_on(quiet: Quiet) -> None:
    made = Document(io.BytesIO(post(quiet, "sheet.docx", SHEET).content))
    text = "\n".join(p.text for p in made.paragraphs)
    page = words(post(quiet, "sheet", SHEET))
    for wanted in ("Joins two words", "Assess", "Review", "Mutuality", "not a medical device"):
        assert wanted in text and wanted in page
    for route in ("999", "111", "0808 800 5000", "0800 1111"):
        assert route in text
    assert (made.core_properties.author, made.core_properties.comments) == ("", "")
    questions = re.findall(r'<div class="ask"><p>([^<]+)</p>', quiet.client.post("/not-yet/sheet", data=SHEET).text)
    assert len(questions) > 15 and all(unescape(q) in text for q in questions[:-1])
    again = sent(quiet, kept(quiet))
    assert again.status_code == 200 and "Uses several words or signs" in words(again)
    assert "What we saw this week" not in again.text


def zipped(name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return out.getvalue()


def test_what_is_no_sheet_is_refused_with_the_reason(quiet: Quiet) -> None:
    plain = io.BytesIO()
    Document().save(plain)
    codes = '<features xmlns="https://w3id.org/childdev/def/sheet">{}</features>'
    for data, told in (
        (b"", "not a sheet that was made here"),
        (b"hello", "not a sheet that was made here"),
        (plain.getvalue(), "not a sheet that was made here"),
        (zipped("customXml/item2.xml", b"0" * (200 << 20)), "not a sheet that was made here"),
        (zipped("customXml/item2.xml", b"<!DOCTYPE x [<!ENTITY a 'b'>]><features>&a;</features>"), "not a sheet"),
        (zipped("customXml/item2.xml", codes.format("no-such-feature").encode()), "no longer described here"),
        (b"x" * (6 << 20), "larger than 5 MB"),
    ):
        response = sent(quiet, data)
        assert response.status_code == 422 and told in words(response), told
        assert response.headers["cache-control"] == "no-store" and 'role="alert"' in response.text
    for content, headers in ((b"", {}), (b"a=b", {"Content-Type": "multipart/form-data; boundary=x"})):
        response = quiet.client.post("/not-yet/sheet/next", content=content, headers=headers)
        assert response.status_code == 422 and re.search("No file was sent|came through damaged", words(response))


def test_a_damaged_sheet_is_never_more_than_refused(quiet: Quiet) -> None:
    whole = kept(quiet)
    assert sheet_files.codes(whole) == ["says-several-words", "joins-two-words"] or len(sheet_files.codes(whole)) == 2
    for at in range(0, len(whole), len(whole) // 60):
        try:
            assert set(sheet_files.codes(whole[:at] + b"\xff\x00" + whole[at + 2 :])) <= {*SHEET["feature"]}
        except TicksError as e:
            assert "not a sheet" in str(e)


def test_the_day_of_the_review_goes_into_a_calendar_with_nothing_about_a_child(quiet: Quiet) -> None:
    response = post(quiet, "sheet.ics", {"review": REVIEW, "feature": "joins-two-words", "months": "30"})
    assert response.headers["content-type"].startswith("text/calendar")
    (event,) = Calendar.from_ical(response.content).walk("VEVENT")
    assert event.decoded("dtstart") == date.fromisoformat(REVIEW)
    assert event["summary"] == "Look again together (review)" and event["uid"].endswith("@childdev")
    assert "joins" not in response.text.lower() and "30 months" not in response.text
    for day in ("2020-01-01", "2099-01-01", "soon"):
        assert quiet.client.post("/not-yet/sheet.ics", data={"review": day}).status_code == 400


# ---------------------------------------------------------------- groups


def test_a_group_is_answered_without_numbers_of_children(quiet: Quiet) -> None:
    counts = {
        "n.joins-two-words": "13",
        "n.uses-toilet": "3",
        "n.begins-to-run-and-kick": "24",
        "n.points-to-share": "0",
    }
    page = post(quiet, "group/answer", {"months": "36", "size": "24", **counts})
    said = words(page)
    assert "for about half of the group" in said and "for most of the group" in said
    assert (
        "Not there yet for a few" in said and "Points to show interest" not in said.split("Not there yet for a few")[1]
    )
    assert not re.search(r"\b(3|13|24) (children|of)\b", said) and "In the setting" in said


def test_small_groups_and_wrong_numbers_are_refused_with_the_reason(quiet: Quiet) -> None:
    assert "10 to 500 children" in words(post(quiet, "group/features", {"years": "3", "size": "9"}, 422))
    assert "as a number" in words(post(quiet, "group/features", {"years": "3", "size": ""}, 422))
    fields = {"months": "36", "size": "24"}
    assert "above the size" in words(post(quiet, "group/answer", {**fields, "n.joins-two-words": "25"}, 422))
    assert "whole numbers" in words(post(quiet, "group/answer", {**fields, "n.joins-two-words": "many"}, 422))
    post(quiet, "group/answer", {**fields, "size": "9", "n.joins-two-words": "7"}, 422)


# ---------------------------------------------------------------- REST


def ask(quiet: Quiet, **body: Any) -> httpx.Response:
    return quiet.client.post("/api/v1/not-yet", json=body, headers={"Accept": "application/json"})


def test_the_api_says_the_same_as_the_page_in_the_same_order(quiet: Quiet) -> None:
    ticks = {k[2:]: v for k, v in SHARING.items() if k.startswith("f.")}
    lists = {
        word.replace("-", "_"): [f for f, v in ticks.items() if v == word] for word in ("seen", "not-yet", "not-sure")
    }
    response = ask(quiet, months=30, **lists)
    assert response.status_code == 200 and response.headers["cache-control"] == "no-store"
    data, page = response.json()["data"], post(quiet, "answer", SHARING).text
    assert "Not a screening instrument, not a medical device, never a diagnosis" in data["is"]
    parts = re.findall(r'data-feature="([^"]+)"', page)
    assert [p["iri"].rsplit("/", 1)[-1] for p in data["not_yet"]] == parts and len(parts) == 2
    (shared,) = data["look_first"]
    assert shared["label"] == "Uses several words or signs" and len(shared["grows_into"]) == 2
    assert page.index('data-root="says-several-words"') < page.index("One by one")
    said = unescape(page)
    helpers = [a["label"] for group in data["who_can_help"] for a in group["agencies"]]
    assert len(helpers) > 5 and [said.index(f">{h}</a></div>") for h in helpers] == sorted(
        said.index(f">{h}</a></div>") for h in helpers
    )
    for part in data["not_yet"]:
        for link in [*part["look_first"], *(x for place in part["helps_now"] for x in place["what"])]:
            assert link["label"] in said and link["evidence"]["strength"] and link["evidence"]["claim"] in page
    assert quiet.client.get(data["not_yet"][0]["helps_now"][0]["what"][0]["evidence"]["claim"]).status_code == 200
    assert [u["label"] for u in data["not_sure"]] == ["Looks through a book with you"]


def test_the_api_knows_before_within_and_after_usual_ages(quiet: Quiet) -> None:
    for months, when in ((6, "before"), (24, "within"), (60, "after")):
        (part,) = ask(quiet, months=months, not_yet=["joins-two-words"]).json()["data"]["not_yet"]
        assert part["this_age_is"] == when
    assert ask(quiet, months=8, weeks_early=9, not_yet=[]).json()["data"]["age"] == {"months": 8, "counted": 6}


def test_the_example_of_the_guide_is_answered(quiet: Quiet) -> None:
    guide = (Path(__file__).resolve().parents[2] / "docs/guides/not-there-yet.md").read_text("utf-8")
    (example,) = re.findall(r"-d '(\{.*\})'", guide)
    data = ask(quiet, **json.loads(example)).json()["data"]
    assert {part["label"] for part in data["not_yet"]} == {"Joins two words"}
    assert all(f"`{key}`" in guide for key in data if key in ("is", "look_first", "not_yet"))


@pytest.mark.parametrize(
    ("body", "status", "told"),
    [
        ({"months": 30, "not_yet": [CANARY]}, 400, "not that of a feature"),
        ({"months": CANARY, "not_yet": []}, 422, "months: "),
        ({"months": 9173, "not_yet": []}, 422, "months: "),
        ({"months": 30, "not_yet": [], CANARY: 1}, 422, "request: "),
        ({"months": 30, "not_yet": [f"{CANARY}{n}" for n in range(401)]}, 422, "not_yet: "),
        ({"months": 30, "not_yet": ["joins-two-words"], "seen": ["joins-two-words"]}, 400, "named twice"),
        ([CANARY], 422, "request: "),
    ],
)
def test_a_problem_of_the_api_says_what_is_wrong_and_repeats_nothing(
    quiet: Quiet, body: Any, status: int, told: str
) -> None:
    response = quiet.client.post("/api/v1/not-yet", json=body, headers={"Accept": "application/json"})
    assert response.status_code == status and response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert {"type", "title", "status", "detail"} <= set(problem) and told in problem["detail"]
    assert not re.search(f"{CANARY}|9173|joins-two", response.text) and response.headers["cache-control"] == "no-store"


def test_what_is_not_json_or_too_much_is_a_problem_too(quiet: Quiet) -> None:
    kind = {"Content-Type": "application/json", "Accept": "application/json"}
    for content, headers, status in (
        (b"months=30", {"Content-Type": "text/plain", "Accept": "application/json"}, 415),
        (CANARY.encode() + b"{", kind, 422),
        (b"[" + b"1," * (200 << 10) + b"1]", kind, 413),
    ):
        response = quiet.client.post("/api/v1/not-yet", content=content, headers=headers)
        assert response.status_code == status and response.headers["content-type"] == "application/problem+json"
        assert CANARY not in response.text


def test_the_api_is_described(quiet: Quiet) -> None:
    described = quiet.client.get("/api/v1/openapi.json").json()["paths"]["/api/v1/not-yet"]
    assert set(described) == {"post"} and described["post"]["summary"].startswith("Not there yet?")
    properties = described["post"]["requestBody"]["content"]["application/json"]["schema"]["properties"]
    assert set(properties) == {"months", "weeks_early", "not_yet", "seen", "not_sure"}
