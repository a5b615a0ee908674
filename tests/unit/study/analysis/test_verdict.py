"""Verdicts: the word for an interval, when a comparison is settled, reasons, and estimates of blocks."""

from __future__ import annotations

import math

import numpy as np
import pytest
from support import simulate
from support.simulate import Noise, records_of

from accelkit.study.analysis.compare import Comparison, compare
from accelkit.study.analysis.verdict import decide


@pytest.mark.parametrize(
    ("low", "high", "word"),
    [
        (0.90, 0.95, "faster"),
        (0.90, 0.9999, "faster"),
        (1.02, 3.0, "slower"),
        (0.995, 1.005, "no difference"),
        (0.992, 0.998, "no difference"),
        (1 / 1.01, 1.01, "no difference"),
        (0.98, 1.005, "undecided"),
        (0.0, math.inf, "undecided"),
    ],
)
def test_the_verdict_of_an_interval(low: float, high: float, word: str) -> None:
    assert decide(low, high, 0.01) == word


# thread=single and thread=multi with the guest smp, 24 blocks on a host of 2 CPUs with a load of 7: undisturbed,
# multi takes 0.51 of single's time. Figures in thousands of ticks.
SINGLE = """43257 44807 36147 36452 36110 36870 35992 35910 36140 35890 35885 36205 35966 36596 35646 35840
    46021 46804 47372 39145 37883 35710 37546 36757"""


MULTI = """51816 47967 37669 37665 39877 36549 38921 37876 31936 35531 38959 18461 36239 29005 23413 20075
    39973 39285 37932 50550 18124 28362 19039 39868"""


def busy_hour(blocks: int) -> Comparison:
    real = {"single": SINGLE.split()[:blocks], "multi": MULTI.split()[:blocks]}
    (row,) = compare(records_of({name: list(map(float, words)) for name, words in real.items()}), "single")
    return row


@pytest.mark.parametrize("blocks", range(6, 25))
def test_a_real_busy_hour_gives_no_wrong_verdict(blocks: int) -> None:
    assert busy_hour(blocks).verdict == "undecided"


def test_a_real_busy_hour_is_said_to_depend_on_load() -> None:
    row = busy_hour(24)
    assert row.ratio == pytest.approx(0.991, abs=0.001)
    assert row.undisturbed == pytest.approx(0.540, abs=0.001)
    assert [doubt.kind for doubt in row.doubts] == ["load"]
    assert row.doubts[0].text == "depends on load: 0.540 when undisturbed, 0.991 in the median"


# The baseline is hit in seven of eight runs, the other hardly: 1.12 in truth, 0.87 by blocks.
HIT = {
    "tcg": [140.0, 138.0, 151.0, 100.0, 139.0, 147.0, 142.0, 136.0],
    "x": [121.0, 119.0, 127.0, 98.0, 118.0, 122.0, 112.0, 113.5],
}


def test_one_undisturbed_run_of_eight_gives_no_verdict() -> None:
    (row,) = compare(records_of(HIT), "tcg")
    assert row.high < 1
    assert row.verdict == "undecided"
    assert row.why.startswith("8 blocks are few, and 1 of 8 runs of x, 1 of 8 runs of tcg came within 2%")


def test_few_blocks_whose_fastest_runs_say_the_opposite_give_no_verdict() -> None:
    """Of eleven blocks eight are busy and slow the baseline more; in the quiet ones the baseline is faster."""
    hit = {"tcg": [100.0] * 3 + [150.0] * 8, "x": [110.0] * 3 + [120.0] * 8}
    for _ in range(2):
        (row,) = compare(records_of(hit), "tcg", delta=0.001)
        hit = {"tcg": [100.0] * 1 + [150.0] * 9, "x": [110.0] * 3 + [120.0] * 7}
    assert row.high < 1
    assert row.verdict == "undecided"
    assert "the fastest runs" in row.why or "came within" in row.why


def test_a_verdict_where_one_side_is_hit_harder_bears_a_doubt() -> None:
    """The median of the blocks is what it is; that undisturbed runs say the opposite is said beside it."""
    rng = np.random.default_rng(11)
    rows = []
    for _ in range(50):
        hosts = {"tcg": Noise(reach=0.15, slowdown=0.5), "x": Noise(sigma=0.02)}
        (row,) = compare(simulate.study({"tcg": 1.0, "x": 1.12}, 50, hosts, rng), "tcg")
        rows.append(row)
    faster = [row for row in rows if row.verdict == "faster"]
    assert len(faster) > 25
    doubted = [row for row in faster if "load" in {doubt.kind for doubt in row.doubts}]
    assert len(doubted) > 0.9 * len(faster)


def test_twelve_blocks_need_no_agreement_of_fastest_runs() -> None:
    values = [1.0, 1.4, 1.5, 1.3, 1.6, 1.7, 1.45, 1.35]
    few = {"tcg": values, "x": [2.5 + 0.01 * (i % 2) for i in range(8)]}
    (row,) = compare(records_of(few), "tcg")
    assert (row.verdict, row.blocks_to_decide) == ("undecided", 12)
    assert (
        "8 blocks are few, and 1 of 8 runs of tcg came within 10% of its fastest, 3 must" in row.why
    )  # a quarter of the difference
    enough = {name: [*column, *column[4:]] for name, column in few.items()}
    (row,) = compare(records_of(enough), "tcg")
    assert (row.pairs, row.verdict, row.why, row.blocks_to_decide) == (12, "slower", "", None)


def test_one_lucky_run_does_not_undo_fifty_unanimous_blocks() -> None:
    rng = np.random.default_rng(3)
    values = {
        name: (middle * np.exp(rng.normal(0, 0.01, 50))).tolist()
        for name, middle in (("tcg", 1.0), ("x", 1.05))
    }
    values["tcg"][20] = 0.5
    (row,) = compare(records_of(values), "tcg")
    assert (row.verdict, row.doubts) == ("slower", ())


