"""What a public query may ask: decided on its tokens, before the engine sees it.

The engine's parser has no notion of a token: it reads `SERVICEex:a` as `SERVICE ex:a`, and `?a<?b)#>`
as a comparison and a comment where the SPARQL grammar has one IRI. So the guard reads tokens as the
grammar of SPARQL 1.1 (section 19.8) has them, refuses what it does not know, and hands on a text in
which the places that the engine could read in another way are rewritten to mean the same.
"""

from __future__ import annotations

import difflib
import itertools
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urljoin

from childdev.errors import ForbiddenQueryError, QueryError, QuerySyntaxError

#: brackets within brackets; the engine's parser overflows its stack at some thousands
MAX_DEPTH = 200

_FORMS = frozenset({"SELECT", "CONSTRUCT", "DESCRIBE", "ASK"})
_UPDATES = frozenset({"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"})
#: an answer that calls one of these is another one the next time
_VOLATILE = frozenset({"NOW", "RAND", "UUID", "STRUUID", "BNODE"})
#: all that may stand without a prefix: keywords and names of functions
_WORDS = _FORMS | frozenset(
    """
    A ABS ADJUST AS ASC AVG BASE BIND BNODE BOUND BY CEIL COALESCE CONCAT CONTAINS COUNT DATATYPE DAY DESC DISTINCT
    ENCODE_FOR_URI EXISTS FALSE FILTER FLOOR FROM GRAPH GROUP GROUP_CONCAT HASLANG HASLANGDIR HAVING HOURS IF IN IRI
    ISBLANK ISIRI ISLITERAL ISNUMERIC ISTRIPLE ISURI LANG LANGDIR LANGMATCHES LATERAL LCASE LIMIT MAX MD5 MIN MINUS
    MINUTES MONTH NAMED NOT NOW OBJECT OFFSET OPTIONAL ORDER PREDICATE PREFIX RAND REDUCED REGEX REPLACE ROUND
    SAMETERM SAMPLE SECONDS SEPARATOR SERVICE SHA1 SHA256 SHA384 SHA512 SILENT STR STRAFTER STRBEFORE STRDT STRENDS
    STRLANG STRLANGDIR STRLEN STRSTARTS STRUUID SUBJECT SUBSTR SUM TIMEZONE TRIPLE TRUE TZ UCASE UNDEF UNION URI UUID
    VALUES VERSION WHERE YEAR
    """.split()  # noqa: SIM905 - a list literal of this would fill a page
)

_BASE = (
    r"A-Za-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C-\u200D\u2070-\u218F"
    r"\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
)
_MORE = r"0-9\u00B7\u0300-\u036F\u203F-\u2040"
_CHAR = rf"[{_BASE}_\-{_MORE}]"
_PERCENT_OR_ESCAPE = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
_PREFIX = rf"[{_BASE}](?:\.*+{_CHAR})*+"
_LOCAL = rf"(?:[{_BASE}_:0-9]|{_PERCENT_OR_ESCAPE})(?:\.*(?:[{_BASE}_:\-{_MORE}]|{_PERCENT_OR_ESCAPE}))*"
_CODEPOINT = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"
_ESCAPE = rf"\\[tbnrf\\\"']|{_CODEPOINT}"

_TOKEN = re.compile(
    "|".join(
        [
            r"(?P<space>[ \t\r\n]++|#[^\r\n]*+)",
            rf"(?P<iri><(?:[^\x00-\x20<>\"{{}}|^`\\]|{_CODEPOINT})*+>)",
            rf"(?P<string>'''(?:[^'\\]++|{_ESCAPE}|'{{1,2}}(?!'))*+'''|\"\"\"(?:[^\"\\]++|{_ESCAPE}|\"{{1,2}}(?!\"))*+\"\"\""
            rf"|'(?!'')(?:[^'\\\r\n]++|{_ESCAPE})*+'|\"(?!\"\")(?:[^\"\\\r\n]++|{_ESCAPE})*+\")",
            rf"(?P<variable>[?$][{_BASE}_0-9][{_BASE}_{_MORE}]*+)",
            rf"(?P<blank>_:[{_BASE}_0-9](?:\.*{_CHAR})*)",
            rf"(?P<name>(?:{_PREFIX})?:(?:{_LOCAL})?)",
            r"(?P<number>(?:[0-9]++(?:\.[0-9]*+)?|\.[0-9]++)(?:[eE][+-]?[0-9]++)?)",
            r"(?P<language>@[A-Za-z]++(?:-[A-Za-z0-9]++)*+(?:--[A-Za-z]++)?)",
            r"(?P<word>[A-Za-z_][A-Za-z0-9_]*+)",
            r"(?P<sign>[{}()\[\].;,*+/|^!=<>&?~-])",
        ]
    )
)

