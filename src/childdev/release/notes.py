"""The notes of a release: what changed, in sentences, thing by thing; who wants to be named; where people differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from childdev.contribution.changes.names import thing
from childdev.contribution.changes.sentences import Sentence, sentences
from childdev.contribution.changes.wording import Tense
from childdev.model.stated import Delta, Stated

#: sentences about rules of the vocabulary stand under this heading
VOCABULARY = "The vocabulary"


@dataclass(frozen=True)
class Section:
    """What is told of one thing: its name ("kind/slug", empty for the vocabulary), and its page, if it has one."""

    about: str
    heading: str
    url: str
    sentences: tuple[Sentence, ...]


def sections(before: Stated, delta: Delta, tense: Tense = "was") -> list[Section]:
    """A difference in sentences, by thing and in the order of their names, the vocabulary last."""
    there = before.after(delta) if tense == "was" else before
    after = before.after(delta)
    grouped: dict[str, list[Sentence]] = {}
    for sentence in sentences(before, delta, tense):
        grouped.setdefault(sentence.about, []).append(sentence)
    return [
        Section(about, _heading(about, before, after), _url(about, there), tuple(some))
        for about, some in grouped.items()
    ]


def written(number: str, last: str, day: date, step: str, because: str, told: Sequence[Section]) -> dict[str, Any]:
    """The notes as plain data, as the record keeps them."""
    return {
        "number": number,
        "last": last,
        "day": day.isoformat(),
        "step": step,
        "because": because,
        "sections": [
            {"about": s.about, "heading": s.heading, "lines": [sentence.text for sentence in s.sentences]} for s in told
        ],
    }


def markdown(details: Mapping[str, Any]) -> str:
    """The notes of a release, from the details of its change set, in the form of `docs/releases/`."""
    notes = details["notes"]
    day = date.fromisoformat(notes["day"])
    lines = [
        f"# Release {notes['number']} of the model",
        "",
        f"{day_in_words(day)}. A {notes['step']} release after {notes['last']}. {notes['because']}",
        "",
        "## What changed",
    ]
    for section in notes["sections"]:
        lines += ["", f"### {section['heading']}", "", *(f"- {_line(text)}" for text in section["lines"])]
    lines += _list("Why", [f"**{p['title']}**: {_line(p['why'])}" for p in details.get("proposals", ())])
    lines += _list("Where people differ", map(str, details.get("dissent", ())))
    lines += _list("How people voted", map(str, details.get("votes", ())))
    lines += _list("Thanks to", map(str, details.get("credit", ())))
    return "\n".join(lines) + "\n"


def day_in_words(day: date) -> str:
    """24 November 2026."""
    return f"{day.day} {day:%B %Y}"


def _heading(about: str, before: Stated, after: Stated) -> str:
    if not about:
        return VOCABULARY
    node = thing(about)
    return (after if after.about(node) else before).label(node)


def _url(about: str, there: Stated) -> str:
    """The page of what a section is about, where there is one."""
    if not about:
        return "/vocabulary"
    return f"/{about}" if there.exists(thing(about)) else ""


def _list(heading: str, items: Iterable[str]) -> list[str]:
    found = [_line(item) for item in items]
    return ["", f"## {heading}", "", *(f"- {item}" for item in found)] if found else []


def _line(text: str) -> str:
    return " ".join(text.split())
