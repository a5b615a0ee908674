"""Which words a command gets, on which way through a script."""

from __future__ import annotations

import pytest

from accelkit.lint.bash import bash_statements
from accelkit.lint.batch import batch_statements
from accelkit.lint.flow import _Walk, follow
from accelkit.lint.paths import MOST_WAYS, Path
from accelkit.lint.script import Text


def ways(script: str, reader=bash_statements) -> dict[str, list[str]]:
    """The line of the last command on each way, and what was chosen for it."""
    found = follow(reader(script))[-1]
    return {
        " ".join("".join(p.text if isinstance(p, Text) else p.written for p in word) for word in way.words): list(way.decided[0].chosen.values())
        for way in found.ways
    }  # fmt: skip


def lines(script: str, reader=bash_statements) -> list[str]:
    return sorted(ways(script, reader))


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("A=kvm; kvm $A", ["kvm kvm"]),
        ("A=kvm; A=tcg; kvm $A", ["kvm tcg"]),
        ("kvm $A; A=kvm", ["kvm"]),
        ("A=a; A+=b; kvm $A", ["kvm ab"]),
        ("A+=b; kvm $A", ["kvm b"]),
        ("A=(x y); A+=(z); kvm ${A[@]}", ["kvm x y z"]),
        ("A=(x y); kvm $A", ["kvm x"]),
        ("A=x; A+=(y); kvm ${A[@]}", ["kvm x y"]),
        ("A=1; unset A; kvm $A", ["kvm"]),
        ("A=1; read A; kvm $A", ["kvm $A"]),
        ("A=1; B=$A$C; kvm $B", ["kvm 1$C"]),
        ("if x; then A=1; else A=2; fi; kvm $A", ["kvm 1", "kvm 2"]),
        ("A=0; if x; then A=1; fi; kvm $A", ["kvm 0", "kvm 1"]),
        ("if x; then A=1; fi; kvm $A", ["kvm", "kvm 1"]),
        ("if x; then A=1 B=2; else A=3 B=4; fi; kvm $A $B", ["kvm 1 2", "kvm 3 4"]),
        ("if x; then A=1; else A=2; fi; if x; then B=1; else B=2; fi; kvm $A $B", ["kvm 1 1", "kvm 2 2"]),
        ("if x; then A=1; else A=2; fi; if y; then B=1; else B=2; fi; kvm $A $B",
         ["kvm 1 1", "kvm 1 2", "kvm 2 1", "kvm 2 2"]),
        ("if x; then A=1; elif y; then A=2; else A=3; fi; kvm $A", ["kvm 1", "kvm 2", "kvm 3"]),
        ("if x; then A=1; else exit; fi; kvm $A", ["kvm 1"]),
        ("A=a; if [ $A = a ]; then B=1; else B=2; fi; kvm $B", ["kvm 1"]),
        ("A=a; if [ $A != a ]; then B=1; else B=2; fi; kvm $B", ["kvm 2"]),
        ("A=; if [ -z $A ]; then B=1; else B=2; fi; kvm $B", ["kvm 1"]),
        ("A=ab; case $A in a*) B=1;; *) B=2;; esac; kvm $B", ["kvm 1"]),
        ("case $A in a) B=1;; b|c) B=2;; esac; kvm $A $B", ["kvm $A", "kvm $A 2", "kvm a 1"]),
        ("for A in 1 2; do kvm $A; done", ["kvm 1", "kvm 2"]),
        ("for A in $X; do kvm $A; done", ["kvm $A"]),
        ("for A in 1 2; do B=$A; done; kvm $B", ["kvm 1", "kvm 2"]),
        ("A=0; while x; do A=1; done; kvm $A", ["kvm 0", "kvm 1"]),
        ("A=1; (A=2); kvm $A", ["kvm 1"]),
        ("A=1; (A=2; kvm $A)", ["kvm 2"]),
        ("A=1; x | A=2; kvm $A", ["kvm 1"]),
        ("f() { kvm $1; }; f 1; f 2", ["kvm 1", "kvm 2"]),
        ("f() { A=1; }; f; kvm $A", ["kvm 1"]),
        ("f() { local A=1; }; A=0; f; kvm $A", ["kvm 0"]),
        ("A=1; f() { kvm $A; }", ["kvm 1"]),
        ("f() { kvm $1; }", ["kvm $1"]),
        ("f() { if x; then return; fi; A=1; }; A=0; f; kvm $A", ["kvm 0", "kvm 1"]),
        ("f() { if [ $1 = a ]; then A=1; else A=2; fi; kvm $A; }; f a; f b", ["kvm 1", "kvm 2"]),
        ("f() { f; kvm x; }; f", ["kvm x"]),
        ("kvm ${A:-tcg}", ["kvm tcg"]),
        ("A=${A:-tcg}; kvm $A", ["kvm tcg"]),
        (": ${A:=tcg}; kvm $A", ["kvm tcg"]),
        ('set -- a b; kvm $2 "$@"', ["kvm b a b"]),
        ("exit; kvm $A", ["kvm $A"]),
        # a variable that the script assigns somewhere is its own, and has no value before
        ("x && A=1; kvm $A", ["kvm", "kvm 1"]),
        ("x && A=1 || A=2; kvm $A", ["kvm 1", "kvm 2"]),
        ("x || A=1 && A=2; kvm $A", ["kvm 2"]),
        ("x && y && A=1 || A=2; kvm $A", ["kvm 1", "kvm 2"]),
        ("x && { A=1; B=2; } || { A=3; B=4; }; kvm $A $B", ["kvm 1 2", "kvm 3 4"]),
        ("x && y || A=2; kvm $A", ["kvm", "kvm 2"]),
        ('A="$A -m"; kvm $A', ["kvm -m"]),
        ("local A; A+=a; A+=b; kvm $A", ["kvm ab"]),
        ("unset A; A+=(a); kvm ${A[@]}", ["kvm a"]),
        ("A+=(-m 1); kvm ${A[@]}", ["kvm -m 1"]),
        ('[ -z "$A" ] && A=1; kvm $A', ["kvm 1"]),
        ('[ -n "$A" ] || A=1; kvm $A', ["kvm 1"]),
        ("[ -n $B ] && A=1; kvm $A", ["kvm", "kvm 1"]),
        ("kvm ${A:+-m $A}; A=1", ["kvm"]),
        ("x && A=1; kvm ${A:-2}", ["kvm 1", "kvm 2"]),
        (". ./config; x && A=1; kvm $A", ["kvm $A", "kvm 1"]),
        ("A=0; . ./config; kvm $A", ["kvm 0"]),
        ("f() { local A=1; }; kvm $A", ["kvm $A"]),
        ("setup() { A=1; }; kvm $A", ["kvm $A"]),
        ("setup() { A=1; }; setup; kvm $A", ["kvm 1"]),
        # conditions of several comparisons
        ("A=a B=b; if [ $A = a ] && [ $B = b ]; then C=1; else C=2; fi; kvm $C", ["kvm 1"]),
        ("A=a B=b; if [ $A = a ] && [ $B = c ]; then C=1; else C=2; fi; kvm $C", ["kvm 2"]),
        ("A=a; if [ $A = b ] && x; then C=1; else C=2; fi; kvm $C", ["kvm 2"]),
        ("A=a; if x && [ $A = a ]; then C=1; else C=2; fi; kvm $C", ["kvm 1", "kvm 2"]),
        ("A=a; if x || [ $A = a ]; then C=1; else C=2; fi; kvm $C", ["kvm 1"]),
        ("A=a; if ! [ $A = a ] || [ -z $A ]; then C=1; else C=2; fi; kvm $C", ["kvm 2"]),
        ("A=a B=b; if [[ $A == a* && -n $B ]]; then C=1; else C=2; fi; kvm $C", ["kvm 1"]),
        ("A=a B=b; if [[ $A == b || $B != b ]]; then C=1; else C=2; fi; kvm $C", ["kvm 2"]),
        ("A=a; if [ $A = a -a -n $X ]; then C=1; else C=2; fi; kvm $C", ["kvm 1", "kvm 2"]),
        ("for A in 1 2; do if [ $A = 1 ] && [ -n $A ]; then continue; fi; kvm $A; done", ["kvm 2"]),
        # a turn that is left is over
        ("for A in 1 2; do [ $A = 2 ] && continue; kvm $A; done", ["kvm 1"]),
        ("for A in 1 2; do if [ $A = 1 ]; then B=3; break; fi; B=4; done; kvm $B", ["kvm 3", "kvm 4"]),
        ("while x; do A=1; break; A=2; done; kvm $A", ["kvm", "kvm 1"]),
        ("A=1; break; kvm $A", ["kvm 1"]),
    ],
)  # fmt: skip
def test_a_value_is_what_the_shell_would_put_in(script: str, expected: list[str]) -> None:
    assert lines(script) == expected


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("set A=1\nset A=2\nqemu %A%", ["qemu 2"]),
        ("set A=1\nif %1==y goto :l\nset A=2\n:l\nqemu %A%", ["qemu 1", "qemu 2"]),
        ("goto l\nset A=2\n:l\nqemu %A%", ["qemu"]),
        (":l\nqemu %A%\nset A=1\ngoto l", ["qemu"]),
        ("call :l 1\ncall :l 2\nexit /b\n:l\nqemu %1\ngoto :eof", ["qemu 1", "qemu 2"]),
        ("set A=%A% x\nset a=y\nqemu %A%", ["qemu y"]),
        ("for %%i in (1 2) do qemu %%i", ["qemu 1", "qemu 2"]),
        ('set Q=a b\nqemu "%Q%"', ["qemu a b"]),
        ("set A=1& set B=2\nqemu %A% %B%", ["qemu 1 2"]),
        ("if %1==y set A=1& set B=2\nqemu %A% %B%", ["qemu", "qemu 1 2"]),
        ("if %1==y set A=1&& goto l\nset A=2\n:l\nqemu %A%", ["qemu 1", "qemu 2"]),
    ],
)  # fmt: skip
def test_jumps_and_calls_of_batch_files_are_followed(script: str, expected: list[str]) -> None:
    assert lines(script, batch_statements) == expected


