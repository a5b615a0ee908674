"""judgements: everything in a text is judged by itself, by the QEMU that its program names."""

from __future__ import annotations

import pytest

from accelkit import bundled, check, each, tb_size, tcg, verdict
from accelkit.checking.judgement import MOST_POINTS, judgements, united
from accelkit.schemas import all_bundled

QEMU = bundled("10.0")


def test_several_commands_are_judged_each_by_itself() -> None:
    text = "qemu-system-x86_64 -accel kvm\nsudo qemu-system-x86_64 -accel tcg,thread=both; kvm -M q35 -m 1G"
    judged = judgements(text, QEMU)
    assert [judgement.verdict.accepted for judgement in judged] == [True, False, True]
    assert [judgement.command.words[0].line for judgement in judged if judgement.command] == [1, 2, 2]
    whole = verdict(text, QEMU)
    assert whole.accepted is False
    assert [problem.place for problem in whole.problems] == [(2, 32)]
    assert whole == united(judged)


@pytest.mark.parametrize(
    ("parts", "accepted"),
    [
        ("kvm -m 1; kvm -m 2", True),
        ("kvm -m 1; qemu-system-vax -m 2", None),
        ("qemu-system-vax -m 2; kvm -accel tcg,x=1", False),
    ],
)
def test_the_verdict_on_all_is_that_of_the_worst(parts: str, accepted: bool | None) -> None:
    assert verdict(parts, QEMU).accepted is accepted


def test_each_point_of_a_space_in_a_text_is_judged() -> None:
    for text in ("tcg,tb-size={8,x}", "tcg() | each(tb_size(8), option('tb-size', 'x'))"):
        judged = judgements(text, QEMU)
        assert [judgement.verdict.accepted for judgement in judged] == [True, False]
    assert judgements("tcg() | tb_size(8)", QEMU)[0].verdict == verdict(tcg() | tb_size(8), QEMU)


def test_of_a_space_of_many_points_each_is_not_judged_by_itself() -> None:
    numbers = ",".join(map(str, range(1, MOST_POINTS + 2)))
    text = f"tcg,tb-size={{{numbers}}}"
    assert check(text, QEMU).headline == "✓ QEMU 10.0.13 (x86_64) takes each of 1,001 configurations"
    ((problem,),) = [judgement.verdict.problems for judgement in judgements(text, QEMU)]
    assert problem.why.endswith(
        f"holds 1001 configurations, of which at most {MOST_POINTS} are checked at once"
    )


@pytest.mark.parametrize(
    ("program", "asked"),
    [
        ("qemu-system-x86_64", "QEMU 10.0.13 (x86_64)"),
        ("/usr/libexec/qemu-kvm", "QEMU 10.0.13 (x86_64)"),
        ("qemu-system-aarch64", "QEMU 10.0.13 (aarch64), bundled"),
        ("qemu-system-vax", "no QEMU (vax) is known"),
    ],
)
def test_the_programs_name_chooses_the_target(program: str, asked: str) -> None:
    assert judgements(f"{program} -m 1G", QEMU)[0].asked.name == asked


def test_a_target_that_is_named_beats_the_programs_name() -> None:
    (judgement,) = judgements("qemu-system-aarch64 -M virt -accel tcg", QEMU, "x86_64")
    assert judgement.asked.name == QEMU.name


def test_a_domain_is_judged_for_its_architecture_and_as_a_whole() -> None:
    xml = (
        "<domain type='kvm' xmlns:q='http://libvirt.org/schemas/domain/qemu/1.0'>"
        "<os><type arch='{}' machine='virt'>hvm</type></os>"
        "<q:commandline><q:arg value='-icount'/><q:arg value='1'/></q:commandline></domain>"
    )
    (judgement,) = judgements(xml.format("aarch64"), QEMU)
    assert judgement.asked.target == "aarch64"
    assert judgement.verdict.accepted is False
    assert any("-icount is for tcg only" in problem.why for problem in judgement.verdict.problems)
    assert verdict(xml.format("vax"), QEMU).accepted is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("hello world", "no command in it starts a QEMU"),
        ("qemu()", "is not an accelerator, property or word"),
        ("tcg() | tb_size(-1)", "tb_size: got -1"),
        ("tcg,tb-size={8,", "a brace has no partner"),
        ("<network/>", "the root is <network>"),
        ("-accel kvm,device='x", "this quote is not closed"),
        ("–accel kvm", "QEMU takes it for a disk image"),
    ],
)
def test_a_text_that_is_nothing_is_rejected_with_the_reason(text: str, why: str) -> None:
    judged = verdict(text, QEMU)
    assert judged.accepted is False
    assert why in judged.problems[0].why
    assert judged.problems[0].remedy


@pytest.mark.parametrize("target", ["vax", "xtensa9"])
def test_without_a_schema_nobody_can_say_but_what_no_qemu_takes_is_rejected(target: str) -> None:
    unknown = verdict(f"qemu-system-{target} -accel tcg", QEMU)
    assert unknown.accepted is None
    assert str(unknown).startswith("unknown\tno schema says what QEMU for ")
    assert verdict(f"qemu-system-{target} -accel tcg -enable-kvm", QEMU).accepted is False


def test_without_a_schema_the_newest_bundled_one_is_asked_where_none_is_installed() -> None:
    assert judgements("kvm", None)[0].asked.schema == all_bundled("x86_64")[-1]
    assert check("qemu-system-aarch64 -M virt -accel tcg") == check(
        "-M virt -accel tcg", all_bundled("aarch64")[-1]
    )
    assert list(check(tcg() | tb_size(64))) == []
    assert [*map(check, tcg() | tb_size(each(1, 2)))] == [(), ()]


def test_a_line_that_qemu_never_gets_is_told_and_not_judged() -> None:
    text = "qemu-system-x86_64 -M q35 \\\n  -accel tcg\n  -accel kvm,x=1"
    judged = verdict(text, QEMU)
    assert judged.accepted is True
    assert [problem.kind for problem in judged.problems] == ["ignored"]


def test_a_machine_of_one_target_names_it_where_the_program_does_not() -> None:
    for line, target in (
        ("/usr/libexec/qemu-kvm -machine s390-ccw-virtio,kernel-irqchip=split", "s390x"),
        ("-M pseries-6.2 -accel tcg", "ppc64"),
        ("qemu-system-x86_64 -M pseries", "x86_64"),
        ("qemu-kvm -M q35", "x86_64"),
    ):
        assert judgements(line, QEMU)[0].asked.target == target
    assert verdict("qemu-kvm -machine s390-ccw-virtio,kernel-irqchip=split", QEMU).accepted is False
