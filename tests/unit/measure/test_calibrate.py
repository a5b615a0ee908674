"""How much work follows from a pace, and a pace from ticks."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import pytest

from accelkit.errors import DomainError, GuestError
from accelkit.guests import guest
from accelkit.guests.catalogue import Guest
from accelkit.guests.makers import command
from accelkit.measure import calibrate as calibrate_module
from accelkit.measure.calibrate import (
    MIN_COUNT,
    Pace,
    amount,
    calibrate,
    count,
    pace_of,
    round_125,
    round_digit,
)


def test_all_boots_of_a_calibration_have_one_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    limits: list[float] = []

    def pace_after_half_a_minute(*_: object) -> Pace:
        limits.append(cast("float", _[-1]))
        clock[0] += 25.0
        return Pace(1e-6, 0.0)

    monkeypatch.setattr(calibrate_module, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    monkeypatch.setattr(calibrate_module, "_pace", pace_after_half_a_minute)
    calibrate(guest("exc").with_work(n=1), ("qemu",), TCG)
    assert limits == [60.0, 35.0, 10.0, 0.0]


def test_a_boot_that_ended_before_its_slices_could_be_timed_is_repeated_to_its_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Else the work would become ten times as much, for no other reason than a busy host."""
    limits: list[float | None] = []

    def busy(*given: object, enough: float | None, **_: object) -> object:
        work = cast("Guest", given[-1])
        limits.append(enough)
        count = work.slices if enough is None else 3  # the first slice lasts half a second, each other 2 ms
        report = SimpleNamespace(begin=SimpleNamespace(hz=0), slices=[SimpleNamespace(ticks=2000)] * count)
        arrivals = [(0.5, 1), (0.5 + 0.002 * (count - 1), count)]
        run = SimpleNamespace(ending="stop", status=0, stderr="", wall=1.0)
        return run, report, SimpleNamespace(arrivals=arrivals)

    monkeypatch.setattr(calibrate_module, "run_bundled", busy)

    def works(*_: object) -> tuple[str, str]:
        return "ok", ""

    monkeypatch.setattr(calibrate_module, "judge", works)
    work = calibrate(guest("tb-thrash"), ("qemu",), TCG, seconds=0.1)
    assert (work.n, limits) == (guest("tb-thrash").n, [calibrate_module.ENOUGH, None])


TCG = ("-accel", "tcg")


def test_guests_without_a_pace_are_returned_unchanged() -> None:
    for work in (guest("none"), command(["-S"])):
        assert calibrate(work, ("no-such-qemu",), TCG) is work


def test_a_guest_that_never_reports_cannot_be_calibrate() -> None:
    with pytest.raises(GuestError, match="guest 'hang' never reports"):
        calibrate(guest("hang"), ("qemu",), TCG)


@pytest.mark.parametrize("seconds", [0, 0.009, 3601, float("nan")])
def test_seconds_out_of_range_are_refused(seconds: float) -> None:
    with pytest.raises(DomainError, match=rf"^seconds={seconds!r}: a run lasts 0.01 to 3600 seconds"):
        calibrate(guest("cpu"), ("qemu",), TCG, seconds=seconds)


def test_a_little_noise_changes_no_amount() -> None:
    assert {amount(4_000_000, 0.0014 * factor) for factor in (0.6, 0.9, 1.1, 1.9)} == {4_000_000}
    assert {amount(1000, 0.00014 * factor) for factor in (0.8, 1.0, 1.2)} == {10_000}
    assert amount(1, 5.0) == 1
    assert amount((1 << 32) - 1, 0.00001) == (1 << 32) - 1


def test_slices_fill_the_time_that_the_first_slice_leaves() -> None:
    assert count(0.5, Pace(0.01, 0.0)) == 50
    assert count(0.5, Pace(0.01, 0.19)) == 30
    assert count(0.01, Pace(1.0, 0.0)) == MIN_COUNT


def test_a_long_first_slice_leaves_half_of_the_time() -> None:
    assert count(0.6, Pace(0.01, 0.3)) == count(0.6, Pace(0.01, 0.5)) == count(0.6, Pace(0.01, 9.0)) == 30


def test_a_count_has_bounds() -> None:
    assert count(3600, Pace(0.005, 0.0)) == 10_000


def test_ticks_of_a_known_frequency_need_no_arrivals() -> None:
    assert pace_of([30, 10, 10], 1000, []) == Pace(0.01, 0.02)
    assert pace_of([30, 10, 10], 0, []) is None
    assert pace_of([], 1000, []) is None


def test_unknown_ticks_are_timed_from_the_first_arrival_to_the_last() -> None:
    assert pace_of([500] * 10, 0, [(0.1, 2), (0.5, 10)]) == Pace(0.05, 0.0)
    assert pace_of([500] * 10, 0, [(0.1, 2), (0.12, 10)]) is None  # too short a time


def test_amounts_are_rounded_to_the_nearest_step_by_ratio() -> None:
    assert [round_125(x) for x in (0.0, 14.0, 15.0, 71.0, 1e6)] == [1, 10, 20, 100, 1_000_000]
    assert [round_digit(x) for x in (0.9, 9.6, 44, 96)] == [0, 10, 40, 100]