_UNDO = re.compile(rf"\\\\|{_CODEPOINT}")
#: the engine needs no space after these, so a name that begins with one could be taken apart
_SPLITS = re.compile(r"(?:service|from)", re.IGNORECASE)


class Token(NamedTuple):
    """A token: its kind, its text and where it begins."""

    kind: str
    text: str
    start: int


@dataclass(frozen=True)
class Checked:
    """A query that may be run, as the engine is to read it."""

    text: str
    form: str
    has_dataset: bool
    volatile: bool

    @property
    def gives_graph(self) -> bool:
        """Whether the answer is a graph (CONSTRUCT, DESCRIBE) and not rows or a truth value."""
        return self.form in {"CONSTRUCT", "DESCRIBE"}


def check(query: str, graphs: Collection[str]) -> Checked:
    """Whether a query may be run, where `graphs` are the IRIs of the graphs that there are.

    Raises:
        QuerySyntaxError: it is not a query of SPARQL 1.1, as far as its tokens show.
        ForbiddenQueryError: it calls another server, or names a graph that isn't here.
        QueryError: its brackets lie too deep.
    """
    text = undo_escapes(query)
    tokens = list(tokenise(text))
    words = [t.text.upper() if t.kind == "word" else "" for t in tokens]
    prefixes, base, at = _prologue(text, tokens, words)
    form = words[at] if at < len(tokens) else ""
    if form in _UPDATES:
        raise QuerySyntaxError(
            f"{form} changes data, and this endpoint only answers queries. Changes come in as proposals."
        )
    for token, word in zip(tokens, words, strict=True):
        if word and word not in _WORDS:
            raise _unknown(text, token)
    if form not in _FORMS:
        raise QuerySyntaxError("After its prefixes, the query must go on with SELECT, ASK, CONSTRUCT or DESCRIBE.")
    if "SERVICE" in words:
        line, column = _place(text, tokens[words.index("SERVICE")].start)
        raise ForbiddenQueryError(
            f"Line {line}, column {column}: SERVICE asks another server, which this endpoint never does. "
            "Ask that server itself."
        )
    _check_depth(text, tokens)
    named = list(_dataset(text, tokens, words, prefixes, base))
    refuse_unknown(named, graphs)
    return Checked(_unambiguous(text, tokens, prefixes), form, bool(named), not _VOLATILE.isdisjoint(words))


def refuse_unknown(asked: Iterable[str], graphs: Collection[str]) -> None:
    """Refuse a dataset that names a graph which is not among `graphs`.

    Raises:
        ForbiddenQueryError: names the graph and what comes close.
    """
    for iri in asked:
        if iri not in graphs:
            near = difflib.get_close_matches(iri, sorted(graphs), n=1, cutoff=0.8)
            hint = f" Did you mean <{near[0]}>?" if near else ""
            raise ForbiddenQueryError(f"There is no graph <{iri}> here, and none is fetched from elsewhere.{hint}")


def undo_escapes(query: str) -> str:
    r"""Codepoint escapes (\uXXXX, \UXXXXXXXX) undone everywhere, as section 19.2 of SPARQL 1.1 says.

    Raises:
        QuerySyntaxError: an escape stands for no character.
    """

    def character(match: re.Match[str]) -> str:
        found = match.group()
        if found == "\\\\":
            return found
        code = int(found[2:], 16)
        if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
            raise _wrong(query, match.start(), f"The escape {found} stands for no character.")
        return chr(code)

    return _UNDO.sub(character, query) if "\\" in query else query


def tokenise(text: str) -> Iterable[Token]:
    """The tokens of a query, without white space and comments.

    Raises:
        QuerySyntaxError: a character can't begin a token, or a string isn't closed.
    """
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            if text[at] in "'\"":
                raise _wrong(text, at, "A string has no end, or has a backslash where SPARQL knows none.")
            raise _wrong(text, at, f"The character {text[at]!r} can't stand here.")
        if match.lastgroup != "space":
            yield Token(str(match.lastgroup), match.group(), at)
        at = match.end()


