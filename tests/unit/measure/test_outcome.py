"""The cause of a boot, from its report, status and stderr; and the words of every cause."""

from __future__ import annotations

import signal
from typing import get_args

import pytest

from accelkit.guests import Begin, Report, Slice, guest
from accelkit.measure.outcome import (
    CAUSES,
    FAILURES,
    NOT_DONE,
    Cause,
    Outcome,
    implausible,
    judge,
    signal_name,
)


def test_every_cause_has_its_words_and_no_other_word_does() -> None:
    assert tuple(CAUSES) == get_args(Cause)
    assert all(text.meaning for text in CAUSES.values())
    assert len({text.meaning for text in CAUSES.values()}) == len(CAUSES)


def test_failures_are_all_causes_but_ok_and_a_run_without_a_value() -> None:
    assert set(FAILURES) == {*CAUSES, "no-value"} - {"ok"}


def test_only_failures_of_the_host_are_measured_again() -> None:
    assert NOT_DONE == ("missing", "no-space", "error")  # stores keep an index of these words


def test_an_outcome_is_ok_only_with_the_cause_ok() -> None:
    def outcome(cause: Cause) -> Outcome:
        return Outcome(cause, "", 0.1, 0.1, 0.0, None, 0, 0, 0, Report(), "", ("qemu",))

    assert [cause for cause in get_args(Cause) if outcome(cause).ok] == ["ok"]


@pytest.mark.parametrize(
    ("work", "hz", "ticks", "wall", "plausible"),
    [
        (1, 0, (1,), None, True),
        (1, 0, (0,), None, False),
        (0, 0, (0,), None, True),  # no work may take no time
        (1, 0, ((1 << 63) - 1,), None, True),
        (1, 0, (1 << 63,), None, False),
        (1, 1000, (500, 600), 1.0, True),  # 1.1 s, the margin for the clock
        (1, 1000, (500, 800), 1.0, False),
        (1, 1000, (500, 800), None, True),
        (1, 0, (10**10, 10**9), 1.0, True),  # of unknown frequency: 10 GHz at most
        (1, 0, (10**10, 10**10), 1.0, False),
        (1, 10**10, (1,), 1.0, True),
        (1, 10**10 + 1, (1,), 1.0, False),
    ],
)
def test_times_are_plausible_within_the_time_of_the_run(
    work: int, hz: int, ticks: tuple[int, ...], wall: float | None, *, plausible: bool
) -> None:
    report = Report(Begin(9, 16, 0, 0, 0, 0, hz), tuple(Slice(number, 16) for number in ticks))
    doubt = implausible(guest("none" if work == 0 else "exc"), report, wall)
    assert (doubt is None) == plausible


def test_only_good_work_is_asked_whether_its_numbers_can_be_true() -> None:
    bad = Report(BEGIN, (Slice(0, 16),))
    assert judge(ONE, bad, 33, "exit", "") == ("implausible", "slice 1 took 0 ticks")
    assert judge(ONE, bad, -9, "stop", "") == ("implausible", "slice 1 took 0 ticks")
    assert judge(ONE, bad, -11, "exit", "")[0] == "crashed"
    assert judge(ONE, Report(BEGIN, (Slice(0, 15),)), 33, "exit", "")[0] == "wrong-checksum"


ONE = guest("exc").with_work(n=16, slices=1)
BEGIN = Begin(9, 16, 0, 0, 0, 0, 0)
GOOD = Report(BEGIN, (Slice(5, 16),))


@pytest.mark.parametrize(
    ("report", "status", "ending", "stderr", "cause", "why"),
    [
        (GOOD, 33, "exit", "", "ok", ""),
        (GOOD, 33, "exit", "warning: ignored\n", "ok", ""),
        (GOOD, 0, "exit", "", "crashed", "exit status 0 after a complete report"),
        (GOOD, -9, "exit", "", "crashed", "ended by SIGKILL"),
        (Report(BEGIN), -6, "exit", "a\nb\n", "crashed", "ended by SIGABRT; QEMU said: b"),
        (GOOD, -9, "timeout", "", "timeout", "not ended in time; its report is complete"),
        (Report(), -9, "timeout", "", "timeout", "not ended in time; the guest reported nothing"),
        (Report(), -9, "flood", "", "flood", "more output than any report has; killed"),
        (Report(), 1, "exit", "qemu: no\n\n", "refused", "qemu: no"),
        (Report(), 1, "exit", "", "refused", "exit status 1 and no message"),
        (Report(), 35, "exit", "", "refused", "the guest does not have this work: (9, 16, 0, 0, 0, 0, 0)"),
        (Report(), 127, "exit", "env: qemu: No such file", "missing", "env: qemu: No such file"),
        (Report(), 0, "exit", "", "silent", "the guest reported nothing; exit status 0"),
        (Report(BEGIN), 0, "exit", "terminating on signal 15", "silent",
         "0 of 1 slices were reported; exit status 0; QEMU said: terminating on signal 15"),
        (Report(BEGIN, (Slice(5, 15),)), 33, "exit", "", "wrong-checksum",
         "slice 1: checksum 0xf instead of 0x10"),
    ],
)  # fmt: skip
def test_the_cause_follows_from_report_status_and_stderr(
    report: Report, status: int, ending: str, stderr: str, cause: str, why: str
) -> None:
    assert judge(ONE, report, status, ending, stderr) == (cause, why)  # type: ignore[arg-type]


def test_a_guest_for_aarch64_may_power_off_instead() -> None:
    work = guest("exc", "aarch64").with_work(n=16, slices=1)
    assert judge(work, GOOD, 0, "exit", "") == ("ok", "")


@pytest.mark.parametrize(
    ("status", "slices", "least", "cause"),
    [
        (0, 5, None, "ok"),
        (0, 3, 3, "ok"),
        (0, 3, None, "wrong-checksum"),
        (0, 2, 3, "wrong-checksum"),
        (1, 5, None, "crashed"),
        (-11, 5, None, "crashed"),
    ],
)
def test_a_guest_that_was_stopped_must_have_reported_enough(
    status: int, slices: int, least: int | None, cause: str
) -> None:
    work = guest("exc").with_work(n=16, slices=5)
    report = Report(Begin(9, 16, 0, 0, 0, 5, 0), (Slice(5, 16),) * slices)
    assert judge(work, report, status, "stop", "", least)[0] == cause


def test_signals_have_their_names() -> None:
    assert signal_name(signal.SIGKILL) == "SIGKILL"
    assert signal_name(200) == "signal 200"
