"""What a workshop puts forward: typed changes from the cards that were accepted, with votes and dissent.

Nothing is dropped in silence. An accepted card that lacks what the model needs, or on which a clash of meaning was not
settled, is told under `unfinished`, with what is missing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from childdev.contribution.changes.kinds import (
    AddThing,
    Change,
    Disagree,
    Evidence,
    Link,
    Retire,
    SetValue,
    Value,
)
from childdev.contribution.changes.names import CLAIMED, claim_slug, term, thing, thing_name
from childdev.model.stated import Stated
from childdev.workshop.agreement import differing, dots, stances
from childdev.workshop.conflicts import conflicts
from childdev.workshop.meaning import Line, end, lines, relation, said, worded, words_now
from childdev.workshop.near import THINGS
from childdev.workshop.roles import ROLES
from childdev.workshop.state import State, cards
from childdev.workshop.things import missing, values


@dataclass(frozen=True)
class Unfinished:
    """An accepted card that can't be put forward yet, and what it lacks, in words."""

    card: str
    number: int
    text: str
    missing: tuple[str, ...]


@dataclass(frozen=True)
class ProposalDraft:
    """What is put forward. `details` holds votes and dissent as lines to read; `questions` what was left open."""

    title: str
    why: str
    changes: tuple[Change, ...]
    details: Mapping[str, Any]
    unfinished: tuple[Unfinished, ...] = ()
    questions: tuple[Mapping[str, Any], ...] = ()

    def plain(self) -> dict[str, Any]:
        """As JSON carries it."""
        return {
            "title": self.title,
            "why": self.why,
            "changes": [change.model_dump(mode="json") for change in self.changes],
            "details": dict(self.details),
            "unfinished": [vars(u) | {"missing": list(u.missing)} for u in self.unfinished],
            "questions": [dict(q) for q in self.questions],
        }


@dataclass
class _Draft:
    """A proposal in the making."""

    state: State
    stated: Stated
    things: list[Change] = field(default_factory=list)
    links: list[Change] = field(default_factory=list)
    others: list[Change] = field(default_factory=list)
    unfinished: dict[str, Unfinished] = field(default_factory=dict)
    #: card → the thing of the model that it is, or becomes
    named: dict[str, str] = field(default_factory=dict)
    #: card → claims that its dissent is about
    claims: dict[str, list[str]] = field(default_factory=dict)

    def lacks(self, card: Mapping[str, Any], *what: str) -> None:
        """Note what a card lacks."""
        before = self.unfinished[card["id"]].missing if card["id"] in self.unfinished else ()
        made = Unfinished(card["id"], card["number"], card["text"], (*before, *what))
        self.unfinished[card["id"]] = made


def proposal_of(state: State, stated: Stated) -> ProposalDraft:
    """What the accepted cards of a workshop put forward on the model as it is stated."""
    draft = _Draft(state, stated)
    accepted = [card for card in cards(state) if (card.get("decision") or {}).get("decision") == "accept"]
    clean = [card for card in accepted if _settled(draft, card)]
    usable = _lines(draft, clean)
    _things(draft, clean, usable)
    _links(draft, usable, {card["id"]: card for card in clean})
    for card in clean:
        _other(draft, card)
    _dissent(draft, clean)
    changes = (*draft.things, *_once(draft.links), *_once(draft.others))
    details = {
        "workshop": state["setup"]["title"],
        "votes": [line for card in accepted if (line := _votes(state, card))],
        "dissent": [line for card in cards(state) for line in _dissenting(state, card)],
        "open questions": [f"{q['text']} {q['reason']}".strip() for q in _questions(state)],
        "to finish": [f"{u.text}: {'; '.join(u.missing)}" for u in draft.unfinished.values()],
    }
    title = f"From the workshop: {state['setup']['title']}"[:200]
    return ProposalDraft(title, _why(state), changes, details, tuple(draft.unfinished.values()), _questions(state))


def _settled(draft: _Draft, card: Mapping[str, Any]) -> bool:
    """Whether nothing speaks against putting a card forward: no clash left it out, none is still open."""
    resolved = draft.state.get("resolutions", {})
    if any(card["id"] in r.get("without", ()) for r in resolved.values()):
        return False
    for clash in conflicts(draft.state, draft.stated):
        if clash.key not in resolved and card["id"] in clash.about:
            draft.lacks(card, f"the room has not chosen yet: {clash.what}")
            return False
    return True


# ---------------------------------------------------------------- lines


