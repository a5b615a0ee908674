"""A study as the user chose it: its size, its code, and what speaks against it."""

from __future__ import annotations

import ast
import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accelkit import each, first_of, kvm, multi, shadow_mem, single, split_wx, sweep, tb_size, tcg, thread
from accelkit.guests import guest
from accelkit.widgets.study_form import (
    StudyForm,
    guest_label,
    guest_meaning,
    guests_for,
    proposed,
    swept_options,
)

SPACE = tcg() | tb_size(each(8, 64)) | thread(each(single, multi))


def test_the_size_counts_points_times_blocks_times_guests():
    form = StudyForm(SPACE, ("cpu", "smp"), blocks=10, seconds=1.0)
    assert form.size == "4 points × 10 blocks × 2 guests: 80 trials, about 1 min 24 s"
    assert form.outlook == "enough to decide 6 comparisons (at least 8 blocks)"
    assert form.blocks_needed is None
    assert form.refusal == ""


def test_too_few_blocks_are_refused_and_the_fewest_that_do_are_known():
    form = StudyForm(SPACE, ("smp",), blocks=6)
    assert form.refusal == "6 blocks cannot decide 3 comparisons, at least 7 are needed: blocks=7"
    assert form.blocks_needed == 7
    assert StudyForm(SPACE, ("smp",), blocks=7).refusal == ""


@pytest.mark.parametrize(
    ("form", "refusal"),
    [
        (StudyForm(SPACE, ()), "no guest is chosen: add one"),
        (StudyForm(SPACE, (), "riscv64"), "no bundled guest is for riscv64: write the study in Python"),
        (StudyForm(tcg() | tb_size(each(*range(100_001))), ("cpu",)), "100001 points are more than 100000"),
    ],
)
def test_what_cannot_start_says_why(form, refusal):
    assert refusal in form.refusal


@given(
    st.sampled_from([SPACE, kvm() | shadow_mem(each("1MiB", "64MiB")), each(tcg(), kvm())]),
    st.lists(st.sampled_from(["cpu", "smp", "none"]), min_size=1, max_size=3, unique=True),
    st.integers(1, 10_000), st.sampled_from([0.5, 2.0]),
    st.sampled_from(["", "qemu-system-x86_64", "env A='b c' qemu"]), st.sampled_from(["", "a b.sqlite"]),
)  # fmt: skip
def test_the_code_and_the_command_say_the_same_as_the_form(space, guests, blocks, seconds, qemu, store):
    form = StudyForm(space, tuple(guests), "x86_64", blocks, seconds, qemu, store)
    *_, call = ast.parse(form.python).body
    assert isinstance(call, ast.Expr)
    assert isinstance(call.value, ast.Call)
    swept, booted = call.value.args
    assert sweep(ast.unparse(swept)) == space
    assert ast.literal_eval(booted) == guests
    options = {word.arg: ast.literal_eval(word.value) for word in call.value.keywords}
    assert options == form.options
    program, command, text, *words = shlex.split(form.shell)
    assert (program, command, sweep(text)) == ("accelkit", "study", space)
    pairs = list(zip(words[::2], words[1::2], strict=True))
    assert [value for name, value in pairs if name == "--guest"] == guests
    rest = {name.removeprefix("--").replace("-", "_"): value for name, value in pairs if name != "--guest"}
    assert rest == {name: str(value) for name, value in options.items()}


def test_the_code_imports_every_name_that_it_uses():
    names = {}
    exec(StudyForm(SPACE, ("smp",)).python.rpartition("\n")[0], names)
    assert {"tcg", "tb_size", "each", "thread", "single", "multi", "study"} <= names.keys()


@pytest.mark.parametrize(
    ("space", "options"),
    [
        (SPACE, ("tb-size", "thread")),
        (tcg() | tb_size(64) | thread(each(single, multi)), ("thread",)),
        (each(tcg() | tb_size(8), kvm() | shadow_mem("1MiB")), ("tb-size", "kvm-shadow-mem")),
        (each(tcg() | tb_size(each(8, 64)), kvm()), ("tb-size",)),
        (first_of(kvm(), tcg() | thread(each(single, multi))), ("thread",)),
        (each(first_of(kvm(), tcg() | split_wx(True)), tcg()), ("split-wx",)),
    ],
)
def test_the_options_that_vary(space, options):
    assert swept_options(space) == options


def test_guests_that_show_an_effect_of_a_swept_option_come_first_and_those_that_fail_never():
    names = [item.name for item in guests_for(("tb-size",), "x86_64")]
    assert names[:2] == ["tb-thrash", "indirect"]
    assert "hang" not in names
    assert proposed(("thread",), "aarch64") == ("smp",)
    assert proposed(("kvm-shadow-mem",), "x86_64") == ("cpu",)


def test_a_guest_says_what_it_does_and_shows():
    assert guest_label(guest("cpu"), ("tb-size",)) == "cpu: integer arithmetic in registers"
    assert guest_label(guest("smp"), ("tb-size", "thread")).endswith("; shows thread")
    assert "thread=multi: half as long" in guest_meaning(guest("smp"), ("thread",))
    assert "It shows no effect of thread; smp and smplock do." in guest_meaning(guest("cpu"), ("thread",))
    assert guest_meaning(guest("cpu"), ("kvm-shadow-mem",)) == "cpu: integer arithmetic in registers."
