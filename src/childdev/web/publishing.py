"""Publishing a delta at once, for those who may: checked as far as it reaches, then a version of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pyoxigraph import Literal
from starlette.concurrency import run_in_threadpool

from childdev.contribution.changes.sentences import sentences
from childdev.errors import ConflictError, Finding, InvalidError
from childdev.model.iris import module_graph
from childdev.model.modules import CORE
from childdev.model.stated import Delta, Stated
from childdev.release import build
from childdev.release.releasing import model_of
from childdev.store.publication import Version
from childdev.store.record import ChangeSet
from childdev.validation import personal_data
from childdev.validation.targeted import broken
from childdev.web.installation import Installation


async def publish(
    here: Installation, base: int, delta: Delta, made_by: str, reason: str, details: Mapping[str, Any] | None = None
) -> Version:
    """Check a delta made on version `base` and publish it.

    Raises:
        InvalidError: it breaks rules of the model; says which, where and how to mend it.
        PersonalDataError: some text seems to tell of one person.
        ConflictError: the model has moved on. Nothing was stored.
    """
    service = here.newest
    if service.published.number != base:
        raise ConflictError("The model has moved on since this change was made. Look at what changed, then try again.")
    told = await run_in_threadpool(_checked, service.stated, delta)
    added, removed = delta.lines()
    change = ChangeSet(added, removed, made_by, reason, details={"sentences": told, **(details or {})})
    return await here.publish(base, change)


def _checked(stated: Stated, delta: Delta) -> list[str]:
    personal_data.refuse(q.object.value for q in delta.added if isinstance(q.object, Literal))
    core = module_graph(CORE)
    if any(q.graph_name == core for q in (*delta.added, *delta.removed)):
        build.check(model_of(stated.after(delta)))  # the vocabulary reaches everywhere
    elif found := [v for v in broken(stated, delta) if v.severity == "Violation"]:
        raise InvalidError(
            "The change breaks rules of the model, so nothing was stored.", [Finding(v.where, v.message) for v in found]
        )
    return [s.text for s in sentences(stated, delta, tense="was")]
