"""Two stores are compared: verdicts, the control, what fails, and the laws of it."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.stores import BARN, BEGUN, BOX, DAY, TRUTH, plan_of, records_for, study_store, write_store

from accelkit.errors import DomainError, StudyError
from accelkit.study.across.compare import StoreComparison, compare_stores
from accelkit.study.across.merge import merge
from accelkit.study.searched import SearchBlock, Terms, TriedPoint, Tuning
from accelkit.study.store.writer import open_store

SLOWER = {"tcg": 1.0, "tcg,thread=single": 1.2 * 1.1}


@pytest.fixture
def old(tmp_path: Path) -> Path:
    return study_store(tmp_path / "old.sqlite")


def new(tmp_path: Path, truth: dict[str, float] = SLOWER, **changes: object) -> Path:
    return study_store(tmp_path / "new.sqlite", truth, created=BEGUN + 30 * DAY, seed=2, **changes)  # type: ignore[arg-type]


def verdicts(found: StoreComparison) -> dict[str, tuple[str, str | None]]:
    return {row.configuration: (row.time.verdict, row.beside and row.beside.verdict) for row in found.changes}


def test_what_became_slower_is_found_with_its_interval(old: Path, tmp_path: Path) -> None:
    found = compare_stores(old, new(tmp_path, version="11.1.3"))
    assert verdicts(found) == {"tcg": ("no difference", None), "tcg,thread=single": ("slower", "slower")}
    row = found.changes[1]
    assert row.time.low < 1.1 < row.time.high
    assert (row.old_build, row.new_build, row.runs, row.failed) == ("7.2.22", "11.1.3", (20, 20), (0, 0))
    assert [found.status(limit) for limit in (None, 0.02, 0.5)] == [0, 1, 0]


def test_what_slows_the_whole_host_cancels_beside_the_baseline(old: Path, tmp_path: Path) -> None:
    found = compare_stores(old, new(tmp_path, TRUTH, speed=1.3, host=BARN))
    assert verdicts(found) == {"tcg": ("slower", None), "tcg,thread=single": ("slower", "no difference")}
    assert found.cautions[0].kind == "other host"
    relative = compare_stores(old, tmp_path / "new.sqlite", relative=True)
    assert [change.configuration for change in relative.counted] == ["tcg,thread=single"]
    assert (found.status(0.02), relative.status(0.02)) == (1, 0)


def test_a_guest_may_be_the_control(tmp_path: Path) -> None:
    guests = ("cpu", "smp")
    before = study_store(tmp_path / "old.sqlite", guests=guests)
    truth = {**TRUTH, "tcg on smp": 1.5, "tcg,thread=single on smp": 1.8}
    after = study_store(tmp_path / "new.sqlite", truth, guests=guests, seed=2, speed=1.3)
    found = compare_stores(before, after, control="cpu")
    beside = {(row.guest, row.configuration): row.beside for row in found.changes}
    assert beside["cpu", "tcg"] is None
    assert [beside["cpu", "tcg,thread=single"].verdict, beside["smp", "tcg"].verdict] == [
        "no difference",
        "slower",
    ]  # type: ignore[union-attr]
    with pytest.raises(
        StudyError, match="control='cpus': no guest that both stores have; did you mean 'cpu'"
    ):
        compare_stores(before, after, control="cpus")


def test_what_fails_now_and_did_not_before_fails_the_run(old: Path, tmp_path: Path) -> None:
    found = compare_stores(old, new(tmp_path, TRUTH, failing=lambda trial: "single" in trial.configuration))
    assert [change.configuration for change in found.failing()] == ["tcg,thread=single"]
    assert found.changes[1].why_fails.endswith("failed (crashed 20): it crashed")
    assert found.status(0.5) == 1
    both = compare_stores(tmp_path / "new.sqlite", tmp_path / "new.sqlite")
    assert both.failing() == ()


def test_a_guest_of_which_everything_fails_now_is_not_left_out(old: Path, tmp_path: Path) -> None:
    found = compare_stores(old, new(tmp_path, TRUTH, failing=lambda _: True))
    assert len(found.failing()) == 2
    assert found.left_out == ()


@pytest.mark.parametrize(
    ("speed", "verdict"), [(1.0, "undecided"), (1.2, "undecided"), (1.4, "slower"), (0.7, "faster")]
)
def test_times_of_other_amounts_of_work_have_wider_intervals(
    tmp_path: Path, speed: float, verdict: str
) -> None:
    stores = []
    for n, factor in ((1000, 1.0), (3000, 3 * speed)):
        plan = plan_of(fingerprint=f"x86_64 q35 64 MiB 1 vCPUs 1,{n},0,0,0,0,100 5f")
        stores.append(
            write_store(tmp_path / f"{n}.sqlite", plan, records_for(plan, TRUTH, speed=factor, seed=n))
        )
    found = compare_stores(*stores)
    assert verdicts(found) == {"tcg": (verdict, None), "tcg,thread=single": (verdict, "no difference")}
    assert math.isclose(found.changes[0].time.ratio, speed, rel_tol=0.01)
    assert math.isclose(found.changes[0].old_value, 3e6, rel_tol=0.01)  # for as much work as now
    if verdict == "undecided":
        assert "runs of slices with other amounts of work leave it between" in found.changes[0].time.why


def test_values_in_other_units_are_not_compared(old: Path, tmp_path: Path) -> None:
    plan = plan_of()
    records = [replace(record, unit="s") for record in records_for(plan, TRUTH)]
    with pytest.raises(StudyError, match="guest 'cpu': its values are in other units"):
        compare_stores(old, write_store(tmp_path / "s.sqlite", plan, records))


def test_what_is_undecided_may_hide_it(old: Path, tmp_path: Path) -> None:
    found = compare_stores(old, new(tmp_path, TRUTH, noise=0.2))
    assert found.status(0.02) == 3
    assert found.status(0.9) == 0
    few = compare_stores(old, study_store(tmp_path / "few.sqlite", blocks=3))
    assert few.status(0.9) == 3
    assert "and 7 of each are the fewest" in few.changes[0].time.why


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(st.sampled_from([1.0, 1.004, 1.05, 1.5, 0.7]), min_size=2, max_size=2),
    st.integers(5, 25),
    st.sampled_from([0.001, 0.05]),
)
def test_the_laws(tmp_path: Path, factors: list[float], blocks: int, noise: float) -> None:
    """A store beside itself is never slower; the other way round, faster is slower and the ratio its inverse."""
    for name in ("one.sqlite", "two.sqlite"):
        (tmp_path / name).unlink(missing_ok=True)
    one = study_store(tmp_path / "one.sqlite", noise=noise, blocks=blocks)
    truth = {name: value * factor for (name, value), factor in zip(TRUTH.items(), factors, strict=True)}
    two = study_store(tmp_path / "two.sqlite", truth, noise=noise, seed=3, created=BEGUN + DAY)
    itself = compare_stores(one, one)
    assert {row.time.verdict for row in itself.changes} <= {"no difference", "undecided"}
    assert all(row.time.ratio == 1 for row in itself.changes)
    there, back = compare_stores(one, two), compare_stores(two, one)
    opposite = {"slower": "faster", "faster": "slower"}
    for row, other in zip(there.changes, back.changes, strict=True):
        for a, b in ((row.time, other.time), (row.beside, other.beside)):
            if a is not None and b is not None:
                assert b.verdict == opposite.get(a.verdict, a.verdict)
                assert math.isclose(a.ratio * b.ratio, 1)


def test_stores_that_have_nothing_in_common_say_why(old: Path, tmp_path: Path) -> None:
    other = write_store(tmp_path / "x.sqlite", plan_of(guests=["smp"]), [])
    with pytest.raises(
        StudyError, match=r"nothing in common to compare:\n  only .*old\.sqlite has the guest 'cpu'\n  only"
    ):
        compare_stores(old, other)
    with pytest.raises(StudyError, match=r"one\.sqlite': no such file.* \| .*two\.sqlite': no such file"):
        compare_stores(tmp_path / "one.sqlite", tmp_path / "two.sqlite")
    with pytest.raises(DomainError, match="confidence: got 95"):
        compare_stores(old, old, confidence=95)


def test_relative_needs_a_control(old: Path, tmp_path: Path) -> None:
    alone = study_store(tmp_path / "alone.sqlite", {"tcg": 1.0})
    with pytest.raises(StudyError, match="relative: there is no control"):
        compare_stores(old, alone, relative=True)


def test_a_notebook_shows_it(old: Path, tmp_path: Path) -> None:
    found = compare_stores(old, new(tmp_path))
    bundle = found._repr_mimebundle_()
    assert bundle["text/plain"] == str(found)
    assert "<svg" in bundle["text/html"]
    assert repr(found).endswith("2 changes>")


def test_a_tuning_is_compared_and_merged_by_its_confirming_study(tmp_path: Path) -> None:
    plan = plan_of()
    base = replace(plan, configurations=plan.configurations[:1])
    tried = [
        TriedPoint(n, n, point.name, point.argv, "", 0.0, 0.01)
        for n, point in enumerate(plan.configurations, 1)
    ]
    paths: list[Path] = []
    for number, truth in enumerate((TRUTH, SLOWER)):
        paths.append(tmp_path / f"{number}.sqlite")
        with open_store(
            paths[-1], base, tuning=Tuning(Terms("tcg()", 2, {"cpu": 1.0}, {"time": 1.0}), "a grid"), host=BOX
        ) as store:
            records = records_for(plan, truth, seed=number, blocks=16)
            store.search.append(records[:4], tried, [SearchBlock(0, 0, (1,)), SearchBlock(1, 2, (2,))])
            if number:
                store.confirm([plan.configurations[1]], 4, 12, tried)
                for record in records:
                    if record.trial.block >= 4:
                        store.append(record)
    unfinished, tuned = paths
    old = study_store(tmp_path / "old.sqlite", names=list(TRUTH))
    found = compare_stores(old, tuned)
    assert verdicts(found) == {"tcg": ("no difference", None), "tcg,thread=single": ("slower", "slower")}
    assert found.changes[0].runs == (20, 12)
    assert [row.time.why for row in compare_stores(old, unfinished).changes] == [f"no run in {unfinished}"]
    both = merge([old, tuned], tmp_path / "both.sqlite")
    assert both.trials == 40 + 24
