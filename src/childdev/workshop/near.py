"""Cards and things of the model that come close to what somebody is typing, so that the same is not put twice."""

from __future__ import annotations

from typing import Any, Protocol

from pyoxigraph import NamedNode
from rapidfuzz import fuzz, process, utils

from childdev import terms as cd
from childdev.contribution.changes.names import thing, thing_name
from childdev.contribution.changes.wording import called
from childdev.model.iris import kind_and_slug
from childdev.model.stated import Stated
from childdev.views.search import Hit
from childdev.workshop.state import State, cards

_MOST = 5
#: how alike two cards must be, of 100
_ALIKE = 62
#: kind of card → kind of thing that it would become
THINGS = {"feature": "feature", "help": "environment", "asset": "asset"}


class Finding(Protocol):
    """What finds things of the model."""

    def find(self, query: str, limit: int = 40) -> list[Hit]:
        """The things that fit a query best, best first."""


def near(state: State, search: Finding, text: str, kind: str = "") -> dict[str, Any]:
    """Cards and things close to a text, best first; of the kind that the card would be first."""
    there = {card["id"]: card for card in cards(state)}
    alike = process.extract(
        text,
        {i: card["text"] for i, card in there.items()},
        scorer=fuzz.token_set_ratio,
        processor=utils.default_process,
        score_cutoff=_ALIKE,
        limit=_MOST,
    )
    close = [
        {"id": i, "number": there[i]["number"], "text": there[i]["text"], "kind": there[i]["kind"], "score": round(s)}
        for _, s, i in alike
    ]
    return {"cards": close, "things": things(search, text, THINGS.get(kind, ""), _MOST)}


def things(search: Finding, text: str, kind: str = "", most: int = 10) -> list[dict[str, Any]]:
    """Things of the model that fit a text; those of a kind first."""
    if not text.strip():
        return []
    found = []
    for hit in search.find(text[:200], 20):
        named = kind_and_slug(hit.link.iri)
        if named is not None:
            alike = fuzz.token_set_ratio(text, hit.link.label, processor=utils.default_process)
            name = "/".join(named)
            found.append(
                {
                    "name": name,
                    "label": hit.link.label,
                    "kind": hit.kind,
                    "line": hit.line,
                    "url": hit.link.url,
                    "score": round(alike),
                }
            )
    found.sort(key=lambda thing: bool(kind) and not str(thing["name"]).startswith(f"{kind}/"))  # stable
    return found[:most]


def statements(stated: Stated, name: str) -> list[dict[str, str]]:
    """The claims about a thing as sentences: what starts from it first, then what leads to it, in a fixed order."""
    try:
        node = thing(name)
    except ValueError:
        return []
    found = []
    for q in stated.towards(node):
        if q.predicate in (cd.claimSubject, cd.claimObject) and isinstance(q.subject, NamedNode):
            words = called(stated, q.subject).removeprefix("the view that ")
            to = stated.value(q.subject, cd.claimObject)
            matched = isinstance(to, NamedNode) and (kind_and_slug(to) or ("",))[0] == "term"
            if not matched:
                found.append((q.predicate == cd.claimObject, words[:1].upper() + words[1:], thing_name(q.subject)))
    return [{"name": claim, "label": words} for _, words, claim in sorted(found)]
