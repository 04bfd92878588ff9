"""The processes that answer public SPARQL: `python -m childdev.queries.worker`, started by the pool.

The first process loads the store and then only forks, so that a worker that had to be killed is
replaced in milliseconds. It is one thread with nothing running, which is what makes the fork safe.
A worker takes one query after another: a file descriptor comes in over its socket, holding the
query; the answer goes into the same file, and one line says how it went. The pool kills a worker
from outside at the deadline, because nothing inside can interrupt the engine. Everything else that
a query could do to its machine is limited here by the system: memory, processor time, the size of
the answer, new files and sockets.
"""

from __future__ import annotations

import contextlib
import csv
import ctypes
import io
import json
import math
import os
import re
import resource
import signal
import socket
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from pyoxigraph import (
    NamedNode,
    Quad,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    Triple,
    parse,
    parse_query_results,
    serialize,
)

from childdev import memory
from childdev.errors import ChilddevError, QueryError, QuerySyntaxError, QueryTooLargeError
from childdev.model.iris import CATALOGUE, PREFIXES
from childdev.queries import guard
from childdev.queries.protocol import NotOfferedError, encode, error_to

_BINDINGS = {
    "application/sparql-results+json": QueryResultsFormat.JSON,
    "application/json": QueryResultsFormat.JSON,
    "application/sparql-results+xml": QueryResultsFormat.XML,
    "application/xml": QueryResultsFormat.XML,
    "text/xml": QueryResultsFormat.XML,
    "text/csv": QueryResultsFormat.CSV,
    "text/tab-separated-values": QueryResultsFormat.TSV,
}
_GRAPHS = {
    "text/turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/rdf+xml": RdfFormat.RDF_XML,
    "application/ld+json": RdfFormat.JSON_LD,
    "text/n3": RdfFormat.N3,
}
_PAGE = "Ask for less, or page with LIMIT and OFFSET."
#: a worker that has grown by this many bytes gives way to a fresh one
_GROWTH = 64 << 20
_PR_SET_PDEATHSIG = 1
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000


