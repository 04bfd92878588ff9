"""The command says plainly what it did, and plainly what is wrong."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from childdev.resources import folder
from tests.counts import claimed, described

PAMPHLET = """
source:pamphlet a cd:Source ;
    <http://www.w3.org/2004/02/skos/core#prefLabel> "A pamphlet"@en-gb ;
    cd:sourceType "guidance" .
"""


def childdev(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "childdev", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "/usr/bin:/bin", **environment},
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(folder("ontology"), tmp_path / "ontology"))


def test_stats_prints_the_counts() -> None:
    lines = dict(line.rsplit(maxsplit=1) for line in childdev("stats").stdout.splitlines() if line[-1].isdigit())
    counted = {name: int(number) for name, number in lines.items()}
    assert counted["things: feature"] == described("Feature") >= 720
    assert counted["links: usually builds on"] == claimed("buildsOn") >= 1300
    assert counted["links: enables"] == claimed("enables")
    assert counted["links: can also grow from"] == claimed("canAlsoGrowFrom") >= 60
    assert counted["things: source"] == described("Source")


def test_stats_prints_the_shares_that_were_read_and_how_far_the_model_reaches() -> None:
    printed = childdev("stats").stdout
    shares = {
        words.strip(): int(percent) for words, percent in re.findall(r"^(.*?)\s+\d+ of \d+ \((\d+) %\)$", printed, re.M)
    }
    assert shares["features that an environment enables"] == 100
    assert shares["features enabled at two levels or more"] >= 50
    assert shares["secondary features with a line to the perinatal stage"] >= 97
    assert shares["agencies that hold an asset"] == 100
    assert shares["read in a source: when features are usually seen"] >= 60
    assert shares["read in a source: what a feature not yet seen may point to"] >= 80


def test_a_strict_check_stops_at_what_is_to_be_mended(copy: Path) -> None:
    assert childdev("check", "--strict").returncode == 0
    file = copy / "sources.ttl"
    file.write_text(file.read_text("utf-8") + PAMPHLET, encoding="utf-8")
    strict = childdev("check", "--model", copy, "--strict")
    assert "note: source 'A pamphlet': is named by nothing in the model." in strict.stdout
    assert strict.returncode == 1 and "to be mended: 1" in strict.stderr


def test_why_explains_in_words() -> None:
    done = childdev("why", "feature/joins-two-words", "restsOn", "feature/first-words-or-signs")
    if done.returncode:
        done = childdev("why", "agency/health-visiting", "canHelpWith", "feature/joins-two-words")
    assert done.returncode == 0 and "as stated" in done.stdout


def test_what_does_not_hold_is_told_in_one_sentence() -> None:
    done = childdev("why", "feature/walks-alone", "restsOn", "feature/reads-for-meaning")
    assert done.returncode == 1
    assert done.stderr.strip() == "The model does not say that feature/walks-alone restsOn feature/reads-for-meaning."


def test_a_broken_file_is_named_with_its_line(copy: Path, tmp_path: Path) -> None:
    file = copy / "needs.ttl"
    file.write_text(file.read_text("utf-8").replace(" ;\n", " ;;;; nonsense\n", 1), encoding="utf-8")
    done = childdev("build", "--model", copy, "--data", tmp_path / "var")
    assert done.returncode == 1
    assert "needs.ttl, line " in done.stderr and "Traceback" not in done.stderr


def test_a_broken_rule_is_named_with_its_place_and_mend(copy: Path, tmp_path: Path) -> None:
    file = copy / "features-motor.ttl"
    text = file.read_text("utf-8")
    start = text.index("cd:everydayWords")
    file.write_text(text[:start] + text[text.index("\n", start) + 1 :].lstrip(), encoding="utf-8")
    done = childdev("build", "--model", copy, "--data", tmp_path / "var")
    assert done.returncode == 1
    assert "features-motor.ttl" in done.stderr and "everyday words" in done.stderr
    assert "https://" not in done.stderr


@pytest.mark.slow
def test_the_last_good_version_is_kept_when_the_model_breaks(copy: Path, built: Path, tmp_path: Path) -> None:
    data = shutil.copytree(built, tmp_path / "var")
    (copy / "needs.ttl").write_text("this is not Turtle")
    assert childdev("build", "--model", copy, "--data", data).returncode == 1
    asked = childdev("query", "what-it-rests-on", "feature=joins-two-words", "--data", data)
    assert asked.returncode == 0 and "Uses several words or signs" in asked.stdout
    assert "is rebuilt" in childdev("rebuild", "--data", data).stdout


def test_a_question_without_a_version_says_what_to_do(tmp_path: Path) -> None:
    done = childdev("query", "what-it-rests-on", "--data", tmp_path / "nothing")
    assert done.returncode == 1 and "run `childdev build` first" in done.stderr


def test_a_taken_port_is_told(tmp_path: Path) -> None:
    import socket

    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        s.listen()
        done = childdev("serve", "--port", s.getsockname()[1], "--data", tmp_path)
    assert done.returncode == 1 and "Choose another with --port" in done.stderr