def _prologue(text: str, tokens: list[Token], words: list[str]) -> tuple[dict[str, str], str, int]:
    """The prefixes declared, the base, and where the query proper begins."""
    prefixes: dict[str, str] = {}
    base, at = "", 0
    while at < len(tokens):
        kinds = [t.kind for t in tokens[at + 1 : at + 3]]
        if words[at] == "BASE" and kinds[:1] == ["iri"]:
            base = urljoin(base, tokens[at + 1].text[1:-1])
            at += 2
        elif words[at] == "PREFIX" and kinds == ["name", "iri"] and tokens[at + 1].text.endswith(":"):
            prefixes[tokens[at + 1].text[:-1]] = urljoin(base, tokens[at + 2].text[1:-1])
            at += 3
        elif words[at] == "VERSION" and kinds[:1] == ["string"]:
            at += 2
        else:
            break
    for token in tokens[at:]:
        if token.kind == "name" and token.text.partition(":")[0] not in prefixes:
            prefix = token.text.partition(":")[0]
            told = f"The prefix {prefix}: is not declared. Begin the query with PREFIX {prefix}: <...>."
            raise _wrong(text, token.start, told)
    return prefixes, base, at


def _dataset(text: str, tokens: list[Token], words: list[str], prefixes: dict[str, str], base: str) -> Iterable[str]:
    """The IRIs after FROM and FROM NAMED."""
    for at, word in enumerate(words):
        if word != "FROM":
            continue
        after = at + 2 if words[at + 1 : at + 2] == ["NAMED"] else at + 1
        token = tokens[after] if after < len(tokens) else None
        if token is None or token.kind not in {"iri", "name"}:
            raise _wrong(text, tokens[at].start, "FROM needs the IRI of a graph after it.")
        if token.kind == "iri":
            yield urljoin(base, token.text[1:-1])
        else:
            prefix, _, local = token.text.partition(":")
            yield prefixes[prefix] + re.sub(r"\\(.)", r"\1", local)


def _check_depth(text: str, tokens: list[Token]) -> None:
    depth = 0
    for token in tokens:
        if token.kind == "sign":
            depth += (token.text in "([{") - (token.text in ")]}")
            if depth > MAX_DEPTH:
                line, column = _place(text, token.start)
                told = f"Brackets lie more than {MAX_DEPTH} deep; write the query with fewer."
                raise QueryError(f"Line {line}, column {column}: {told}")


def _unambiguous(text: str, tokens: list[Token], prefixes: dict[str, str]) -> str:
    """The same query where the engine can't read a token as several.

    A prefix that begins like SERVICE or FROM gets another beginning. An IRI that could be a
    comparison followed by the end of its bracket or by a comment gets its first character escaped.
    """
    renamed: dict[str, str] = {}
    for prefix in prefixes:
        if _SPLITS.match(prefix):
            taken = {*prefixes, *renamed.values()}
            renamed[prefix] = next(new for n in itertools.count() if (new := f"z{n}{prefix}") not in taken)
    parts, done = [], 0
    for token in tokens:
        new = token.text
        if token.kind == "name" and renamed:
            prefix, colon, local = new.partition(":")
            new = renamed.get(prefix, prefix) + colon + local
        elif token.kind == "iri" and ("#" in new or ")" in new) and new[1] != "\\" and "://" not in new:
            new = f"<\\U{ord(new[1]):08X}{new[2:]}"
        if new is not token.text:
            parts += [text[done : token.start], new]
            done = token.start + len(token.text)
    return "".join([*parts, text[done:]])


def _unknown(text: str, token: Token) -> QuerySyntaxError:
    word = token.text[:40]
    if word.upper() in _UPDATES:
        return _wrong(text, token.start, f"{word} changes data, and this endpoint only answers queries.")
    near = difflib.get_close_matches(word.upper(), sorted(_WORDS), n=1, cutoff=0.75)
    hint = f"Did you mean {near[0]}?" if near else "If it is a name, it needs a prefix and a colon."
    return _wrong(text, token.start, f"{word!r} is not a word of SPARQL. {hint}")


def _wrong(text: str, at: int, message: str) -> QuerySyntaxError:
    """A syntax error that says where it is, and carries `line` and `column`."""
    line, column = _place(text, at)
    error = QuerySyntaxError(f"Line {line}, column {column}: {message}")
    vars(error).update(line=line, column=column)
    return error


def _place(text: str, at: int) -> tuple[int, int]:
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