def test_a_cliff_is_decided_although_no_two_runs_below_it_agree() -> None:
    """A translation cache below the working set: 3 slices of seconds each, no two runs within 2%."""
    values = {
        "tb-size=512": [1.0, 1.3, 1.1, 1.9, 1.2, 1.5, 1.4, 1.6],
        "tb-size=1": [150.0, 158, 200, 240, 165, 175, 190, 220],
    }
    (row,) = compare(records_of(values), "tb-size=512")
    assert (row.verdict, row.why, row.blocks_to_decide) == ("slower", "", None)
    (row,) = compare(records_of(values), "tb-size=1")
    assert row.verdict == "faster"


# The guest smplock on a quiet host of 2 CPUs, 8 of 30 runs of QEMU 7.2, fast ones and slow ones: millions of ticks.
ALONE = [16.9, 42.5, 17.1, 16.8, 24.0, 16.9, 41.0, 21.2]


CONTENDED = [52.0, 55.4, 53.1, 48.4, 45.4, 50.9, 54.0, 47.6]


def test_contention_is_slower_although_its_own_times_vary() -> None:
    (row,) = compare(records_of({"single": ALONE, "multi": CONTENDED}), "single")
    assert row.verdict == "slower"
    nearer = [value / 2.4 for value in CONTENDED]  # a difference of some percent could be the host's
    (row,) = compare(records_of({"single": [16.8] * 8, "multi": nearer}), "single")
    assert row.verdict == "undecided"
    assert "1 of 8 runs of multi came within" in row.why


def test_the_estimate_of_blocks_includes_those_that_fail() -> None:
    values: dict[str, list[float | None]] = {"tcg": [1.0] * 20, "x": [1.1] * 20}
    for block in range(0, 20, 5):
        values["x"][block] = None
    some = [record for record in records_of(values) if record.trial.block < 5]
    (row,) = compare(some, "tcg")
    assert (row.pairs, row.blocks_to_decide) == (4, 10)  # 8 pairs, the fewest at any time, at 4 in 5 blocks
    assert row.decides is not None
    assert row.decides > 0.7


def test_there_is_no_estimate_if_no_number_of_blocks_would_decide() -> None:
    around_the_limit = {"tcg": [1.0] * 20, "x": [1.01 + 0.02 * (-1) ** i for i in range(20)]}
    (row,) = compare(records_of(around_the_limit), "tcg")
    assert row.verdict == "undecided"
    assert row.blocks_to_decide is None


def test_with_too_few_blocks_the_reason_names_the_fewest() -> None:
    few = records_of({"tcg": [1.0] * 5, **{f"x{i}": [2.0] * 5 for i in range(30)}})
    row = compare(few, "tcg")[0]
    assert row.verdict == "undecided"
    assert (row.low, row.high) == (0, math.inf)
    assert row.why == "5 blocks, and 11 are the fewest for one of 30 comparisons"
    assert row.blocks_to_decide is not None
    assert row.blocks_to_decide >= 11


def test_a_configuration_that_always_fails_is_undecided() -> None:
    (row,) = compare(records_of({"tcg": [1.0] * 20, "bad": [None] * 20}), "tcg")
    assert (row.verdict, row.failed, row.pairs, row.unpaired) == ("undecided", 20, 0, 20)
    assert row.why == "20 of 20 trials of bad failed (crashed 20)"
    assert math.isnan(row.ratio)
    assert row.blocks_to_decide is None


def test_a_failure_removes_its_block_and_is_reported() -> None:
    holes = {"tcg": [1.0, None, *[1.0] * 18], "x": [None, 1.3, *[1.3] * 18]}
    (row,) = compare(records_of(holes), "tcg")
    assert (row.verdict, row.failed, row.pairs, row.unpaired) == ("slower", 1, 18, 2)
    (doubt,) = row.doubts
    assert doubt.kind == "failures"
    assert "1 of 20 trials of x failed (crashed 1)" in doubt.text
    assert "of tcg failed" in doubt.text


def test_no_verdict_if_many_trials_failed() -> None:
    (row,) = compare(records_of({"tcg": [1.0] * 30, "x": [0.5] * 20 + [None] * 10}), "tcg")
    assert row.verdict == "undecided"
    assert "10 of 30 trials of x failed" in row.why


def test_a_baseline_without_runs_is_named() -> None:
    (row,) = compare(records_of({"x": [1.0] * 8}), "tcg")
    assert (row.verdict, row.why, row.unpaired) == ("undecided", "no run yet of tcg", 8)
    assert all(map(math.isnan, (row.undisturbed, row.paid, row.cpu)))


def test_runs_in_different_blocks_are_not_pairs() -> None:
    apart = {"tcg": [1.0, None, 1.0, None, None, 1.0], "x": [None, 1.0, None, 1.0, 1.0, None]}
    parts = [record for record in records_of(apart) if record.ok]
    (row,) = compare(parts, "tcg")
    assert (row.verdict, row.why, row.unpaired) == ("undecided", "no block has both", 6)


def test_blocks_that_are_alike_say_between_what_they_leave_it() -> None:
    """Of 20 blocks that rise slowly no order statistic bounds the median, but the interval has ends."""
    rising = {"tcg": [1.0] * 20, "x": [1.01 + 0.01 * block for block in range(20)]}
    (row,) = compare(records_of(rising), "tcg")
    assert row.verdict == "undecided"
    assert row.why == (
        f"20 blocks (which count as 1, as neighbours are alike) leave it between {row.low:.3g} and {row.high:.3g}"
    )
    assert 0 < row.low < 1 < row.high < 2
