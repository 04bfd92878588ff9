"""Search in everyday words, ranked so that each place can be told in words.

SQLite's full-text search (FTS5, Porter stems) finds the texts that hold a word. Each word sought then counts for

    how rare it is × how it was come by (said 1, meant 0.7, of the same family 0.5) × where it stands
    (name 1, other name 0.9, word for searching 0.8, everyday words 0.5, name in another framework 0.45,
     signs 0.35, description 0.3)

and the words of a query add up. The sum counts for more the more of the query a thing has, the less else its name
says, and where one name or text has the whole query. Features count for a quarter more, indicators and the local
system for less, sources least; features usual at an age that is named for more, and agencies where it is asked who.
An exact name or code comes first.
"""

from __future__ import annotations

import math
import sqlite3
import threading
from dataclasses import dataclass, replace

from pyoxigraph import NamedNode
from rapidfuzz import fuzz, process

from childdev import terms as cd
from childdev.model.iris import PREFIXES
from childdev.store.reader import ALT_LABEL, DEFINITION, HIDDEN_LABEL, Reader
from childdev.views.search_words import Asked, Term, Understanding, telling, words
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
_KIND_WEIGHTS = {"feature": 1.25, "indicator": 0.7, "system-feature": 0.7, "source": 0.4}
_NAMES = ("name", "other")
_FIELDS = {
    "name": (1.0, "its name says"),
    "other": (0.9, "another of its names says"),
    "hidden": (0.8, "people look for it as"),
    "frame": (0.45, "another framework’s name for it says"),
    "everyday": (0.5, "its everyday words say"),
    "sign": (0.35, "its signs to talk about say"),
    "definition": (0.3, "its description says"),
}
#: what a word of a family counts for where the word itself is nowhere
_ONLY_FAMILY = 0.8
_EXACT = "it has just this name or code"
_MATCHES = [NamedNode(PREFIXES["skos"] + p) for p in ("exactMatch", "closeMatch", "relatedMatch", "broadMatch")]


@dataclass(frozen=True)
class Hit:
    """A thing found, the words for its kind, a line about it, and why it was found."""

    link: Link
    kind: str
    line: str
    why: str


@dataclass(frozen=True)
class _Text:
    thing: str
    field: str
    words: list[str]
    telling: int


@dataclass(frozen=True)
class _Found:
    """A term found in a text, and what that counts for."""

    score: float
    term: Term
    text: int


