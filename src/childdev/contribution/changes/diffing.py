"""Changes made in RDF itself: a SPARQL Update or a graph put in place, run on a copy and read off as a delta."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    NamedNode,
    Quad,
    RdfFormat,
    Store,
    Triple,
    parse,
)

from childdev.contribution.changes.names import module_for, term_name
from childdev.errors import ChilddevError, Finding, ForbiddenQueryError, ParseError, QuerySyntaxError
from childdev.model.iris import GRAPH, ID, PREFIXES, module_graph
from childdev.model.modules import CORE
from childdev.model.stated import Delta, Stated
from childdev.queries.guard import tokenise, undo_escapes

_MODULE = f"{GRAPH}model/"
_MODULE_NAME = re.compile(r"[a-z][a-z-]{0,63}")
_REACHES_OUT = {"LOAD", "SERVICE"}


def updated(stated: Stated, update: str) -> Delta:
    """What a SPARQL Update would change.

    It may name the graphs of the modules, or none: then it sees all modules as one, what it removes goes from
    wherever it is, and what it adds is kept where things of its kind are.

    Raises:
        QuerySyntaxError: it is not SPARQL Update.
        ForbiddenQueryError: it reaches out of this model, or writes into a graph that is not a module.
        ParseError: it adds a thing without a name.
    """
    text = undo_escapes(update)
    for token in tokenise(text):
        if token.kind == "word" and token.text.upper() in _REACHES_OUT:
            raise ForbiddenQueryError(f"{token.text.upper()} asks another server, which this one never does.")
    before = set(stated)
    whole = {Quad(q.subject, q.predicate, q.object, DefaultGraph()) for q in before}
    store = Store()
    store.bulk_extend([*before, *whole])
    try:
        store.update(text, prefixes=PREFIXES)
    except SyntaxError as e:
        raise QuerySyntaxError(f"The update can't be read: {e.msg}.") from e
    except (ValueError, RuntimeError, OSError) as e:
        raise QuerySyntaxError(f"The engine can't run this update: {e}.") from e
    after = set(store)
    removed, added = (before | whole) - after, after - before - whole
    gone = {q.triple for q in removed if isinstance(q.graph_name, DefaultGraph)}
    taken = {q for q in removed if not isinstance(q.graph_name, DefaultGraph)}
    taken |= {q for q in before if q.triple in gone}
    put = {q for q in added if not isinstance(q.graph_name, DefaultGraph)}
    for graph in {q.graph_name for q in put}:
        _module(graph)
    new = Stated(Quad(q.subject, q.predicate, q.object, DefaultGraph()) for q in added)
    put |= {_placed(stated, new, q.triple) for q in added if isinstance(q.graph_name, DefaultGraph)}
    return _grounded(stated.real(Delta(frozenset(put - taken), frozenset(taken - put))))


def replaced(stated: Stated, graph: str, triples: Iterable[Triple]) -> Delta:
    """What would change if a module held these triples and no others.

    Raises:
        ForbiddenQueryError: the graph is not that of a module.
    """
    name = module_graph(_module(NamedNode(graph)))
    before = {q for q in stated if q.graph_name == name}
    after = {Quad(t.subject, t.predicate, t.object, name) for t in triples}
    return _grounded(Delta(frozenset(after - before), frozenset(before - after)))


def merged(stated: Stated, graph: str, triples: Iterable[Triple]) -> Delta:
    """What would change if a module held these triples too."""
    name = module_graph(_module(NamedNode(graph)))
    return _grounded(stated.real(Delta(frozenset(Quad(t.subject, t.predicate, t.object, name) for t in triples))))


def read(body: bytes, form: RdfFormat, core: bool) -> frozenset[Triple]:
    """The triples of a document; blank nodes get canonical names, which only the core module may have.

    Raises:
        ParseError: it can't be read, or holds blank nodes.
    """
    try:
        quads = list(parse(input=body, format=form))
    except SyntaxError as e:
        where = f"line {e.lineno}" if e.lineno else "the document"
        raise ParseError("The document can't be read.", [Finding(where, str(e.msg))]) from e
    except ValueError as e:
        raise ParseError("The document can't be read.", [Finding("the document", str(e))]) from e
    if core:
        dataset = Dataset(quads)
        dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
        quads = list(dataset)
    return frozenset(q.triple for q in quads)


def _module(graph: object) -> str:
    name = graph.value.removeprefix(_MODULE) if isinstance(graph, NamedNode) else ""
    if not isinstance(graph, NamedNode) or not graph.value.startswith(_MODULE) or not _MODULE_NAME.fullmatch(name):
        raise ForbiddenQueryError(
            f"{graph} is not the graph of a module. Write into <{_MODULE}…>, or name no graph at all."
        )
    return name


def _placed(stated: Stated, new: Stated, triple: Triple) -> Quad:
    """A triple in the module where things of its kind are."""
    if not isinstance(triple.subject, NamedNode):
        raise _unnamed(triple)
    places = {
        term_name(q.predicate): q.object.value.removeprefix(ID)
        for q in new.about(triple.subject)
        if isinstance(q.object, NamedNode)
    }
    module = module_for(stated, triple.subject, term_name(triple.predicate), places)
    return Quad(triple.subject, triple.predicate, triple.object, module_graph(module))


def _grounded(delta: Delta) -> Delta:
    """Refuse blank nodes, but for the axioms of the vocabulary, whose blank nodes have canonical names."""
    for q in delta.added:
        nameless = isinstance(q.subject, BlankNode) or isinstance(q.object, BlankNode)
        if nameless and q.graph_name != module_graph(CORE):
            raise _unnamed(q.triple)
    return delta


def _unnamed(triple: Triple) -> ChilddevError:
    where = Finding("what is added", f"a thing without a name stands at {term_name(triple.predicate)}; name it")
    return ParseError("Everything in the model has a name of its own.", [where])
