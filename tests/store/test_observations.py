"""Figures of areas in the record: a backup carries them, and a process that dies while storing leaves old or new."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from childdev.config import Settings
from childdev.release.build import infer
from childdev.store import backup
from childdev.store import observations as kept
from childdev.store.database import connect

pytestmark = pytest.mark.slow
DIES = """
import os, signal, sys
from childdev.store import observations as kept
from childdev.store.database import connect
from childdev.store.observations import About, Area, Observation
some = [Observation("gld-at-5", "A", 1990 + n, str(1990 + n), 50, 100, 50.0) for n in range(30)]
with connect(sys.argv[1]).begin() as connection:
    kept.add(connection, About("x", "x", "x"), "maintainers", [Area("A", "A")], some)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_death_in_the_midst_leaves_what_was_and_a_backup_carries_it(fresh_data: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{fresh_data / 'record.sqlite'}"
    engine = connect(url)
    before = kept.load(engine).observations
    assert len(before) > 40, "the worked example"
    done = subprocess.run([sys.executable, "-c", DIES, url], env=dict(os.environ), check=False)
    assert done.returncode == -9
    assert kept.load(engine).observations == before
    engine.dispose()
    backup.backup(tmp_path / "all.tar.gz", Settings(data=fresh_data), infer)
    backup.restore(tmp_path / "all.tar.gz", Settings(data=tmp_path / "new"), infer)
    again = connect(f"sqlite:///{tmp_path / 'new' / 'record.sqlite'}")
    assert kept.load(again).observations == before
    again.dispose()
