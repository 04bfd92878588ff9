"""The words of a search as an index knows them: their stems, and unknown words read as known ones."""

from __future__ import annotations

import re
import sqlite3
import threading
from bisect import bisect_left
from collections.abc import Collection, Iterable

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

#: from what likeness on, in a hundred, an unknown word is read as another before all else, and at all
_SURE, _LIKELY = 86, 73


class Spelling:
    """Known words, their Porter stems and their trigrams, both as SQLite's full-text search makes them."""

    def __init__(self, known: Collection[str], little: Collection[str]) -> None:
        self._lock = threading.Lock()
        self._db = sqlite3.connect(":memory:", check_same_thread=False)
        self._db.executescript(
            "create virtual table spoken using fts5(word, tokenize='porter unicode61 remove_diacritics 2');"
            "create virtual table stems using fts5vocab(spoken, instance);"
            "create virtual table spelt using fts5(word, tokenize='trigram')"
        )
        self._known, self._little = sorted(known), frozenset(little)
        self._stems: dict[str, str] = {}
        self._stems = dict(zip(self._known, self.stems(self._known), strict=True))
        self._known_stems = frozenset(self._stems.values())
        self._sounds = {w: _sound(stem) for w, stem in self._stems.items()}
        self._db.executemany("insert into spelt values (?)", ((f" {w} ",) for w in self._known))

    def stems(self, spoken: Iterable[str]) -> list[str]:
        """The stem of each word."""
        asked = list(spoken)
        new = [w for w in dict.fromkeys(asked) if w not in self._stems]
        found: dict[str, str] = {}
        if new:
            with self._lock:
                self._db.executemany("insert into spoken (rowid, word) values (?, ?)", enumerate(new))
                found = {new[row]: stem for row, stem in self._db.execute("select doc, term from stems")}
                self._db.execute("delete from spoken")
        return [self._stems.get(w) or found.get(w, w) for w in asked]

    def read(self, said: list[str]) -> tuple[list[str], list[tuple[str, str]]]:
        """The words as they are known, and those that had to be read as others."""
        found: list[str] = []
        read_as: list[tuple[str, str]] = []
        i = 0
        while i < len(said):
            end = next((e for e in (i + 3, i + 2) if self._are_one_word(said[i:e])), i + 1)
            own = "".join(said[i:end])
            read = [own] if self._is_known(own) else self._near(own)
            if read != said[i:end]:
                read_as.append((" ".join(said[i:end]), " ".join(read)))
            found += read
            i = end
        return found, read_as

    def _is_known(self, word: str) -> bool:
        return word in self._stems or word.isdigit() or self.stems([word])[0] in self._known_stems

    def _are_one_word(self, parts: list[str]) -> bool:
        joined = "".join(parts)
        return len(parts) > 1 and len(joined) > 5 and joined in self._stems and not self._little & {parts[0], parts[-1]}

    def _near(self, word: str) -> list[str]:
        """An unknown word as a known one that is spelt or begins like it, as the two it is made of, or as one in it."""
        if len(word) < 4:
            return [word]
        best, likeness = self._likest(word)
        if likeness < _SURE:
            begun = self._known[bisect_left(self._known, word) : bisect_left(self._known, f"{word}~")]
            if begun:
                return [min(begun, key=len)]
            for cut in range(3, len(word) - 2):
                if word[:cut] in self._stems and word[cut:] in self._stems:
                    return [word[:cut], word[cut:]]
        if likeness >= _LIKELY:
            return [best]
        return [max((w for w in self._known if len(w) > 4 and w in word), key=len, default=word)]

    def _likest(self, word: str) -> tuple[str, float]:
        """The known word that looks and sounds most like an unknown one, of those that share trigrams, and how much."""
        padded = f" {word} "
        trigrams = " OR ".join(f'"{padded[i : i + 3]}"' for i in range(len(padded) - 2))
        with self._lock:
            rows = self._db.execute("select word from spelt where spelt match ? order by rank limit 200", (trigrams,))
            sharing = [w.strip() for (w,) in rows]
        sound = _sound(self.stems([word])[0])

        def likeness(other: str) -> float:
            looks, sounds = 100 * OSA.normalized_similarity(word, other), fuzz.ratio(sound, self._sounds[other])
            return (looks + sounds) / 2 + (3 if word[0] == other[0] else 0)

        best = max(sharing, key=likeness, default="")
        return best, likeness(best) if best else 0


def _sound(word: str) -> str:
    """A word with letters that sound alike made one, and double letters single."""
    for pattern, plain in (("ph", "f"), ("ck|k|q", "c"), ("z", "s"), ("y", "i"), (r"(.)\1", r"\1")):
        word = re.sub(pattern, plain, word)
    return word
