"""Rules of -icount: of its own options, and whether it counts instructions."""

from __future__ import annotations

import pytest

from accelkit.checking.icount import counts_instructions, icount_problems
from accelkit.syntax.qemuopts import split


@pytest.mark.parametrize(("text", "counts"), [("0", True), ("shift=auto", True), ("sleep=off", False)])
def test_only_a_shift_switches_it_on(text: str, counts: bool) -> None:
    assert counts_instructions(split(text, "shift")) == counts


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("auto,align=on,sleep=on", []),
        ("0x2", []),
        ("10", []),
        ("11", ["-icount shift=11: is not a shift; write auto, or 0 to 10"]),
        ("-1", ["-icount shift=-1: is not a shift; write auto, or 0 to 10"]),
        ("0,align=maybe", ["-icount align=maybe: is neither on nor off; write on or off"]),
        ("align=on", ["-icount align=on: needs a shift; add shift=auto"]),
        ("0,sleep=off,align=on", ["-icount align=on: is incompatible with sleep=off; leave one of them out"]),
        ("0,rr=bad", ["-icount rr=bad: is not a mode; write record or replay"]),
        ("0,rr=record", ["-icount rr=record: needs a file; add rrfile=PATH"]),
        ("0,rr=record,rrfile=/tmp/x", []),
        ("11,shift=3", []),  # the last value counts
        (
            "0,foo=1",
            ["-icount foo=1: is not an option of -icount; takes shift, align, sleep, rr, rrfile, rrsnapshot"],
        ),
    ],
)
def test_each_bad_option_is_a_problem(text: str, problems: list[str]) -> None:
    assert [str(problem) for problem in icount_problems(split(text, "shift"), (10, 0, 0))] == problems


def test_an_id_was_allowed_before_six() -> None:
    writes = split("0,id=a", "shift")
    assert list(icount_problems(writes, (5, 2, 0))) == []
    assert len(list(icount_problems(writes, (6, 0, 0)))) == 1
