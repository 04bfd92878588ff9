"""A real server: `childdev serve` in a process of its own, on a free port, over a data folder."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


@contextmanager
def served(data: Path, **environment: str) -> Iterator[str]:
    """Serve a data folder until the block ends; gives the server's address."""
    port = free_port()
    env = {**os.environ, "CHILDDEV_DATA": str(data), "CHILDDEV_PORT": str(port), **environment}
    process = subprocess.Popen([sys.executable, "-m", "childdev", "serve"], env=env, stdout=subprocess.PIPE, text=True)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            if process.poll() is not None:
                raise RuntimeError(f"the server stopped with status {process.returncode}")
            try:
                if httpx.get(f"{address}/healthz", trust_env=False).status_code == 200:
                    break
            except httpx.TransportError:
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.communicate(timeout=20)
