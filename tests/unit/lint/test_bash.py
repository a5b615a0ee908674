"""What shell scripts do, as statements."""

from __future__ import annotations

import pytest

from accelkit.lint.bash import bash_statements
from accelkit.lint.flow import follow
from accelkit.lint.script import (
    Apart,
    Assign,
    Choice,
    End,
    Forget,
    Function,
    Given,
    Loop,
    Run,
    Statement,
    all_of,
)


def kinds(text: str) -> list[type[Statement]]:
    return [type(statement) for statement in bash_statements(text)]


def ran(text: str) -> list[list[list[str]]]:
    """The words of each command that speaks of QEMU, on each way."""
    return [
        [
            [
                "".join(getattr(p, "text", None) or getattr(p, "written", "") for p in word)
                for word in way.words
            ]
            for way in found.ways
        ]
        for found in follow(bash_statements(text))
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A=1", [Assign]),
        ("A=1 B=2", [Assign, Assign]),
        ("export A=1 B", [Assign]),
        ("local x", [Assign]),
        ("unset A B", [Assign, Assign]),
        ("read -r A", [Forget]),
        ("printf -v A x", [Forget]),
        ("printf x", [Run]),
        ("getopts ab: OPT", [Forget]),
        ("shift", [Forget]),
        (". ./config", [Forget]),
        ("source config", [Forget]),
        ("export $(cat .env)", [Forget]),
        ("set -- -m 1G", [Assign]),
        ("exit 1", [End]),
        ("return", [End]),
        (": ${A:=kvm}", [Assign]),
        ("a[3]=x", [Forget]),
        ("a=([k]=v)", [Forget]),
        ("declare -n a=b", [Assign, Forget]),
        ("echo a", []),
        ("qemu-kvm", [Run]),
        ("$QEMU -m 1G", [Run]),
        ("A=1 qemu-kvm", [Run]),
        ("f() { qemu-kvm; }", [Function]),
        ("f() { qemu-kvm; }; f x", [Function, Run]),
        ("function f { qemu-kvm; }", [Function]),
        ("( qemu-kvm )", [Apart]),
        ("qemu-kvm | tee log", [Apart, Apart]),
        ("a && A=1", [Choice]),
        ("a || { A=1; }", [Choice]),
        ("if a; then A=1; fi", [Choice]),
        ("case $1 in a) A=1;; esac", [Choice]),
        ("while a; do A=1; done", [Choice]),
        ("for ((;;)); do A=1; done", [Choice]),
        ("for a in b; do A=1; done", [Loop]),
        ("select a in b; do A=1; done", [Loop]),
        ("A=$(qemu-kvm -m 1G)", [Apart, Assign]),
        ("if qemu-kvm; then A=1; fi", [Run, Choice]),
        ("diff <(qemu-kvm -m 1G) x", [Apart, Run]),
        ("cat <<E\nqemu-kvm -m 1G\nE", [Given]),
        ("cat <<E\n- x\nE", []),
        ("! qemu-kvm", [Run]),
        ("# qemu-kvm", []),
        ("qemu-kvm -m 1G > log -smp 2 2>&1", [Run]),
    ],
)  # fmt: skip
def test_a_statement_is_what_the_shell_makes_of_it(text: str, expected: list[type[Statement]]) -> None:
    assert kinds(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("qemu-kvm -m 1G > log -smp 2 2>&1", [[["qemu-kvm", "-m", "1G", "-smp", "2"]]]),
        ("a | qemu-kvm -m 1G > log -smp 2", [[["qemu-kvm", "-m", "1G", "-smp", "2"]]]),
        ("a && qemu-kvm -m 1G > log -smp 2", [[["qemu-kvm", "-m", "1G", "-smp", "2"]]]),
        ("qemu-kvm -m \\\n 1G", [[["qemu-kvm", "-m", "1G"]]]),
        ("qemu-kvm -hda a$X/b\\\nc", [[["qemu-kvm", "-hda", "a$X/bc"]]]),
        ('qemu-kvm -blockdev {"driver":"file","node-name":"a"}',
         [[["qemu-kvm", "-blockdev", "driver:file", "node-name:a"]]]),
        ("qemu-kvm -m 1G\n-smp 2", [[["qemu-kvm", "-m", "1G"]]]),
        ("a |& b\ncat <<E\nE\nqemu-kvm -m 1G", [[["qemu-kvm", "-m", "1G"]]]),
        ("A=x B=$A qemu-kvm -m 1G", [[["A=x", "B=$A", "qemu-kvm", "-m", "1G"]]]),
        ('set -- -m 1G\nset -- "$@" -smp 2\nqemu-kvm "$@"', [[["qemu-kvm", "-m", "1G", "-smp", "2"]]]),
    ],
)  # fmt: skip
def test_the_words_of_a_command_are_the_shells(text: str, expected: list[list[list[str]]]) -> None:
    assert [found for found in ran(text) if any("qemu-kvm" in way for way in found)] == expected


