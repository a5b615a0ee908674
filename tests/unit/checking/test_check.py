"""check: what each QEMU says to each line. The verdicts are QEMU's own, measured on the four versions."""

from __future__ import annotations

import pickle
import shlex
from dataclasses import replace
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.check_cases import CASES
from support.strategies import fallbacks, option_maps, recipes

from accelkit import (
    ComposeError,
    Fallback,
    OptionMap,
    Problem,
    Recipe,
    Schema,
    Verdict,
    bundled,
    check,
    each,
    first_of,
    fold,
    kvm,
    option,
    parse,
    render,
    tb_size,
    tcg,
    verdict,
)
from accelkit.checking.problem import KINDS, ProblemKind
from accelkit.parsing.reader import is_command_line, read
from accelkit.schemas import all_bundled, targets
from accelkit.schemas.schema import Captured

SCHEMAS = [schema for target in targets() for schema in all_bundled(target)]


@pytest.mark.parametrize(("version", "answer", "kinds", "text"), CASES)
def test_a_line_is_judged_as_that_qemu_judges_it(version: str, answer: str, kinds: str, text: str) -> None:
    judged = verdict(text, bundled(version))
    assert ("accept" if judged.accepted else "reject") == answer
    assert [problem.kind for problem in judged.problems] == kinds.split()
    assert check(text, bundled(version)) == judged.problems


LINES = [(version, text) for version, _, _, text in CASES]


@pytest.mark.parametrize(("version", "text"), LINES)
def test_a_line_its_words_and_the_line_read_are_judged_alike(version: str, text: str) -> None:
    words = shlex.split(text) if is_command_line(text) else ["-accel", text]
    schema = bundled(version)
    assert verdict(words, schema) == verdict(text, schema)
    assert verdict(tuple(words), schema) == verdict(text, schema)
    assert verdict(read(words), schema) == verdict(text, schema)


@pytest.mark.parametrize(("version", "text"), LINES)
def test_each_problem_says_where_why_and_what_to_do(version: str, text: str) -> None:
    for problem in check(text, bundled(version)):
        assert problem.why
        assert problem.remedy
        assert str(problem).endswith(f"{problem.why}; {problem.remedy}")
        assert "\n" not in str(problem)


# ---- kinds and the verdict ----


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("line", ["kvm", "-M q35 -accel kvm"])
def test_the_verdict_follows_from_the_kinds(kind: ProblemKind, line: str) -> None:
    """refused and build reject, machine does where a machine is named, the others never do."""
    example = {
        "refused": "tcg,thread=bad", "build": "hvf", "machine": "kvm,kernel-irqchip=off", "host": "kvm,rapl=on",
        "deprecated": "kvm,norapl", "ignored": "",
    }[kind]  # fmt: skip
    text = f"-accel {example or 'foo -accel tcg'}"
    named = line.startswith("-M")
    judged = verdict(f"-M q35 {text}" if named else text, bundled("11.1"))
    assert [problem.kind for problem in judged.problems] == [kind]
    assert judged.accepted == (kind not in ("refused", "build") and not (kind == "machine" and named))


def test_the_kinds_are_six_and_listed_once() -> None:
    assert get_args(ProblemKind) == KINDS
    assert len(set(KINDS)) == 6
    assert {kind for _, _, kinds, _ in CASES for kind in kinds.split()} == set(KINDS)


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        (Problem("host", "kvm", "rapl", "on", "why", "do"), "kvm,rapl=on: why; do"),
        (Problem("host", "kvm", "rapl", "", "why", "do"), "kvm,rapl=: why; do"),
        (Problem("host", "kvm", "rapl", None, "why", "do"), "kvm,rapl: why; do"),
        (Problem("host", "kvm", None, "norapl", "why", "do"), "kvm norapl: why; do"),
        (Problem("host", "kvm", None, None, "why", "do"), "kvm: why; do"),
        (Problem("host", None, "-machine x", "1", "why", "do"), "-machine x=1: why; do"),
        (Problem("host", None, None, "-x", "why", "do"), "-x: why; do"),
        (Problem("host", None, None, None, "why", "do"), "why; do"),
    ],
)
def test_a_problem_reads_as_place_why_and_remedy(problem: Problem, text: str) -> None:
    assert str(problem) == text
    assert pickle.loads(pickle.dumps(problem)) == problem
    assert eval(repr(problem)) == problem