class Engine:
    """A store and the limits within which it answers. Sizes are in bytes, times in seconds."""

    def __init__(
        self,
        store: Store,
        graphs: Iterable[str],
        rows: int,
        memory: int,
        size: int,
        seconds: float,
        aside: Sequence[Quad] = (),
        beside: Iterable[str] = (),
    ) -> None:
        self._store = store
        self._aside = aside
        self._statm = _open_statm()
        self._graphs = frozenset(graphs)
        self._rows, self._memory, self._size, self._seconds = rows, memory, size, seconds
        held = {g.value for g in store.named_graphs() if isinstance(g, NamedNode)}
        public = [NamedNode(g) for g in sorted(self._graphs)]
        # The engine is several times faster over "all graphs" than over a list of the same graphs.
        whole = held <= self._graphs | {CATALOGUE.value}
        default: dict[str, Any] = {"use_default_graph_as_union": True} if whole else {"default_graph": public}
        named = [*public, *map(NamedNode, beside)]
        self._published = default if held <= self._graphs else {**default, "named_graphs": named}
        names = sorted({q.graph_name.value for q in aside if isinstance(q.graph_name, NamedNode)})
        self._with_aside = {"default_graph": public, "named_graphs": [*public, *map(NamedNode, names)]}
        #: what a query has to say somewhere if it names a graph that lies aside
        self._hints = [name.rsplit("/", 1)[-1] for name in names]
        self._graphs |= frozenset(names) | frozenset(beside)
        self._only_public = {} if held <= self._graphs else {"named_graphs": public}

    def answer(self, request: dict[str, Any], spool: io.FileIO) -> dict[str, Any]:
        """Answer a query into `spool`. Returns the media type, the length and whether it is volatile.

        Raises:
            QueryError: it can't be answered; says why.
        """
        checked = guard.check(request["text"], self._graphs)
        default, named = request["default_graphs"], request["named_graphs"]
        guard.refuse_unknown([*(default or ()), *(named or ())], self._graphs)
        media_type = request["graph" if checked.gives_graph else "bindings"]
        if media_type is None:
            raise NotOfferedError(checked.gives_graph)
        aside = any(hint in f"{checked.text} {default} {named}" for hint in self._hints)
        if default is not None or named is not None:
            dataset = {"default_graph": _nodes(default), "named_graphs": _nodes(named)}
        elif checked.has_dataset:
            dataset = {}
        else:
            dataset = self._with_aside if aside else self._published
        with self._limits():
            try:
                with self._fetched(aside):
                    self._run(checked, dataset, media_type, spool)
            except SyntaxError as e:
                raise _syntax_error(str(e), moved=checked.text != request["text"]) from e
            except MemoryError as e:
                most = f"{max(1, self._memory >> 20)} MB"
                raise QueryTooLargeError(
                    f"The query needs more than the {most} that one may take. Ask for less."
                ) from e
            except OSError as e:
                if spool.tell() < self._size:
                    raise QueryError(f"The engine can't answer this query: {e}.") from e
                raise QueryTooLargeError(f"The answer is larger than {self._size >> 10} kB. {_PAGE}") from e
            except (ValueError, RuntimeError) as e:
                raise QueryError(f"The engine can't answer this query: {e}.") from e
        if not checked.gives_graph and checked.form == "SELECT" and self._too_many(spool, _BINDINGS[media_type]):
            raise self._too_many_rows()
        return {"media_type": media_type, "length": spool.seek(0, io.SEEK_END), "volatile": checked.volatile}

    @contextlib.contextmanager
    def _fetched(self, aside: bool) -> Iterator[None]:
        """The graphs that lie aside, put into the store for one query."""
        if aside:
            self._store.extend(self._aside)
        try:
            yield
        finally:
            if aside:
                for name in {q.graph_name for q in self._aside}:
                    self._store.remove_graph(name)

    def _run(self, checked: guard.Checked, dataset: dict[str, Any], media_type: str, spool: io.FileIO) -> None:
        result = self._store.query(checked.text, **dataset)
        if isinstance(result, QueryTriples):
            triples = list(self._counted(result))
            serialize(triples, output=spool, format=_GRAPHS[media_type], prefixes=_prefixes(triples))
        else:
            result.serialize(output=spool, format=_BINDINGS[media_type])

    def _counted(self, triples: QueryTriples) -> Iterator[Triple]:
        for n, triple in enumerate(triples):
            if n >= self._rows:
                raise self._too_many_rows()
            yield triple

    def _too_many(self, spool: io.FileIO, form: QueryResultsFormat) -> bool:
        """Whether there are more rows than allowed. Reads them one by one only where there could be."""
        spool.seek(0)
        written = spool.readall()
        separator = {QueryResultsFormat.JSON: b"},{", QueryResultsFormat.XML: b"<result>"}.get(form, b"\n")
        if written.count(separator) < self._rows:
            return False
        if form == QueryResultsFormat.CSV:
            found = sum(1 for _ in csv.reader(io.StringIO(written.decode(), newline=""))) - 1
        else:
            solutions = parse_query_results(written, form)
            found = sum(1 for _ in solutions) if isinstance(solutions, QuerySolutions) else 1
        return found > self._rows

    def _too_many_rows(self) -> QueryTooLargeError:
        return QueryTooLargeError(f"The answer has more than {self._rows} rows. {_PAGE}")

    @contextlib.contextmanager
    def _limits(self) -> Iterator[None]:
        used = resource.getrusage(resource.RUSAGE_SELF)
        _limit(resource.RLIMIT_CPU, math.ceil(used.ru_utime + used.ru_stime + self._seconds) + 1)
        _limit(resource.RLIMIT_FSIZE, self._size)
        if self._statm is not None:
            pages = int(os.pread(self._statm, 64, 0).split()[0])
            _limit(resource.RLIMIT_AS, pages * resource.getpagesize() + self._memory)
        try:
            yield
        finally:
            _limit(resource.RLIMIT_AS, resource.RLIM_INFINITY)


def _prefixes(triples: Sequence[Triple]) -> dict[str, str]:
    """The prefixes that make these triples shorter; all of ours where looking would take longer than writing."""
    if len(triples) > 1000:
        return PREFIXES
    iris = (term.value for t in triples for term in (t.subject, t.predicate, t.object) if isinstance(term, NamedNode))
    used = {iri[: max(iri.rfind("/"), iri.rfind("#")) + 1] for iri in iris}
    return {prefix: iri for prefix, iri in PREFIXES.items() if iri in used}


def _nodes(iris: list[str] | None) -> list[NamedNode]:
    return [NamedNode(i) for i in iris or ()]


def _syntax_error(message: str, moved: bool) -> QuerySyntaxError:
    """What the engine's parser says, in a sentence.

    It lists all that could come next, which helps nobody, except where an entry is a sentence of its
    own. Its place is the farthest that it looked, which may be a word too far.
    """
    found = re.match(r"error at (\d+):(\d+): expected (?:one of )?(.*)", message, re.DOTALL)
    if found is None:
        return QuerySyntaxError(f"The query can't be read: {message}.")
    line, column = int(found[1]), int(found[2])
    said = [s for s in found[3].split(", ") if " " in s.strip() and not re.search(r"[\"\[\]|']", s)]
    told = f"{said[0]}." if said else "Here, or in the word before, the query stops being SPARQL."
    error = QuerySyntaxError(f"Line {line}, column {column}: {told}")
    vars(error).update({} if moved else {"line": line, "column": column})
    return error


