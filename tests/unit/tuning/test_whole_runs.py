"""How much longer whole runs take than those of a search."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from accelkit.guests import guest
from accelkit.study.model import Record, Trial
from accelkit.study.plan import StoredGuest
from accelkit.tuning.whole_runs import WholeRuns

CPU = guest("cpu").with_work(slices=100)


def run(name: str, slices: int, wall: float = 0.2) -> Record:
    return Record(Trial("7.2", name, "tcg", 0, 0), "ok", value=1.0, slices=(1,) * slices, wall=wall)


def ratio(*records: Record, longest: float | None = None) -> float:
    runs = WholeRuns([CPU, StoredGuest("linux", "")], longest)
    for record in records:
        runs.add(record)
    return runs.ratio


@given(st.lists(st.tuples(st.integers(1, 100), st.floats(0.01, 60)), min_size=1), st.floats(0.1, 10))
def test_whole_runs_are_never_shorter_and_end_when_it_is_enough(
    runs: list[tuple[int, float]], longest: float
) -> None:
    records = [run("cpu", slices, wall) for slices, wall in runs]
    limited = ratio(*records, longest=longest)
    assert limited * (1 + 1e-9) >= 1
    assert limited <= ratio(*records) * (1 + 1e-9)
    assert limited * sum(wall for _, wall in runs) <= sum(max(wall, longest) for _, wall in runs) * (1 + 1e-9)


def test_what_runs_whole_in_a_search_takes_as_long_again() -> None:
    assert ratio() == ratio(run("linux", 0)) == ratio(run("cpu", 100)) == 1.0


def test_a_run_without_a_value_says_nothing() -> None:
    failed = Record(Trial("7.2", "cpu", "tcg", 0, 0), "timeout", wall=60.0)
    assert ratio(run("cpu", 10), failed) == ratio(run("cpu", 10)) == 10.0