def test_a_problem_judged_anew_keeps_all_but_its_kind_and_reason() -> None:
    problem = Problem("refused", "kvm", "a", "b", "why", "do")
    assert problem.as_kind("host") == Problem("host", "kvm", "a", "b", "why", "do")
    assert problem.as_kind("host", "because") == Problem("host", "kvm", "a", "b", "because", "do")


def test_a_verdict_reads_as_one_line_of_what_is_fatal() -> None:
    assert str(verdict("kvm,norapl", bundled("10.0"))) == "accept"
    assert str(verdict("-accel tcg,thread=a,thread=b -x", bundled("10.0"))) == (
        "reject\t-x: QEMU 10.0.13 (x86_64) has no such option; see qemu -help; leave it out"
        " | tcg,thread=a: a is not a thread setting; write single or multi"
        " | tcg,thread=b: b is not a thread setting; write single or multi"
    )
    assert str(Verdict(True, ())) == "accept"


# ---- all that can be checked is judged alike ----


@given(recipes() | fallbacks() | option_maps(), st.sampled_from(SCHEMAS))
def test_a_recipe_and_the_argv_it_renders_are_judged_alike(x: Any, schema: Schema) -> None:
    judged = check(x, schema)
    assert check(render(x), schema) == judged
    assert check(parse(render(x)), schema) == judged
    if isinstance(x, Recipe):
        assert check(fold(x), schema) == judged
    if isinstance(x, Fallback):
        assert check([fold(alternative) for alternative in x], schema) == judged


@given(recipes("tcg"), st.lists(recipes(), min_size=1, max_size=2), st.sampled_from(SCHEMAS))
def test_what_comes_after_an_accelerator_that_always_starts_is_never_looked_at(
    first: Recipe[Any], rest: list[Recipe[Any]], schema: Schema
) -> None:
    if verdict(first, schema).accepted:
        assert check(first_of(first, *rest), schema) == check(first, schema)


@given(st.lists(recipes(), min_size=1, max_size=3), st.sampled_from(SCHEMAS))
def test_a_fallback_is_refused_only_where_an_alternative_is(
    alternatives: list[Recipe[Any]], schema: Schema
) -> None:
    if all(verdict(alternative, schema).accepted for alternative in alternatives):
        assert verdict(first_of(*alternatives), schema).accepted


@given(
    st.lists(
        st.sampled_from(
            ["-accel", "-machine", "-M", "-set", "-icount", "-cpu", "-device", "-global", "-enable-kvm", "-S", "-x",
             "kvm", "tcg,id=a,thread=multi", "kvm,xen-version=1,kernel-irqchip=off,kvm-shadow-mem=0", "accel=kvm:tcg",
             "accel.a.thread=single", "q35,kernel_irqchip=off", "pc,noaccel", "none,help", "none", "help", ",", "=", "", "host",
             "0,align=on", "intel-iommu,eim=on,intremap=on", "{", '{"driver": 5}', "[]", "kvm-accel.x=1", "-tb-size"]
        )
        | st.text(max_size=5),
        max_size=7,
    ),
    st.sampled_from(SCHEMAS),
)  # fmt: skip
def test_any_words_are_judged_and_a_verdict_is_never_an_error(words: list[str], schema: Schema) -> None:
    judged = verdict(words, schema)
    assert isinstance(judged.accepted, bool)
    assert all(problem.kind in KINDS for problem in judged.problems)
    if read(words).faults:
        assert not judged.accepted
    assert all(problem.why and problem.remedy for problem in judged.problems)


