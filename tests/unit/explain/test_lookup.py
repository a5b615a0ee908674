"""What may be asked: rows, names, settings, words, arguments, options, messages, and several of them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accelkit import AccelkitError, SchemaError, explain, kvm, tb_size
from accelkit.explain.lookup import explanations
from accelkit.explain.messages import LONGEST


@pytest.mark.parametrize(
    ("asked", "titles"),
    [
        ("thread=multi", ["thread=multi"]),
        ("-enable-kvm", ["-enable-kvm"]),
        ("--enable-kvm", ["-enable-kvm"]),
        ("enable-kvm", ["-enable-kvm"]),
        ("icount", ["-icount"]),
        ("shift=1", ["-icount"]),
        ("kernel_irqchip", ["kernel-irqchip"]),
        ("kernel irqchip", ["kernel-irqchip"]),
        ("KVM", ["kvm"]),
        ("-accel", ["-accel"]),
        ("accel", ["-accel"]),
        ("accel=", ["-machine"]),
        ("accel=kvm:tcg", ["kvm", "tcg"]),
        ("-machine", ["-machine"]),
        ("MTTCG", ["MTTCG"]),
        ("memory order", ["MTTCG"]),
        ("tso", ["MTTCG"]),
        ("fallback", ["fallback"]),
        ("nested", ["nested virtualisation"]),
        ("split", ["kernel-irqchip=split"]),
        ("multi", ["thread=multi"]),
        ("apic", ["kernel-irqchip"]),
        ("-no-hpet", ["-no-hpet"]),
        ("tb-size=64MiB", ["tb-size=64MiB"]),
        ("kvm,kernel-irqchip=split", ["kvm", "kernel-irqchip=split"]),
        ("-accel kvm,kernel_irqchip=split", ["-accel", "kvm", "kernel-irqchip=split"]),
        ("-M q35,accel=kvm,kernel_irqchip=off", ["-M", "kvm", "kernel-irqchip=off"]),
        ("tb-size thread", ["tb-size", "thread"]),
        ("tb-size tb_size", ["tb-size"]),
        ("device", ["device"]),
        ("-device", ["-device"]),
        ("qemu-system-x86_64 -enable-kvm -m 1G -smp 2 -accel tcg,thread=multi -no-hpet",
         ["-enable-kvm", "-accel", "tcg", "thread=multi", "-no-hpet"]),
        ("-m 1G", ["-m"]),
        ("qemu: -accel tcg,x=1: Property 'tcg-accel.x' not found", ["Property 'tcg-accel.x' not found"]),
        ("qemu: -accel kvm,rapl=1: Property 'kvm-accel.rapl' not found",
         ["Property 'kvm-accel.rapl' not found", "rapl"]),
        ("qemu: -no-hpet: invalid option", ["-no-hpet: invalid option", "-no-hpet"]),
        ("invalid accelerator hvf", ["invalid accelerator hvf", "hvf"]),
        ("-machine accel=", ["-machine"]),
        ("-accel help", ["-accel"]),
        ("-accel ?", ["-accel"]),
        ("-accel kvm,help", ["-accel", "kvm"]),
        ("-accel kvm -accel tcg", ["-accel", "kvm", "tcg"]),
        ("rr", ["-icount"]),
        ("host", ["-cpu"]),
        ("-cpu host", ["-cpu"]),
        ("/dev/kvm", ["kvm"]),
        ("KVM_SET_TSS_ADDR", ["KVM_SET_TSS_ADDR"]),
        ("gic-version=host", ["gic-version"]),
        ("lost_tick_policy", ["lost_tick_policy"]),
        ("macos", ["hvf"]),
        ("HV_BUSY", ["HV_BUSY"]),
        ("tcg vs kvm", ["tcg", "kvm"]),
        ("is kvm faster?", ["kvm"]),
        ("why does thread=multi fail on my machine?", ["thread=multi"]),
        ("qemu-system-x86_64 -accel kvm -m 1G disk.img", ["-accel", "kvm"]),
        ("sudo nice qemu-system-x86_64 -accel kvm -m 1G -hda disk.img", ["-accel", "kvm"]),
        ("qemu-system-x86_64 -m 1G -accel tcg, thread=multi", ["-accel", "tcg", "thread=multi"]),
        ("is kvm faster than tcg on my machine?", ["kvm", "tcg"]),
        ("kvm: command not found", ["kvm: command not found"]),
        ("'thread=multi'", ["thread=multi"]),
        ('"qemu-system-x86_64: -accel kvm: failed to initialize kvm: Invalid argument"',
         ["failed to initialize kvm: Invalid argument"]),
    ],
)  # fmt: skip
def test_each_form_is_understood(asked: str, titles: list[str]) -> None:
    assert [part.title for part in explanations([asked])] == titles
    assert [part.title for part in explanations(asked.split())] == titles
    whole = explain(asked)
    assert [part.title for part in whole.parts or (whole,)] == titles


@pytest.mark.parametrize(
    ("subject", "message"),
    [
        ("tb_sise", "explain: got 'tb_sise'; did you mean 'tb-size'?"),
        ("shadow", "explain: got 'shadow'; did you mean 'shadow-mem'?"),
        ("mtcg", "explain: got 'mtcg'; did you mean 'mttcg'?"),
        ("-no-hpetx", "explain: got '-no-hpetx'; no QEMU has this option; did you mean -no-hpet?"),
        ("--zzzzz", "explain: got '--zzzzz'; no QEMU has this option; see qemu -help"),
        ("kvm,thraed=multi", "explain: got 'thraed'; did you mean 'thread'?"),
        ("the guest said nothing at all", ("explain: got 'the guest said nothing at all'; no message of QEMU about "
         "accelerators that is known; ask for a name in it")),
        ("tb_sise thread", "explain: got 'tb_sise'; did you mean 'tb-size'?"),
        ("-machien accel=", "explain: got '-machien'; no QEMU has this option; did you mean -machine?"),
        ("-accel kmv", "explain: got 'kmv'; did you mean 'kvm'?"),
        ("-m 1G -smp 2 -hda foo",
         "explain: got '-m 1G -smp 2 -hda foo'; none of its options is about accelerators; ask for one alone"),
        ("", "explain: got ''; takes a name, a setting, an option, or what QEMU printed"),
        ("x" * (LONGEST + 1), f"explain: got {LONGEST + 1} characters; takes at most {LONGEST}: the lines with the message"),
        (kvm(), ("explain: got Recipe; takes a property or accelerator (uncalled), or text: a name, a setting, an option, "
         "what QEMU printed")),
        (tb_size(64), ("explain: got Recipe; takes a property or accelerator (uncalled), or text: a name, a setting, an "
         "option, what QEMU printed")),
        (None, ("explain: got NoneType; takes a property or accelerator (uncalled), or text: a name, a setting, an option, "
         "what QEMU printed")),
    ],
)  # fmt: skip
def test_what_is_nothing_is_refused_with_the_nearest_name(subject: Any, message: str) -> None:
    with pytest.raises(SchemaError) as caught:
        explain(subject)
    assert str(caught.value) == message


def test_a_name_that_is_near_no_other_is_refused_with_all_names() -> None:
    with pytest.raises(SchemaError, match=r"^explain: got 'zzzzzz'; one of .*tb-size.*kvm.*tcg"):
        explain("zzzzzz")


WORDS = st.sampled_from(
    ["-accel", "kvm,", "thread=multi", "-", "--", "=", ",", ":", "accel=", "kvm:tcg", "-M", "split", "x", "\x1b", "'",
     "Property 'kvm-accel.", "not found", "invalid option", "-icount", "shift", "é", "on", "tb-size=", "\n", " "]
)  # fmt: skip


@given(st.lists(WORDS, max_size=8), st.sampled_from(["", " "]))
def test_whatever_is_asked_is_explained_or_refused_and_can_be_shown(words: list[str], between: str) -> None:
    try:
        whole = explain(between.join(words))
    except AccelkitError:
        return
    assert "\x1b" not in str(whole) + whole.markdown() + whole._repr_html_()
    assert whole.title
