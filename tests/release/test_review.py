"""Proposals: who may approve what, what an edit or a change of the model does to them, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import func, select
from sqlalchemy.engine import Connection, Engine

from childdev.access import accounts
from childdev.access.accounts import Account
from childdev.access.policy import Role
from childdev.contribution.changes.kinds import Change, Disagree, Link, Retire, SetValue, Value
from childdev.errors import ChangeError, ConflictError, ForbiddenError, InvalidError, NotFoundError, PersonalDataError
from childdev.model.modules import Model
from childdev.model.stated import Stated
from childdev.release import mending, proposals, review
from childdev.release.proposals import Kind, Proposal, Status, open_proposal
from childdev.release.review import Now
from childdev.store.database import connect

WALKS = "feature/walks-alone"


def reworded(before: str, after: str, thing: str = WALKS) -> SetValue:
    return SetValue(
        thing=thing,
        before=Value(property="skos:prefLabel", text=before),
        after=Value(property="skos:prefLabel", text=after),
    )


WORDING = (reworded("Walks alone", "Walks without holding on"),)


@pytest.fixture(scope="module")
def stated(model: Model) -> Stated:
    return Stated.of(model)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = connect(f"sqlite:///{tmp_path_factory.mktemp('review') / 'record.sqlite'}")
    with engine.begin() as connection:
        for name, role in (
            ("Ada", Role.FACILITATOR),
            ("Dora", Role.DOMAIN_REVIEWER),
            ("Milo", Role.MODEL_REVIEWER),
            ("Max", Role.MAINTAINER),
        ):
            accounts.create(connection, name, [role])
        accounts.create(connection, "Both", [Role.DOMAIN_REVIEWER, Role.MODEL_REVIEWER])
    yield engine
    engine.dispose()


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    """What a test writes is gone after it."""
    with engine.connect() as connection:
        yield connection
        connection.rollback()


@pytest.fixture
def people(connection: Connection) -> dict[str, Account]:
    return {a.name: a for a in accounts.everyone(connection)}


@pytest.fixture
def now(stated: Stated) -> Now:
    return Now(0, "1.0.0", stated)


@pytest.fixture
def proposed(connection: Connection, people: dict[str, Account]) -> Proposal:
    number = open_proposal(connection, people["Ada"].id, "Plainer words", "Parents asked.", 0, WORDING)
    return proposals.proposal(connection, number)


def approve(connection: Connection, now: Now, person: Account, number: int, side: Kind) -> Proposal:
    found = proposals.proposal(connection, number)
    shown = review.digest(review.standing(now.stated, found.changes).delta)
    return review.approve(connection, now, person, found, side, "It is right.", shown)


def test_two_people_approve_one_for_each_side(
    connection: Connection, now: Now, people: dict[str, Account], proposed: Proposal
) -> None:
    first = approve(connection, now, people["Dora"], proposed.id, Kind.DOMAIN_APPROVAL)
    assert first.status == Status.OPEN
    assert "model reviewer" in review.verdict(first, proposals.entries(connection, first.id)).missing
    second = approve(connection, now, people["Milo"], proposed.id, Kind.MODEL_APPROVAL)
    assert second.status == Status.APPROVED
    assert second.credit == "facilitator"
    assert [e.kind for e in proposals.entries(connection, second.id)] == [
        Kind.OPENED,
        Kind.DOMAIN_APPROVAL,
        Kind.MODEL_APPROVAL,
    ]


def test_one_person_with_both_roles_is_not_two_people(
    connection: Connection, now: Now, people: dict[str, Account], proposed: Proposal
) -> None:
    approve(connection, now, people["Both"], proposed.id, Kind.DOMAIN_APPROVAL)
    both = approve(connection, now, people["Both"], proposed.id, Kind.MODEL_APPROVAL)
    assert both.status == Status.OPEN
    assert "second person" in review.verdict(both, proposals.entries(connection, both.id)).missing
    assert approve(connection, now, people["Milo"], proposed.id, Kind.MODEL_APPROVAL).status == Status.APPROVED


def test_nobody_approves_what_is_their_own(connection: Connection, now: Now, people: dict[str, Account]) -> None:
    number = open_proposal(connection, people["Both"].id, "Plainer words", "Parents asked.", 0, WORDING)
    with pytest.raises(ForbiddenError, match="what you wrote"):
        approve(connection, now, people["Both"], number, Kind.DOMAIN_APPROVAL)
    assert (
        review.may_approve(
            proposals.proposal(connection, number), proposals.entries(connection, number), people["Both"]
        )
        == []
    )


def test_only_reviewers_approve_each_their_side_with_a_reason(
    connection: Connection, now: Now, people: dict[str, Account], proposed: Proposal
) -> None:
    for name, side in (("Max", Kind.DOMAIN_APPROVAL), ("Dora", Kind.MODEL_APPROVAL), ("Milo", Kind.COMMENT)):
        with pytest.raises(ForbiddenError):
            approve(connection, now, people[name], proposed.id, side)
    with pytest.raises(InvalidError, match="reason"):
        review.approve(connection, now, people["Dora"], proposed, Kind.DOMAIN_APPROVAL, "  ", "")


def test_a_request_for_changes_stands_until_whoever_made_it_approves(
    connection: Connection, now: Now, people: dict[str, Account], proposed: Proposal
) -> None:
    review.ask_for_changes(connection, people["Dora"], proposed, "Say who asked.")
    assert proposals.proposal(connection, proposed.id).status == Status.CHANGES_REQUESTED
    approve(connection, now, people["Both"], proposed.id, Kind.DOMAIN_APPROVAL)
    still = approve(connection, now, people["Milo"], proposed.id, Kind.MODEL_APPROVAL)
    assert still.status == Status.CHANGES_REQUESTED
    assert approve(connection, now, people["Dora"], proposed.id, Kind.DOMAIN_APPROVAL).status == Status.APPROVED


def test_a_later_request_takes_back_ones_own_approval(
    connection: Connection, now: Now, people: dict[str, Account], proposed: Proposal
) -> None:
    approve(connection, now, people["Dora"], proposed.id, Kind.DOMAIN_APPROVAL)
    approved = approve(connection, now, people["Milo"], proposed.id, Kind.MODEL_APPROVAL)
    review.ask_for_changes(connection, people["Dora"], approved, "I read it again.")
    found = proposals.proposal(connection, proposed.id)
    assert found.status == Status.CHANGES_REQUESTED
    assert review.verdict(found, proposals.entries(connection, found.id)).domain == ()


def test_an_edit_voids_approvals_and_says_so(
    connection: Connection, now: Now, people: dict[str, Account], proposed: Proposal
) -> None:
    approve(connection, now, people["Dora"], proposed.id, Kind.DOMAIN_APPROVAL)
    approved = approve(connection, now, people["Milo"], proposed.id, Kind.MODEL_APPROVAL)
    other = (reworded("Walks alone", "Walks on their own"),)
    edited = review.edit(connection, now, people["Ada"], approved, other, "Shorter.")
    assert (edited.status, edited.edition, edited.changes) == (Status.OPEN, 2, other)
    said = proposals.entries(connection, edited.id)
    assert review.verdict(edited, said).domain == ()
    assert "count no more" in said[-1].words
    with pytest.raises(ForbiddenError):
        review.edit(connection, now, people["Dora"], edited, WORDING, "Back again.")


def test_of_two_who_act_at_once_one_is_told(
    connection: Connection, now: Now, people: dict[str, Account], proposed: Proposal
) -> None:
    review.withdraw(connection, people["Ada"], proposed, "")
    with pytest.raises(ConflictError):
        review.decline(connection, people["Dora"], proposed, "No.")
    withdrawn = proposals.proposal(connection, proposed.id)
    with pytest.raises(ConflictError, match="withdrawn"):
        review.decline(connection, people["Dora"], withdrawn, "No.")


def test_a_proposal_moves_with_the_model_where_it_does_the_same(
    connection: Connection, now: Now, people: dict[str, Account], proposed: Proposal
) -> None:
    approve(connection, now, people["Dora"], proposed.id, Kind.DOMAIN_APPROVAL)
    position = Disagree(claim="claim/walks-alone--typical-age", stance="for", words="So it is.", role="parent")
    other = review.checked(now.stated, [position])
    later = Now(1, "1.0.0.1", now.stated.after(other))
    moved = approve(connection, later, people["Milo"], proposed.id, Kind.MODEL_APPROVAL)
    assert (moved.base, moved.edition, moved.status) == (1, 1, Status.APPROVED)
    assert any(e.kind == Kind.REBASED and "1.0.0.1" in e.words for e in proposals.entries(connection, moved.id))


def test_what_no_longer_fits_is_explained_and_can_be_mended(
    connection: Connection, now: Now, people: dict[str, Account], proposed: Proposal
) -> None:
    meanwhile = review.checked(now.stated, [reworded("Walks alone", "Walks")])
    later = Now(1, "1.0.0.1", now.stated.after(meanwhile))
    looked = review.standing(later.stated, proposed.changes)
    assert not looked.fits and looked.change == 1 and "no longer says “Walks alone”" in looked.problem
    with pytest.raises(InvalidError, match="no longer says"):
        review.approve(connection, later, people["Dora"], proposed, Kind.DOMAIN_APPROVAL, "Right.", "")
    (mendable,) = mending.mendable(later.stated, proposed.changes)
    assert mendable.problem == "" and "“Walks”" in mendable.note
    mended = mending.mended(later.stated, proposed.changes, [1], {"1:after.text": "Walks by themselves"})
    edited = review.edit(connection, later, people["Ada"], proposed, mended, "Brought up to date.")
    assert review.standing(later.stated, edited.changes).fits
    assert edited.changes == (reworded("Walks", "Walks by themselves"),)


def test_where_the_model_makes_it_do_something_else_approvals_fall(
    connection: Connection, now: Now, people: dict[str, Account]
) -> None:
    retire = (Retire(thing=WALKS, reason="Said twice."),)
    number = open_proposal(connection, people["Ada"].id, "Said twice", "Twice.", 0, retire)
    shown = review.standing(now.stated, retire)
    if not shown.fits:
        pytest.skip("retiring this breaks rules")
    approve(connection, now, people["Dora"], number, Kind.DOMAIN_APPROVAL)
    more = Disagree(claim="claim/walks-alone--typical-age", stance="against", words="Later.", role="parent")
    later = Now(1, "1.0.0.1", now.stated.after(review.checked(now.stated, [more])))
    found = proposals.proposal(connection, number)
    with pytest.raises(ConflictError, match="something else"):
        review.approve(
            connection, later, people["Milo"], found, Kind.MODEL_APPROVAL, "Right.", review.digest(shown.delta)
        )
    moved = approve(connection, later, people["Milo"], number, Kind.MODEL_APPROVAL)
    assert (moved.status, moved.edition) == (Status.OPEN, 2)
    assert "domain reviewer" in review.verdict(moved, proposals.entries(connection, number)).missing


def test_what_changes_nothing_or_breaks_rules_is_refused(stated: Stated) -> None:
    with pytest.raises(ChangeError, match="changes nothing"):
        review.checked(stated, [reworded("Walks alone", "Walks alone")])
    with pytest.raises(InvalidError, match="changes nothing"):
        review.checked(stated, [reworded("Walks alone", "Walks"), reworded("Walks", "Walks alone")])
    with pytest.raises(ChangeError, match="no longer says"):
        review.checked(stated, [reworded("Runs alone", "Walks")])
    with pytest.raises(InvalidError) as refused:
        review.checked(stated, [Link(subject=WALKS, relation="buildsOn", object=WALKS)])
    assert refused.value.findings


def test_personal_data_is_refused_and_nothing_kept(connection: Connection, people: dict[str, Account]) -> None:
    changes: tuple[Change, ...] = (
        Disagree(claim="claim/walks-alone--typical-age", stance="for", words="My son Sam walked early.", role="parent"),
    )
    with pytest.raises(PersonalDataError):
        open_proposal(connection, people["Ada"].id, "Earlier", "Parents asked.", 0, changes)
    with pytest.raises(PersonalDataError):
        open_proposal(connection, people["Ada"].id, "Earlier", "Ask ada@example.org.", 0, WORDING)
    assert connection.execute(select(func.count()).select_from(proposals.PROPOSALS)).scalar() == 0


def test_what_is_missing_is_told_at_once(connection: Connection, people: dict[str, Account]) -> None:
    with pytest.raises(InvalidError) as refused:
        open_proposal(connection, people["Ada"].id, " ", "", 0, ())
    assert {f.where for f in refused.value.findings} == {"Title", "Why", "Changes"}
    with pytest.raises(NotFoundError):
        proposals.proposal(connection, 999)


def test_a_draft_is_opened_by_its_author(connection: Connection, people: dict[str, Account]) -> None:
    number = open_proposal(connection, people["Ada"].id, "Plainer", "Asked.", 0, WORDING, draft=True)
    draft = proposals.proposal(connection, number)
    assert draft.status == Status.DRAFT and not proposals.entries(connection, number)
    with pytest.raises(ForbiddenError):
        review.submit(connection, people["Dora"], draft)
    assert review.submit(connection, people["Ada"], draft).status == Status.OPEN


def test_credit_is_by_choice(connection: Connection, people: dict[str, Account]) -> None:
    ada = people["Ada"]
    chosen = {c: review.credit_words(replace(ada, credit=c)) for c in ("name", "role", "none")}  # type: ignore[arg-type]
    assert chosen == {"name": "Ada", "role": "facilitator", "none": ""}
