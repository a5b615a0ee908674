"""The rule of the best one: who is a candidate, who qualifies, what is said where nobody does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from support.plans import plan_of
from support.simulate import records_of

from accelkit.study.analysis.best import Best
from accelkit.study.analysis.panel import panel
from accelkit.study.analysis.pick import pick
from accelkit.study.model import Build, Cell
from accelkit.study.plan import Plan, StoredGuest
from accelkit.study.standards import Standards

Values = Mapping[str, Sequence[float | None]]


def wobbling(time: float, blocks: int = 20, share: float = 0.004, seed: int = 0) -> list[float | None]:
    noise = np.random.default_rng([seed, int(1e6 * time)]).uniform(0, share, blocks)
    return (time * (1 + noise)).tolist()


def best_of(
    *guests: Values, weights: Sequence[float] | None = None, dropped: Mapping[Cell, int] | None = None
) -> Best:
    """The pick of records whose first configuration is the baseline; the guests are g0, g1 and so on."""
    names = list(dict.fromkeys(name for values in guests for name in values))
    stored = [StoredGuest(f"g{place}", "") for place in range(len(guests))]
    plan = Plan([Build("7.2", ("q",), "7.2")], plan_of(*names).configurations, stored, names[0])
    records = [
        record for place, values in enumerate(guests) for record in records_of(values, guest=f"g{place}")
    ]
    counted = dict(zip((guest.name for guest in stored), weights or [1] * len(guests), strict=True))
    return pick(plan, panel(records), "7.2", counted, Standards(), dropped or {})


SINGLE, MULTI, BOTH = "tcg,thread=single", "tcg,thread=multi", "tcg,tb-size=8,thread=multi"


def test_the_fastest_wins_by_comparison_with_the_others() -> None:
    """Their intervals beside the baseline overlap, as that is noisy; beside each other they do not."""
    rng = np.random.default_rng(1)
    base = (2 * np.exp(rng.normal(0, 0.2, 20))).tolist()
    slow, fast = wobbling(1.05), wobbling(1.0)
    found = best_of({SINGLE: base, "tcg,tb-size=8": slow, "tcg,tb-size=64": fast})
    assert found.decided
    assert found.name == "tcg,tb-size=64"
    assert found.next.name == "tcg,tb-size=8"
    assert found.beside_next.high < 0.97
    assert found.equals == ()


def test_of_those_that_are_as_fast_the_one_that_changes_the_fewest_properties() -> None:
    times = {SINGLE: wobbling(1.7), BOTH: wobbling(1.0), MULTI: wobbling(1.001)}
    found = best_of(times)
    assert found.decided
    assert found.name == MULTI
    assert [point.name for point in found.equals] == [BOTH]


def test_a_property_that_has_another_value_is_one_change() -> None:
    times = {"tcg,tb-size=8,thread=single": wobbling(1.7), "tcg,tb-size=8,thread=multi": wobbling(1.0)}
    found = best_of({**times, "tcg,split-wx=off,tb-size=64,thread=multi": wobbling(0.999)})
    assert found.name == "tcg,tb-size=8,thread=multi"


def test_of_equals_the_baseline_is_kept() -> None:
    found = best_of({SINGLE: wobbling(1.0), MULTI: wobbling(0.999), BOTH: wobbling(1.0005)})
    assert found.decided
    assert found.keeps_baseline


def test_what_is_not_shown_to_be_faster_than_the_baseline_is_not_recommended() -> None:
    """Shown not to be slower by 1%, but not to be faster either; and it is not shown that the baseline is as fast."""
    ratios = np.linspace(-0.025, 0.02, 20)
    np.random.default_rng(2).shuffle(ratios)
    found = best_of({SINGLE: [1.0] * 20, MULTI: np.exp(ratios).tolist()})
    row = found.rivals[0]
    assert (row.configuration, row.verdict) == (MULTI, "undecided")
    assert 1 < row.high < 1.01 < 1 / row.low
    assert not found.decided
    assert found.why.startswith(f"{MULTI} is not shown to be faster than {SINGLE} (20 blocks leave")
    assert best_of({SINGLE: [1.0] * 20, MULTI: np.exp(ratios - 0.01).tolist()}).name == MULTI


def test_noisy_equals_are_undecided_and_the_fastest_is_named() -> None:
    rng = np.random.default_rng(4)
    times = {name: np.exp(rng.normal(0, 0.05, 20)).tolist() for name in (SINGLE, MULTI, BOTH)}
    found = best_of({**times, "tcg,tb-size=1": wobbling(3.0)})
    assert not found.decided
    assert found.name in (SINGLE, MULTI, BOTH)
    assert len(found.equals) == 2
    assert "20 blocks leave it between" in found.why


def test_the_fastest_so_far_is_not_the_first_swept_point() -> None:
    """12% faster in 20 of 20 blocks than all, but no faster than its twin."""
    rng = np.random.default_rng(5)
    base = np.exp(rng.normal(0, 0.05, 20))
    fast = {name: (0.88 * base * np.exp(rng.normal(0, 0.02, 20))).tolist() for name in (MULTI, BOTH)}
    found = best_of({SINGLE: base.tolist(), "tcg,tb-size=8": (base * 1.01).tolist(), **fast})
    assert found.name in (MULTI, BOTH)
    assert not found.decided


def test_one_that_fails_is_no_candidate_and_one_that_failed_once_is() -> None:
    some = wobbling(0.5)
    found = best_of({SINGLE: wobbling(1.0), MULTI: [None] * 5 + some[5:], BOTH: [None, *wobbling(0.8)[1:]]})
    assert found.decided
    assert found.name == BOTH
    assert found.excluded == {MULTI: f"5 of 20 trials of {MULTI} failed (crashed 5)"}
    assert [doubt.kind for doubt in found.beside_baseline.doubts] == ["failures"]


def test_one_that_was_never_tried_leaves_it_undecided() -> None:
    found = best_of({SINGLE: wobbling(1.0), MULTI: wobbling(0.5), BOTH: []})
    assert not found.decided
    assert found.name == MULTI
    assert f"no run yet of {BOTH}" in found.why
    assert found.blocks_to_decide is None


def test_one_that_was_dropped_neither_wins_nor_keeps_the_others_from_it() -> None:
    """Its few blocks cannot be told from those of the best one."""
    times = {SINGLE: wobbling(1.5), MULTI: wobbling(1.0), BOTH: [1.6, 0.9, 1.5, 0.95, 1.6, 1.4, *[None] * 14]}
    records = {name: [value for value in column if value] for name, column in times.items()}
    found = best_of(records, dropped={Cell("7.2", "g0", BOTH): 6})
    assert found.decided
    assert found.name == MULTI
    assert found.excluded == {BOTH: "measured rarely since block 7, as it is clearly slower than another"}
    assert not best_of(records).decided


def test_one_that_was_dropped_but_is_behind_no_other_is_a_candidate() -> None:
    found = best_of({SINGLE: wobbling(1.0), MULTI: wobbling(0.5, 8)}, dropped={Cell("7.2", "g0", MULTI): 8})
    assert found.name == MULTI


def test_over_guests_the_geometric_mean_counts() -> None:
    one = {SINGLE: wobbling(1.0), MULTI: wobbling(0.5), BOTH: wobbling(0.9)}
    two = {SINGLE: wobbling(100.0), MULTI: wobbling(300.0), BOTH: wobbling(80.0)}
    found = best_of(one, two)
    assert found.name == BOTH
    assert found.beside_baseline.ratio == pytest.approx((0.9 * 0.8) ** 0.5, rel=0.01)
    assert best_of(one, two, weights=[5, 1]).name == MULTI
    assert found.beside_baseline.guest == "g0, g1"


def test_one_that_fails_with_any_guest_is_no_candidate_over_all() -> None:
    one = {SINGLE: wobbling(1.0), MULTI: wobbling(0.5)}
    two = {SINGLE: wobbling(1.0), MULTI: [None] * 3}
    found = best_of(one, two)
    assert found.name == SINGLE
    assert found.excluded == {MULTI: f"3 of 3 trials of {MULTI} failed (crashed 3)"}


def test_one_that_was_dropped_with_one_guest_may_win_over_all() -> None:
    one = {SINGLE: wobbling(1.0), MULTI: wobbling(1.1, 12)}
    two = {SINGLE: wobbling(1.0), MULTI: wobbling(0.3)}
    found = best_of(one, two, dropped={Cell("7.2", "g0", MULTI): 12})
    assert found.decided
    assert found.name == MULTI


def test_few_blocks_decide_only_what_the_fastest_runs_confirm() -> None:
    lucky = {SINGLE: [1.0, *[1.4] * 8], MULTI: wobbling(1.01, 9)}
    found = best_of(lucky)
    assert not found.decided
    assert "9 blocks are few" in found.why
    assert best_of({SINGLE: wobbling(1.4, 9), MULTI: wobbling(1.01, 9)}).decided


def test_what_was_decided_by_the_blocks_that_are_told_stays_so() -> None:
    rng = np.random.default_rng(7)
    logs = {SINGLE: rng.normal(0.05, 0.04, 400), MULTI: rng.normal(0, 0.04, 400)}

    def after(blocks: int) -> Best:
        return best_of({name: np.exp(column[:blocks]).tolist() for name, column in logs.items()})

    first = after(7)
    assert not first.decided
    assert first.blocks_to_decide is not None
    assert after(first.blocks_to_decide + 20).decided


def test_the_fastest_so_far_is_the_baseline_where_that_makes_no_difference() -> None:
    """The baseline is not shown to be as fast as a third one, which is noisy."""
    logs = np.linspace(-0.05, 0.07, 20)
    np.random.default_rng(3).shuffle(logs)
    found = best_of({SINGLE: wobbling(1.001), BOTH: wobbling(1.0), MULTI: np.exp(logs).tolist()})
    assert not found.decided
    assert found.name == SINGLE
    assert found.why.startswith(f"{SINGLE} is not shown to be as fast as {MULTI} (20 blocks leave")


def test_what_was_dropped_for_one_that_fails_is_a_candidate_still() -> None:
    """The one that it lost to runs too seldom to be deployed: the baseline is not kept for that."""
    flaky = [None if block % 3 == 0 and block > 9 else value for block, value in enumerate(wobbling(0.5))]
    flaky[0] = flaky[1] = None
    half = [*wobbling(0.7)[:12], *[None] * 8]
    values = {SINGLE: wobbling(1.0), "tcg,tb-size=8": half, "tcg,tb-size=64": flaky}
    cell = Cell("7.2", "g0", "tcg,tb-size=8")
    records = [record for record in records_of(values, guest="g0") if record.trial.cell != cell or record.ok]
    names = list(values)
    plan = Plan(
        [Build("7.2", ("q",), "7.2")], plan_of(*names).configurations, [StoredGuest("g0", "")], SINGLE
    )
    found = pick(plan, panel(records), "7.2", {"g0": 1.0}, Standards(), {cell: 12})
    assert list(found.excluded) == ["tcg,tb-size=64"]
    assert (found.decided, found.name) == (True, "tcg,tb-size=8")
