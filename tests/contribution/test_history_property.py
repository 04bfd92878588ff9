"""Random histories in the real record: every past version is there exactly, and one change comes out without others."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from childdev.contribution.changes.making import delta_of
from childdev.contribution.changes.undoing import undo
from childdev.errors import CannotUndoError, ChangeError, ConflictError
from childdev.model.modules import Model, nquads
from childdev.model.stated import Delta, Stated
from childdev.store.record import ChangeSet, Lines, Record
from tests.contribution.strategies import changes, small


@pytest.fixture(scope="module")
def start(model: Model) -> Stated:
    return Stated(small(model))


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory, start: Stated) -> Path:
    """A record that holds the small model and nothing else."""
    file = tmp_path_factory.mktemp("history") / "empty.sqlite"
    record = Record(f"sqlite:///{file}")
    record.append(None, ChangeSet(frozenset(nquads(start)), frozenset(), "maintainer", "The start."))
    record.close()
    return file


class History:
    """A record with what each of its versions should hold."""

    def __init__(self, file: Path, start: Stated) -> None:
        self.record, self.start, self.deltas = Record(f"sqlite:///{file}"), start, [Delta()]
        self.held: list[Lines] = [frozenset(nquads(start))]

    @property
    def now(self) -> Stated:
        whole = Delta()
        for delta in self.deltas:
            whole = whole.then(delta)
        return self.start.after(whole)

    def append(self, delta: Delta) -> None:
        added, removed = delta.lines()
        last = len(self.deltas) - 1
        number = self.record.append(last, ChangeSet(added, removed, "facilitator", "As the room agreed."))
        self.deltas.append(delta)
        self.held.append((self.held[-1] - removed) | added)
        assert number == len(self.deltas) - 1

    def without(self, number: int) -> Lines:
        """What would be held had one change never been made, the later ones made as they are."""
        lines = self.held[number - 1]
        for delta in self.deltas[number + 1 :]:
            added, removed = delta.lines()
            lines = (lines - removed) | added
        return lines


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_history_is_rebuilt_exactly_and_one_change_is_taken_out_of_it(
    start: Stated, empty: Path, tmp_path: Path, data: st.DataObject
) -> None:
    file = tmp_path / "history.sqlite"
    shutil.copy(empty, file)
    history = History(file, start)
    try:
        for _ in range(data.draw(st.integers(1, 8), label="steps")):
            step(history, data)
        for number, lines in enumerate(history.held):
            assert history.record.state(number) == lines
            kept = history.record.change(number)
            if number:
                assert Delta.of_lines(kept.added, kept.removed) == history.deltas[number]
        assert frozenset(nquads(history.now)) == history.held[-1]
        with pytest.raises(ConflictError):
            history.record.append(len(history.deltas) + 1, ChangeSet(frozenset(), frozenset(), "facilitator", "Late."))
    finally:
        history.record.close()


def step(history: History, data: st.DataObject) -> None:
    """Make a change, or take back the last or an older one."""
    number = data.draw(st.integers(-len(history.deltas), len(history.deltas) - 1), label="change, or which to undo")
    now = history.now
    if number <= 0:
        try:
            delta = delta_of(now, [data.draw(changes(now))])
        except ChangeError as e:
            assert str(e).strip()
            return
        if delta:
            history.append(delta)
        return
    later = [(f"version {n}", history.deltas[n]) for n in range(number + 1, len(history.deltas))]
    try:
        back = undo(now, history.deltas[number], later)
    except CannotUndoError as e:
        assert str(e).strip() and "w3id.org" not in str(e)
        assert number < len(history.deltas) - 1, "the last change can always be taken back"
        return
    expected = history.without(number)
    if number == len(history.deltas) - 1:
        assert back == history.deltas[number].inverse
    history.append(back)
    assert history.held[-1] == expected, "another change was taken back too, or this one only in part"