def test_each_way_says_what_was_chosen_and_only_that() -> None:
    script = "if x; then A=1; else A=2; fi; if y; then echo; fi; kvm $A"
    assert ways(script) == {"kvm 1": ["if x"], "kvm 2": ["unless x"]}


def test_of_too_many_ways_each_branch_is_on_one() -> None:
    script = "".join(f"if x{n}; then A{n}=1; else A{n}=0; fi\n" for n in range(12))
    found = ways(script + "kvm " + " ".join(f"$A{n}" for n in range(12)))
    assert len(found) <= MOST_WAYS
    for n in range(12):
        assert {line.split()[n + 1] for line in found} == {"0", "1"}
    case = "case $X in " + "".join(f"{n}) kvm {n};; " for n in range(200)) + "esac"
    assert len(follow(bash_statements(case))) == 200


@pytest.mark.parametrize(
    "script",
    [
        "A=x; " + "A=$A$A; " * 100 + "kvm $A",
        "f() { g; g; }; g() { h; h; }; h() { f; f; }; " + "f; " * 50 + "kvm x",
        "".join(f"if x{n}; then A{n}=1; fi; " for n in range(3000)) + "kvm x",
        "A=" + "'x '" * 2000 + "; " + "kvm $A $A $A $A; " * 3000,
    ],
)
def test_what_would_take_for_ever_is_followed_for_a_while(script: str) -> None:
    assert follow(bash_statements(script))[-1].ways


def test_the_steps_grow_with_the_script_and_not_with_its_square() -> None:
    def steps(count: int) -> int:
        script = "".join(
            f"f{n}() {{ local a=(-m $1); if x; then a+=(-accel kvm); fi; kvm ${{a[@]}}; }}; f{n} {n}G; "
            for n in range(count)
        )
        block = bash_statements(script)
        walk = _Walk(block)
        walk.block(block, [Path({})])
        return walk.steps

    one, two, four = steps(50), steps(100), steps(200)
    assert 0 < four - two <= 2.1 * (two - one)
