"""Search in everyday words: full text with stemming (SQLite FTS5), synonyms, and a guess at misspellings.

Ranking, so that it can be explained: an exact name or code first; then BM25 over four fields, where a word
in the name weighs 8, in other names 6, in everyday words 4, in the definition 1; a synonym counts 0.4 of the
word itself; the words of a query add up; features weigh 1.25, indicators 0.8, sources 0.5.
"""

from __future__ import annotations

import re
import sqlite3
import threading
import tomllib
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode
from rapidfuzz import fuzz, process

from childdev import terms as cd
from childdev.store.reader import ALT_LABEL, DEFINITION, Reader
from childdev.views.things import Link, link, url

KINDS = {
    "feature": "Feature of development",
    "environment": "What helps",
    "need": "Need",
    "agency": "Who can help",
    "asset": "What can be drawn on",
    "factor": "What strengthens or weakens",
    "stage": "Stage",
    "domain": "Aspect of development",
    "system-feature": "The local system",
    "indicator": "Indicator",
    "step": "Way of working",
    "principle": "Way of working",
    "participation": "Way of working",
    "accountability": "Way of working",
    "source": "Source",
}
_WEIGHTS = {"feature": 1.25, "indicator": 0.8, "source": 0.5}
_SYNONYMS = tomllib.loads((Path(__file__).parent / "synonyms.toml").read_text("utf-8"))
_STOP = frozenset(_SYNONYMS["little"].split())
_GROUPS: list[list[str]] = _SYNONYMS["groups"]
_PHRASES: dict[str, list[str]] = _SYNONYMS["phrases"]


@dataclass(frozen=True)
class Hit:
    """A thing found, the words for its kind, and a line about it."""

    link: Link
    kind: str
    line: str


class Search:
    """An index of one version, in memory."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._lock = threading.Lock()
        self._db = sqlite3.connect(":memory:", check_same_thread=False)
        self._db.execute(
            "create virtual table things using fts5(label, other, everyday, definition, iri unindexed,"
            " tokenize='porter unicode61 remove_diacritics 2')"
        )
        self._exact: dict[str, list[str]] = {}
        self._weight: dict[str, float] = {}
        self._plain_words: set[str] = set()
        for kind in KINDS:
            for s in reader.of_kind(kind):
                self._add(s, _WEIGHTS.get(kind, 1.0))
        self._vocabulary = sorted(self._plain_words)

    def _add(self, s: NamedNode, weight: float) -> None:
        r = self._reader
        label = r.label(s)
        others = [o.value for o in r.objects(s, ALT_LABEL)] + [r.text(s, cd.dfeCode)]
        everyday = r.text(s, cd.everydayWords) or r.text(s, cd.mechanism)
        definition = r.text(s, DEFINITION)
        self._db.execute(
            "insert into things values (?, ?, ?, ?, ?)", (label, " ".join(others), everyday, definition, s.value)
        )
        for name in (label, *others):
            if name:
                self._exact.setdefault(name.casefold(), []).append(s.value)
        self._weight[s.value] = weight
        self._plain_words.update(_words(f"{label} {' '.join(others)} {everyday} {definition}"))

    def find(self, query: str, limit: int = 40) -> list[Hit]:
        """The things that fit a query best, best first."""
        found = list(dict.fromkeys(self._exact.get(query.strip().casefold(), [])))
        words = _words(query)
        for phrase, meant in _PHRASES.items():
            if phrase in " ".join(words):
                words = [*meant, *_words(" ".join(words).replace(phrase, ""))]
        telling = list(dict.fromkeys([w for w in words if w not in _STOP] or words))
        scores: dict[str, float] = {}
        for word in telling:
            for i, score in self._score(word).items():
                scores[i] = scores.get(i, 0.0) + score
        ranked = sorted(scores, key=lambda i: (-scores[i] * self._weight[i], i))
        found += [i for i in ranked if i not in found]
        return [self._hit(i) for i in found[:limit]]

    def _score(self, word: str) -> dict[str, float]:
        """How well each thing fits one word: its own BM25, or less for a synonym or a likely spelling."""
        known = word in self._plain_words
        others = {s for group in _GROUPS if word in group for s in group} - {word}
        best = self._match([word])
        if not best and not known and not others and len(word) > 3:
            near = process.extractOne(word, self._vocabulary, scorer=fuzz.ratio, score_cutoff=72)
            if near:
                best = self._match([near[0]])
                others = {s for group in _GROUPS if near[0] in group for s in group} - {near[0]}
        for i, score in self._match(sorted(others)).items() if others else ():
            best[i] = max(best.get(i, 0.0), 0.4 * score)
        return best

    def _match(self, words: list[str]) -> dict[str, float]:
        expression = " OR ".join(f'"{w}"' for w in words)
        with self._lock:
            rows = self._db.execute(
                "select iri, -bm25(things, 8, 6, 4, 1) from things where things match ?", (expression,)
            )
            return dict(rows.fetchall())

    def near(self, slug: str, kind: str | None = None, limit: int = 5) -> list[tuple[str, str]]:
        """Things whose slug or name comes close to a wrong one, as pairs of label and page."""
        slugs = {i: i.rsplit("/", 1)[-1] for i in self._weight if kind is None or f"/id/{kind}/" in i}
        close = process.extract(slug, slugs, scorer=fuzz.WRatio, limit=limit, score_cutoff=68)
        return [(self._reader.label(i), url(i)) for _, _, i in close]

    def _hit(self, value: str) -> Hit:
        s = NamedNode(value)
        r = self._reader
        line = r.text(s, cd.everydayWords) or r.text(s, DEFINITION)
        kind = KINDS[value.rsplit("/", 2)[-2]]
        return Hit(link(r, s), kind, "" if line == r.label(s) else line)


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.casefold().replace("'", "").replace("’", ""))
