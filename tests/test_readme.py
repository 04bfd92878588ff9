"""The examples of the README and of the guide to analysis run as they stand there, but for the server's address."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
BLOCKS = re.findall(r"```(bash|python)\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)


def test_there_are_examples() -> None:
    assert [kind for kind, _ in BLOCKS] == ["bash", "bash", "bash", "python", "python"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("number", "wanted"),
    [
        (0, "Uses several words or signs"),
        (1, '"sentence"'),
        (2, "feature:joins-two-words"),
        (3, "Grows well before birth"),
        (4, "https://w3id.org/childdev/id/domain/"),
    ],
)
def test_an_example_does_what_it_says(server: str, number: int, wanted: str) -> None:
    kind, code = BLOCKS[number]
    code = code.replace("http://127.0.0.1:8000", server)
    command = ["bash", "-ec", code] if kind == "bash" else [sys.executable, "-W", "ignore", "-c", code]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={"PATH": "/usr/bin:/bin", "NO_PROXY": "*"}
    )
    assert done.returncode == 0, done.stderr
    assert wanted in done.stdout


ANALYSIS = re.findall(r"```python\n(.*?)```", (ROOT / "docs/analysis.md").read_text("utf-8"), re.DOTALL)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("number", "wanted"),
    [
        (0, "first seen at secondary age"),
        (1, "buildsOn"),
        (2, "Songs, play and outings at home"),
        (3, "one-holder"),
        (4, "Is welcomed and cared for from the start | still helped by"),
    ],
)
def test_an_example_of_analysis_does_what_it_says(number: int, wanted: str) -> None:
    done = subprocess.run([sys.executable, "-c", ANALYSIS[number]], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert wanted in done.stdout