@given(st.text(max_size=12), st.sampled_from(SCHEMAS))
def test_any_text_is_judged(text: str, schema: Schema) -> None:
    assert str(verdict(text, schema)).startswith(("accept", "reject"))


@pytest.mark.parametrize(
    ("x", "message"),
    [
        (
            tcg() | tb_size(each(1, 2)),
            (
                "check takes a recipe, option map, first_of(…) or a command line, got Space"
                "; for a space check its points: [check(point, schema) for point in space]"
            ),
        ),
        (
            (tcg() | tb_size(each(1, 2)))[:1],
            (
                "check takes a recipe, option map, first_of(…) or a command line, got Points"
                "; for a space check its points: [check(point, schema) for point in space]"
            ),
        ),
        (None, "check takes a recipe, option map, first_of(…) or a command line, got NoneType"),
        (64, "check takes a recipe, option map, first_of(…) or a command line, got int"),
        (["-accel", 5], "check takes a recipe, option map, first_of(…) or a command line, got list"),
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
def test_an_id_of_a_recipe_or_map_is_judged_as_on_a_command_line(problem_of: Any) -> None:
    (problem,) = check(problem_of(), bundled())
    assert problem.kind == "refused"
    assert "is not an identifier" in problem.why
    twice = first_of(kvm() | option("id", "a"), tcg() | option("id", "a"))
    assert [problem.why for problem in check(twice, bundled())] == ["-accel tcg: id=a is there twice"]


# ---- releases between those captured ----


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
        ((8, 0, 0), "-M q35 -accel kvm,kernel-irqchip=off", "deprecated", "machine"),
        ((9, 0, 0), "-accel tcg -singlestep", "", "refused"),
        ((9, 0, 0), "-M q35 -accel tcg -device intel-iommu,intremap=on,eim=on", "machine", ""),
        ((11, 2, 0), "-accel tcg -brand-new", "refused", "ignored"),
    ],
)
def test_what_is_refused_changes_with_that_release(
    changes: tuple[int, int, int], line: str, before: str, after: str
) -> None:
    major, minor, _ = changes
    older = replace(bundled("7.2"), version=(major, minor - 1, 99) if minor else (major - 1, 99, 99))
    newer = replace(older, version=changes)
    assert [problem.kind for problem in check(line, older)] == before.split()
    assert [problem.kind for problem in check(line, newer)] == after.split()


# ---- schemas that were not captured ----

RISCV = Schema((10, 0, 0), "riscv64", "", True, {
    "kvm": {"riscv-aia": Captured("string"), "kernel-irqchip": Captured("on|off|split")}, "tcg": {},
})  # fmt: skip
ARM = Schema((10, 0, 0), "aarch64", "", True, {
    "kvm": {"eager-split-size": Captured("size"), "kernel-irqchip": Captured("on|off|split")},
    "whpx": {"kernel-irqchip": Captured("on|off|split"), "hyperv": Captured("OnOffAuto")},
    "hvf": {"kernel-irqchip": Captured("on|off|split")}, "tcg": {"tb-size": Captured("int")},
})  # fmt: skip
X86 = Schema((11, 1, 0), "x86_64", "", True, {
    "whpx": {"kernel-irqchip": Captured("on|off|split"), "ssd": Captured("OnOffAuto"), "x-new": Captured("NewEnum")},
    "hvf": {"kernel-irqchip": Captured("on|off|split")}, "tcg": {},
})  # fmt: skip
NEWER = Schema((12, 0, 0), "x86_64", "", True, {"tcg": {"thread": Captured("string")}})
WHPX = "host: whpx: starts only where there is the Windows feature HypervisorPlatform; see that it is there"
HVF = "host: hvf: starts only where there is the entitlement com.apple.security.hypervisor; see that it is there"


