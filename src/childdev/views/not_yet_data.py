"""The answer of "Not there yet?" as data, in the same order and with the same words as the page."""

from __future__ import annotations

from typing import Any

from childdev.store.reader import Reader
from childdev.views.not_yet import Answer, Part, prompts
from childdev.views.things import Evidence, Link


def data(reader: Reader, found: Answer) -> dict[str, Any]:
    """The answer for API and scripts, made of plain values."""
    return {
        "is": "A reference for conversation. Not a screening instrument, not a medical device, never a diagnosis.",
        "where_to_turn": "/about#worried",
        "age": {"months": found.age.months, "counted": found.age.counted},
        "look_first": [
            {**_link(r.link), "grows_into": [_link(u) for u in r.under], "ticked": found.state.get(r.slug)}
            for r in found.shared
        ],
        "not_yet": [_part_data(p, found.state) for p in found.parts],
        "who_can_help": [
            {
                "group": heading,
                "agencies": [{**_link(h.helper.link), "with": [f.iri for f in h.features]} for h in some],
            }
            for heading, some in found.helpers
        ],
        "questions": list(prompts(reader)),
        "not_sure": [_link(u) for u in found.unsure],
    }


def _part_data(p: Part, state: dict[str, str]) -> dict[str, Any]:
    k = p.known
    return {
        **_link(k.link),
        "words": k.words,
        "definition": k.definition,
        "usually_seen": {"from": k.first, "to": k.last},
        "this_age_is": p.when,
        "later_rests_on_it": {"how_much": k.carries, "how_sure": k.sure or None},
        "look_first": [{**_link(r.link, r.under[0].evidence), "ticked": state.get(r.slug)} for r in p.roots],
        "helps_now": [{"where": place, "what": [_link(x) for x in some]} for place, some in p.helps],
        "may_be_worth_talking_about": [_link(s) for s in p.signs],
        "talk_from_months": p.talk_from,
        "grows_into": [_link(x) for x in k.later],
        "can_also_grow_from": [_link(x) for x in k.other_ways],
        "people_differ": [_link(x) for x in k.differ],
    }


def _link(x: Link, stands: Evidence | None = None) -> dict[str, Any]:
    e = stands or x.evidence
    return {
        "iri": x.iri,
        "label": x.label,
        **({"note": x.note} if x.note else {}),
        **({"evidence": {"strength": e.strength, "basis": e.basis, "claim": e.url}} if e else {}),
    }
