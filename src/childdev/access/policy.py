"""Who may do what: one table of actions and roles. What is not in it is not allowed.

An account may have several roles; whoever is not signed in has none. That nobody approves what is their own is
a rule of review, not of roles.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum


class Role(StrEnum):
    """What somebody is here. A participant has no account but the link of a workshop."""

    PARTICIPANT = "participant"
    FACILITATOR = "facilitator"
    DOMAIN_REVIEWER = "domain-reviewer"
    MODEL_REVIEWER = "model-reviewer"
    MAINTAINER = "maintainer"


class Action(StrEnum):
    """What somebody may want to do, beyond reading."""

    SUGGEST = "suggest"
    JOIN_WORKSHOP = "join-workshop"
    ACT_IN_WORKSHOP = "act-in-workshop"
    OPEN_WORKSHOP = "open-workshop"
    STEER_WORKSHOP = "steer-workshop"
    CLOSE_WORKSHOP = "close-workshop"
    SEE_SUGGESTIONS = "see-suggestions"
    ANSWER_SUGGESTION = "answer-suggestion"
    EDIT_DRAFT = "edit-draft"
    UPLOAD_TABLES = "upload-tables"
    KEEP_FIGURES = "keep-figures"
    OPEN_PROPOSAL = "open-proposal"
    WITHDRAW_OWN = "withdraw-own"
    COMMENT = "comment"
    ASK_FOR_CHANGES = "ask-for-changes"
    APPROVE_AS_DOMAIN_REVIEWER = "approve-as-domain-reviewer"
    APPROVE_AS_MODEL_REVIEWER = "approve-as-model-reviewer"
    SETTLE_CLASH = "settle-clash"
    MAKE_RELEASE = "make-release"
    UNDO_CHANGE = "undo-change"
    WRITE_BY_STANDARDS = "write-by-standards"
    USE_ACCOUNT = "use-account"
    MANAGE_PEOPLE = "manage-people"
    SEE_AUDIT = "see-audit"
    BACK_UP = "back-up"


#: roles that an account can have
ACCOUNT_ROLES = (Role.FACILITATOR, Role.DOMAIN_REVIEWER, Role.MODEL_REVIEWER, Role.MAINTAINER)

_REVIEWERS = frozenset({Role.DOMAIN_REVIEWER, Role.MODEL_REVIEWER})
_ACCOUNTS = frozenset(ACCOUNT_ROLES)
_STEERING = frozenset({Role.FACILITATOR, Role.MAINTAINER})
_KEEPING = frozenset({Role.MAINTAINER})

#: what anyone may do, signed in or not
ANYONE = frozenset({Action.SUGGEST, Action.JOIN_WORKSHOP})

_ALLOWED: Mapping[Action, frozenset[Role]] = {
    Action.ACT_IN_WORKSHOP: frozenset(Role),
    Action.OPEN_WORKSHOP: _STEERING,
    Action.STEER_WORKSHOP: _STEERING,
    Action.CLOSE_WORKSHOP: _STEERING,
    Action.SEE_SUGGESTIONS: _ACCOUNTS,
    Action.ANSWER_SUGGESTION: _ACCOUNTS,
    Action.EDIT_DRAFT: _ACCOUNTS,
    Action.UPLOAD_TABLES: _STEERING,
    Action.KEEP_FIGURES: frozenset({Role.MODEL_REVIEWER, Role.MAINTAINER}),
    Action.OPEN_PROPOSAL: _ACCOUNTS,
    Action.WITHDRAW_OWN: _ACCOUNTS,
    Action.COMMENT: _ACCOUNTS,
    Action.ASK_FOR_CHANGES: _REVIEWERS,
    Action.APPROVE_AS_DOMAIN_REVIEWER: frozenset({Role.DOMAIN_REVIEWER}),
    Action.APPROVE_AS_MODEL_REVIEWER: frozenset({Role.MODEL_REVIEWER}),
    Action.SETTLE_CLASH: frozenset({Role.MODEL_REVIEWER, Role.MAINTAINER}),
    Action.MAKE_RELEASE: _KEEPING,
    Action.UNDO_CHANGE: _KEEPING,
    Action.WRITE_BY_STANDARDS: _KEEPING,
    Action.USE_ACCOUNT: _ACCOUNTS,
    Action.MANAGE_PEOPLE: _KEEPING,
    Action.SEE_AUDIT: _KEEPING,
    Action.BACK_UP: _KEEPING,
}


def may(roles: Iterable[Role], action: Action) -> bool:
    """Whether someone with these roles may do this."""
    return action in ANYONE or not _ALLOWED.get(action, frozenset()).isdisjoint(roles)
