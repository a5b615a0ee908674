"""reader: words are read as QEMU reads them; every option takes the right number of words."""

from __future__ import annotations

import shlex
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accelkit import (
    ArgvError,
    IgnoredOptionWarning,
    parse,
)
from accelkit.parsing.reader import read, words_of
from accelkit.syntax.qemu_options import FLAGS, GONE, VALUED

KVM, TCG = {"accel": "kvm"}, {"accel": "tcg"}


ID_RULE = "takes letters, digits, '-', '.' and '_', beginning with a letter"


INCOMPATIBLE = "-accel and -machine accel= (or -enable-kvm) are incompatible; keep -accel only"


REFUSED: list[tuple[str | list[str], str]] = [
    ("", "-accel : names no accelerator; begin with one, as in -accel tcg,…"),
    ("thread=single", "-accel thread=single: names no accelerator; begin with one, as in -accel tcg,…"),
    ("=tcg", "-accel =tcg: names no accelerator; begin with one, as in -accel tcg,…"),
    ("help", "-accel help: QEMU prints its accelerators and ends; name one of them"),
    ("?", "-accel ?: QEMU prints its accelerators and ends; name one of them"),
    ("kvm,accel=help", "-accel kvm,accel=help: QEMU prints its accelerators and ends; name one of them"),
    ("tcg,id=1", f"-accel tcg: id='1' is not an identifier; {ID_RULE}"),
    ("tcg,id=", f"-accel tcg: id='' is not an identifier; {ID_RULE}"),
    ("tcg,id=1,id=a", f"-accel tcg: id='1' is not an identifier; {ID_RULE}"),
    ("tcg,id=ü", f"-accel tcg: id='ü' is not an identifier; {ID_RULE}"),
    ("tcg,=x", "-accel tcg: a property without a name (=x); name it"),
    ("tcg,no", "-accel tcg: a property without a name (=off); name it"),
    ("-accel", "-accel: takes a value, and is the last word; give the value"),
    ("-accel tcg -m", "-m: takes a value, and is the last word; give the value"),
    ("-accel kvm,id=a -accel tcg,id=a", "-accel tcg: id=a is there twice; choose another"),
    ("-accel kvm -machine accel=kvm", INCOMPATIBLE),
    ("-machine accel= -accel kvm", INCOMPATIBLE),
    ("-enable-kvm -accel kvm", INCOMPATIBLE),
    ("-machine accel=", "-machine accel=: no accelerator found; name one or leave it out"),
    ("-machine help", "-machine help: QEMU prints its machines and ends; name one"),
    ("-M ?", "-machine ?: QEMU prints its machines and ends; name one"),
    ("-cpu help", "-cpu help: QEMU prints its CPUs and ends; name one"),
    ("-acc kvm", "-acc: QEMU has no such option"),
    ("-Accel kvm", "-Accel: QEMU has no such option"),
    ("-accel=kvm", "-accel=kvm: QEMU has no such option"),
    ("---accel kvm", "---accel: QEMU has no such option"),
    ("-- -accel kvm", "--: QEMU has no such option"),
    ("- -accel kvm", "-: QEMU has no such option"),
    ("-no-kvm", "-no-kvm: no QEMU from 5.2 on has it; write -accel tcg"),
    ("-enable-hax -accel tcg", "-enable-hax: no QEMU from 5.2 on has it; hax is gone; take whpx or hvf"),
    ("-set accel.a.thread=single -accel tcg,id=a",
     "-set accel.a.thread=single: no -accel before it has id=a; add the id there"),
    ("-accel tcg,id=a.b -set accel.a.b.thread=single",
     "-set accel.a.b.thread=single: no -accel before it has id=a; add the id there"),
    ("-accel tcg,id=a -set accel.a.thread", "-set accel.a.thread: is not read; write GROUP.ID.PROPERTY=VALUE"),
    ("-accel tcg,id=a -set accel.a.=x", "-set accel.a.=x: is not read; write GROUP.ID.PROPERTY=VALUE"),
    ("-accel tcg,id=a -set accel..thread=x", "-set accel..thread=x: is not read; write GROUP.ID.PROPERTY=VALUE"),
    ("-accel tcg,id=a -set accel.a.id=b", "-set accel.a.id=b: an id cannot be set later; give it to -accel"),
    ("-set nogroup.a.b=c", "-set nogroup.a.b=c: QEMU has no option group 'nogroup' to set things in; write accel.ID.property=value"),
    ("-global nothing", "-global nothing: is not read; write DRIVER.PROPERTY=VALUE"),
    ("-machine q35,thread=single -accel tcg", "-machine …,thread=single: no machine has it; give thread= to -accel"),
    ("-machine q35,tb_size=64 -accel tcg", "-machine …,tb_size=64: no machine has it; give tb-size= to -accel"),
    ("-machine q35,accel=kvm,KERNEL_IRQCHIP=on",
     "-machine …,KERNEL_IRQCHIP=on: no machine has it; give kernel-irqchip= to -accel"),
    ("-machine xenfv -accel kvm",
     "-accel and -machine xenfv, which brings its own accelerator, are incompatible; leave -accel out"),
    (["-accel", "tcg,x=\n"], "-accel tcg,x='\\n': has a NUL or line break; remove it"),
    (["-accel", "tcg\n"], "accel: 'tcg\\n' has a line break at position 3; an option is one line of text; remove it"),
    (["-accel", "tcg,a\0=1"],
     "option name: 'a\\x00' has a NUL at position 1; an option is one line of text; remove it"),
    ('-accel "kvm', "'-accel \"kvm': No closing quotation; close the quote, or give the words as a list"),
    # all at once
    ("-accel help -accel tcg,id=1 -acc -no-kvm -enable-kvm -machine thread=single",
     ("-accel help: QEMU prints its accelerators and ends; name one of them; "
     "-no-kvm: no QEMU from 5.2 on has it; write -accel tcg; "
     f"-accel tcg: id='1' is not an identifier; {ID_RULE}; "
     f"{INCOMPATIBLE}; "
     "-acc: QEMU has no such option; "
     "-machine …,thread=single: no machine has it; give thread= to -accel")),
    (["-accel", "tcg,=x", "-accel", "kvm,=y,a=\r", "-nosuch"],
     ("-nosuch: QEMU has no such option; "
     "-accel tcg: a property without a name (=x); name it; "
     "-accel kvm: a property without a name (=y); name it; "
     "-accel kvm,a='\\r': has a NUL or line break; remove it")),
]  # fmt: skip


