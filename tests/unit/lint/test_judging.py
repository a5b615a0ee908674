"""What is said of a command that has several ways."""

from __future__ import annotations

import pytest

from accelkit import bundled
from accelkit.lint import Findings, lint_text

QEMU = bundled("10.0")


def found(text: str, path: str = "a.sh") -> Findings:
    return lint_text(text, path, schema=QEMU)


def test_what_holds_on_every_way_names_none() -> None:
    (finding,) = found("if x; then A=1; else A=2; fi\nqemu-kvm -accel tcg,thread=both -smp $A")
    assert (finding.when, finding.rejects, finding.line, finding.column) == ("", True, 2, 21)


def test_what_one_branch_leads_to_names_that_branch() -> None:
    text = "if x; then A=both; else A=multi; fi\nif y; then B=1; else B=2; fi\nqemu-kvm -accel tcg,thread=$A -smp $B"
    (finding,) = found(text)
    assert (finding.when, finding.kind, finding.rejects) == ("if x", "refused", True)


def test_what_only_two_choices_together_lead_to_is_not_known() -> None:
    text = (
        "if x; then A=kvm; else A=tcg; fi\nif y; then B=host; else B=max; fi\n"
        "qemu-system-x86_64 -M q35 -accel $A -cpu $B"
    )
    (finding,) = found(text)
    assert (finding.when, finding.kind, finding.rejects) == ("unless x and if y", "unknown", False)


def test_each_turn_of_a_loop_happens() -> None:
    text = "for a in kvm tcg; do\n for t in single multi; do\n  qemu-kvm -accel $a,thread=$t\n done\ndone\n"
    findings = found(text)
    assert {(f.when, f.kind, f.rejects) for f in findings} == {
        ("for a=kvm and for t=single", "refused", True),
        ("for a=kvm and for t=multi", "refused", True),
    }
    (finding,) = found("for a in kvm tcg; do qemu-kvm -accel $a,tb-size=8; done")
    assert (finding.when, finding.kind) == ("for a=kvm", "refused")
    (finding,) = found(
        "if x; then T=both; else T=multi; fi; for n in 1 2; do qemu-kvm -accel tcg,thread=$T -smp $n; done"
    )
    assert (finding.when, finding.kind) == ("if x", "refused")


def test_what_either_of_two_conditions_leads_to_is_certain() -> None:
    (finding,) = found("[ $1 = x ] || [ $1 = y ] && B=both || B=multi\nqemu-kvm -accel tcg,thread=$B")
    assert (finding.kind, finding.when) == ("refused", "if [ $1 = x ]")


def test_values_that_go_together_are_not_mixed() -> None:
    text = "if x; then A=kvm B=host; else A=tcg B=max; fi\nqemu-system-x86_64 -M q35 -accel $A -cpu $B"
    assert found(text) == ()


def test_a_branch_for_another_host_is_no_rejection() -> None:
    (finding,) = found("case $(uname) in Darwin) A=hvf;; *) A=kvm;; esac\nqemu-kvm -accel $A")
    assert (finding.kind, finding.rejects, finding.when) == ("build", False, "case $(uname) in Darwin")
    (always,) = found("qemu-kvm -accel hvf")
    assert (always.kind, always.rejects) == ("build", True)


def test_a_script_for_windows_is_run_where_qemu_is_a_build_for_windows() -> None:
    for path in ("a.bat", "a.ps1"):
        (finding,) = found("qemu-system-x86_64.exe -accel whpx\n", path)
        assert (finding.kind, finding.rejects) == ("build", False)


def test_the_target_is_that_of_the_program() -> None:
    findings = found("qemu-system-aarch64 -M virt -accel tcg,thread=x\nqemu-system-x86_64 -accel tcg")
    assert findings.qemus == ("QEMU 10.0.13 (aarch64), bundled", "QEMU 10.0.13 (x86_64)")


def test_nobody_knows_a_target_without_a_schema() -> None:
    (finding,) = found("qemu-system-vax -accel tcg")
    assert (finding.kind, finding.rejects, finding.column) == ("unknown", False, 1)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ('qemu-kvm -accel tcg "$@"', []),
        ("qemu-kvm -accel tcg $OPTS", ["unknown"]),
        ("qemu-kvm -accel tcg,thread=$X", ["unknown"]),
        ('qemu-kvm -accel "$@"', ["unknown"]),
        ("qemu-kvm -accel tcg -m $MEM", []),
    ],
)
def test_a_variable_is_told_where_it_decides_and_arguments_that_are_passed_on_are_not(
    text: str, kinds: list[str]
) -> None:
    assert [finding.kind for finding in found(text)] == kinds
