"""What it costs to know more: blocks, time, and how often they are enough."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support.known_result import known_result

from accelkit.study.drops import Drops
from accelkit.study.model import Cell
from accelkit.study.report.cost import Cost, cost, cost_of, cost_words, seconds_a_block, studies

POINTS = ["tcg", "tcg,thread=multi"]


def test_a_block_takes_as_long_as_its_trials_took() -> None:
    result = known_result(POINTS, ["smp", "cpu"], blocks=4)  # each trial half a second
    assert seconds_a_block(result) == pytest.approx(2.0)
    gone = Drops({Cell("7.2.22", "smp", "tcg,thread=multi"): ((2, 8),)})
    assert seconds_a_block(replace(result, drops=gone)) == pytest.approx(1.5)
    unknown = replace(result, records=tuple(replace(record, wall=0.0) for record in result.records))
    assert seconds_a_block(unknown) is None


def test_the_cost_counts_what_is_still_to_come() -> None:
    result = known_result(POINTS, ["smp"], blocks=4)
    assert cost_of(result, 10, 0.6) == Cost(10, 6, pytest.approx(6.0), 0.6)
    assert cost_of(result, 4, 0.6).more == 0


def test_of_several_the_dearest_decides_them_all() -> None:
    result = known_result(POINTS, ["cpu"], noise=0.02, blocks=8)
    (row,) = result.comparisons
    rows = [
        replace(row, blocks_to_decide=blocks, decides=share)
        for blocks, share in ((24, 0.9), (60, 0.5), (None, None))
    ]
    price = cost(result, rows)
    assert price is not None
    assert (price.blocks, price.share) == (60, 0.5)
    assert cost(result, [replace(row, blocks_to_decide=None)]) is None


@pytest.mark.parametrize(
    ("share", "words"), [(0.5, "5"), (0.599, "5"), (0.6, "6"), (0.7, "7"), (1.0, "9"), (0.01, "1")]
)
def test_a_share_is_never_more_than_it_is(share: float, words: str) -> None:
    assert studies(share) == f"{words} of 10 such studies"


def test_no_blocks_to_come_are_not_told() -> None:
    assert cost_words(Cost(24, 0, 0.0, 0.5)) == "With 24 blocks 5 of 10 such studies would decide."
