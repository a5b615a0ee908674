"""accelkit agrees with real QEMUs on what they accept, on record and live.

Live questions go to the QEMU on PATH and to those that ``.ci/qemu-matrix`` has made. Without one
of them the test is skipped, but not in CI (``CI=true``): there all must be present.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from support.releases import release
from support.tools import need_kvm, tool

from accelkit import ArgvError, check, schemas, tb_size, tcg
from accelkit.parsing.understanding import understand

from .agreement import (
    MEASURED_SERIES,
    Comparison,
    Outcome,
    as_measured,
    captured,
    compare_cases,
    compare_corpus,
    compare_corpus_live,
    compare_lines,
    compare_recorded_lines,
    compare_strings,
    compare_whole_lines,
    corpus,
    differences,
)
from .generate import MACHINES, Question, accel_questions, host_dependent, line_questions
from .real_qemu import ALWAYS, BINARIES, SECONDS_PER_RUN, SERIES, Forked, Plain, Qemu


def needs_binary(test: Callable[[Qemu], None]) -> Any:
    """``test`` once per binary that accelkit is held against."""
    ids = ["-".join(binary) for binary in BINARIES]
    return pytest.mark.qemu(pytest.mark.parametrize("qemu", BINARIES, indirect=True, ids=ids)(test))


@pytest.fixture
def qemu(request: pytest.FixtureRequest) -> Qemu:
    """The QEMU of a series and target; without KVM an x86 one answers little of interest."""
    series, target = request.param
    if target in ("x86_64", "i386"):
        need_kvm()
    tool("cc")  # builds the fork server
    return release(series, target)


def agree(comparisons: Sequence[Comparison], at_least: int) -> None:
    """Fail with the shortest differences, or when too little was compared to mean anything."""
    __tracebackhide__ = True
    compared = [item for item in comparisons if item.outcome is not Outcome.LEFT_OUT]
    found = differences(compared)
    shown = "\n".join(map(str, found[:20]))
    assert not found, f"{len(found)} of {len(compared)} differ:\n{shown}"
    assert len(compared) >= at_least


@pytest.mark.parametrize("series", SERIES)
def test_recorded_cases_are_judged_as_each_release_did(series: str) -> None:
    agree(compare_cases(series), at_least=350)


@pytest.mark.parametrize("series", SERIES)
def test_recorded_command_lines_are_judged_as_each_release_did(series: str) -> None:
    agree(compare_recorded_lines(series), at_least=450)


def is_accel(text: str) -> bool:
    """Whether the text by itself is an ``-accel`` argument, as it stands; a line end at its end is none of it."""
    try:
        understood = understand(text)
    except ArgvError:
        return False
    return understood.kind == "accel" and understood.text == text


@pytest.mark.parametrize(("series", "target"), BINARIES)
def test_a_string_alone_is_judged_as_after_accel(series: str, target: str) -> None:
    schema = schemas.captured(series, target)
    for question in accel_questions(captured(series, target), 300, seed=3):
        _, text = question.words
        if is_accel(text):
            assert check(text, schema) == check(["-accel", text], schema), text


@pytest.mark.parametrize("series", MEASURED_SERIES)
def test_lines_of_public_projects_are_judged_as_each_release_did(series: str) -> None:
    agree(compare_corpus(series), at_least=200)


@needs_binary
def test_lines_of_public_projects_are_judged_as_their_own_machine_does(qemu: Qemu) -> None:
    agree(compare_corpus_live(qemu), at_least=20)


@needs_binary
def test_generated_strings_are_judged_as_qemu_does(qemu: Qemu) -> None:
    compared = compare_strings(qemu)
    share = sum(item.answer.accepted for item in compared) / len(compared)
    agree(compared, at_least=len(compared) * 9 // 10)
    # Neither all good nor all bad: a judge that always says the same must not pass.
    assert 0.4 < share < 0.65


@needs_binary
def test_generated_command_lines_are_judged_as_qemu_does(qemu: Qemu) -> None:
    agree(compare_lines(qemu), at_least=100)


@needs_binary
def test_lines_without_a_machine_are_judged_as_qemu_does(qemu: Qemu) -> None:
    agree(compare_whole_lines(qemu), at_least=100)


@needs_binary
def test_the_fork_server_answers_as_a_fresh_process_does(qemu: Qemu) -> None:
    raw = captured(qemu.series, qemu.target)
    questions = [*accel_questions(raw, 12, seed=7), *line_questions(raw, 12, seed=7)]
    with Forked(qemu) as forked, Plain(qemu) as plain:
        for question in questions:
            assert forked.ask(question.words).accepted == plain.ask(question.words).accepted


def test_questions_are_the_same_in_every_run() -> None:
    raw = captured("10.0", "x86_64")
    assert accel_questions(raw, 50) == accel_questions(raw, 50)
    assert line_questions(raw, 50) == line_questions(raw, 50)
    assert accel_questions(raw, 50) != accel_questions(raw, 50, seed=2)


@pytest.mark.parametrize(("series", "target"), BINARIES)
def test_generated_strings_are_distinct_and_plenty(series: str, target: str) -> None:
    questions = accel_questions(captured(series, target), 2000)
    assert len({question.words for question in questions}) == 2000
    assert len({question.change for question in questions}) > 20


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("kvm,rapl", True),
        ("kvm,norapl", False),
        ("kvm,rapl=off", False),
        ("kvm,honor-guest-pat=on", True),
        ("kvm,device=/dev/kvm", False),
        ("kvm,device=/nonexistent", True),
        ("kvm,device=/dev/kvm,,", True),
        ("kvm,nodevice", True),
        ("kvm,xen-version=0x0", False),
        ("kvm,xen-version=0x4000a", True),
        ("kvm,dirty-ring-size=0", False),
        ("kvm,dirty-ring-size=512", True),
        ("kvm,dirty-ring-size=1000", False),
        ("kvm,dirty-ring-size=65536", False),
        ("kvm,dirty-ring-size=131072", True),
        ("nitro", True),
        ("hvf", False),
        ("tcg,thread=single", False),
    ],
)
def test_questions_the_host_answers_are_labelled(text: str, host: bool) -> None:
    assert host_dependent(("-accel", text), captured("11.1", "x86_64")) is host


def test_a_corpus_line_is_cut_to_what_was_measured() -> None:
    words = ("-cpu", "host", "-machine", "q35,accel=kvm,usb=off,kernel_irqchip=on", "-enable-kvm")
    assert as_measured(words) == ("-machine", "none,accel=kvm,kernel_irqchip=on", "-enable-kvm")
    assert len(corpus()) > 200


def test_a_question_is_a_command_line() -> None:
    question = accel_questions(captured("7.2", "x86_64"), 1)[0]
    assert isinstance(question, Question)
    assert question.words[0] == "-accel"


@needs_binary
def test_a_tb_size_is_clamped_where_check_says_that_it_is_ignored(qemu: Qemu) -> None:
    """QEMU takes more than its cache can have without a word; ``info jit`` says what it made of it."""
    sizes = (2047, 2048, 2049, 64 * 1024 * 1024, (1 << 32) - 1)
    made = [code_buffer(qemu, size) for size in sizes]
    schema = schemas.captured(qemu.series, qemu.target)
    told = [[problem.kind for problem in check(tcg() | tb_size(size), schema)] for size in sizes]
    assert told == [[], [], ["ignored"], ["ignored"], ["ignored"]]
    assert made[0] < made[1] == made[2] == made[3] == made[4] < 2048 << 20


def code_buffer(qemu: Qemu, size: int) -> int:
    """Bytes that QEMU has for translated code when asked for ``size`` MiB."""
    asked = (
        '{"execute": "qmp_capabilities"}\n'
        '{"execute": "human-monitor-command", "arguments": {"command-line": "info jit"}}\n'
        '{"execute": "quit"}\n'
    )
    words = ["timeout", str(SECONDS_PER_RUN), *qemu.command, *ALWAYS, "-accel", f"tcg,tb-size={size}"]
    words += ["-machine", MACHINES[qemu.target][0]]
    done = subprocess.run(words, input=asked, capture_output=True, text=True, check=True)
    found = re.search(r"gen code size +[0-9]+/([0-9]+)", done.stdout)
    assert found, done.stdout
    return int(found[1])
