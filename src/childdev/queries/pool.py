"""Public SPARQL in processes of its own: deadlines, caps, a bounded queue, and clean errors when a worker dies.

A generation is the processes over one version: a zygote, which has loaded the store and only forks,
and its workers, each of which answers one query at a time. A new version makes a new generation;
the old one goes when its last query is answered.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Coroutine, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from childdev.config import Settings
from childdev.errors import BusyError, QueryError, QueryTimeoutError, QueryTooLargeError, StoreError
from childdev.queries.protocol import Query, Spooled, encode, error_from


class Pool:
    """Answers public queries over a version: a file of N-Quads (in memory) or a folder (a checkpoint on disk).

    `aside` is a file of N-Quads in graphs that only those queries see that name them; `beside` names graphs of the
    source itself that are seen in that way only.

    Nothing starts before `start` or the first query. All methods belong to one event loop.
    """

    def __init__(
        self,
        source: Path,
        settings: Settings,
        public_graphs: Iterable[str],
        aside: Path | None = None,
        beside: Iterable[str] = (),
    ) -> None:
        self._source = source
        self._aside = aside
        self._beside = sorted(beside)
        self._graphs = sorted(public_graphs)
        self._settings = settings
        self._generation: _Generation | None = None
        self._starting = asyncio.Lock()
        self._slots = asyncio.Semaphore(settings.query_workers)
        self._waiting = 0
        self._held = 0
        self._closed = False

    @property
    def fingerprint(self) -> str:
        """What tells this version's data from another's of the same name."""
        found = self._source.stat()
        return f"{found.st_mtime_ns:x}-{found.st_size:x}"

    async def start(self) -> None:
        """Load the version, so that the first query need not wait for it.

        Raises:
            StoreError: the source can't be read.
        """
        try:
            await self._current()
        except _GoneError as e:
            raise StoreError(_DIED) from e

    async def run(self, query: Query) -> Spooled:
        """Answer a query. When this is cancelled, the query is stopped.

        Raises:
            QueryError: it can't be answered; see `childdev.errors` for the kinds.
        """
        settings = self._settings
        if self._slots.locked() and self._waiting >= settings.query_queue:
            raise BusyError(f"Other queries are running and {self._waiting} more wait. Try again in a few seconds.")
        if self._held > settings.query_bytes * (settings.query_workers + settings.query_queue):
            raise BusyError("Too many answers are still being fetched by others. Try again in a few seconds.")
        self._waiting += 1
        try:
            async with asyncio.timeout(settings.query_seconds):
                await self._slots.acquire()
        except TimeoutError as e:
            raise BusyError("Other queries took all the time there was. Try again in a few seconds.") from e
        finally:
            self._waiting -= 1
        try:
            try:
                return await self._attempt(query)
            except _GoneError:
                return await self._attempt(query)
        except _GoneError as e:
            raise StoreError(_DIED) from e
        finally:
            self._slots.release()

    async def switch(self, source: Path, public_graphs: Iterable[str] | None = None, aside: Path | None = None) -> None:
        """Move to another version. Queries that run go on to their end on the old one; none is refused.

        Raises:
            StoreError: the source can't be read. The old version goes on being served.
        """
        graphs = self._graphs if public_graphs is None else sorted(public_graphs)
        try:
            fresh = await _Generation.start(source, self._settings, graphs, aside, self._beside)
        except _GoneError as e:
            raise StoreError(_DIED) from e
        old, self._generation = self._generation, fresh
        self._source, self._graphs, self._aside = source, graphs, aside
        if self._closed:
            await fresh.close()
        if old is not None:
            await old.retire()

    async def close(self) -> None:
        """Stop everything, running queries too."""
        self._closed = True
        async with self._starting:
            if self._generation is not None:
                await self._generation.close()
                self._generation = None

    async def _current(self) -> _Generation:
        async with self._starting:
            if self._closed:
                raise StoreError("The service is stopping.")
            if self._generation is not None and self._generation.gone:
                await self._generation.close()
                self._generation = None
            if self._generation is None:
                self._generation = await _Generation.start(
                    self._source, self._settings, self._graphs, self._aside, self._beside
                )
            return self._generation

    async def _attempt(self, query: Query) -> Spooled:
        generation = await self._current()
        spool = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - lives as long as the answer
        try:
            spool.write(json.dumps(vars(query)).encode())
            spool.seek(0)
            reply = await generation.ask(spool.fileno())
            if "error" in reply:
                raise error_from(reply)
        except BaseException:
            spool.close()
            raise
        length = reply["length"]
        self._held += length

        def let_go() -> None:
            self._held -= length

        return Spooled(spool, reply["media_type"], length, reply["volatile"], let_go)


_DIED = "The process that answers queries died and could not be started again. Look into the log of the service."


class _GoneError(Exception):
    """The zygote is no more."""


@dataclass
class _Worker:
    pid: int
    channel: socket.socket

    def alive(self) -> bool:
        """Whether an idle worker is still there: nothing to read, and no end."""
        try:
            return bool(self.channel.recv(1, socket.MSG_PEEK))
        except BlockingIOError:
            return True
        except OSError:
            return False


class _Generation:
    def __init__(self, process: subprocess.Popen[bytes], control: socket.socket, settings: Settings) -> None:
        self._process = process
        self._control = control
        self._settings = settings
        self._turn = asyncio.Lock()
        self._idle: list[_Worker] = []
        self._busy = 0
        self._retired = False
        self._tasks: set[asyncio.Task[Any]] = set()
        self.gone = False

    @classmethod
    async def start(
        cls, source: Path, settings: Settings, graphs: list[str], aside: Path | None, beside: list[str]
    ) -> _Generation:
        """Start the zygote and wait until it has loaded the source."""
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        with theirs:
            process = await asyncio.to_thread(_spawn, theirs)
        generation = cls(process, ours, settings)
        config = {
            "source": str(source.absolute()),
            "aside": str(aside.absolute()) if aside is not None else None,
            "graphs": graphs,
            "beside": beside,
            "rows": settings.query_rows,
            "memory": settings.query_memory,
            "size": settings.query_bytes,
            "seconds": settings.query_seconds,
        }
        try:
            await asyncio.get_running_loop().sock_sendall(ours, encode(config))
            reply = await _line(ours)
        except BaseException:
            await generation.close()
            raise
        if "ready" not in reply:
            await generation.close()
            raise StoreError(reply["detail"]) if reply else _GoneError
        return generation

    async def ask(self, spool: int) -> dict[str, Any]:
        """Hand a spool file to a worker and wait for its word, or for the deadline."""
        self._busy += 1
        worker: _Worker | None = None
        try:
            worker = await self._take()
            try:
                socket.send_fds(worker.channel, [b"q"], [spool])
                async with asyncio.timeout(self._settings.query_seconds):
                    reply = await _line(worker.channel)
            except TimeoutError as e:
                ending, worker = worker, None
                await self._end(ending)
                seconds = f"{self._settings.query_seconds:g} seconds"
                raise QueryTimeoutError(f"The query was stopped after {seconds}. Ask for less at once.") from e
            except OSError:
                reply = {}
            if reply and not reply.pop("retire"):
                self._idle.append(worker)
                worker = None
            elif reply:
                self._later(self._end(worker))
                worker = None
            else:
                ending, worker = worker, None
                raise self._why(await self._end(ending))
            return reply
        finally:
            if worker is not None:  # cancelled: whoever asked has gone away
                self._later(self._end(worker))
            self._busy -= 1
            if self._retired and not self._busy:
                self._later(self.close())

    async def retire(self) -> None:
        """Take no more queries; close when the last is answered."""
        self._retired = True
        if not self._busy:
            await self.close()

    async def close(self) -> None:
        """End all processes."""
        self.gone = True
        for worker in self._idle:
            worker.channel.close()  # which is what ends it
        self._idle.clear()
        self._control.close()
        # Workers die with the zygote where the system knows how to do that, else at their own limits.
        self._process.kill()
        await asyncio.to_thread(self._process.wait)

    async def _take(self) -> _Worker:
        while True:
            while self._idle:
                worker = self._idle.pop()
                if worker.alive():
                    return worker
                await self._end(worker)
            await asyncio.shield(self._task(self._fork()))

    async def _fork(self) -> None:
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        try:
            with theirs:
                reply = await self._exchange(b"f", [theirs.fileno()])
        except _GoneError:
            ours.close()
            raise
        self._idle.append(_Worker(reply["pid"], ours))

    async def _end(self, worker: _Worker) -> int:
        """Kill a worker if it still lives, and say how it ended: minus the signal, or its code."""
        worker.channel.close()
        reply = await asyncio.shield(self._task(self._exchange(encode({"end": worker.pid}), [])))
        status: int = reply["status"]
        return status

    async def _exchange(self, message: bytes, files: list[int]) -> dict[str, Any]:
        async with self._turn:
            if self.gone:
                raise _GoneError
            try:
                socket.send_fds(self._control, [message], files)
                reply = await _line(self._control)
            except OSError:
                reply = {}
            if not reply:
                self.gone = True
                raise _GoneError
            return reply

    def _why(self, status: int) -> QueryError:
        memory = self._settings.query_memory >> 20
        if status == -signal.SIGXCPU:
            return QueryTimeoutError("The query took more processor time than one may. Ask for less at once.")
        if status in {-signal.SIGSEGV, -signal.SIGBUS, -signal.SIGILL}:
            return QueryError("The query is nested or chained too deeply for the engine. Write it with fewer parts.")
        return QueryTooLargeError(f"The query needs more than the {memory} MB that one may take. Ask for less at once.")

    def _task(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(lambda t: t.cancelled() or t.exception())  # whoever waited may have gone
        return task

    def _later(self, work: Coroutine[Any, Any, Any]) -> None:
        async def quietly() -> None:
            with contextlib.suppress(_GoneError, OSError):
                await work

        self._task(quietly())


def _spawn(stdin: socket.socket) -> subprocess.Popen[bytes]:
    """Start the zygote, which inherits none of the settings, some of which are secret."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("CHILDDEV_")}
    environment["RUST_BACKTRACE"] = "0"  # with it, the engine can hang while it dies for want of memory
    command = [sys.executable, "-P", "-m", "childdev.queries.worker"]
    return subprocess.Popen(command, stdin=stdin.fileno(), stdout=subprocess.DEVNULL, env=environment)  # noqa: S603


async def _line(channel: socket.socket) -> dict[str, Any]:
    """One message, or nothing when the other side has ended."""
    loop, read = asyncio.get_running_loop(), b""
    while not read.endswith(b"\n"):
        try:
            piece = await loop.sock_recv(channel, 1 << 16)
        except ConnectionError:
            return {}
        if not piece:
            return {}
        read += piece
    reply: dict[str, Any] = json.loads(read)
    return reply
