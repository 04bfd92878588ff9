"""What the words of a search stand for: families of words, meanings and ages, as `synonyms.toml` lists them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from childdev.views.search_spelling import Spelling

_WORDS = tomllib.loads((Path(__file__).parent / "synonyms.toml").read_text("utf-8"))
_LITTLE = frozenset(_WORDS["little"].split())
_DENY = frozenset(_WORDS["deny"].split())
_AGES: dict[str, list[int]] = _WORDS["ages"]
#: what a word counts for: itself, a word of its family, a word that its meaning is put in
_ITSELF, _FAMILY, _MEANING = 1.0, 0.5, 0.7
#: how many words of a query are looked at
_MOST = 30
_NUMBER_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_NUMBERS = {word: number for number, word in enumerate(_NUMBER_WORDS, 1)}
_NUMBER = rf"(\d{{1,2}}|{'|'.join(_NUMBERS)})"
_AGE = re.compile(rf"\b(?:aged? |at )?{_NUMBER}(?: and a half)? ?(week|month|mo|year|yr|yo)s?(?: olds?)?\b")
_AGED = re.compile(rf"\baged? {_NUMBER}\b")
_SCHOOL_YEAR = re.compile(r"\b(?:year|yr|y) ?(\d{1,2})\b")
_MONTHS = {"week": 0.25, "month": 1.0, "mo": 1.0, "year": 12.0, "yr": 12.0, "yo": 12.0}


def words(text: str) -> list[str]:
    """The words of a text in small letters, without apostrophes."""
    return re.findall(r"[^\W_]+", re.sub("['’‘]", "", text.casefold()))


def telling(found: list[str]) -> list[str]:
    """The words that say what a text is about; all of them where none does."""
    return [w for w in found if w not in _LITTLE] or found


@dataclass(frozen=True)
class Term:
    """Words to look for, what finding them counts for, and how they came from the word that was said."""

    said: str
    words: tuple[str, ...]
    counts: float
    how: str = ""
    together: bool = False

    @property
    def expression(self) -> str:
        """The words as an expression of SQLite's full-text search."""
        return (" AND " if self.together else " OR ").join(f'"{w}"' for w in self.words)


@dataclass(frozen=True)
class Sought:
    """One word or phrase of a query: ways to find it as it was said, or by each word of its meaning."""

    said: tuple[Term, ...]
    meant: tuple[Term, ...] = ()


@dataclass(frozen=True)
class Asked:
    """A query understood: its words, what is sought, the months of an age if it names one, the kind it asks for."""

    whole: Term
    sought: tuple[Sought, ...]
    months: tuple[float, float] | None = None
    kind: str = ""
    read_as: tuple[tuple[str, str], ...] = ()


