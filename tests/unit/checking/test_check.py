"""check and verdict: the verdicts are QEMU's own, measured on the four versions."""

from __future__ import annotations

import shlex
from dataclasses import replace
from typing import Any

import pytest
from support.check_cases import CASES

from accelkit import (
    ComposeError,
    OptionMap,
    Schema,
    bundled,
    check,
    first_of,
    kvm,
    option,
    tb_size,
    tcg,
    verdict,
)
from accelkit.checking.problem import KINDS, ProblemKind, Verdict
from accelkit.parsing.lines import read
from accelkit.parsing.understanding import understand


@pytest.mark.parametrize(("version", "answer", "kinds", "text"), CASES)
def test_the_verdict_of_a_line_is_that_of_the_real_qemu(
    version: str, answer: str, kinds: str, text: str
) -> None:
    judged = verdict(text, bundled(version))
    assert ("accept" if judged.accepted else "reject") == answer
    assert [problem.kind for problem in judged.problems] == kinds.split()
    assert check(text, bundled(version)) == judged.problems


LINES = [(version, text) for version, _, _, text in CASES]


@pytest.mark.parametrize(("version", "text"), LINES)
def test_a_line_its_words_and_its_command_line_have_the_same_verdict(version: str, text: str) -> None:
    words = shlex.split(text) if understand(text).kind == "commands" else ["-accel", text]
    schema = bundled(version)
    expected = without_places(verdict(text, schema))
    assert without_places(verdict(words, schema)) == expected
    assert without_places(verdict(tuple(words), schema)) == expected
    assert without_places(verdict(read(words), schema)) == expected


def without_places(judged: Verdict) -> Verdict:
    """Quotes move the words of a line."""
    return judged._replace(problems=tuple(problem._replace(place=None) for problem in judged.problems))


@pytest.mark.parametrize(("version", "text"), LINES)
def test_each_problem_says_where_why_and_what_to_do(version: str, text: str) -> None:
    for problem in check(text, bundled(version)):
        assert problem.why
        assert problem.remedy
        assert str(problem).endswith(f"{problem.why}; {problem.remedy}")
        assert "\n" not in str(problem)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "unknown"])
@pytest.mark.parametrize("line", ["kvm", "-M q35 -accel kvm"])
def test_the_verdict_follows_from_the_kinds(kind: ProblemKind, line: str) -> None:
    """refused and build reject, the others never do; what the machine refuses is refused where it is known."""
    example = {
        "refused": "tcg,thread=bad", "build": "hvf", "machine": "kvm,kernel-irqchip=off", "host": "kvm,rapl=on",
        "deprecated": "kvm,norapl", "ignored": "",
    }[kind]  # fmt: skip
    text = f"-accel {example or 'foo -accel tcg'}"
    named = line.startswith("-M")
    judged = verdict(f"-M q35 {text}" if named else text, bundled("11.1"))
    expected = "refused" if kind == "machine" and named else kind
    assert [problem.kind for problem in judged.problems] == [expected]
    assert judged.accepted == (expected not in ("refused", "build"))


@pytest.mark.parametrize(
    ("x", "message"),
    [
        (None, "check takes a recipe, option map, first_of(…), space or a command line, got NoneType"),
        (64, "check takes a recipe, option map, first_of(…), space or a command line, got int"),
        (["-accel", 5], "check takes a recipe, option map, first_of(…), space or a command line, got list"),
        (tb_size(64), "OptionMap({'tb-size': '64'}) chooses no accelerator; begin with one, as in tcg() | …"),
        (OptionMap(), "OptionMap({}) chooses no accelerator; begin with one, as in tcg() | …"),
    ],
)
def test_what_cannot_be_checked_is_refused(x: Any, message: str) -> None:
    with pytest.raises(ComposeError) as caught:
        check(x, bundled())
    assert str(caught.value) == message


@pytest.mark.parametrize(
    "problem_of", [lambda: tcg() | option("id", "1x"), lambda: OptionMap({"accel": "tcg", "id": ""})]
)
def test_ids_of_recipes_and_maps_are_checked_as_on_a_command_line(problem_of: Any) -> None:
    (problem,) = check(problem_of(), bundled())
    assert problem.kind == "refused"
    assert "is not an identifier" in problem.why
    twice = first_of(kvm() | option("id", "a"), tcg() | option("id", "a"))
    assert [problem.why for problem in check(twice, bundled())] == ["-accel tcg: id=a is there twice"]


@pytest.mark.parametrize(
    ("changes", "line", "before", "after"),
    [
        ((6, 0, 0), "kvm,nokernel-irqchip", "", "deprecated deprecated"),
        ((6, 0, 0), "kvm,kernel-irqchip=off", "", "deprecated"),
        ((6, 0, 0), "-accel tcg -icount 0,id=a", "", "refused"),
        ((6, 0, 0), "-accel tcg -tb-size 64", "deprecated", "refused"),
        ((6, 1, 0), "-M none,kernel_irqchip -accel kvm", "", "refused"),
        ((6, 1, 0), "-M none,kernel_irqchip=on,kernel-irqchip=on -accel kvm", "", "refused"),
        ((6, 1, 0), "-M none,kernel_irqchip=bad,kernel_irqchip=on -accel kvm", "refused", ""),
        ((6, 2, 0), """-accel kvm -device '{"driver":"e1000"}'""", "refused", ""),
        ((8, 0, 0), "-M q35 -accel kvm,kernel-irqchip=off", "deprecated", "refused"),
        ((8, 0, 0), "kvm,kernel-irqchip=off", "deprecated", "machine"),
        ((9, 0, 0), "-accel tcg -singlestep", "", "refused"),
        ((9, 0, 0), "-M q35 -accel tcg -device intel-iommu,intremap=on,eim=on", "refused", ""),
        ((11, 2, 0), "-accel tcg -brand-new", "refused", "ignored"),
    ],
)
def test_what_is_refused_changes_in_the_named_release(
    changes: tuple[int, int, int], line: str, before: str, after: str
) -> None:
    major, minor, _ = changes
    before_it = (major, minor - 1, 99) if minor else (major - 1, 99, 99)
    older = replace(bundled("7.2"), version=before_it, options={})  # the table of options decides
    newer = replace(older, version=changes)
    assert [problem.kind for problem in check(line, older)] == before.split()
    assert [problem.kind for problem in check(line, newer)] == after.split()


@pytest.mark.parametrize("accelerators", [{}, {"xen": {}}, {"qtest": {}}], ids=str)
def test_without_an_accelerator_named_a_qemu_needs_one_of_its_defaults(accelerators: Any) -> None:
    """``No accelerator selected and no default accelerator available``"""
    bare = Schema((10, 0, 0), "x86_64", "", True, accelerators)
    assert not verdict("-m 1G", bare).accepted
    assert verdict("-m 1G", Schema((10, 0, 0), "x86_64", "", True, {**accelerators, "kvm": {}})).accepted
