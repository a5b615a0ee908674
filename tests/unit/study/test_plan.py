from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.plans import plan_of

from accelkit.errors import StudyError
from accelkit.study.model import Build, Cell, stored_configuration
from accelkit.study.plan import Plan, StoredGuest, differences
from accelkit.study.swept import ABSENT

BUILDS = (Build("7.2", ("qemu-7.2",), "7.2.22"), Build("11.1", ("qemu-11.1",), "11.1.0"))
POINTS = tuple(
    stored_configuration(name, ("-accel", name)) for name in ("tcg", "tcg,tb-size=8", "tcg,tb-size=64")
)
GUESTS = (StoredGuest("cpu", "cpu 1000"), StoredGuest("smp", "smp 1000"))
PLAN = Plan(BUILDS, POINTS, GUESTS, "tcg", seed=7)

plans = st.builds(
    lambda builds, points, guests, seed: Plan(
        [Build(f"b{n}", ("qemu",), "1") for n in range(builds)],
        [stored_configuration(f"c{n}", ()) for n in range(points)],
        [StoredGuest(f"g{n}", "") for n in range(guests)],
        "c0",
        seed,
    ),
    st.integers(1, 3),
    st.integers(1, 5),
    st.integers(1, 4),
    st.integers(-(1 << 63), (1 << 63) - 1),
)


@given(plans, st.integers(0, 1000))
def test_a_block_has_every_cell_once(plan: Plan, block: int) -> None:
    trials = plan.block(block)
    assert Counter(trial.cell for trial in trials) == Counter(plan.cells)
    assert len(trials) == len(plan.builds) * len(plan.configurations) * len(plan.guests)
    assert {trial.block for trial in trials} == {block}


@given(plans, st.integers(0, 50), st.data())
def test_dropped_cells_move_no_others(plan: Plan, block: int, data: st.DataObject) -> None:
    dropped = frozenset(data.draw(st.sets(st.sampled_from(plan.cells))))
    whole = plan.block(block)
    rest = plan.block(block, dropped)
    assert rest == tuple(trial for trial in whole if trial.cell not in dropped)
    assert [t.position for t in rest] == [t.position for t in whole if t.cell not in dropped]


@given(plans, st.randoms())
def test_the_order_of_arguments_does_not_matter(plan: Plan, random) -> None:
    def shuffled(values):
        return random.sample(values, len(values))

    other = replace(
        plan,
        builds=shuffled(plan.builds),
        configurations=shuffled(plan.configurations),
        guests=shuffled(plan.guests),
    )
    assert other.fingerprint == plan.fingerprint
    assert other.block(3) == plan.block(3)
    assert differences(plan, other) == ()


def test_positions_continue_over_blocks_and_ids_differ() -> None:
    trials = [trial for block in range(5) for trial in PLAN.block(block)]
    assert [trial.position for trial in trials] == list(range(60))
    assert len({trial.id for trial in trials}) == 60


def test_the_order_never_changes() -> None:
    """A study that was begun with an older accelkit or Python goes on in the same order."""
    assert [t.configuration for t in PLAN.block(0)[:6]] == [
        "tcg,tb-size=64",
        "tcg,tb-size=8",
        "tcg",
        "tcg,tb-size=64",
        "tcg",
        "tcg,tb-size=64",
    ]
    assert PLAN.block(0)[0].id == "f94b5021ceaa091d"
    assert PLAN.fingerprint == "b4d466431dba44ce"


def test_every_seed_and_every_block_has_its_own_order() -> None:
    orders = {
        tuple(t.cell for t in replace(PLAN, seed=seed).block(k)) for seed in range(10) for k in range(10)
    }
    assert len(orders) == 100


def test_every_cell_comes_at_every_place_about_equally_often() -> None:
    places = Counter((t.cell, t.position % 12) for k in range(1200) for t in PLAN.block(k))
    assert len(places) == 144
    # 100 expected at each; chi-square with 11 * 11 degrees of freedom stays below 190 but once in 10,000.
    assert sum((n - 100) ** 2 / 100 for n in places.values()) < 190


def test_the_baseline_must_be_one_of_the_configurations() -> None:
    with pytest.raises(
        StudyError, match=r"^baseline='tgc': not among the configurations; did you mean 'tcg'\?$"
    ):
        replace(PLAN, baseline="tgc")


@pytest.mark.parametrize("what", ["builds", "configurations", "guests"])
def test_a_plan_needs_something_to_measure_under_different_names(what: str) -> None:
    with pytest.raises(StudyError, match=f"^{what}: none given"):
        replace(PLAN, **{what: ()})
    twice = (*getattr(PLAN, what), getattr(PLAN, what)[0])
    with pytest.raises(StudyError, match=f"^{what}: 2 are named '.*'; names must differ"):
        replace(PLAN, **{what: twice})


@pytest.mark.parametrize("name", ["", "a\nb", "\udcff", "\0"])
def test_a_name_must_be_printable(name: str) -> None:
    with pytest.raises(StudyError, match=r"^guests: .* cannot be a name"):
        replace(PLAN, guests=[StoredGuest(name, "")])


def test_a_seed_fits_into_the_store() -> None:
    for seed in (1.5, "1", None, True):
        with pytest.raises(StudyError, match=r"^seed=.*: takes a whole number"):
            replace(PLAN, seed=seed)
    with pytest.raises(StudyError, match=r"^seed=9223372036854775808: does not fit"):
        replace(PLAN, seed=1 << 63)


def test_differences_name_what_differs() -> None:
    other = Plan(
        [replace(BUILDS[0], version="7.2.23")],
        [*POINTS[:2], stored_configuration("kvm", ())],
        [StoredGuest("cpu", "cpu 2000"), GUESTS[1]],
        "kvm",
        seed=8,
    )
    assert differences(PLAN, other) == (
        'QEMU build \'7.2\': 7.2.22 by ["qemu-7.2"] is stored, 7.2.23 by ["qemu-7.2"] was given',
        "QEMU build '11.1': is stored, was not given",
        "configuration 'tcg,tb-size=64': is stored, was not given",
        "configuration 'kvm': was given, is not stored",
        "guest 'cpu': 'cpu 1000' is stored, 'cpu 2000' was given",
        "baseline: 'tcg' is stored, 'kvm' was given",
        "seed: 7 is stored, 8 was given",
    )
    assert other.fingerprint != PLAN.fingerprint


def test_a_cell_is_a_tuple_of_names() -> None:
    assert PLAN.block(0)[0].cell == tuple(PLAN.block(0)[0].cell)
    assert Cell("7.2", "cpu", "tcg") in PLAN.cells


def test_settings_have_the_properties_that_a_configuration_leaves_out() -> None:
    assert plan_of("tcg", "tcg,tb-size=8").settings == {
        "tcg": {"tb-size": ABSENT},
        "tcg,tb-size=8": {"tb-size": "8"},
    }
