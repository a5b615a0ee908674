"""Of points that are as good a finalist is the one that differs least from the baseline."""

from __future__ import annotations

import numpy as np
import pytest

from accelkit import each, multi, off, on, single, split_wx, tb_size, tcg, thread
from accelkit.tuning.search.evaluations import Evaluation
from accelkit.tuning.search.search import Search
from accelkit.tuning.search.simplest import simplest

SPACE = tcg() | tb_size(each(8, 64, 512)) | thread(each(single, multi)) | split_wx(each(on, off))


def searched(
    size: float = 0.0, threads: float = 0.0, wx: float = 0.0, *, noise: float = 0.0, baseline: int = 0
) -> Search:
    """A search that has measured every point in each of eight blocks; a level of the first axes costs so much more."""
    rng = np.random.default_rng(0)

    def cost(*levels: int) -> float:  # in the order of QEMU's manual
        return wx * (levels[0] == 0) + size * (levels[1] != 2) + threads * (levels[2] == 0)

    search = Search(SPACE, baseline=baseline, budget=999)
    codes = search.layout.codes(range(SPACE.size)).tolist()
    search.tell(
        Evaluation(point, block, cost(*codes[point]) + noise * rng.standard_normal())
        for point in range(SPACE.size)
        for block in range(8)
    )
    return search


def test_levels_without_effect_are_those_of_the_baseline() -> None:
    search = searched(threads=0.3, noise=0.0001)
    assert search.surface is not None
    multi_alone = SPACE.index(tcg() | tb_size(8) | thread(multi) | split_wx(on))
    for point in range(SPACE.size):
        is_multi = search.layout.codes([point])[0, 2] == 1
        found = simplest(search.layout, search.surface, point, 0, lambda _: True)
        assert found == (multi_alone if is_multi else 0)
    assert search.finalists(3) == (multi_alone,)


@pytest.mark.parametrize("noise", [0.0, 0.0001])
def test_levels_with_an_effect_stay(noise: float) -> None:
    search = searched(0.2, 0.1, 0.02, noise=noise)
    assert search.surface is not None
    best = SPACE.index(tcg() | tb_size(512) | thread(multi) | split_wx(off))
    assert simplest(search.layout, search.surface, best, 0, lambda _: True) == best
    assert search.finalists(3)[0] == best


def test_what_cannot_be_used_is_not_chosen() -> None:
    search = searched(threads=0.3, noise=0.0001)
    assert search.surface is not None
    best = SPACE.index(tcg() | tb_size(512) | thread(multi) | split_wx(off))
    other = SPACE.index(tcg() | tb_size(512) | thread(multi) | split_wx(on))
    assert simplest(search.layout, search.surface, best, 0, {best, other}.__contains__) == other


@pytest.mark.parametrize("baseline", [0, 5, 11])
def test_where_nothing_matters_the_baseline_is_the_only_finalist(baseline: int) -> None:
    assert searched(baseline=baseline, noise=0.0001).finalists(3) == (baseline,)


def test_small_effects_do_not_add_up_to_a_large_one() -> None:
    """Each of three axes costs 0.3%: one of them may be left out, not all."""
    search = searched(0.003, 0.003, 0.003, noise=0.00001)
    assert search.surface is not None
    best = SPACE.index(tcg() | tb_size(512) | thread(multi) | split_wx(off))
    found = simplest(search.layout, search.surface, best, 0, lambda _: True)
    assert (search.layout.codes([found])[0] != search.layout.codes([0])[0]).sum() == 2


def test_where_runs_are_noisy_nothing_is_left_out_that_may_matter() -> None:
    """By chance a level without effect looks as good as the best one, but nobody is sure of it."""
    search = searched(threads=0.3, noise=0.1)
    assert search.surface is not None
    best = SPACE.index(tcg() | tb_size(512) | thread(multi) | split_wx(off))
    for size in (8, 64):
        other = SPACE.index(tcg() | tb_size(size) | thread(multi) | split_wx(off))
        for one, baseline in ((best, other), (other, best)):
            assert simplest(search.layout, search.surface, one, baseline, lambda _: True) == one