def _lines(draft: _Draft, clean: Iterable[Mapping[str, Any]]) -> list[Line]:
    """The lines that go with what was accepted: of accepted link cards, and drawn to accepted cards."""
    accepted = {card["id"]: card for card in clean}
    resolved = draft.state.get("resolutions", {})
    without = {i for r in resolved.values() for i in r.get("without", ())}
    unsettled = {i for c in conflicts(draft.state, draft.stated) if c.key not in resolved for i in c.about}
    found = []
    for line in lines(draft.state):
        raw = _raw(draft.state, line)
        ends = {raw["start"], raw["end"]}
        on = [ref.removeprefix("card/") for ref in ends if ref.startswith("card/")]
        if line.id in without or not all(i in accepted for i in on):
            continue
        if line.card is None and not on:
            continue  # a line between two things of the model was never decided on
        if line.card is not None and line.card not in accepted:
            continue
        if line.id in unsettled and line.card is None:
            draft.lacks(accepted[on[0]], f"the room has not chosen yet about the line {said(draft.state, line)}")
            continue
        found.append(line)
    for card in accepted.values():
        if card["kind"] in ("help", "asset"):
            found += [
                Line(
                    card["id"],
                    end(draft.state, f"card/{card['id']}"),
                    "helps",
                    end(draft.state, ref),
                    "",
                    0,
                    card["role"],
                    card["id"],
                )
                for ref in card.get("about", ())
                if ref.startswith(("feature/", "environment/")) or ref.removeprefix("card/") in accepted
            ]
    return found


def _raw(state: State, line: Line) -> Mapping[str, Any]:
    of = state["cards"][line.card] if line.card else state["connections"][line.id]
    tie: Mapping[str, Any] = of["tie"]
    return tie


def _links(draft: _Draft, usable: Iterable[Line], accepted: Mapping[str, Mapping[str, Any]]) -> None:
    for line in usable:
        meant = relation(draft.state, line)
        start, to = _named(draft, line.start), _named(draft, line.end)
        card = accepted.get(line.card or "") or accepted.get(line.start.removeprefix("card/"), {})
        if meant is None or start is None or to is None:
            if card and meant is None:
                draft.lacks(card, f"the model has no relation for {said(draft.state, line)}; say it in another way")
            continue
        if any(q.object == thing(to) for q in draft.stated.about(thing(start)) if q.predicate == term(meant)):
            continue
        words = line.why or _reason(draft.state, card)
        evidence = Evidence(explanation=words) if meant in CLAIMED else None
        draft.links.append(Link(subject=start, relation=meant, object=to, evidence=evidence))
        if meant in CLAIMED:
            about = claim_slug(thing(start), meant, thing(to))
            for i in {line.card, *(r.removeprefix("card/") for r in (line.start, line.end))} & accepted.keys():
                draft.claims.setdefault(str(i), []).append(about)


def _reason(state: State, card: Mapping[str, Any]) -> str:
    """Why a link holds that came with a card: what its words say, or of what helps how it does; not its name again."""
    if card and card["kind"] not in THINGS:
        return str(card["text"])
    helps = card.get("details", {}).get("everyday_words") if card and card["kind"] != "feature" else ""
    return helps or f"Agreed in the workshop ‘{state['setup']['title']}’."


def _named(draft: _Draft, reference: str) -> str | None:
    return draft.named.get(reference.removeprefix("card/")) if reference.startswith("card/") else reference


# ---------------------------------------------------------------- new things


def _things(draft: _Draft, clean: Iterable[Mapping[str, Any]], usable: list[Line]) -> None:
    """New things from the cards that are complete; what leans on a card that is not, is not complete either."""
    become = {card["id"]: card for card in clean if card["kind"] in THINGS}
    for card in list(become.values()):
        if stands := card.get("details", {}).get("stands_for"):
            draft.named[card["id"]] = stands
            del become[card["id"]]
    while True:
        firm = [line for line in usable if all(_firm(ref, become) for ref in (line.start, line.end))]
        lacking = {i: found for i, card in become.items() if (found := missing(card, _met(card, firm, draft)))}
        if not lacking:
            break
        for i, found in lacking.items():
            draft.lacks(become.pop(i), *found)
    for card in become.values():
        name = _slug(draft, THINGS[card["kind"]], card["text"])
        draft.named[card["id"]] = name
        ages = Evidence(explanation=f"Agreed in the workshop ‘{draft.state['setup']['title']}’.")
        draft.things.append(
            AddThing(thing=name, classes=(), values=values(card), ages=ages if card["kind"] == "feature" else None)
        )


def _firm(reference: str, become: Mapping[str, Any]) -> bool:
    return not reference.startswith("card/") or reference.removeprefix("card/") in become


def _met(card: Mapping[str, Any], usable: Iterable[Line], draft: _Draft) -> set[str]:
    """The relations of the model in which a card takes part, as `>relation` from it and `<relation` to it."""
    me, found = f"card/{card['id']}", set()
    for line in usable:
        meant = relation(draft.state, line)
        if meant is not None and me in (line.start, line.end):
            found.add((">" if line.start == me else "<") + meant)
    return found


def _slug(draft: _Draft, kind: str, text: str) -> str:
    plain = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:60].rstrip("-") or "new"
    taken = set(draft.named.values())
    for n in range(1, 1000):
        name = f"{kind}/{plain}{'' if n == 1 else f'-{n}'}"
        if name not in taken and not draft.stated.about(thing(name)):
            return name
    raise AssertionError("no name is free")


