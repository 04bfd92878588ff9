"""The history of the model in PROV-O: a version is an entity, a change set the activity that made it.

It is made from the log of change sets, so it says nothing that is not there, and is the same whenever it is made.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad

from childdev.model.iris import BASE, GRAPH, PREFIXES, kind_and_slug
from childdev.model.modules import RDF_TYPE
from childdev.store.record import ChangeSet, Entry

HISTORY = NamedNode(GRAPH + "history")
PROV = "http://www.w3.org/ns/prov#"
_DATE_TIME = NamedNode(PREFIXES["xsd"] + "dateTime")
_LABEL, _COMMENT = NamedNode(PREFIXES["rdfs"] + "label"), NamedNode(PREFIXES["rdfs"] + "comment")
_NOTE, _EDITORIAL_NOTE = NamedNode(PREFIXES["skos"] + "note"), NamedNode(PREFIXES["skos"] + "editorialNote")
_CHANGE_NOTE = NamedNode(PREFIXES["skos"] + "changeNote")
_VERSION_INFO = NamedNode(PREFIXES["owl"] + "versionInfo")

Said = tuple[NamedNode, NamedNode, NamedNode | Literal]


def quads(steps: Iterable[tuple[str, Entry]], change: Callable[[int], ChangeSet]) -> Iterator[Quad]:
    """The history of versions, the oldest first, each with its name and its line of the log.

    `change` gives the change set of a number.
    """
    before: NamedNode | None = None
    for name, entry in steps:
        version, activity = NamedNode(f"{BASE}version/{name}"), NamedNode(f"{BASE}change/{entry.number}")
        said: list[Said] = [
            (version, RDF_TYPE, _prov("Entity")),
            (version, _VERSION_INFO, Literal(name)),
            (version, _prov("wasGeneratedBy"), activity),
            (version, _prov("generatedAtTime"), Literal(entry.made_at, datatype=_DATE_TIME)),
            (activity, RDF_TYPE, _prov("Activity")),
            (activity, _prov("endedAtTime"), Literal(entry.made_at, datatype=_DATE_TIME)),
            (activity, _COMMENT, _words(entry.reason)),
        ]
        for agent in {entry.made_by, *map(str, entry.details.get("credit", ()))}:
            node = NamedNode(f"{BASE}agent/{_slug(agent)}")
            said += [
                (activity, _prov("wasAssociatedWith"), node),
                (node, RDF_TYPE, _prov("Agent")),
                (node, _LABEL, _words(agent)),
            ]
        said += [(activity, _CHANGE_NOTE, _words(s)) for s in entry.details.get("sentences", ())]
        for proposal in entry.details.get("proposals", ()):
            node = NamedNode(f"{BASE}proposal/{proposal['id']}")
            said += [(activity, _prov("used"), node), *_of_proposal(node, proposal)]
        if before is not None:
            said += [(version, _prov("wasRevisionOf"), before), (activity, _prov("used"), before)]
            said += [(activity, _prov("influenced"), thing) for thing in sorted(touched(change(entry.number)), key=str)]
        yield from (Quad(s, p, o, HISTORY) for s, p, o in said)
        before = version


def _of_proposal(node: NamedNode, proposal: Mapping[str, Any]) -> Iterator[Said]:
    """A proposal that went into a release: why, from whom in their role, from which workshop, with what dissent."""
    by = str(proposal.get("by", "maintainers"))
    agent = NamedNode(f"{BASE}agent/{_slug(by)}")
    yield node, RDF_TYPE, _prov("Entity")
    yield node, _LABEL, _words(proposal.get("title", ""))
    yield node, _COMMENT, _words(proposal.get("why", ""))
    yield node, _prov("wasAttributedTo"), agent
    yield agent, RDF_TYPE, _prov("Agent")
    yield agent, _LABEL, _words(by)
    for part, prop in (("votes", _NOTE), ("dissent", _EDITORIAL_NOTE)):
        for line in proposal.get(part, ()):
            yield node, prop, _words(line if isinstance(line, str) else line.get("text", ""))
    if workshop := proposal.get("workshop"):
        title = workshop if isinstance(workshop, str) else str(workshop.get("title", ""))
        source = NamedNode(f"{BASE}workshop/{_slug(title)}")
        yield node, _prov("wasDerivedFrom"), source
        yield source, RDF_TYPE, _prov("Entity")
        yield source, _LABEL, _words(title)


def touched(change: ChangeSet) -> set[NamedNode]:
    """The things of the model of which something is said otherwise."""
    subjects = {line.split(" ", 1)[0].strip("<>") for line in (*change.added, *change.removed)}
    return {NamedNode(s) for s in subjects if kind_and_slug(s) is not None}


def _words(text: object) -> Literal:
    return Literal(str(text), language="en-gb")


def _prov(name: str) -> NamedNode:
    return NamedNode(PROV + name)


def _slug(words: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-") or "someone"
