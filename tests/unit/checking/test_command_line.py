"""Rules of a command line around -accel: removed, misplaced and ignored options."""

from __future__ import annotations

import pytest

from accelkit import bundled
from accelkit.checking.command_line import line_problems
from accelkit.parsing.lines import read


@pytest.mark.parametrize(
    ("version", "line", "problems"),
    [
        ("10.0", "-accel tcg", []),
        ("10.0", "-accel tcg -singlestep", [
            "-singlestep: QEMU 10.0.13 (x86_64) has no such option; add one-insn-per-tb=on to tcg"]),
        ("7.2", "-accel tcg -singlestep", []),
        ("5.2", "-tb-size 64", ["-tb-size: is deprecated; write -accel tcg,tb-size=64"]),
        ("10.0", "-accel=kvm", ["-accel=kvm: QEMU 10.0.13 (x86_64) has no such option; write -accel kvm"]),
        ("10.0", "-M q35,thread=single", [
            "-machine thread=single: no machine has this property; give it to -accel, as in -accel tcg,thread=single"]),
        ("10.0", "-M q35,kernel_irqchip -accel kvm", [
            "-machine …,kernel_irqchip: a bare word is not taken by -machine; write kernel_irqchip=on"]),
        ("5.2", "-M q35,kernel_irqchip -accel kvm", []),
        ("10.0", "-M q35,kernel_irqchip=on,kernel-irqchip=on -accel kvm", [
            "-machine …,kernel-irqchip=: conflicts with kernel_irqchip; keep one spelling"]),
        ("10.0", "-global kvm-accel.rapl=on", [
            "-global kvm-accel.rapl=on: QEMU warns and sets nothing; leave it out"]),
        ("10.0", "-enable-kvm -global kvm-accel.rapl=on", [
            "-global kvm-accel.rapl=on: QEMU warns and sets nothing; give it to -accel, as in -accel kvm,rapl=on"]),
        ("10.0", "-M q35,igd-passthru=on -accel kvm -accel tcg", [
            "-machine igd-passthru=on: no effect: kvm and tcg have no such property; leave it out"]),
    ],
)  # fmt: skip
def test_each_such_option_is_a_problem_with_its_remedy(version: str, line: str, problems: list[str]) -> None:
    assert [str(problem) for problem in line_problems(read(line), bundled(version))] == problems
