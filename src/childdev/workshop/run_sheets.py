"""Templates of workshops: the question, what it is about, the run sheet, and what people are offered."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from childdev.errors import NotFoundError
from childdev.workshop.roles import OFFERED

_FOLDER = Path(__file__).parent / "templates"

#: kind of card → its name, and a hint for who writes one
CARD_KINDS = {
    "feature": ("Something a child does or has", "When things go well, what do you see? For instance: joins two words"),
    "help": ("Something that helps", "At home, in nursery or school, near where people live"),
    "asset": ("Something we hold", "Know-how, trust, time, places, ways of working"),
    "link": ("How two things hang together", "This usually grows from that; this helps with that"),
    "wording": ("Better words", "How would you say it to a friend?"),
    "question": ("A question", "What do we not know yet?"),
    "disagreement": ("We see it differently", "What do you see otherwise, and why?"),
}


@dataclass(frozen=True)
class Phase:
    """A phase of the run sheet: how long it takes in minutes, and what the facilitator may say."""

    key: str
    label: str
    minutes: int
    say: str


@dataclass(frozen=True)
class Template:
    """A kind of workshop that can be opened. `about` names things of the model as "kind/slug"."""

    key: str
    title: str
    question: str
    summary: str
    about: tuple[str, ...]
    kinds: tuple[str, ...]
    roles: tuple[str, ...]
    dots: int
    phases: tuple[Phase, ...]

    @property
    def minutes(self) -> int:
        """How long all phases take."""
        return sum(phase.minutes for phase in self.phases)


@cache
def templates() -> dict[str, Template]:
    """All templates by their key, in the order of their file names."""
    return {
        file.stem: _read(file.stem, tomllib.loads(file.read_text("utf-8"))) for file in sorted(_FOLDER.glob("*.toml"))
    }


def template(key: str) -> Template:
    """The template of a key.

    Raises:
        NotFoundError: there is none.
    """
    if key not in templates():
        raise NotFoundError(f"There is no kind of workshop called '{key}'.", [("Workshops", "/workshops")])
    return templates()[key]


def _read(key: str, given: dict[str, Any]) -> Template:
    return Template(
        key=key,
        title=given["title"],
        question=given["question"],
        summary=given["summary"],
        about=tuple(given.get("about", ())),
        kinds=tuple(given["kinds"]),
        roles=tuple(given.get("roles", OFFERED)),
        dots=given.get("dots", 5),
        phases=tuple(Phase(**phase) for phase in given["phases"]),
    )
