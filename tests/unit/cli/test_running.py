"""``accelkit run``: what is printed of an outcome."""

from __future__ import annotations

from dataclasses import replace

import pytest

from accelkit.cli.running import outcome_rows, run_once
from accelkit.errors import ArgvError, GuestError
from accelkit.guests.protocol import Report, Slice
from accelkit.measure.outcome import Outcome

OUTCOME = Outcome(
    "ok", "", 1.25, 0.5, 0.125, None, 0, 0, 0, Report(slices=(Slice(30, 1), Slice(10, 255))), "", ("qemu",)
)


def test_an_outcome_that_is_ok_has_its_times_in_seconds_and_its_ticks() -> None:
    assert outcome_rows(OUTCOME) == (
        ("outcome", "ok"),
        ("took", "1.250 s; CPU 0.500 s user, 0.125 s system"),
        ("guest", "2 slices, fastest 10 ticks, slowest 30; checksum 0xff, as predicted"),
    )


def test_a_failure_has_its_reason_and_promises_no_checksum() -> None:
    first, _, guest = outcome_rows(replace(OUTCOME, cause="timeout", why="not ended in time"))
    assert first == ("outcome", "timeout: not ended in time")
    assert guest[1].endswith("checksum 0xff")


def test_what_was_not_started_took_no_time_and_what_was_silent_has_no_guest() -> None:
    missing = replace(OUTCOME, cause="missing", why="no such program", status=None)
    assert outcome_rows(missing) == (("outcome", "missing: no such program"),)
    silent = replace(OUTCOME, cause="silent", why="ended early", report=Report())
    assert [label for label, _ in outcome_rows(silent)] == ["outcome", "took"]


@pytest.mark.parametrize(
    ("words", "guest", "error", "message"),
    [
        (["tcg", "kvm"], "cpu", ArgvError, "run: got 2 accelerators; takes one"),
        (
            ["tcg,tb-size={8,64}"],
            "cpu",
            ArgvError,
            "run: got 2 configurations; takes one; accelkit study compares several",
        ),
        (["qemu-kvm -m 1; qemu-kvm -m 2"], "cpu", ArgvError, "run: got 2 configurations; takes one"),
        (["sudo foo"], "cpu", ArgvError, "no command in it starts a QEMU"),
        (["qemu-system-vax", "-accel", "tcg"], "cpu", GuestError, "vax"),
        (["tcg"], "cpuu", GuestError, "did you mean 'cpu'"),
        (["tcg"], "command(['-S'])", GuestError, "is not a bundled guest; accelkit study measures it"),
    ],
)
def test_a_run_that_makes_no_sense_is_refused_before_qemu_is_looked_for(
    words: list[str], guest: str, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message.replace("(", r"\(")):
        run_once(words, guest, None, "/nonexistent/qemu", 1)
