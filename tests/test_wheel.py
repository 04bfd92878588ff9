"""The wheel carries all that serving needs: model, rules, questions, views, browser libraries."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.counts import described

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.slow
def test_the_wheel_serves_outside_the_checkout(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", tmp_path, ROOT], check=True
    )
    wheel = next(tmp_path.glob("*.whl"))
    with zipfile.ZipFile(wheel) as z:
        names = set(z.namelist())
        z.extractall(tmp_path / "site")
    for wanted in (
        "data/ontology/core.ttl",
        "data/shapes/feature.ttl",
        "data/queries/what-it-rests-on.rq",
        "data/viz/neighbourhood.toml",
        "web/static/vendor/yasgui/yasgui.min.js",
        "web/static/vendor/atkinson/400.woff2",
        "web/templates/base.html",
    ):
        assert f"childdev/{wanted}" in names
    code = "import childdev, sys; assert 'site/childdev' in childdev.__file__; sys.argv = ['childdev', 'stats']; from childdev.cli import app; app()"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path / "site"), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "things: feature" in done.stdout and f" {described('Feature')}\n" in done.stdout


def test_no_registry_is_named_in_the_locks() -> None:
    for name in ("requirements.lock", "package-lock.json"):
        text = (ROOT / name).read_text("utf-8")
        assert '"resolved"' not in text and "index-url" not in text
