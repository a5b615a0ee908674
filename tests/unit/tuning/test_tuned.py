"""A Tuned as it is read from a store."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.stored_study import PLAN
from support.tunings import BEST, SPACE, fake, only

from accelkit.errors import StudyError
from accelkit.study.store.reader import read_store
from accelkit.study.store.writer import open_store
from accelkit.tuning import Tuned, prepare


def test_it_is_read_at_any_time(tmp_path: Path) -> None:
    path = tmp_path / "tune.sqlite"
    prepared = prepare(SPACE, "smp", store=path, trials=100, measure=only(0))
    with pytest.raises(KeyboardInterrupt):
        prepared.run()
    empty = Tuned.from_store(path)
    assert str(empty).startswith("Undecided with smp on QEMU simulated: nothing has been measured yet.")
    with pytest.raises(KeyboardInterrupt):
        prepare(SPACE, "smp", store=path, trials=100, measure=only(20)).run()
    running = Tuned.from_store(path)
    assert (running.name, running.decided, running.search.ended) == (BEST, False, False)
    assert "the search has not ended. The best estimate so far is" in str(running)
    assert "So far the search has tried 6 of 6 points in 20 trials" in str(running)
    best = prepare(SPACE, "smp", store=path, trials=100, measure=fake).run()
    assert best.decided
    assert repr(best) == f"<Tuned: {BEST}, decided, with smp on simulated>"
    with read_store(path) as stored:
        assert str(Tuned.of(stored)) == str(best)
    assert best.store == str(path)


def test_a_study_is_no_tuning(tmp_path: Path) -> None:
    path = tmp_path / "study.sqlite"
    open_store(path, PLAN).close()
    with pytest.raises(StudyError, match=r"holds a study, not a tuning; read it with Result.from_store"):
        Tuned.from_store(path)
    with pytest.raises(StudyError, match="no such file"):
        Tuned.from_store(tmp_path / "none.sqlite")