@pytest.mark.parametrize(
    ("schema", "text", "problems"),
    [
        (RISCV, "kvm,riscv-aia=emul", []),
        (RISCV, "kvm,riscv-aia=bad",
         ["refused: kvm,riscv-aia=bad: bad is not an AIA mode; write emul, hwaccel or auto"]),
        (RISCV, "kvm,kernel-irqchip=split",
         ["refused: kvm,kernel-irqchip=split: split is for x86 only; write on or off"]),
        (RISCV, "-accel kvm,kernel-irqchip=split -accel tcg",
         ["refused: kvm,kernel-irqchip=split: split is for x86 only; write on or off"]),
        (RISCV, "kvm,kernel-irqchip=split,kernel-irqchip=on", []),
        (RISCV, "-M virt -accel kvm -icount 0",
         ["refused: kvm: -icount is for tcg only; leave -icount out, or write -accel tcg"]),
        (ARM, "kvm,eager-split-size=2M", []),
        (ARM, "kvm,eager-split-size=0", []),
        (ARM, "kvm,eager-split-size=3",
         [("host: kvm,eager-split-size=3: 3 is not a block size of a host with 4 KiB pages; "
          "take 4096, 2097152 or 1073741824, or 0"),
          "refused: kvm,eager-split-size=3: 3 is not a power of two; take the next power of two, or 0 to switch it off"]),
        (ARM, "kvm,eager-split-size=8192",
         [("host: kvm,eager-split-size=8192: 8192 is not a block size of a host with 4 KiB pages; "
          "take 4096, 2097152 or 1073741824, or 0")]),
        (ARM, "kvm,eager-split-size=1MB",
         [("refused: kvm,eager-split-size=1MB: 1MB is not a value of eager-split-size; "
          "takes bytes, with one of the suffixes K M G T P E or none")]),
        (ARM, "kvm,kernel-irqchip=off", []),
        (ARM, "whpx,kernel-irqchip=off",
         [WHPX, "refused: whpx,kernel-irqchip=off: off …"]),
        (ARM, "-accel whpx,kernel-irqchip=off -accel tcg",
         ["ignored: whpx,kernel-irqchip=off: off …", WHPX]),
        (ARM, "whpx,kernel-irqchip=split",
         [WHPX, "refused: whpx,kernel-irqchip=split: split …"]),
        (ARM, "whpx,hyperv=maybe",
         [WHPX, "refused: whpx,hyperv=maybe: maybe is not a value of hyperv; takes on, off, auto"]),
        (ARM, "hvf,kernel-irqchip=on", [HVF]),
        (X86, "hvf,kernel-irqchip=on", [HVF, "refused: hvf,kernel-irqchip=on: on …"]),
        (X86, "hvf,kernel-irqchip=split", [HVF, "refused: hvf,kernel-irqchip=split: split …"]),
        (X86, "whpx,ssd=auto", [WHPX]),
        (X86, "whpx,x-new=anything", [WHPX]),
        (NEWER, "-accel tcg -brand-new", ["ignored: -brand-new: …"]),
        (NEWER, "-accel=tcg", ["refused: -accel=tcg: …"]),
    ],
)  # fmt: skip
def test_rules_of_other_targets_and_hosts_are_those_of_the_source(
    schema: Schema, text: str, problems: list[str]
) -> None:
    told = [f"{problem.kind}: {problem}" for problem in check(text, schema)]
    assert len(told) == len(problems)
    for line, expected in zip(told, problems, strict=True):
        assert line.startswith(expected.removesuffix("…")), told
        assert line == expected or expected.endswith("…")


@pytest.mark.parametrize("accelerators", [{}, {"xen": {}}, {"qtest": {}}], ids=str)
def test_without_an_accelerator_named_a_qemu_needs_one_of_its_defaults(accelerators: Any) -> None:
    """``No accelerator selected and no default accelerator available``"""
    bare = Schema((10, 0, 0), "x86_64", "", True, accelerators)
    assert not verdict("-m 1G", bare).accepted
    assert verdict("-m 1G", Schema((10, 0, 0), "x86_64", "", True, {**accelerators, "kvm": {}})).accepted
