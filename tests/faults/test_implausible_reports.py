"""Numbers that cannot be true never pass as a value: those of a guest's clock, and those of QEMU's counters."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from support.tools import module

from accelkit.errors import QemuError
from accelkit.guests import guest
from accelkit.measure.calibrate import calibrate
from accelkit.measure.plain_boot import boot
from accelkit.study.model import Build, Record, Trial, stored_configuration
from accelkit.study.report.export import export
from accelkit.study.worker import measure

WORK = guest("exc").with_work(n=16, slices=3)
FAKE = Path(__file__).parents[1] / "support" / "fake_qemu.py"
MHZ = 1_000_000


def command(**settings: object) -> tuple[str, ...]:
    return (sys.executable, "-S", str(FAKE), json.dumps(settings))


def tried(*argv: str, accel: str = "tcg", **settings: object) -> Record:
    """The record of a run of a guest that did its work right, and reported the numbers of ``settings``."""
    settings = {"ticks": [5, 4, 6], **settings}
    configuration = stored_configuration("it", ("-accel", accel, *argv))
    trial = Trial("here", WORK.name, "it", 0, 0)
    return measure(trial, Build("here", command(**settings), ""), configuration, WORK)


def test_numbers_that_may_be_true_are_a_value() -> None:
    """The fake does as QEMU does, so what fails below fails for the number that is given there."""
    for record in (tried(), tried(hz=62_500_000), tried(accel="kvm", counters="5")):
        assert (record.cause, record.why, record.value) == ("ok", "", 4.0)
    assert record.counters == {"vm.exits": 5.0, "vcpu.exits": 5.0}


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({"ticks": [5, 0, 6]}, "slice 2 took 0 ticks"),
        ({"ticks": [5, 4, 2**64 - 1]}, "slice 3 took 18446744073709551615 ticks"),
        ({"ticks": [2**63, 4, 6]}, "slice 1 took 9223372036854775808 ticks"),
        ({"ticks": [2**62, 4, 6]}, "the slices took at least 4.612e+08 s together, but QEMU ran for "),
        ({"ticks": [1, 1, 10**12], "hz": MHZ}, "the slices took 1e+06 s together, but QEMU ran for "),
        (
            {"hz": 2**64 - 1},
            "the guest's clock has 18446744073709551615 Hz; no clock is faster than 10000000000",
        ),
    ],
)
def test_times_that_cannot_be_true_fail(settings: dict[str, object], why: str) -> None:
    record = tried(**settings)
    assert (record.cause, record.value) == ("implausible", None)
    assert record.why.startswith(why)
    assert len(record.slices) == 3


@pytest.mark.parametrize("format", ["csv", "json", "parquet"])
def test_a_failed_trial_with_any_ticks_can_be_exported(format: str, tmp_path: Path) -> None:
    if format == "parquet":
        module("pyarrow")
    record = tried(ticks=[5, 4, 2**64 - 1])
    assert export([record], str(tmp_path / f"trials.{format}")) == 1


def test_under_icount_the_guests_time_may_pass_faster() -> None:
    settings = {"ticks": [10**9, 10**9, 10**12], "hz": MHZ}
    assert tried("-icount", "shift=10", **settings).ok
    assert not tried(**settings).ok
    assert tried("-icount", "shift=10", ticks=[2**63, 1, 1]).cause == "implausible"


@pytest.mark.parametrize(
    "value", ["-1", "NaN", "Infinity", "1e999", "1" + "0" * 400, "-1e-9", "18446744073709551616"]
)
def test_counters_that_cannot_be_true_fail(value: str) -> None:
    record = tried(accel="kvm", counters=value)
    assert (record.cause, record.value, record.counters) == ("implausible", None, {})
    assert record.why.startswith("the work was done, but: the counter vm.exits is ")
    assert len(record.why) < 300


@pytest.mark.parametrize("text", ["TB count 99999999999999999999\n", f"TB count {'9' * 9999}\n"])
def test_counters_in_text_that_cannot_be_true_fail(text: str) -> None:
    record = tried(jit=text)
    assert (record.cause, record.counters) == ("implausible", {})


@pytest.mark.parametrize("answer", ['{"exits": 5}', "[5]", '[{"stats": 5}]', '"text"', "null"])
def test_answers_of_another_form_fail(answer: str) -> None:
    record = tried(accel="kvm", answer=answer)
    assert (record.cause, record.value) == ("implausible", None)
    assert record.why.startswith("the work was done, but: QEMU's answers have another form than QEMU's: ")


def test_a_plain_boot_and_a_calibration_refuse_them_too() -> None:
    settings = {"ticks": [5, 0, 6], "status": 33}
    outcome = boot(command(**settings), ("-accel", "tcg"), WORK)
    assert (outcome.cause, outcome.why) == ("implausible", "slice 2 took 0 ticks")
    with pytest.raises(
        QemuError, match=r"implausible: slice 2 took 0 ticks; calibrate with a baseline that works"
    ):
        calibrate(WORK, command(ticks=[5, 0, *[5] * 18]), ("-accel", "tcg"))


def test_a_guest_that_hardly_takes_any_time_can_be_calibrated() -> None:
    """A slice of less than a microsecond: the amount of work that follows from it is bounded."""
    calibrated = calibrate(WORK, command(ticks=[1] * 20, hz=62_500_000), ("-accel", "tcg"))
    assert WORK.n < calibrated.n < 2**32
