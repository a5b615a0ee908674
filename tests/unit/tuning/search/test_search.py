"""The search: deterministic, resumable, near the best; failures, refusals and pending points."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from support.simulate import HOSTS, Noise, disturb
from support.surfaces import KINDS, SMALL, Truth, flat

from accelkit import each, kvm, option, tb_size, tcg
from accelkit.errors import StudyError
from accelkit.study.analysis.surface import Factors
from accelkit.tuning.search.evaluations import Evaluation
from accelkit.tuning.search.layout import Layout, grid
from accelkit.tuning.search.search import BLOCK, Search

NORMAL = Noise(sigma=0.05)


def layout_of(truth: Truth) -> Layout:
    return grid(Factors.of({
        f"f{place}": tuple(str(2**k) if place % 2 else f"x{k}" for k in range(size))
        for place, size in enumerate(truth.sizes)
    }))  # fmt: skip


def run(
    search: Search,
    measure: Callable[[int], float | None],
    noise: Noise = NORMAL,
    seed: int = 0,
    blocks: int = 10**6,
) -> list[tuple[int, ...]]:
    """The blocks that were asked for, each measured and told."""
    rng = np.random.default_rng(seed)
    asked: list[tuple[int, ...]] = []
    for block in range(blocks):
        points = search.ask(block)
        if not points:
            break
        asked.append(points)
        noises = disturb(noise, (1, len(points)), rng)[0]
        values = [measure(point) for point in points]
        search.tell(
            Evaluation(point, block, None if value is None else value + late)
            for point, value, late in zip(points, values, noises, strict=True)
        )
    return asked


def searched(kind: str, noise: Noise, budget: int, seed: int, sizes: tuple[int, ...] = SMALL) -> float:
    """By which share the incumbent at the end of a search is slower than the best."""
    truth = KINDS[kind](sizes, np.random.default_rng(seed))
    search = Search(layout_of(truth), baseline=0, budget=budget, seed=seed)
    run(search, lambda point: float(truth.values([point])[0]), noise, seed)
    return truth.regret(search.incumbent)


@pytest.mark.parametrize(
    ("kind", "noise", "budget"),
    [
        ("mostly additive", Noise(sigma=0.05), 320),
        ("rough", Noise(sigma=0.01), 120),
        ("gentle", HOSTS["busy"], 320),
        ("cliff", HOSTS["all at once"], 320),
    ],
)
def test_the_incumbent_is_near_the_best(kind: str, noise: Noise, budget: int) -> None:
    regrets = [searched(kind, noise, budget, seed) for seed in range(3)]
    assert np.median(regrets) <= 0.01
    assert np.mean(regrets) <= 0.02


def test_of_a_million_points_one_near_the_best_is_found() -> None:
    assert searched("few matter", Noise(sigma=0.01), 240, 1, (10,) * 6) <= 0.03


TRUTH = KINDS["rough"](SMALL, np.random.default_rng(3))


def measured(point: int) -> float:
    return float(TRUTH.values([point])[0])


def test_the_same_seed_and_evaluations_give_the_same_blocks() -> None:
    one, other, different = (Search(layout_of(TRUTH), baseline=3, budget=80, seed=seed) for seed in (1, 1, 2))
    blocks = run(one, measured)
    assert blocks == run(other, measured)
    assert blocks != run(different, measured)
    assert sum(map(len, blocks)) == 80
    assert all(len(set(block)) == len(block) for block in blocks)
    assert blocks[0][0] == 3
    assert one.finalists(3) == other.finalists(3)


def test_whoever_tells_all_again_goes_on() -> None:
    whole = Search(layout_of(TRUTH), baseline=0, budget=160, seed=1)
    run(whole, measured, blocks=12)
    again = Search(layout_of(TRUTH), baseline=0, budget=160, seed=1)
    again.tell(reversed(whole.evaluations.all))
    again.tell(whole.evaluations.all)
    assert len(again.evaluations) == len(whole.evaluations) == 96
    block = again.ask(12)
    assert len(set(block)) == BLOCK
    assert abs(measured(again.incumbent) - measured(whole.incumbent)) < 0.05
    assert not run(again, measured, blocks=8) or len(again.evaluations) <= 160


def test_pending_points_count_and_first_points_differ_from_them() -> None:
    search = Search(layout_of(TRUTH), baseline=0, budget=40, seed=1)
    first = search.ask(0)
    second = search.ask(1, first)
    assert set(first) & set(second) == {0}
    assert len(search.ask(2, list(range(36)))) == 4
    assert search.ask(3, list(range(40))) == ()


def test_points_that_fail_are_dropped_with_the_reason_and_their_like_avoided() -> None:
    layout = layout_of(TRUTH)

    def measure(point: int) -> float | None:
        return None if layout.codes([point])[0, 0] == 2 else measured(point)

    search = Search(layout, baseline=0, budget=240, seed=1)
    blocks = run(search, measure)
    failed = sum(measure(point) is None for block in blocks for point in block)
    assert failed < 0.1 * 240
    assert measure(search.incumbent) is not None
    assert all(measure(point) is not None for point in search.finalists(3))
    words = [why for point, why in search.dropped.items() if measure(point) is None]
    assert all(why.startswith("failed in") for why in words)


def test_slow_points_are_dropped_with_the_reason() -> None:
    search = Search(layout_of(TRUTH), baseline=0, budget=160, seed=1)
    run(search, measured, Noise(sigma=0.01))
    slow = {point: why for point, why in search.dropped.items() if "times as slow" in why}
    assert len(slow) > 10
    assert search.incumbent not in slow
    assert all(measured(point) > measured(search.incumbent) for point in slow)


def test_points_that_are_not_allowed_are_never_proposed_and_few_are_asked_about() -> None:
    asked: set[int] = set()

    def allowed(point: int) -> bool:
        asked.add(point)
        return point % 3 != 1

    search = Search(layout_of(TRUTH), baseline=0, budget=120, allowed=allowed)
    assert not asked
    assert all(point % 3 != 1 for block in run(search, measured) for point in block)


@pytest.mark.parametrize("points", [[tcg()], [tcg(), kvm()], tcg() | tb_size(each(8, 64, 512))], ids=str)
def test_small_spaces_are_measured_whole(points: Any) -> None:
    search = Search(points, baseline=0, budget=40)
    size = search.layout.size
    blocks = run(search, lambda point: -float(point))
    assert all(sorted(block) == list(range(size)) for block in blocks[1:-1])
    assert search.incumbent == size - 1
    assert search.finalists(5) == (size - 1,)


def test_where_all_fail_the_baseline_is_the_incumbent_and_there_is_no_finalist() -> None:
    search = Search(layout_of(TRUTH), baseline=5, budget=60)
    blocks = run(search, lambda _: None)
    assert blocks
    assert search.incumbent == 5
    assert search.finalists(3) == ()
    assert np.isnan(search.estimate([5])[0]).all()
    assert not search.is_settled


def test_a_space_of_10_to_the_13_points() -> None:
    space: Any = tcg()
    for place in range(13):
        space = space | each(*(option(f"x-p{place}", str(level)) for level in range(10)))
    search = Search(space, baseline=0, budget=72)
    assert search.sampler in ("TPESampler", "GPSampler")
    blocks = run(search, lambda point: sum(map(int, f"{point:013}")) * 0.02, Noise(sigma=0.01))
    assert sum(map(len, blocks)) == 72
    assert sum(map(int, f"{search.incumbent:013}")) < 58  # 58.5 is the mean of all


def test_a_search_is_settled_when_nothing_is_left_to_gain() -> None:
    additive = KINDS["additive"](SMALL, np.random.default_rng(1))
    search = Search(layout_of(additive), baseline=0, budget=4000)
    for block in range(40):
        if search.is_settled:
            break
        points = search.ask(block)
        search.tell(Evaluation(point, block, float(additive.values([point])[0])) for point in points)
    assert search.is_settled
    assert additive.regret(search.incumbent) == 0


def test_estimates_beside_a_point_are_ratios_and_surer_than_levels() -> None:
    search = Search(layout_of(TRUTH), baseline=0, budget=160)
    run(search, measured, Noise(sigma=0.01, drift=0.5))
    best = search.incumbent
    level, doubt = search.estimate([0, best])
    ratios, spread = search.estimate([0, best], beside=best)
    assert np.allclose(ratios, level - level[1])
    assert abs(ratios[1]) < 1e-9
    assert spread[1] < 1e-6
    assert abs(ratios[0] - (measured(0) - measured(best))) < 4 * spread[0] + 0.01
    assert spread[0] <= doubt[0] + doubt[1]


def test_where_all_points_are_equal_few_are_dropped() -> None:
    truth = flat(SMALL, np.random.default_rng(1))
    search = Search(layout_of(truth), baseline=0, budget=200)
    run(search, lambda _: 0.0)
    assert len(search.dropped) <= 2


@pytest.mark.parametrize("baseline", [-1, 200])
def test_a_baseline_that_is_no_point_is_refused(baseline: int) -> None:
    with pytest.raises(StudyError, match="give the number of one of the points"):
        Search(layout_of(TRUTH), baseline=baseline, budget=10)