class Understanding:
    """Understands queries to an index that holds certain words."""

    def __init__(self, known: Iterable[str]) -> None:
        families = [words(line) for line in _WORDS["families"]]
        meanings = {
            tuple(words(said)): words(meant) for line, meant in _WORDS["meanings"].items() for said in line.split(",")
        }
        listed = {w for line in (*families, *meanings) for w in line}
        self._spelling = Spelling({*known, *listed, *_LITTLE, *_AGES}, _LITTLE)
        self.stems = self._spelling.stems
        self._family: dict[str, dict[str, None]] = {}
        for line in families:
            for stem in self.stems(line):
                self._family.setdefault(stem, {}).update(dict.fromkeys(line))
        self._meanings: dict[str, list[tuple[list[str], list[str]]]] = {}
        for said, meant in meanings.items():
            stems = self._phrase(said)
            self._meanings.setdefault(stems[0], []).append((stems, meant))

    def _phrase(self, said: Iterable[str]) -> list[str]:
        """The stems of a phrase; each word that denies is "not"."""
        return self.stems("not" if w in _DENY else w for w in said)

    def understand(self, query: str) -> Asked:
        """What a query asks for."""
        text = " ".join(words(query)[:_MOST])
        months, text = _age(text)
        said, read_as = self._spelling.read(text.split())
        kind = next((k for k, asks in _WORDS["asks"].items() if {*asks["words"].split()} & {*said}), "")
        aside = {*_LITTLE, *(_WORDS["asks"][kind]["aside"].split() if kind else ())}
        phrases = self._phrases(said)
        sought: list[Sought] = []
        i = 0
        while i < len(said):
            end, meant = phrases.get(i, (i + 1, []))
            if meant or said[i] not in aside:
                sought.append(self._sought(said[i:end], meant))
            i = end
        if not sought and months is None:
            sought = [self._sought([w], []) for w in said]
        whole = Term(text, tuple(said), _ITSELF, together=True)
        return Asked(whole, tuple(dict.fromkeys(sought)), months, kind, tuple(read_as))

    def _phrases(self, said: list[str]) -> dict[int, tuple[int, list[str]]]:
        """Where phrases with a meaning begin, where each ends, and the meaning; of two that overlap the longer."""
        stems = self._phrase(said)
        found = []
        for start, stem in enumerate(stems):
            for phrase, meant in self._meanings.get(stem, []):
                end = _end(phrase, stems, said, start)
                if end and (len(phrase) > 1 or said[start] not in _LITTLE):
                    found.append((-len([w for w in phrase if w != "not"]), start, -len(phrase), end, meant))
        chosen: dict[int, tuple[int, list[str]]] = {}
        for _, start, _, end, meant in sorted(found):
            if all(end <= other or start >= chosen[other][0] for other in chosen):
                chosen[start] = (end, meant)
        return chosen

    def _sought(self, phrase: list[str], meant: list[str]) -> Sought:
        name = " ".join(phrase)
        plain = [w for w in phrase if w not in _LITTLE]
        whole = tuple(plain if len(plain) > 1 else [w for w in phrase if w not in _DENY])
        own = (Term(name, whole, _ITSELF, together=True),) if len(phrase) > 1 else self._ways(name)
        stems = set(self.stems(phrase))
        ways = ((_ITSELF, "") if stem in stems else (_MEANING, "meaning") for stem in self.stems(meant))
        return Sought(own, tuple(Term(name, (w,), *way) for w, way in zip(meant, ways, strict=True)))

    def _ways(self, word: str) -> tuple[Term, ...]:
        """A word itself and, where it has one, its family."""
        stem = self.stems([word])[0]
        family = tuple(w for w in self._family.get(stem, ()) if self.stems([w]) != [stem])
        itself = Term(word, (word,), _ITSELF)
        return (itself, Term(word, family, _FAMILY, "family")) if family else (itself,)


def _end(phrase: list[str], stems: list[str], said: list[str], start: int) -> int:
    """Where a phrase that begins here ends, little words in between passed over; 0 where it does not go on."""
    at = start
    for stem in phrase[1:]:
        at += 1
        while at < len(said) and stems[at] != stem and said[at] in _LITTLE:
            at += 1
        if at == len(said) or stems[at] != stem:
            return 0
    return at + 1


def _age(text: str) -> tuple[tuple[float, float] | None, str]:
    """The months that a text speaks of, and the text without an age in numbers."""
    for pattern, first, length in ((_AGE, None, 0), (_AGED, 0.0, 12), (_SCHOOL_YEAR, 48.0, 12)):
        found = pattern.search(text)
        if found:
            number = float(_NUMBERS.get(found[1]) or found[1])
            unit = _MONTHS[found[2]] if first is None else 12.0
            start = number * unit + (first or 0)
            rest = f"{text[: found.start()]} {text[found.end() :]}"
            slack = 1.0 if first == 48.0 else 0.8  # a school year is what it is; an age is said roughly
            return (start * slack, start + (length or max(1.0, unit * 0.99))), rest
    named = [_AGES[w] for w in text.split() if w in _AGES]
    return ((min(a for a, _ in named), max(b for _, b in named)) if named else None), text
