"""Tunings on a real QEMU find what is many times as fast; effects so large that no host can hide them."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.processes import qemu

from accelkit import each, tb_size, tcg, thread
from accelkit.study import Result, guest
from accelkit.tuning import Tuned, tune

pytestmark = pytest.mark.qemu

TRIALS = 36
#: 4 MB of translated code, which a cache of 1 MiB does not hold: hundreds of times as slow.
THRASHING = guest("tb-thrash").with_work(size=10_000)


@pytest.fixture
def store(tmp_path: Path) -> str:
    return str(tmp_path / "tune.sqlite")


def test_it_leaves_a_cache_that_is_too_small_and_keeps_the_answer(store: str) -> None:
    def tuned() -> Tuned:
        return tune(
            tcg() | tb_size(each(1, 64, 256)),
            THRASHING,
            qemu=qemu(),
            trials=TRIALS,
            run_seconds=0.05,
            store=store,
            watch=False,
        )

    best = tuned()
    assert tb_size.read(best.recipe) in (64, 256)
    assert best.baseline.recipe == tcg() | tb_size(1)
    assert best.search.trials + best.search.confirming <= TRIALS
    assert best.search.unusable == {}
    again = tuned()  # the store has all trials
    assert again.recipe == best.recipe
    assert (again.search.trials, again.search.confirming) == (best.search.trials, best.search.confirming)
    assert Tuned.from_store(store).recipe == best.recipe
    assert len(Result.from_store(store).trials) == best.search.confirming


def test_an_accelerator_alone_is_tuned_over_what_is_worth_trying(store: str) -> None:
    """QEMU's own choice is a thread for each vCPU, with which the vCPUs of this guest wait for each other."""
    given = tcg() | tb_size(64)  # leaves two points: with so few trials no luck hides the better one
    best = tune(given, "smplock", qemu=qemu(), trials=TRIALS, run_seconds=0.05, store=store, watch=False)
    assert thread.read(best.recipe) == "single"
    assert best.baseline.recipe == given