@pytest.mark.parametrize("text", [*(text for text, _ in REFUSED), "-machine none,help"], ids=str)
def test_each_fault_ends_with_what_to_do(text: str | list[str]) -> None:
    """Behind the last semicolon; check takes it from there."""
    for fault in read(text).faults:
        why, _, remedy = fault.rpartition("; ")
        assert why
        assert remedy


@pytest.mark.parametrize("flag", sorted(FLAGS - {"enable-kvm"}))
def test_a_flag_takes_no_word(flag: str) -> None:
    assert parse(f"-{flag} -accel tcg") == (TCG,)


@pytest.mark.parametrize("name", sorted(VALUED))
def test_an_option_with_a_value_eats_the_next_word_whatever_it_is(name: str) -> None:
    line = read(["-accel", "tcg", f"-{name}", "-enable-kvm"])
    assert "-enable-kvm" not in line.unknown
    assert [accel.name for accel in line.accels] != ["kvm"]
    assert not [fault for fault in line.faults if "incompatible" in fault]
    assert read([f"-{name}"]).faults == (f"-{name}: takes a value, and is the last word; give the value",)


@pytest.mark.parametrize("name", sorted(GONE))
def test_an_option_that_is_gone_is_a_fault_where_no_qemu_has_it(name: str) -> None:
    line = read([f"-{name}", *(["64"] if name in VALUED else [])])
    assert line.unknown == ()
    if any(GONE[name].since):
        assert (line.removed, line.faults) == ((name,), ())
    else:
        assert line.faults == (f"-{name}: no QEMU from 5.2 on has it; {GONE[name].remedy}",)


@given(st.text("ab '\"\\\n-=,", max_size=12))
def test_a_line_is_split_into_words_as_a_shell_does_or_refused(text: str) -> None:
    try:
        words = words_of(text)
    except ArgvError:
        with pytest.raises(ValueError, match=r"closing quotation|escaped character"):
            shlex.split(text.replace("\\\n", ""))
    else:
        assert words == shlex.split(text.replace("\\\n", ""))


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
    if not line.faults and not line.unknown and not line.misplaced:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", IgnoredOptionWarning)
            maps = parse(words)
        assert len(maps) == len(line.accels) or (not line.accels and len(maps) == 1)
