"""Advice: each fix changes the words, mends its problem, and makes no problem that ends QEMU."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Iterable

import pytest
from support.bad_lines import BAD_LINES
from support.check_cases import CASES

from accelkit import Schema, bundled
from accelkit.checking.advice import element_for, instead, owner_of, starts
from accelkit.checking.fix import mended
from accelkit.checking.judge import judge
from accelkit.checking.problem import FATAL, KINDS, Problem
from accelkit.parsing.lines import read
from accelkit.parsing.reader import read_words
from accelkit.parsing.understanding import understand
from accelkit.syntax.qemuopts import Write

SCHEMAS = [
    *(bundled(version) for version in ("5.2", "6.0", "7.2", "8.2", "10.0", "11.1")),
    *(bundled(*asked) for asked in (("10.0", "aarch64"), ("11.1", "riscv64"), ("10.0", "s390x"))),
]


def words_of(text: str) -> tuple[str, ...]:
    return ("-accel", text) if understand(text).kind == "accel" else tuple(shlex.split(text))


LINES = dict.fromkeys([
    *(tuple(shlex.split(line)) for line in BAD_LINES),
    *(words_of(text) for _, _, _, text in CASES),
])  # fmt: skip


def reasons(problems: Iterable[Problem], kinds: Collection[str] = FATAL) -> set[tuple[str | None, ...]]:
    return {
        (problem.accel, problem.property, problem.value, problem.why)
        for problem in problems
        if problem.kind in kinds
    }


@pytest.mark.parametrize("schema", SCHEMAS, ids=[schema.name for schema in SCHEMAS])
def test_a_fix_mends_its_problem_and_makes_no_other(schema: Schema) -> None:
    tried = 0
    program = f"qemu-system-{schema.target}"
    lines = [line for line in LINES if not line[0].startswith("qemu-")]
    for words in [*lines, *((program, *line) for line in lines)]:
        before = judge(read_words(words), schema).problems
        for problem in before:
            if problem.fix:
                tried += 1
                after = mended(words, problem.fix)
                left = judge(read_words(after), schema).problems
                assert after != words, (words, str(problem))
                assert problem not in left, (words, str(problem), after)
                known = reasons(before, {*FATAL, "machine"}) - reasons((problem,), KINDS)
                assert reasons(left) <= known, (words, str(problem), after)
    assert tried > 300


@pytest.mark.parametrize(
    ("line", "version", "remedy", "after"),
    [
        ("-accel=tcg -enable-kvm", "10.0", "write -accel tcg, and leave -enable-kvm out", "-accel tcg"),
        ("-accel=tcg -M q35,accel=kvm", "10.0", "write -accel tcg, and leave -machine accel= out",
         "-accel tcg -M q35"),
        ("-accel tcg enable-kvm", "10.0", "leave it out: -accel chooses the accelerator", "-accel tcg"),
        ("-machine=q35,accel=kvm -accel kvm", "10.0", "write -machine q35, and leave the choice to -accel",
         "-machine q35 -accel kvm"),
        ("-icount,sleep=off -accel kvm", "10.0", "leave it out: -icount is for tcg only, and kvm runs the guest",
         "-accel kvm"),
        ("-m 1G -enable-kvm thread=multi", "10.0", "leave it out: kvm has no such property", "-m 1G -enable-kvm"),
        ("-m 1G thread=multi", "10.0", "give it to -accel, as in -accel tcg,thread=multi",
         "-m 1G -accel tcg,thread=multi"),
        ("-global tcg-accel.one-insn-per-tb=on -accel tcg", "5.2", "leave it out", "-accel tcg"),
        ("-global tcg-accel.one-insn-per-tb=on -accel tcg", "10.0",
         "give it to -accel, as in -accel tcg,one-insn-per-tb=on", "-accel tcg,one-insn-per-tb=on"),
        ("-global kvm-accel.kernel-irqchip=off -M q35 -accel kvm", "10.0", "leave it out", "-M q35 -accel kvm"),
        ("-accel tcg,thread:multi", "10.0", "write thread=multi", "-accel tcg,thread=multi"),
        ("-accel thread:multi", "10.0", "write -accel tcg,thread=multi", "-accel tcg,thread=multi"),
        ("-accel tcg,,thread=multi", "10.0", "write -accel tcg,thread=multi", "-accel tcg,thread=multi"),
        ("-machine accel=tcg,,thread=multi", "10.0", "write -accel tcg,thread=multi", "-accel tcg,thread=multi"),
        ("-accel kvm,kernel_irqchip=yes", "10.0", "write kernel-irqchip=on", "-accel kvm,kernel-irqchip=on"),
        ("-M q35 -accel kvm,nokernel_irqchip", "10.0", "leave it out", "-M q35 -accel kvm"),
        ("-M q35,kernel_irqchip=yes,accel=kvm", "10.0", "write kernel-irqchip=on", "-M q35,kernel_irqchip=on,accel=kvm"),
        ("-no-hpet -M microvm", "10.0", "leave it out: microvm has none", "-M microvm"),
        ("-no-hpet -M q35", "10.0", "write -machine hpet=off", "-M q35,hpet=off"),
        ("-M microvm -accel kvm,xen-version=1", "10.0", "leave it out, or take -machine q35",
         "-M microvm -accel kvm"),
    ],
)  # fmt: skip
def test_advice_minds_the_rest_of_the_line(line: str, version: str, remedy: str, after: str) -> None:
    words = tuple(line.split())
    (problem,) = (problem for problem in judge(read_words(words), bundled(version)).problems if problem.fix)
    assert problem.remedy == remedy
    assert mended(words, problem.fix) == tuple(after.split())


def test_the_owner_of_a_property_is_an_accelerator_of_the_line() -> None:
    schema = bundled("10.0")
    assert owner_of("kernel-irqchip", read("-accel tcg -accel kvm"), schema) == "kvm"
    assert owner_of("igd-passthru", read("-m 1G"), schema) is None  # built without xen
    assert owner_of("nonsense", read("-m 1G"), schema) is None


def test_what_is_written_starts_on_the_machine_of_the_line() -> None:
    schema, off = bundled("10.0"), Write("kernel-irqchip", "off")
    assert starts("kvm", off, read("-M isapc -accel kvm"), schema)
    assert not starts("kvm", off, read("-M q35 -accel kvm"), schema)
    assert starts("kvm", off, read("kvm"), schema)  # nobody knows the machine
    assert element_for("tcg", Write("split-wx", "1"), read("tcg"), schema) == "split-wx=on"
    assert element_for("tcg", Write("thread", "both"), read("tcg"), schema) is None


def test_what_goes_beside_the_rest_of_the_line_is_left_as_it_is() -> None:
    line = read("-machine q35 -m 1G")
    assert instead("-accel=tcg", ("-accel", "tcg"), "write it", line)[0] == "write it"
