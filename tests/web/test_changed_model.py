"""An edit of the Turtle, as a maintainer makes it: published at the next start, or told what is wrong with it."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from childdev.resources import folder
from tests.counts import described, released
from tests.server import served

pytestmark = pytest.mark.slow
RETIRED = """
<https://w3id.org/childdev/id/feature/walks-alone> <http://www.w3.org/2002/07/owl#deprecated> true ;
    <http://purl.org/dc/terms/isReplacedBy> <https://w3id.org/childdev/id/feature/takes-first-steps> .
"""


@pytest.fixture(scope="module")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(folder("ontology"), tmp_path_factory.mktemp("changed") / "ontology"))


@pytest.fixture(scope="module")
def data(fresh_data: Path) -> Path:
    """A data folder with the model as it is."""
    return fresh_data


def build(model: Path, data: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "childdev", "build", "--model", model, "--data", data],
        capture_output=True,
        text=True,
        check=False,
    )


def get(address: str, path: str) -> httpx.Response:
    return httpx.get(address + path, headers={"Accept": "text/html"}, trust_env=False, follow_redirects=True)


def test_a_retired_thing_keeps_its_page_and_names_its_successor(model_folder: Path, data: Path) -> None:
    file = model_folder / "features-motor.ttl"
    before = file.read_text("utf-8")
    file.write_text(before + RETIRED, encoding="utf-8")
    with served(data, CHILDDEV_MODEL=str(model_folder)) as address:
        page = get(address, "/id/feature/walks-alone")
        assert (
            page.status_code == 200 and "It was replaced by" in page.text and "/feature/takes-first-steps" in page.text
        )
        assert f"Model version {released()}.1" in page.text
        asked = httpx.get(
            address + "/sparql",
            params={
                "query": "ASK { <https://w3id.org/childdev/id/feature/walks-alone> <http://www.w3.org/2002/07/owl#deprecated> true }"
            },
            trust_env=False,
        )
        assert asked.json()["boolean"] is True
    file.write_text(before, encoding="utf-8")
    assert f"{released()}.2 is built" in build(model_folder, data).stdout


def test_a_broken_model_is_told_and_the_last_good_version_served(model_folder: Path, data: Path) -> None:
    file = model_folder / "features-motor.ttl"
    before = file.read_text("utf-8")
    file.write_text(before.replace("cd:typicalToMonths", "cd:typicalTillMonths", 1), encoding="utf-8")
    told = build(model_folder, data)
    assert told.returncode == 1
    assert "features-motor.ttl" in told.stderr and "does not say by what age" in told.stderr
    with served(data, CHILDDEV_MODEL=str(model_folder)) as address:
        assert get(address, "/feature/walks-alone").status_code == 200
    file.write_text(before, encoding="utf-8")


def test_a_server_killed_while_it_publishes_starts_again(model_folder: Path, data: Path) -> None:
    file = model_folder / "features-motor.ttl"
    before = file.read_text("utf-8")
    choose = random.Random(5)
    for attempt in range(3):
        file.write_text(before.replace("Walks alone", f"Walks alone {attempt}"), encoding="utf-8")
        command = [
            sys.executable,
            "-m",
            "childdev",
            "serve",
            "--port",
            "0",
            "--model",
            str(model_folder),
            "--data",
            str(data),
        ]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(choose.uniform(3, 12))
        process.send_signal(signal.SIGKILL)
        process.wait()
    with served(data, CHILDDEV_MODEL=str(model_folder)) as address:
        assert "Walks alone 2" in get(address, "/feature/walks-alone").text
        count = httpx.get(
            address + "/sparql",
            params={"query": "SELECT (COUNT(*) AS ?n) { ?f a <https://w3id.org/childdev/def/Feature> }"},
            trust_env=False,
        )
        assert count.json()["results"]["bindings"][0]["n"]["value"] == str(described("Feature"))
    file.write_text(before, encoding="utf-8")
