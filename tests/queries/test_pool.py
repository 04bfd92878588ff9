"""The pool over a real dataset and real processes, with limits low enough to be felt."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path

import psutil
import pytest
from pyoxigraph import QueryResultsFormat, QuerySolutions, RdfFormat, Store, parse_query_results

from childdev.config import Settings
from childdev.errors import (
    BusyError,
    ForbiddenQueryError,
    QueryError,
    QueryTimeoutError,
    QueryTooLargeError,
    StoreError,
)
from childdev.queries.pool import Pool
from childdev.queries.protocol import NotOfferedError, Query

pytestmark = pytest.mark.slow

SETTINGS = Settings(
    query_seconds=2.0, query_memory=100 << 20, query_rows=2000, query_bytes=1 << 20, query_workers=2, query_queue=2
)
CARTESIAN = "SELECT (COUNT(?x) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i BIND(STRLEN(STR(?a)) AS ?x) }"
ENDLESS = 'SELECT (COUNT(*) AS ?n) { ?a ?b ?c FILTER(REGEX(STR(?a), "(a*)*(b{1,900}){1,900}")) }'
EASY = "PREFIX cd: <https://w3id.org/childdev/def/> SELECT (COUNT(*) AS ?n) { ?stage a cd:Stage }"


@pytest.fixture(scope="module")
def graphs(dataset: Path) -> frozenset[str]:
    store = Store()
    store.bulk_load(path=str(dataset), format=RdfFormat.N_QUADS)
    return frozenset(str(g.value) for g in store.named_graphs())


@pytest.fixture(scope="module", params=["memory", "disk"])
def source(request: pytest.FixtureRequest, dataset: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    if request.param == "memory":
        return dataset
    folder = tmp_path_factory.mktemp("disk")
    store = Store(str(folder / "store"))
    store.bulk_load(path=str(dataset), format=RdfFormat.N_QUADS)
    store.backup(str(folder / "checkpoint"))
    return folder / "checkpoint"


def with_pool(
    source: Path, graphs: frozenset[str], work: Callable[[Pool], Awaitable[None]], settings: Settings = SETTINGS
) -> None:
    async def main() -> None:
        pool = Pool(source, settings, graphs)
        try:
            await work(pool)
        finally:
            await pool.close()

    asyncio.run(main())


async def number(pool: Pool, text: str, **how: tuple[str, ...]) -> int:
    spooled = await pool.run(Query(text, **how))
    rows = parse_query_results(spooled.read(), QueryResultsFormat.JSON)
    assert isinstance(rows, QuerySolutions)
    return int(next(rows)["n"].value)


def test_answers_over_the_union_and_over_named_graphs(source: Path, graphs: frozenset[str]) -> None:
    count = "SELECT (COUNT(*) AS ?n) "
    inferred = "https://w3id.org/childdev/graph/inferred"

    async def work(pool: Pool) -> None:
        everything = await number(pool, count + "{ ?s ?p ?o }")
        assert everything > 100_000
        assert await number(pool, count + "{ GRAPH ?g { ?s ?p ?o } }") == everything
        one = await number(pool, count + f"{{ GRAPH <{inferred}> {{ ?s ?p ?o }} }}")
        assert 0 < one < everything
        assert await number(pool, count + f"FROM <{inferred}> {{ ?s ?p ?o }}") == one
        assert await number(pool, count + f"FROM NAMED <{inferred}> {{ ?s ?p ?o }}") == 0
        # A dataset in the request goes before the one in the query.
        frame = "https://w3id.org/childdev/graph/model/frame"
        in_query = count + f"FROM <{frame}> {{ ?s ?p ?o }}"
        assert await number(pool, in_query, default_graphs=(inferred,), named_graphs=()) == one
        assert await number(pool, count + "{ GRAPH ?g { ?s ?p ?o } }", named_graphs=(inferred,)) == one
        assert await number(pool, count + "{ ?s ?p ?o }", named_graphs=(inferred,)) == 0
        with pytest.raises(ForbiddenQueryError, match="no graph <http://example"):
            await pool.run(Query(EASY, default_graphs=("http://example.org/x",)))

    with_pool(source, graphs, work, SETTINGS.model_copy(update={"query_seconds": 10.0}))


def test_graphs_that_are_not_public_can_not_be_seen(source: Path, graphs: frozenset[str]) -> None:
    inferred = "https://w3id.org/childdev/graph/inferred"
    count = "SELECT (COUNT(*) AS ?n) "

    async def work(pool: Pool) -> None:
        assert await number(pool, count + f"{{ GRAPH <{inferred}> {{ ?s ?p ?o }} }}") == 0
        assert await number(pool, count + "{ GRAPH ?g { ?s ?p ?o } }") == await number(pool, count + "{ ?s ?p ?o }")
        with pytest.raises(ForbiddenQueryError, match="There is no graph"):
            await pool.run(Query(count + f"FROM <{inferred}> {{ ?s ?p ?o }}"))

    with_pool(source, graphs - {inferred}, work, SETTINGS.model_copy(update={"query_seconds": 10.0}))


STOPPED = "stopped after 2 seconds|needs more than the 100 MB|larger than|more than 2000 rows"
HOSTILE = [
    (CARTESIAN, (QueryTimeoutError, QueryTooLargeError), STOPPED),
    (ENDLESS, QueryTimeoutError, "stopped after 2 seconds"),
    ("SELECT (COUNT(*) AS ?n) { ?a (!<x:x>|^!<x:x>)* ?b . ?b (!<x:x>)* ?c }", (QueryTimeoutError, QueryTooLargeError), STOPPED),
    ("SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?f ?a", (QueryTooLargeError, QueryTimeoutError), STOPPED),
    ("SELECT DISTINCT ?a ?d ?e { ?a ?b ?c . ?d ?e ?f }", (QueryTooLargeError, QueryTimeoutError), STOPPED),
    ("SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?d))) AS ?x) { ?a ?b ?c . ?d ?e ?f }", (QueryTimeoutError, QueryTooLargeError), STOPPED),
    (
        'SELECT (STRLEN(?x40) AS ?n) { BIND("xxxxxxxx" AS ?x0) '
        + " ".join(f"BIND(CONCAT(?x{i}, ?x{i}) AS ?x{i + 1})" for i in range(40)) + "}",
        QueryTooLargeError, "needs more than the 100 MB",
    ),
    (
        f'SELECT (STRLEN(?y) AS ?n) {{ BIND(REPLACE("{"x" * 50_000}", "x", "{"y" * 50_000}") AS ?y) }}',
        QueryTooLargeError, "needs more than the 100 MB",
    ),
    ("SELECT * { VALUES ?x { " + "1 " * 400_000 + "} }", (QueryTooLargeError, QueryTimeoutError), STOPPED),
    ("SELECT * { FILTER(" + "(" * 5_000 + "1" + ")" * 5_000 + ") }", QueryError, "more than 200 deep"),
    ("SELECT * { FILTER(" + "!" * 20_000 + "1) }", QueryError, "nested or chained too deeply"),
    ("SELECT * { {} " + "UNION {} " * 20_000 + "}", QueryError, "nested or chained too deeply"),
    ("SELECT * { ?a ?b ?c }", (QueryTooLargeError, QueryTimeoutError), STOPPED),
    ("SELECT ?a { ?a ?b ?c } LIMIT 2001", QueryTooLargeError, "more than 2000 rows"),
    ("CONSTRUCT { ?a ?b ?c } WHERE { ?a ?b ?c }", QueryTooLargeError, "more than 2000 rows"),
    ("SELECT (CONCAT(?t, STR(?s)) AS ?x) { ?s ?p ?o BIND('" + "x" * 1000 + "' AS ?t) } LIMIT 2000", QueryTooLargeError, "larger than 1024 kB"),
    ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", ForbiddenQueryError, "SERVICE"),
]  # fmt: skip


def test_hostile_queries_are_stopped_while_others_are_answered(dataset: Path, graphs: frozenset[str]) -> None:
    async def work(pool: Pool) -> None:
        assert await number(pool, EASY) == 4
        for text, kind, message in HOSTILE:
            running = asyncio.ensure_future(pool.run(Query(text)))
            easy = [await number(pool, EASY) for _ in range(5)]
            with pytest.raises(kind, match=message):
                (await running).close()
            assert easy == [4] * 5, text[:80]

    with_pool(dataset, graphs, work)


def test_hostile_queries_over_a_checkpoint_are_stopped(source: Path, graphs: frozenset[str]) -> None:
    async def work(pool: Pool) -> None:
        for text, kind, message in [HOSTILE[1], HOSTILE[3], HOSTILE[6], HOSTILE[10]]:
            with pytest.raises(kind, match=message):
                (await pool.run(Query(text))).close()
            assert await number(pool, EASY) == 4

    with_pool(source, graphs, work)


@pytest.mark.parametrize("media_type", ["text/csv", "text/tab-separated-values", "application/json", "text/xml"])
def test_rows_are_counted_in_every_format(dataset: Path, graphs: frozenset[str], media_type: str) -> None:
    tricky = 'VALUES ?x { "},{" "a\\nb" "<result>" "\\"},{\\"" }'

    async def work(pool: Pool) -> None:
        spooled = await pool.run(Query(f"SELECT * {{ {tricky} }}", bindings=media_type))
        assert spooled.length == len(spooled.read()) > 0
        with pytest.raises(QueryTooLargeError, match="more than 4 rows"):
            await pool.run(Query(f"SELECT * {{ {{ {tricky} }} UNION {{}} }}", bindings=media_type))

    with_pool(dataset, graphs, work, SETTINGS.model_copy(update={"query_rows": 4}))


def test_more_queries_than_may_wait_are_refused_at_once(dataset: Path, graphs: frozenset[str]) -> None:
    async def work(pool: Pool) -> None:
        await pool.start()
        crowd = [asyncio.ensure_future(pool.run(Query(ENDLESS))) for _ in range(2)]
        await asyncio.sleep(0.2)
        waiting = [asyncio.ensure_future(number(pool, EASY)) for _ in range(2)]
        await asyncio.sleep(0.1)
        with pytest.raises(BusyError, match="2 more wait"):
            await number(pool, EASY)
        assert await asyncio.gather(*waiting) == [4, 4]
        ended = await asyncio.gather(*crowd, return_exceptions=True)
        assert [type(e) for e in ended] == [QueryTimeoutError] * 2

    with_pool(dataset, graphs, work, SETTINGS.model_copy(update={"query_seconds": 2.0}))


def test_a_cancelled_query_makes_room(dataset: Path, graphs: frozenset[str]) -> None:
    async def work(pool: Pool) -> None:
        await pool.start()
        running = asyncio.ensure_future(pool.run(Query(ENDLESS)))
        await asyncio.sleep(0.3)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert await number(pool, EASY) == 4
        await asyncio.sleep(0.3)
        assert len(workers()) == 1

    settings = SETTINGS.model_copy(update={"query_workers": 1, "query_seconds": 60.0})
    with_pool(dataset, graphs, work, settings)


def zygotes() -> list[psutil.Process]:
    """The processes that a pool of this process started; other tests may have servers of their own."""
    return [p for p in psutil.Process().children() if "childdev.queries.worker" in p.cmdline()]


def workers() -> list[psutil.Process]:
    """The workers, which are the children of those."""
    return [worker for zygote in zygotes() for worker in zygote.children(recursive=True)]


def test_killed_processes_are_replaced(dataset: Path, graphs: frozenset[str]) -> None:
    async def work(pool: Pool) -> None:
        assert await number(pool, EASY) == 4
        workers()[0].kill()
        await asyncio.sleep(0.1)  # until it is dead
        assert await number(pool, EASY) == 4
        for zygote in zygotes():
            zygote.kill()
        await asyncio.sleep(0.1)
        assert await number(pool, EASY) == 4
        # also in the middle of a query, which is then asked again
        running = asyncio.ensure_future(number(pool, CLOSE_TO_A_SECOND))
        await asyncio.sleep(0.2)
        for zygote in zygotes():
            zygote.send_signal(signal.SIGKILL)
        assert await running > 0

    with_pool(dataset, graphs, work, SETTINGS.model_copy(update={"query_seconds": 30.0}))
    assert zygotes() == []


CLOSE_TO_A_SECOND = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c FILTER(REGEX(STR(?a), '(b{1,300}){1,3}|x')) }"


def test_switching_refuses_no_query(dataset: Path, graphs: frozenset[str], tmp_path: Path) -> None:
    smaller = tmp_path / "dataset.nq"
    lines = dataset.read_text().splitlines(keepends=True)
    smaller.write_text("".join(lines[:1000]))
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"

    async def work(pool: Pool) -> None:
        before = pool.fingerprint
        assert await number(pool, count) == len(lines)
        slow = asyncio.ensure_future(number(pool, CLOSE_TO_A_SECOND))
        await asyncio.sleep(0.05)
        await pool.switch(smaller)
        assert await number(pool, count) == 1000
        assert await slow > 0
        assert pool.fingerprint != before
        with pytest.raises(StoreError, match="can't be read"):
            await pool.switch(tmp_path / "nothing.nq")
        assert await number(pool, count) == 1000
        await asyncio.sleep(0.3)
        assert len(zygotes()) == 1, "the old version's processes are gone"

    with_pool(dataset, graphs, work, SETTINGS.model_copy(update={"query_seconds": 30.0}))


def test_a_source_that_can_not_be_read_says_so(graphs: frozenset[str], tmp_path: Path) -> None:
    broken = tmp_path / "broken.nq"
    broken.write_text("<http://example.org/s> nonsense\n")

    async def work(pool: Pool) -> None:
        with pytest.raises(StoreError, match="can't be read"):
            await pool.start()

    with_pool(broken, graphs, work)
    (tmp_path / "empty").mkdir()
    with_pool(tmp_path / "empty", graphs, work)


def test_what_a_client_does_not_take_is_not_made(dataset: Path, graphs: frozenset[str]) -> None:
    async def work(pool: Pool) -> None:
        with pytest.raises(NotOfferedError, match=r"rows and truth values as application/sparql-results\+json"):
            await pool.run(Query(EASY, bindings=None))
        with pytest.raises(NotOfferedError, match="graphs as text/turtle"):
            await pool.run(Query("DESCRIBE <http://example.org/x>", graph=None))

    with_pool(dataset, graphs, work)


def test_workers_have_no_way_out(dataset: Path, graphs: frozenset[str]) -> None:
    async def work(pool: Pool) -> None:
        await number(pool, EASY)
        worker = workers()[0]
        assert "CHILDDEV_TEST_SECRET" not in worker.environ()
        if psutil.LINUX:  # other systems don't tell
            files = {int(f.name) for f in Path(f"/proc/{worker.pid}/fd").iterdir()}
            most = worker.rlimit(psutil.RLIMIT_NOFILE)[0]
            assert set(range(most)) - files == {most - 1}, "one number is free, for the answer's file"

    os.environ["CHILDDEV_TEST_SECRET"] = "secret"
    try:
        with_pool(dataset, graphs, work)
    finally:
        del os.environ["CHILDDEV_TEST_SECRET"]
