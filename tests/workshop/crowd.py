"""A crowd with browsers: each follows the events on a connection of its own, comes back when it is cut, and sends
commands again until they are answered. Over plain sockets, so that the machine's time goes to the server."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import httpx


class Server:
    """`childdev serve` on a port that stays the same, to be killed and started again."""

    def __init__(self, data: Path, port: int) -> None:
        self.data, self.port, self.address = data, port, f"http://127.0.0.1:{port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        env = {**os.environ, "CHILDDEV_DATA": str(self.data), "CHILDDEV_PORT": str(self.port)}
        command = [sys.executable, "-m", "childdev", "serve"]
        self._process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL)
        for _ in range(1800):
            try:
                if httpx.get(f"{self.address}/healthz", trust_env=False).status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.1)
        raise RuntimeError("the server did not come up")

    def kill(self) -> None:
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        assert self._process is not None
        self._process.terminate()
        self._process.wait(timeout=30)


async def ask(
    port: int, method: str, path: str, cookie: str = "", body: bytes = b"", kind: str = ""
) -> tuple[int, bytes]:
    """One request on a connection of its own; gives status and body, and raises OSError where it is cut."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        head = f"{method} {path} HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\nAccept: application/json\r\n"
        head += f"Cookie: {cookie}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        await writer.drain()
        answer = await reader.read()
    finally:
        writer.close()
    top, _, content = answer.partition(b"\r\n\r\n")
    if not top:
        raise ConnectionResetError("the server went away")
    headers = dict(line.split(b": ", 1) for line in top.split(b"\r\n")[1:])
    length = headers.get(b"content-length")
    if length is not None and len(content) < int(length):
        raise ConnectionResetError("the answer was cut")
    return int(top.split()[1]), content if not headers.get(b"set-cookie") else headers[b"set-cookie"]


class Member:
    """Somebody in the crowd. `seen` maps the id of each command to when its event came."""

    def __init__(self, port: int, code: str) -> None:
        self.port, self.path = port, f"/workshops/{code}"
        self.cookie = ""
        self.sequences: list[int] = []
        self.seen: dict[str, float] = {}
        self.reconnects = 0
        self._raw: list[bytes] = []
        self._writer: asyncio.StreamWriter | None = None
        self._following: asyncio.Task[None] | None = None

    async def join(self, role: str) -> None:
        form = urlencode({"role": role}).encode()
        status, cookie = await ask(
            self.port, "POST", f"{self.path}/join", body=form, kind="application/x-www-form-urlencoded"
        )
        assert status == 303, (status, cookie)
        self.cookie = cookie.split(b";")[0].decode()

    def follow(self) -> None:
        self._following = asyncio.create_task(self._follow())

    async def _follow(self) -> None:
        while True:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                await self._stream()
            self.reconnects += 1
            await asyncio.sleep(0.1)

    async def _stream(self) -> None:
        reader, self._writer = await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 24)
        try:
            last = self.sequences[-1] if self.sequences else 0
            head = f"GET {self.path}/events HTTP/1.0\r\nHost: 127.0.0.1:{self.port}\r\n"
            self._writer.write(f"{head}Cookie: {self.cookie}\r\nLast-Event-ID: {last}\r\n\r\n".encode())
            await reader.readuntil(b"\r\n\r\n")
            while True:
                self._take(await reader.readuntil(b"\n\n"))
        finally:
            self._writer.close()

    def _take(self, block: bytes) -> None:
        if block.startswith(b"id: "):
            at = time.perf_counter()
            first, _, rest = block.partition(b"\n")
            self.sequences.append(int(first[4:]))
            self._raw.append(block)
            start = rest.index(b'"id":"') + 6
            self.seen[rest[start : start + 36].decode()] = at

    def events(self) -> list[dict[str, Any]]:
        """Every event that came, in the order in which it came."""
        return [json.loads(block.split(b"data: ", 1)[1]) for block in self._raw]

    def cut(self) -> None:
        """Cut the connection, as a hall's network does."""
        if self._writer is not None:
            self._writer.transport.abort()

    async def send(self, command: str, id: str | None = None, **fields: Any) -> dict[str, Any]:
        """Send a command until it is answered, always under the same id."""
        body = json.dumps({"id": id or str(uuid4()), "command": command, **fields}).encode()
        while True:
            try:
                status, answer = await ask(
                    self.port, "POST", f"{self.path}/commands", self.cookie, body, "application/json"
                )
            except OSError:
                await asyncio.sleep(0.1)
                continue
            if status not in (429, 503):
                found: dict[str, Any] = json.loads(answer)
                return {"status": status, **found}
            await asyncio.sleep(0.2)

    async def card(self, text: str) -> tuple[str, float]:
        """Put a card; gives its id and when it was sent off."""
        made, at = str(uuid4()), time.perf_counter()
        answer = await self.send("add-card", id=made, card={"kind": "help", "text": text})
        assert answer["status"] == 200, answer
        return made, at

    async def caught_up(self, sequence: int, seconds: float = 60) -> None:
        """Wait until everything up to an event has come."""
        for _ in range(int(seconds * 20)):
            if self.sequences and self.sequences[-1] >= sequence:
                return
            await asyncio.sleep(0.05)
        raise AssertionError(f"only {len(self.sequences)} of {sequence} events came")

    async def leave(self) -> None:
        if self._following is not None:
            self._following.cancel()
            await asyncio.gather(self._following, return_exceptions=True)
