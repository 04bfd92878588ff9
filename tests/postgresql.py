"""A real PostgreSQL: Debian's server over a temporary folder, on a spare port, stopped and removed at the end."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg

from tests.server import free_port

_NUMBERS = count()


def programs() -> Path | None:
    """The folder of the server's programs, or None where it is not installed."""
    if (found := shutil.which("initdb")) is not None:
        return Path(found).parent
    return max((f.parent for f in Path("/usr/lib/postgresql").glob("*/bin/initdb")), default=None)


@contextmanager
def running() -> Iterator[str]:
    """Run a server until the block ends; gives the address of its first database."""
    folder, port, bin_ = Path(tempfile.mkdtemp(prefix="pg-")), free_port(), programs()
    assert bin_ is not None
    who: dict[str, object] = {}
    if os.getuid() == 0:  # the server refuses to be run by root
        user = pwd.getpwnam("postgres")
        os.chown(folder, user.pw_uid, user.pw_gid)
        who = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    try:
        subprocess.run(
            [bin_ / "initdb", "-D", folder / "data", "-U", "childdev", "-A", "trust", "-E", "UTF8", "--no-locale"],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=folder,
            **who,  # type: ignore[call-overload]
        )
        log = (folder / "log").open("wb")
        server = subprocess.Popen(
            [bin_ / "postgres", "-D", folder / "data", "-p", str(port), "-k", folder, "-h", "127.0.0.1", "-B", "32MB"],
            cwd=folder,
            stdout=log,
            stderr=log,
            **who,  # type: ignore[call-overload]
        )
        try:
            _await(f"postgresql://childdev@127.0.0.1:{port}/postgres", server)
            yield f"postgresql+psycopg://childdev@127.0.0.1:{port}/postgres"
        finally:
            server.send_signal(signal.SIGQUIT)  # at once; what it holds is thrown away
            server.wait(timeout=30)
            log.close()
    finally:
        shutil.rmtree(folder)


def fresh(server: str) -> str:
    """The address of a new, empty database of a running server."""
    name = f"t{next(_NUMBERS)}"
    with psycopg.connect(server.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # type: ignore[call-overload]
    return f"{server.rpartition('/')[0]}/{name}"


def _await(address: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        assert server.poll() is None, "PostgreSQL stopped as soon as it was started"
        try:
            psycopg.connect(address).close()
            return
        except psycopg.OperationalError:
            time.sleep(0.1)
    raise RuntimeError("PostgreSQL did not start in 30 seconds")
