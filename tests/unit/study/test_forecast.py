"""What a study is going to take, and whether it can decide: by the same rule as the verdicts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accelkit.errors import StudyError
from accelkit.guests.catalogue import guest
from accelkit.guests.makers import command
from accelkit.study.analysis.families import Family, families
from accelkit.study.forecast import (
    START,
    Forecast,
    outlook,
    refuse_undecidable,
    trial_seconds,
    undecidable,
)
from accelkit.study.standards import Standards

USUAL = Standards()


def test_nothing_is_compared_with_itself() -> None:
    assert families(1, 3, 1, USUAL) == ()
    assert "nothing to compare" in outlook(1, ())
    refuse_undecidable(1, 0, (), in_shell=False)


SIX = families(6, 2, 1, USUAL)


@pytest.mark.parametrize(
    ("in_shell", "message"),
    [
        (False, ("8 blocks cannot decide 10 comparisons, at least 9 are needed: blocks=9;"
                " to measure without a verdict: anyway=True")),
        (True, ("8 blocks cannot decide 10 comparisons, at least 9 are needed: --blocks 9;"
               " to measure without a verdict: --anyway")),
    ],
)  # fmt: skip
def test_too_few_blocks_are_refused_in_the_words_of_python_or_of_the_shell(
    in_shell: bool, message: str
) -> None:
    with pytest.raises(StudyError) as refusal:
        refuse_undecidable(8, 0, SIX, in_shell=in_shell)
    assert str(refusal.value) == message


@pytest.mark.parametrize(("blocks", "stored"), [(9, 0), (8, 9), (None, 0), (8, 20)])
def test_blocks_in_the_store_count_and_a_study_without_blocks_is_not_refused(blocks, stored: int) -> None:
    refuse_undecidable(blocks, stored, SIX, in_shell=False)


def test_several_builds_are_two_families_and_the_larger_one_decides() -> None:
    compared = families(5, 1, 2, USUAL)
    assert compared == (Family(8, "configurations", 9), Family(5, "builds", 8))
    assert undecidable(8, compared, in_shell=False) == (
        "8 blocks cannot decide 8 comparisons of configurations, at least 9 are needed: blocks=9"
    )
    assert undecidable(9, compared, in_shell=False) == ""


def test_a_trial_takes_as_long_as_its_run_and_the_start_of_qemu() -> None:
    cpu, own = guest("cpu"), command(["-M", "none", "-version"])
    assert trial_seconds([cpu], {"cpu"}, 0.5) == 0.5 + START
    assert trial_seconds([guest("none")], (), 0.5) == START
    assert trial_seconds([cpu, own], {"cpu"}, 0.5) is None, "nobody knows how long another guest takes"
    assert trial_seconds([cpu.with_work(n=10)], (), 0.5) is None


ONE = families(2, 1, 1, USUAL)


@pytest.mark.parametrize(
    ("forecast", "text"),
    [
        (Forecast("s", 6, SIX, blocks=20, pace=0.5),
         "s: 120 trials (20 blocks of 6), about 1 min 0 s; enough to decide 10 comparisons (at least 9 blocks)"),
        (Forecast("s", 6, SIX, blocks=20),
         ("s: 120 trials (20 blocks of 6), how long is known after some; enough to decide 10 comparisons (at least 9"
         " blocks)")),
        (Forecast("s", 6, SIX, blocks=20, pace=0.5, stored=50, stored_blocks=9, spent=25),
         ("s: 50 of 120 trials (20 blocks of 6) stored, 70 to go, about 35 s; enough to decide 10 comparisons (at least"
         " 9 blocks)")),
        (Forecast("s", 6, SIX, blocks=20, pace=0.5, stored=100, stored_blocks=19, spent=50, dropped=15),
         ("s: 100 of 105 trials (20 blocks of 6) stored, 5 to go, about 3 s; enough to decide 10 comparisons (at least 9"
         " blocks)")),
        (Forecast("s", 2, ONE, blocks=2, pace=0.5),
         "s: 4 trials (2 blocks of 2), about 2 s; 2 blocks cannot decide 1 comparison, at least 6 are needed: blocks=6"),
        (Forecast("s", 2, ONE, seconds=600, pace=0.5),
         "s: 10 min 0 s for about 600 blocks of 2 trials; enough to decide 1 comparison (at least 6 blocks)"),
        (Forecast("s", 2, ONE, seconds=600),
         "s: 10 min 0 s; 1 comparison needs at least 6 blocks"),
        (Forecast("s", 2, ONE, seconds=4.5, pace=0.5),
         "s: 5 s for about 4 blocks of 2 trials; too short: 1 comparison needs at least 6 blocks, about time=7"),
        (Forecast("s", 2, ONE, seconds=4.5, pace=0.5, in_shell=True),
         "s: 5 s for about 4 blocks of 2 trials; too short: 1 comparison needs at least 6 blocks, about --time 7s"),
        (Forecast("s", 2, ONE, seconds=4, pace=0.5, stored=6, stored_blocks=3, spent=3),
         ("s: 6 trials stored, 1 s more for about 1 block of 2 trials; too short: 1 comparison needs at least 6 blocks,"
         " about time=7")),
        (Forecast("s", 2, ONE, blocks=20, seconds=600, pace=0.5),
         ("s: 40 trials (20 blocks of 2), about 20 s, at most 10 min 0 s; enough to decide 1 comparison (at least 6"
         " blocks)")),
        (Forecast("s", 2, ONE, blocks=20, seconds=2, pace=0.5),
         ("s: 40 trials (20 blocks of 2), about 20 s, at most 2 s; too short: 1 comparison needs at least 6 blocks,"
         " about time=7")),
        (Forecast("s", 2, families(2, 1, 1, Standards(anytime=True)), precision=0.02, pace=0.5),
         "s: blocks of 2 trials until every interval is narrower than 2%; 1 comparison needs at least 8 blocks"),
        (Forecast("s", 1, (), blocks=3, pace=0.5),
         "s: 3 trials (3 blocks of 1), about 2 s; nothing to compare: it has one configuration on one QEMU"),
        (Forecast("s", 2, ONE, blocks=3, pace=0.5, stored=20, stored_blocks=10),
         "s: 6 of 6 trials (3 blocks of 2) stored, 0 to go; enough to decide 1 comparison (at least 6 blocks)"),
    ],
)  # fmt: skip
def test_a_study_in_one_line(forecast: Forecast, text: str) -> None:
    assert str(forecast) == text


@given(
    cells=st.integers(1, 100),
    blocks=st.none() | st.integers(1, 100),
    seconds=st.none() | st.floats(0.01, 1e6),
    stored=st.integers(0, 500),
    pace=st.none() | st.floats(0.001, 100),
    dropped=st.integers(0, 500),
)
def test_what_is_left_and_what_is_stored_are_what_there_is(
    cells, blocks, seconds, stored, pace, dropped
) -> None:
    forecast = Forecast(
        "s", cells, SIX, blocks, seconds, None, stored, stored // cells, dropped, pace, stored * 0.1
    )
    assert "\n" not in str(forecast)
    if forecast.total is not None and forecast.left is not None:
        assert 0 <= forecast.left <= forecast.total
    if blocks is not None and seconds is None:
        assert forecast.expected_blocks == max(blocks, stored // cells)
