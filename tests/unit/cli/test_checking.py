"""``accelkit check``: verdicts as text and as JSON, and the stream that answers each line."""

from __future__ import annotations

import io
import json
import re
import shlex
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.cli import ask, lines

from accelkit import bundled, verdict
from accelkit.cli.checking import check_stream, visible


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("kvm",), 0),
        (("kvm", "tcg,thread=single"), 0),
        (("kvm", "tcg,thread=singel"), 1),
        (("kvm,kernel-irqchip=split", "--version", "5.2"), 0),
        (("--version", "7.2", "tcg,one-insn-per-tb=on"), 1),
        (("--version=10.0", "tcg,one-insn-per-tb=on"), 0),
        (("--version", "10.0", "-machine", "q35,accel=kvm:tcg", "-m", "1G"), 0),
        (("--version", "10.0", "-machine q35,accel=kvm:tcg -m 1G"), 0),
        (("--", "-machine q35,accel=kvm:tcg"), 0),
        (("--", "-machine", "q35,accel=kvm:tcg"), 0),
        (("-machine", "q35,accel=kvm", "-accel", "tcg"), 1),
        (("kvm", "-accel", "tcg", "-accel", "kvm,x=1"), 0),
        (("qemu-system-x86_64 -accel kvm",), 0),
        (("--target", "aarch64", "tcg"), 0),
        (("--target", "aarch64", "xen"), 1),
        (("kvm,device=/dev/my kvm",), 0),
        (("",), 1),
        (("--version", "1.0", "kvm"), 2),
        (("--version", "new", "kvm"), 2),
        (("--target", "vax", "kvm"), 2),
    ],
)
def test_checks_status_is_0_for_accepted_1_for_problems_2_for_failure(
    words: tuple[str, ...], status: int
) -> None:
    ran = ask("check", *words)
    assert ran.status == status
    assert bool(ran.out) == (status != 2)
    assert bool(ran.err) == (status == 2)


def test_check_answers_each_of_several_by_itself_and_a_command_line_last() -> None:
    answers = lines(ask("check", "kvm", "tcg,x=1", "-machine q35", "-accel", "tcg", "-m", "1G").out)
    verdicts = [line.partition("  [")[0] for line in answers if not line.startswith("  ")]
    assert verdicts == ["accept  kvm", "reject  tcg,x=1", "accept  -machine q35", "accept  -accel tcg -m 1G"]


def test_the_words_of_a_command_line_are_shown_so_that_they_can_be_pasted() -> None:
    shown = lines(ask("check", "-accel", "kvm,device=/dev/my kvm").out)[0]
    assert shlex.split(shown)[1:3] == ["-accel", "kvm,device=/dev/my kvm"]


def test_a_version_without_a_schema_gives_one_note_of_one_line() -> None:
    status, out, err = ask("check", "--version", "9.1", "kvm", "tcg")
    assert status == 0
    assert out.count("QEMU 7.2") == 2
    assert re.fullmatch(r"accelkit: note: QEMU 9\.1 is not captured; .*\n", err)


@pytest.mark.parametrize(
    "words", [["kvm"], ["kvm", "tcg,x=1"], ["-accel", "tcg,thread=no,thread=x", "-accel", "xen"]]
)
@pytest.mark.parametrize("target", ["x86_64", "aarch64"])
def test_json_holds_the_verdicts_that_the_library_gives(words: list[str], target: str) -> None:
    ran = ask("check", "--json", "--version", "7.2", "--target", target, *words)
    data = json.loads(ran.out)
    subjects: list[Any] = [words] if words[0].startswith("-") else words
    assert len(data) == len(subjects)
    assert ran.status == (not all(row["accepted"] for row in data))
    for row, subject in zip(data, subjects, strict=True):
        expected = verdict(subject, bundled("7.2", target))
        assert row.keys() == {"checked", "qemu", "target", "accepted", "problems"}
        assert (row["qemu"], row["target"], row["accepted"]) == ("7.2.22", target, expected.accepted)
        assert shlex.split(row["checked"]) == ([subject] if isinstance(subject, str) else subject)
        assert [tuple(problem.values()) for problem in row["problems"]] == [
            (problem.kind, problem.accel, problem.property, problem.value, problem.why, problem.remedy)
            for problem in expected.problems
        ]


@pytest.mark.parametrize("text", ["a\nb", "\x1b[31m", "\u2028", "\udcff", "\0"])
def test_what_does_not_print_is_shown_escaped(text: str) -> None:
    out = ask("check", f"kvm,x={text}").out
    assert out.endswith("\n")
    assert all(line.isprintable() for line in out[:-1].split("\n"))
    assert repr(text)[1:-1] in out


@given(st.text())
def test_visible_text_is_printable_and_printable_text_stays(text: str) -> None:
    assert visible(text).isprintable()
    assert visible(visible(text)) == visible(text)
    if text.isprintable():
        assert visible(text) == text


BAD_LINES = {
    "a NUL": b"kvm\0x",
    "an empty line": b"",
    "bytes that are not UTF-8": b"tcg,x=\xff\xfe",
    "a quote that never ends": b"-accel 'kvm",
    "a number without end": b"tcg,tb-size=" + b"1" * 5000,
    "a hexadecimal number without end": b"tcg,tb-size=0x" + b"f" * 5_000,
    "line ends of other systems": b"kvm,\r\x0b\x0c\x1c\xc2\x85\xe2\x80\xa8x",
    "commas only": b"," * 1000,
}


@pytest.mark.parametrize("bad", BAD_LINES.values(), ids=BAD_LINES)
@pytest.mark.parametrize("form", [[], ["--json"]], ids=["text", "json"])
def test_a_bad_line_is_rejected_and_leaves_the_others_alone(bad: bytes, form: list[str]) -> None:
    status, out, err = ask("check", *form, "-", stdin=b"kvm\n" + bad + b"\n" + bad + b"\ntcg")
    assert (status, err) == (1, "")
    answers = out.splitlines()  # at every kind of line break: an answer has none inside
    if form:
        assert [json.loads(answer)["accepted"] for answer in answers] == [True, False, False, True]
    else:
        assert [answer.partition("\t")[0] for answer in answers] == ["accept", "reject", "reject", "accept"]


def test_the_streams_status_is_0_when_all_lines_are_accepted() -> None:
    assert ask("check", "-", stdin=b"kvm\ntcg") == (0, "accept\naccept\n", "")
    assert ask("check", "-", stdin=b"") == (0, "", "")


@given(st.lists(st.text(st.characters(exclude_characters="\n"))))
def test_the_stream_answers_what_check_answers_each_line(typed: list[str]) -> None:
    out = io.StringIO()
    schema = bundled("7.2")
    status = check_stream(io.StringIO("".join(f"{line}\n" for line in typed)), out, schema, as_json=False)
    answers = out.getvalue().splitlines()
    expected = [verdict(line, schema) for line in typed]
    assert [answer.partition("\t")[0] for answer in answers] == [
        "accept" if answer.accepted else "reject" for answer in expected
    ]
    assert status == (not all(answer.accepted for answer in expected))