# ---------------------------------------------------------------- wordings, retirements, other views


def _other(draft: _Draft, card: Mapping[str, Any]) -> None:
    if card["kind"] == "wording":
        _wording(draft, card)
    elif card["kind"] == "link" and not card.get("tie"):
        draft.lacks(card, "from what to what, and how they hang together")
    elif card["kind"] == "disagreement":
        claims = list(_disputed(draft, card))
        for claim in claims:
            draft.others.append(_position(claim, card["text"], card["role"]))
        if not claims:
            draft.lacks(card, "which statement of the model is seen differently")


def _wording(draft: _Draft, card: Mapping[str, Any]) -> None:
    about = [end(draft.state, ref) for ref in card.get("about", ())]
    if len(about) != 1 or about[0].startswith("card/") or not card.get("part"):
        draft.lacks(card, "which one thing it words anew, and what of it: name, definition or everyday words")
        return
    if card["part"] == "retire":
        reason = card["decision"].get("reason") or card["text"]
        draft.others.append(Retire(thing=about[0], reason=reason))
        return
    prop, now = worded(about[0], card["part"]), words_now(draft.stated, about[0], card["part"])
    if now == card["text"]:
        return
    before = Value(property=prop, text=now) if now else None
    draft.others.append(SetValue(thing=about[0], before=before, after=Value(property=prop, text=card["text"])))


def _disputed(draft: _Draft, card: Mapping[str, Any]) -> Iterator[str]:
    """The claims that a disagreement is about: those named, and that of the link drawn on it."""
    for ref in card.get("about", ()):
        if ref.startswith("claim/"):
            yield ref.removeprefix("claim/")
    if card.get("tie"):
        tie = card["tie"]
        line = Line(
            card["id"], end(draft.state, tie["start"]), tie["relation"], end(draft.state, tie["end"]), "", 0, ""
        )
        meant = relation(draft.state, line)
        if meant and not any(x.startswith("card/") for x in (line.start, line.end)):
            claim = draft.stated.claim(thing(line.start), term(meant), thing(line.end))
            if claim is not None:
                yield thing_name(claim).removeprefix("claim/")


def _dissent(draft: _Draft, clean: Iterable[Mapping[str, Any]]) -> None:
    """Who differed with a reason on what is put forward keeps that as a position in the model."""
    for card in clean:
        for view in differing(draft.state, card["id"]):
            for claim in draft.claims.get(card["id"], ())[:1]:
                if view["reason"]:
                    draft.others.append(_position(claim, view["reason"], view["role"]))


def _position(claim: str, words: str, role: str) -> Disagree:
    return Disagree(claim=f"claim/{claim}", stance="against", words=words, role=ROLES[role].label.lower())


def _once(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Each link once, with all the reasons given for it; anything else once."""
    made: dict[Any, Change] = {}
    for change in changes:
        if not isinstance(change, Link):
            made[change.model_dump_json()] = change
            continue
        key = (change.subject, change.relation, change.object)
        before = made.get(key)
        if isinstance(before, Link) and before.evidence and change.evidence:
            reasons = dict.fromkeys([before.evidence.explanation, change.evidence.explanation])
            joined = " ".join(r.rstrip(".") + "." for r in reasons if r)
            change = change.model_copy(update={"evidence": Evidence(explanation=joined)})
        made[key] = change
    return tuple(made.values())


# ---------------------------------------------------------------- words


def _questions(state: State) -> tuple[Mapping[str, Any], ...]:
    """What was left open: question cards, and cards decided to be open questions."""
    return tuple(
        {"number": card["number"], "text": card["text"], "reason": (card.get("decision") or {}).get("reason", "")}
        for card in cards(state)
        if (card.get("decision") or {}).get("decision") == "open-question" or card["kind"] == "question"
    )


def _votes(state: State, card: Mapping[str, Any]) -> str:
    counted = Counter(stance["stance"] for _, stance in stances(state, card["id"]))
    told = [f"{counted[s]} {s}" for s in ("agree", "unsure", "differ") if counted[s]]
    given = dots(state, card["id"])
    told = [*([f"{given} dot{'s' if given != 1 else ''}"] if given else []), *told]
    return f"{card['text'].rstrip('.')}: {', '.join(told)}" if told else ""


def _dissenting(state: State, card: Mapping[str, Any]) -> Iterator[str]:
    for view in differing(state, card["id"]):
        yield f"{card['text'].rstrip('.')}: {view['label']} differs" + (
            f", because: {view['reason']}" if view["reason"] else ""
        )


def _why(state: State) -> str:
    people = Counter(
        ROLES[p["role"]].label.lower() for p in state["participants"].values() if p["part"] != "facilitator"
    )
    told = ", ".join(f"{n} × {role}" for role, n in sorted(people.items()))
    closing = (state.get("closed") or {}).get("words", "")
    return f"The room was asked: {state['setup']['question']} Who took part: {told or 'nobody'}. {closing}".strip()