@pytest.mark.parametrize(
    ("condition", "subject", "patterns"),
    [
        ("[ $A = kvm ]", True, [("kvm",), None]),
        ('[ "$A" == kvm ]', True, [("kvm",), None]),
        ("[[ $A == k* ]]", True, [("k*",), None]),
        ('[[ $A == "k*" ]]', True, [("k[*]",), None]),
        ("[ $A != kvm ]", True, [("kvm",), None]),
        ("test $A = kvm", True, [("kvm",), None]),
        ("[ -z $A ]", True, [("",), None]),
        ("[ -n $A ]", True, [("",), None]),
        ("[ -e /dev/kvm ]", False, [None, None]),
        ("[ $A -gt 1 ]", False, [None, None]),
        ("[ $A = $B ]", False, [None, None]),
        ("a && b", False, [None, None]),
    ],
)  # fmt: skip
def test_a_comparison_with_fixed_text_is_a_choice_by_that_text(
    condition: str, subject: bool, patterns: list[tuple[str, ...] | None]
) -> None:
    (choice,) = [s for s in bash_statements(f"if {condition}; then A=1; fi") if isinstance(s, Choice)]
    assert [branch.patterns for branch in choice.branches] == patterns
    assert (choice.subject is not None) == subject or patterns == [None, None]


def test_branches_are_labelled_by_what_holds_in_them() -> None:
    (choice,) = bash_statements("if [ $A != kvm ]; then A=1; fi")
    assert isinstance(choice, Choice)
    assert [(branch.label, bool(branch.body)) for branch in choice.branches] == [
        ("unless [ $A != kvm ]", False),
        ("if [ $A != kvm ]", True),
    ]
    (case,) = bash_statements("case $1 in a|b) A=1;; c) A=2;; esac")
    assert isinstance(case, Choice)
    assert [branch.label for branch in case.branches] == [
        "case $1 in a | b",
        "case $1 in c",
        "case $1 is none of these",
    ]


def test_a_list_of_any_length_and_an_elif_of_any_depth_are_read() -> None:
    assert len(bash_statements(" && ".join(["a"] * 20_000) + " && qemu-kvm")) == 1
    deep = "if a; then A=1; " + "elif b; then A=2; " * 3000 + "fi; qemu-kvm"
    assert isinstance(bash_statements(deep)[-1], Run)
    nested = "(" * 3000 + "qemu-kvm" + ")" * 3000
    assert len(list(all_of(bash_statements(nested)))) < 100


def test_what_the_grammar_cannot_read_is_read_as_pasted_text() -> None:
    broken = "if [ x; then\nqemu-kvm -accel kvm\necho ${\n)\n"
    (given,) = [s for s in all_of(bash_statements(broken)) if isinstance(s, Given)]
    assert [word[1:] for word in given.command.words] == [(2, 1), (2, 10), (2, 17)]