class Search:
    """An index of one version, in memory."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._lock = threading.Lock()
        self._db = sqlite3.connect(":memory:", check_same_thread=False)
        self._db.execute("create virtual table texts using fts5(text, tokenize='porter unicode61 remove_diacritics 2')")
        self._texts: list[_Text] = []
        self._exact: dict[str, dict[str, str]] = {}
        self._kinds: dict[str, str] = {}
        self._months: dict[str, tuple[int, int]] = {}
        known: set[str] = set()
        for kind in KINDS:
            for s in reader.of_kind(kind):
                self._kinds[s.value] = kind
                for field, text in self._said_of(s):
                    said = words(text)
                    self._add(s.value, field, said)
                    known.update(said)
        self._understanding = Understanding(known)

    def _said_of(self, s: NamedNode) -> list[tuple[str, str]]:
        r = self._reader
        first, last = r.number(s, cd.typicalFromMonths), r.number(s, cd.typicalToMonths)
        if first is not None and last is not None:
            self._months[s.value] = (first, last)
        claims = (r.claim(s, cd.mayIndicate, need) for need in r.objects(s, cd.mayIndicate))
        said = [
            ("name", r.label(s)),
            *(("other", o.value) for o in r.objects(s, ALT_LABEL)),
            *(("hidden", o.value) for o in r.objects(s, HIDDEN_LABEL)),
            ("other", r.text(s, cd.dfeCode)),
            *(("frame", r.label(o)) for p in _MATCHES for o in r.objects(s, p)),
            ("everyday", r.text(s, cd.everydayWords) or r.text(s, cd.mechanism)),
            *(("sign", r.text(c, cd.explanation).split(";")[0]) for c in claims if c),
            ("definition", r.text(s, DEFINITION)),
        ]
        return [(field, text) for field, text in said if text]

    def _add(self, thing: str, field: str, said: list[str]) -> None:
        plain = " ".join(said)
        self._db.execute("insert into texts (rowid, text) values (?, ?)", (len(self._texts), plain))
        self._texts.append(_Text(thing, field, said, len(set(telling(said)))))
        if field in _NAMES:
            self._exact.setdefault(plain, {}).setdefault(thing, field)

    def find(self, query: str, limit: int = 40) -> list[Hit]:
        """The things that fit a query best, best first."""
        named = self._exact.get(" ".join(words(query)), {})
        exact = sorted(named, key=lambda i: (named[i], i))
        asked = self._understanding.understand(query)
        scores, found = self._rank(asked)
        ranked = sorted(scores, key=lambda i: (-scores[i], i))
        order = [*exact, *(i for i in ranked if i not in exact)][:limit]
        return [self._hit(i, _EXACT if i in exact else self._why(i, asked, found.get(i, []))) for i in order]

    def _rank(self, asked: Asked) -> tuple[dict[str, float], dict[str, list[_Found]]]:
        """What each thing counts for, and the words that it was found by."""
        by_word: dict[str, list[float]] = {}
        reasons: dict[str, list[_Found]] = {}
        in_name: dict[int, int] = {}
        for sought in asked.sought:
            said = self._best(sought.said)
            meant: dict[str, list[_Found]] = {}
            for term in sought.meant:
                for i, one in self._best((term,)).items():
                    meant.setdefault(i, []).append(one)
            for i in said.keys() | meant.keys():
                own, other = [said[i]] if i in said else [], meant.get(i, [])
                best = max(own, other, key=lambda ones: sum(one.score for one in ones))
                by_word.setdefault(i, []).append(sum(one.score for one in best))
                reasons.setdefault(i, []).extend(best)
                for one in best:
                    in_name[one.text] = in_name.get(one.text, 0) + 1
        with_all = self._with_all_words(asked)
        scores = {}
        for i, counted in by_word.items():
            share = len(counted) / len(asked.sought)
            whole = max(self._share_of_name(one.text, in_name) for one in reasons[i])
            whole += with_all.get(i, 0.0)
            scores[i] = sum(counted) * (0.4 + 0.6 * share) * (1 + 0.5 * whole) * self._weight(i, asked)
        if not scores and asked.months:
            scores = {i: self._overlap(i, asked) for i in self._months if self._overlap(i, asked)}
        return scores, reasons

    def _with_all_words(self, asked: Asked) -> dict[str, float]:
        """Things that have all words of a query, little ones too, in one text: 1 for a name, a half for another."""
        found: dict[str, float] = {}
        for text in self._match(asked.whole) if len(asked.whole.words) > 1 else ():
            of = self._texts[text]
            found[of.thing] = max(found.get(of.thing, 0.0), 1.0 if of.field in _NAMES else 0.5)
        return found

    def _share_of_name(self, text: int, found: dict[int, int]) -> float:
        of = self._texts[text]
        return min(1.0, found[text] / of.telling) if of.field in _NAMES else 0.0

    def _weight(self, i: str, asked: Asked) -> float:
        kind = self._kinds[i]
        weight = _KIND_WEIGHTS.get(kind, 1.0)
        if asked.kind:
            weight = 1.6 if kind == asked.kind else min(weight, 1.0)
        if asked.months and i in self._months:
            weight *= 1.4 if self._overlap(i, asked) else 0.6
        return weight

    def _overlap(self, i: str, asked: Asked) -> float:
        """The part of a feature's usual months that lies in the months asked for."""
        (first, last), (start, end) = self._months[i], asked.months or (0, 0)
        return max(0.0, min(last, end) - max(first, start)) / max(1, last - first)

    def _best(self, ways: tuple[Term, ...]) -> dict[str, _Found]:
        """Where each thing holds one of these terms best."""
        rows: list[tuple[Term, int]] = []
        for term in ways:
            instead = replace(term, counts=_ONLY_FAMILY) if term.how == "family" and not rows else term
            rows += [(instead, text) for text in self._match(term)]
        things = {self._texts[text].thing for _, text in rows}
        rarity = math.log(1 + len(self._kinds) / len(things)) if things else 0
        best: dict[str, _Found] = {}
        for term, text in rows:
            of = self._texts[text]
            score = rarity * term.counts * _FIELDS[of.field][0]
            if of.thing not in best or score > best[of.thing].score:
                best[of.thing] = _Found(score, term, text)
        return best

    def _match(self, term: Term) -> list[int]:
        with self._lock:
            rows = self._db.execute("select rowid from texts where texts match ?", (term.expression,))
            return [text for (text,) in rows]

    # ---------------------------------------------------------------- why

    def _why(self, i: str, asked: Asked, found: list[_Found]) -> str:
        """The three words that counted for most, and the age or kind asked for, in plain words."""
        stems = self._understanding.stems
        said: dict[tuple[int, str], set[str]] = {}
        for one in sorted(found, key=lambda one: -one.score)[:3]:
            said.setdefault((one.text, one.term.said if one.term.how else ""), set()).update(stems(one.term.words))
        reasons = [self._reason(self._texts[text], near, wanted) for (text, near), wanted in said.items()]
        whole = set(stems(asked.whole.words))
        if len(whole) > 1 and any(whole <= set(stems(self._texts[one.text].words)) for one in found):
            reasons.append("all your words are in one place")
        if asked.months and i in self._months and self._overlap(i, asked):
            reasons.append("it is usual at about that age")
        if asked.kind == self._kinds[i]:
            reasons.append("you asked who")
        return "; ".join([*reasons, *(f"“{said}” was read as “{known}”" for said, known in asked.read_as)])

    def _reason(self, text: _Text, near: str, wanted: set[str]) -> str:
        stems = self._understanding.stems(text.words)
        held = [f"“{w}”" for w, stem in zip(text.words, stems, strict=True) if stem in wanted]
        says = f"{_FIELDS[text.field][1]} {' and '.join(dict.fromkeys(held))}"
        return f"{says}, near to “{near}”" if near else says

    def _hit(self, value: str, why: str) -> Hit:
        s = NamedNode(value)
        r = self._reader
        line = r.text(s, cd.everydayWords) or r.text(s, DEFINITION)
        return Hit(link(r, s), KINDS[self._kinds[value]], "" if line == r.label(s) else line, why)

    # ---------------------------------------------------------------- wrong addresses

    def near(self, slug: str, kind: str | None = None, limit: int = 5) -> list[tuple[str, str]]:
        """Things whose slug or name comes close to a wrong one, as pairs of label and page."""
        slugs = {i: i.rsplit("/", 1)[-1] for i in self._kinds if kind is None or f"/id/{kind}/" in i}
        close = process.extract(slug, slugs, scorer=fuzz.WRatio, limit=limit, score_cutoff=68)
        return [(self._reader.label(i), url(i)) for _, _, i in close]
