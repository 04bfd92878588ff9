"""What the guard lets through and what it refuses; where it matters, what the engine then does with it."""

from __future__ import annotations

import pytest
from pyoxigraph import NamedNode, Quad, QuerySolutions, Store

from childdev.errors import ForbiddenQueryError, QueryError, QuerySyntaxError
from childdev.queries.guard import check

GRAPHS = frozenset({"http://example.org/g", "http://example.org/base/h"})
EX = "PREFIX ex: <http://example.org/> "


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { sErViCe SILENT <http://127.0.0.1:9/> { ?s ?p ?o } }",
        r"SELECT * { S\u0045RVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        r"SELECT * { \U00000053ERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { # nothing to see\nSERVICE # here\n <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { # ends with a carriage return\rSERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { # an escaped line end\\u000ASERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { ?s ?p '#' SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { ?s ?p '''a'b''#''' SERVICE <http://127.0.0.1:9/> {} }",
        "SELECT * { ?s ?p <http://example.org/#x> SERVICE ?where { ?s ?p ?o } }",
        "SELECT * { FILTER EXISTS { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } } }",
        "SELECT * { ?s ?p 1SERVICE <http://127.0.0.1:9/> {} }",
        "SELECT * { ?s ?p 'x'@en SERVICE<http://127.0.0.1:9/>{} }",
    ],
)
def test_service_is_refused_however_it_is_spelt(query: str) -> None:
    with pytest.raises(ForbiddenQueryError, match="SERVICE asks another server"):
        check(query, GRAPHS)


@pytest.mark.parametrize(
    "query",
    [
        EX + "SELECT * { ?s ex:service ?o }",
        EX + "SELECT * { ?s ex:SERVICE.SERVICE ?o }",
        "PREFIX service: <http://example.org/> SELECT * { service:a ?p ?o }",
        "PREFIX : <http://example.org/> SELECT * { :SERVICE ?p ?o }",
        "SELECT ?service $LOAD { ?service ?p $LOAD }",
        "SELECT * { ?s ?p 'SERVICE <http://example.org/>' }",
        'SELECT * { ?s ?p """DROP ALL "SERVICE" FROM <http://x/> """ }',
        "SELECT * { ?s ?p 'a\\'SERVICE' }",
        "SELECT * { ?s ?p 'x'@service }",
        "SELECT * { ?s ?p ?o } # SERVICE <http://example.org/> { }",
        "SELECT * { ?s <http://example.org/SERVICE?LOAD=1> ?o }",
        "SELECT * { _:SERVICE ?p ?o }",
        r"SELECT * { ?s ?p 'caf\u00e9', 'a\\u0041' }",
        "SELECT * { ?s ?p ?o FILTER(?o<5&&?s>4) }",
        "SELECT (1AS ?x) {}",
    ],
)
def test_words_in_names_strings_and_comments_are_allowed(query: str) -> None:
    checked = check(query, GRAPHS)
    assert isinstance(Store().query(checked.text), QuerySolutions)


@pytest.mark.parametrize(
    "query",
    [
        # The engine reads SERVICE followed by ex:a when the name can't stand where it is.
        "PREFIX serviceex: <http://a/> PREFIX ex: <http://127.0.0.1:9/> SELECT * { serviceex:a {} }",
        # The engine reads a comparison, the end of the filter and a comment where the grammar has an IRI.
        'SELECT * { ?a ?b ?c FILTER(?a<?b)#>"""\nSERVICE SILENT <http://127.0.0.1:9/> {} #"""\n}',
        "SELECT * { ?a ?b ?c FILTER(?a<?b)SERVICE$x#>\n{} }",
        "PREFIX fromex: <http://a/> PREFIX ex: <http://example.org/> ASK fromex:g { ?s ?p ?o }",
        "SELECT * { SERVICESILENT<http://127.0.0.1:9/> {} }",
        "ASKFROM<http://example.org/g> {}",
    ],
)
def test_the_engine_is_given_nothing_that_it_could_take_apart(query: str) -> None:
    store = _store("http://example.org/s", "http://example.org/p", "http://example.org/o")
    with pytest.raises((QuerySyntaxError, SyntaxError)):
        store.query(check(query, GRAPHS).text)


def _store(*triple: str) -> Store:
    store = Store()
    store.add(Quad(*(NamedNode(term) for term in triple)))
    return store


def test_names_that_are_rewritten_mean_the_same() -> None:
    store = _store("http://a/x#y", "urn:p#q", "http://b/z")
    prefixes = "PREFIX service: <http://a/> PREFIX z0service: <http://b/> "
    query = prefixes + r"SELECT ?s { ?s <urn:p#q> z0service:z FILTER(?s = service:x\#y) }"
    assert [str(row["s"]) for row in store.query(check(query, GRAPHS).text)] == ["<http://a/x#y>"]


@pytest.mark.parametrize("word", ["INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"])
def test_updates_are_no_queries(word: str) -> None:
    with pytest.raises(QuerySyntaxError, match=f"{word} changes data"):
        check(f"# a comment\n{EX} {word} <http://example.org/x>", GRAPHS)


@pytest.mark.parametrize(
    "query", ["SELECT * {} ; DROP ALL", r"L\u004FAD <http://example.org/x>", "load <http://example.org/x>"]
)
def test_updates_hidden_in_queries_are_refused(query: str) -> None:
    with pytest.raises(QuerySyntaxError, match=r"changes data|can't stand"):
        check(query, GRAPHS)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM <http://example.org/other> {}",
        "SELECT * FROM NAMED <http://example.org/other> {}",
        "SELECT * FROM <http://example.org/g> FROM NAMED <http://example.org/other> {}",
        EX + "ASK FROM ex:other {}",
        r"SELECT * FR\u004FM <http://example.org/oth\u0065r> {}",
        "SELECT * # FROM <http://example.org/g>\nFROM#\n<http://example.org/other> {}",
        "BASE <http://example.org/base/> DESCRIBE ?x FROM <../other> { ?x ?p ?o }",
    ],
)
def test_unknown_graphs_are_refused(query: str) -> None:
    with pytest.raises(ForbiddenQueryError, match=r"There is no graph <http://example\.org/other> here"):
        check(query, GRAPHS)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM <http://example.org/g> {}",
        "SELECT*FROM NAMED<http://example.org/g>{}",
        EX + "ASK FROM ex:g {}",
        r"ASK FROM <http://example.org/\u0067> {}",
        "BASE <http://example.org/base/> ASK FROM <h> FROM NAMED <../g> {}",
        "PREFIX FROM: <http://example.org/> SELECT * FROM FROM:g {}",
    ],
)
def test_known_graphs_are_allowed(query: str) -> None:
    assert check(query, GRAPHS).has_dataset


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELCT * {}", "Line 1, column 1: 'SELCT' is not a word of SPARQL. Did you mean SELECT?"),
        ("SELECT * {\n ?s nothing:here ?o }", "Line 2, column 5: The prefix nothing: is not declared"),
        ("SELECT * { ?s ?p 'open }", "Line 1, column 18: A string has no end"),
        ("SELECT * { ?s ?p '''open' }", "Line 1, column 18: A string has no end"),
        ("SELECT * {}\0", r"The character '\\x00' can't stand here"),
        ("SELECT\u00a0* {}", r"The character '\\xa0' can't stand here"),
        (r"SELECT * { ?s ?p '\uD800' }", r"The escape \\uD800 stands for no character"),
        ("", "must go on with SELECT"),
        ("PREFIX ex: <http://example.org/>", "must go on with SELECT"),
        ("SELECT * FROM {}", "FROM needs the IRI of a graph"),
    ],
)
def test_what_is_no_query_gets_a_sentence(query: str, message: str) -> None:
    with pytest.raises(QuerySyntaxError, match=message):
        check(query, GRAPHS)


def test_deep_brackets_are_refused_before_the_engine_overflows() -> None:
    with pytest.raises(QueryError, match="more than 200 deep"):
        check("SELECT * { FILTER(" + "(" * 100_000 + "1" + ")" * 100_000 + ") }", GRAPHS)


@pytest.mark.parametrize(
    ("query", "volatile", "gives_graph"),
    [
        ("SELECT (NOW() AS ?t) {}", True, False),
        ("SELECT ?now { ?now ?p 'RAND()' }", False, False),
        ("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", False, True),
        ("DESCRIBE <http://example.org/x>", False, True),
    ],
)
def test_what_kind_of_query_it_is(query: str, volatile: bool, gives_graph: bool) -> None:
    checked = check(query, GRAPHS)
    assert (checked.volatile, checked.gives_graph) == (volatile, gives_graph)
