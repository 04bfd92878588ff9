"""From a card to a new thing of the model: what it needs, and what is then said of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from childdev.contribution.changes.kinds import Value

_WORDS = {"feature": "everyday words", "help": "how it helps, in a line", "asset": "how it helps, in a line"}


def missing(card: Mapping[str, Any], met: set[str]) -> tuple[str, ...]:
    """What a card lacks to become a thing, in words. `met` are the relations it takes part in (`>enables`)."""
    details = card.get("details", {})
    needed = {"a definition": details.get("definition"), _WORDS[card["kind"]]: details.get("everyday_words")}
    if card["kind"] == "feature":
        needed |= {
            "from what age it is usually seen": details.get("first_months") is not None,
            "by what age it is usually seen": details.get("last_months") is not None,
            "its stage of childhood": details.get("stages"),
            "the aspect of development it belongs to": details.get("domain"),
            "what it grows from, what grows from it, or what helps": met & {">buildsOn", "<buildsOn", "<enables"},
        }
        if all(details.get(k) is not None for k in ("first_months", "last_months")):
            needed["ages in the right order"] = details["first_months"] <= details["last_months"]
    elif card["kind"] == "help":
        needed |= {"how near to the child it is": details.get("level"), "what it helps with": ">enables" in met}
    else:
        needed |= {
            "its form of capital": details.get("capital"),
            "who holds it": ">heldBy" in met,
            "what it helps with": ">supports" in met,
        }
    return tuple(what for what, there in needed.items() if not there)


def values(card: Mapping[str, Any]) -> tuple[Value, ...]:
    """What is said of the new thing that a complete card becomes."""
    details = card["details"]
    said = [
        Value(property="skos:prefLabel", text=card["text"]),
        Value(property="skos:definition", text=details["definition"]),
    ]
    if card["kind"] != "feature":
        said.append(Value(property="mechanism", text=details["everyday_words"]))
        place = (
            ("atLevel", f"level/{details['level']}")
            if card["kind"] == "help"
            else ("formOf", f"capital/{details['capital']}")
        )
        return (*said, Value(property=place[0], text=place[1], type="thing"))
    return (
        *said,
        Value(property="everydayWords", text=details["everyday_words"]),
        Value(property="typicalFromMonths", text=str(details["first_months"]), type="number"),
        Value(property="typicalToMonths", text=str(details["last_months"]), type="number"),
        Value(property="inDomain", text=f"domain/{details['domain']}", type="thing"),
        *(Value(property="inStage", text=f"stage/{stage}", type="thing") for stage in details["stages"]),
    )
