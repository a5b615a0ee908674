"""reader: words are read as QEMU reads them; every option takes the right number of words."""

from __future__ import annotations

import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accelkit import ACCELERATORS, IgnoredOptionWarning, parse
from accelkit.parsing.lines import read
from accelkit.syntax.qemu_options import FLAGS, REMOVED, VALUED

KVM, TCG = {"accel": "kvm"}, {"accel": "tcg"}


@pytest.mark.parametrize("flag", sorted(FLAGS - {"enable-kvm"}))
def test_a_flag_takes_no_word(flag: str) -> None:
    assert parse(f"-{flag} -accel tcg") == (TCG,)


@pytest.mark.parametrize("name", sorted(VALUED))
def test_an_option_with_a_value_takes_any_next_word(name: str) -> None:
    line = read(["-accel", "tcg", f"-{name}", "-enable-kvm"])
    assert "-enable-kvm" not in line.unknown
    assert [accel.name for accel in line.accels] != ["kvm"]
    assert not [fault for fault in line.faults if "incompatible" in fault]
    assert read([f"-{name}"]).faults == (f"-{name}: takes a value, and is the last word; give the value",)


@pytest.mark.parametrize("name", sorted(REMOVED))
def test_a_removed_option_is_a_fault_if_no_qemu_has_it(name: str) -> None:
    value = "64" if name in VALUED or REMOVED[name].valued else None
    line = read([f"-{name}", *([value] if value else [])])
    assert line.unknown == ()
    if any(REMOVED[name].since):
        assert (line.options, line.faults) == (((name, value),), ())
    else:
        assert line.faults == (f"-{name}: no QEMU from 5.2 on has it; {REMOVED[name].remedy}",)


@given(
    st.lists(
        st.sampled_from(
            ["-accel", "-machine", "-set", "-icount", "-cpu", "-device", "-global", "-enable-kvm", "kvm", "tcg,id=a",
             "accel=kvm:tcg", "accel.a.thread=single", "q35,kernel_irqchip=off", "none,help", "help", ",", "=", "-S", "-x", ""]
        ),
        max_size=6,
    )
)  # fmt: skip
def test_any_words_are_read_and_their_faults_are_whole_sentences(words: list[str]) -> None:
    line = read(words)
    for fault in line.faults:
        assert "; " in fault
    known = all(accel.name in ACCELERATORS for accel in line.accels)
    if known and not line.faults and not line.unknown and not line.misplaced:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", IgnoredOptionWarning)
            maps = parse(words)
        assert len(maps) == len(line.accels) or (not line.accels and len(maps) == 1)