def _open_statm() -> int | None:
    """The file in which Linux tells how large this process is, kept open because no file can be opened later."""
    try:
        return os.open("/proc/self/statm", os.O_RDONLY)
    except OSError:
        return None


def _limit(what: int, soft: int) -> None:
    """Set a soft limit: the query can't raise it, and the next query gets one of its own."""
    with contextlib.suppress(OSError, ValueError):
        hard = resource.getrlimit(what)[1]
        resource.setrlimit(what, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


def serve(engine: Engine, channel: socket.socket, closed: bool) -> None:
    """Answer what comes over `channel` until it ends. `closed`: no file or socket may be opened."""
    started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    unit = 1 if sys.platform == "darwin" else 1024
    spare = os.dup(0)  # the lowest free number, which each spool file will get
    os.close(spare)
    if closed:
        _limit(resource.RLIMIT_NOFILE, spare + 1)
    while True:
        _, files, *_ = socket.recv_fds(channel, 1, 1)
        if not files:
            return
        retire = False
        with io.FileIO(files[0], "r+") as spool:  # unbuffered: the engine has buffers of its own
            request = json.loads(spool.readall())
            spool.seek(0)
            spool.truncate()
            try:
                reply = engine.answer(request, spool)
            except ChilddevError as e:
                reply = error_to(e)
            except BaseException as e:  # the engine's panics are no Exception
                reply, retire = error_to(QueryError(f"The engine gave up on this query ({type(e).__name__}).")), True
            grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - started) * unit
            retire = retire or grown > _GROWTH + len(request["text"])
        channel.sendall(encode({**reply, "retire": retire}))
        if retire:
            return


def _become_worker(config: dict[str, Any], store: Store | None, aside: Sequence[Quad], channel: socket.socket) -> None:
    """In the forked child: shut off from everything but its channel."""
    parent = os.getppid()
    _libc("prctl", _PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        return
    nothing = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(nothing, fd)
    os.close(nothing)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError):
        os.nice(5)
    in_memory = store is not None
    engine = Engine(
        store if store is not None else Store.read_only(config["source"]),
        config["graphs"],
        config["rows"],
        config["memory"],
        config["size"],
        config["seconds"],
        aside,
        config["beside"],
    )
    serve(engine, channel, closed=in_memory)


def _load(config: dict[str, Any]) -> Store | None:
    """The store in memory, with its public graphs only; None where each worker opens it from disk."""
    if Path(config["source"]).is_dir():
        _try_to_open(config["source"])
        return None
    store = Store()
    store.bulk_load(path=config["source"], format=RdfFormat.N_QUADS)
    public = set(config["graphs"])
    for graph in list(store.named_graphs()):
        if graph.value not in public:
            store.remove_graph(graph)
    return store


def _try_to_open(folder: str) -> None:
    """Open a store in a process of its own, because an open one has threads, which don't survive a fork."""
    pid = os.fork()
    if pid == 0:
        try:
            Store.read_only(folder)
            os._exit(0)
        finally:
            os._exit(1)
    if os.waitpid(pid, 0)[1] != 0:
        raise OSError("it is no store, or it is damaged")


def _libc(function: str, *arguments: int) -> bool:
    """Call a function of the C library, where it has it."""
    try:
        return bool(getattr(ctypes.CDLL(None, use_errno=True), function)(*arguments) == 0)
    except (OSError, AttributeError):
        return False


def main() -> None:
    """Load the store, then fork a worker for each socket that comes, and say how workers ended."""
    # On its standard input comes the pool's socket.
    pool = socket.socket(fileno=os.dup(0))
    with pool.makefile("rb", buffering=0) as lines:
        config = json.loads(lines.readline())
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C reaches the whole group; the pool ends us in its own time
    if not _libc("unshare", _CLONE_NEWNET):
        _libc("unshare", _CLONE_NEWUSER | _CLONE_NEWNET)
    try:
        store = _load(config)
        beside = store is not None and config["aside"] is not None  # a checkpoint on disk takes nothing in
        aside = list(parse(path=config["aside"], format=RdfFormat.N_QUADS)) if beside else []
    except (OSError, SyntaxError, ValueError) as e:
        pool.sendall(encode({"error": "StoreError", "detail": f"{config['source']} can't be read: {e}."}))
        return
    memory.settle()
    pool.sendall(encode({"ready": True}))
    while True:
        message, files, *_ = socket.recv_fds(pool, 4096, 1)
        if not message:
            return
        if files:
            channel = socket.socket(fileno=files[0])
            pid = os.fork()
            if pid == 0:
                pool.close()
                try:
                    _become_worker(config, store, aside, channel)
                finally:
                    os._exit(0)
            channel.close()
            pool.sendall(encode({"pid": pid}))
        else:
            pid = json.loads(message)["end"]
            os.kill(pid, signal.SIGKILL)
            pool.sendall(encode({"status": os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])}))


if __name__ == "__main__":
    main()
