"""Rules of -icount: of its own options, and whether it counts instructions."""

from __future__ import annotations

import pytest

from accelkit.checking.icount import counts_instructions, icount_problems
from accelkit.parsing.reader import read_words
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
    line = read_words(["-icount", text])
    assert [str(problem) for problem in icount_problems(line, (10, 0, 0))] == problems


def test_an_id_was_allowed_before_six() -> None:
    line = read_words(["-icount", "0,id=a"])
    assert list(icount_problems(line, (5, 2, 0))) == []
    assert len(list(icount_problems(line, (6, 0, 0)))) == 1


NO_DISK = (
    "-icount rrsnapshot=a: needs a disk that can keep a snapshot, as qcow2 can; "
    "add -drive with a qcow2 image, or leave rrsnapshot out"
)


@pytest.mark.parametrize(
    ("line", "version", "problems"),
    [
        ("-icount rr=record,rrfile=/tmp/x", (10, 0, 0), ["-icount rr=record: needs a shift; add shift=auto"]),
        ("-icount 0,rr=record,rrfile=/tmp/x -smp 2", (10, 0, 0), ["-icount rr=record: is for one CPU; leave -smp out"]),
        ("-icount 0,rr=record,rrfile=/tmp/x -smp threads=2", (5, 2, 0), ["-icount rr=record: is for one CPU; leave -smp out"]),
        ("-icount 0,rr=record,rrfile=/tmp/x -smp 1,maxcpus=2", (10, 0, 0), []),
        ("-icount 0,rr=record,rrfile=/tmp/x,rrsnapshot=a", (5, 2, 0), []),
        ("-icount 0,rr=record,rrfile=/tmp/x,rrsnapshot=a -drive file=a.qcow2", (10, 0, 0), []),
        ("-icount 0,rrsnapshot=a", (10, 0, 0), []),
        *(
            (f"-icount 0,rr={mode},rrfile=/tmp/x,rrsnapshot=a", version, [NO_DISK])
            for mode, version in [("record", (7, 2, 22)), ("replay", (5, 2, 0))]
        ),
    ],
)  # fmt: skip
def test_record_and_replay_have_rules_of_their_own(
    line: str, version: tuple[int, int, int], problems: list[str]
) -> None:
    assert [str(problem) for problem in icount_problems(read_words(line.split()), version)] == problems
