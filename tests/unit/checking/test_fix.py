"""mended does what one edit says; mend repeats it until no fix is left."""

from __future__ import annotations

import shlex

import pytest
from support.check_cases import CASES

from accelkit import bundled
from accelkit.checking.fix import mend, mended
from accelkit.checking.judge import judge
from accelkit.parsing.reader import read_words
from accelkit.parsing.understanding import understand
from accelkit.syntax.edit import Edit


@pytest.mark.parametrize(
    ("line", "edit", "after"),
    [
        ("-accel tcg,thread=x", Edit("accel", "thread=x", ("thread=single",), "tcg"), "-accel tcg,thread=single"),
        ("-accel tcg,thread=x,", Edit("accel", "thread=x", (), "tcg"), "-accel tcg"),
        ("-accel kvm,a=1 -accel tcg,a=1", Edit("accel", "a=1", (), "tcg"), "-accel kvm,a=1 -accel tcg"),
        ("-accel tcg,norapl", Edit("accel", "norapl", ("rapl=off",), "tcg"), "-accel tcg,rapl=off"),
        ("-accel KVM,a=1", Edit("accel", "accel", ("accel=kvm",), "KVM"), "-accel kvm,a=1"),
        ("-accel kvm,device=/a,,b,x=1", Edit("accel", "x=1", (), "kvm"), "-accel kvm,device=/a,,b"),
        ("-machine q35,kernel_irqchip=off -accel kvm", Edit("accel", "kernel-irqchip=off", ("kernel-irqchip=on",), "kvm"),
         "-machine q35,kernel_irqchip=on -accel kvm"),
        ("-accel tcg,id=a -set accel.a.thread=x", Edit("accel", "thread=x", ("thread=multi",), "tcg"),
         "-accel tcg,id=a -set accel.a.thread=multi"),
        ("-accel tcg,tb-size=1", Edit("accel", None, ("tb-size=2", "split-wx=on"), "tcg"),
         "-accel tcg,tb-size=2,split-wx=on"),
        ("-M pc,accel=kvm:tcg", Edit("accel", None, ("tb-size=2",), "tcg"), "-M pc -accel kvm -accel tcg,tb-size=2"),
        ("-enable-kvm -m 1", Edit("accel", None, ("a=2",), "kvm"), "-m 1 -accel kvm,a=2"),
        ("-m 1", Edit("accel", None, ("a=2",), "tcg"), "-m 1 -accel tcg,a=2"),
        ("-no-hpet -M pc", Edit("no-hpet", ""), "-M pc"),
        ("-M pc", Edit("machine", None, ("hpet=off",)), "-M pc,hpet=off"),
        ("-S", Edit("machine", None, ("hpet=off",)), "-S -machine hpet=off"),
        ("-accel=kvm", Edit("", "-accel=kvm", ("-accel", "kvm")), "-accel kvm"),
        ("-name -accel=kvm", Edit("", "-accel=kvm", ("-accel", "kvm")), "-name -accel=kvm"),
        ("-machine accel=kvm", Edit("machine", "accel"), ""),
    ],
)  # fmt: skip
def test_an_edit_changes_what_it_names_and_nothing_else(line: str, edit: Edit, after: str) -> None:
    words = shlex.split(line)
    assert mended(words, (edit,)) == tuple(shlex.split(after))
    assert mended(["qemu-system-x86_64", *words], (edit,)) == ("qemu-system-x86_64", *shlex.split(after))


@pytest.mark.parametrize(
    ("line", "after"),
    [
        ("-accel tcg,nosplit-wx -enable-kvm", "-accel tcg,split-wx=off"),
        ("-accel tcg -m 1G", "-accel tcg -m 1G"),
    ],
)
def test_mend_applies_fixes_until_none_is_left(line: str, after: str) -> None:
    assert mend(line.split(), bundled("10.0")) == tuple(after.split())


VERSIONS = ("5.2", "7.2", "10.0", "11.1")


@pytest.mark.parametrize("version", VERSIONS)
def test_a_fix_mends_its_own_problem_and_mending_comes_to_an_end(version: str) -> None:
    schema = bundled(version)
    for text in dict.fromkeys(text for _, _, _, text in CASES):
        understood = understand(text)
        words = ("-accel", text) if understood.kind == "accel" else tuple(shlex.split(text))
        for problem in judge(read_words(words), schema).problems:
            after = mended(words, problem.fix)
            assert (after != words) == bool(problem.fix), (words, problem)
            if problem.fix:
                assert problem not in judge(read_words(after), schema).problems, (words, after, problem)
        whole = mend(words, schema)
        assert mend(whole, schema) == whole
        assert not any(problem.fix for problem in judge(read_words(whole), schema).problems), (words, whole)
