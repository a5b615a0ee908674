"""``accelkit check``: verdicts as text and as JSON, and the stream that answers each line at once."""

from __future__ import annotations

import io
import json
import re
import shlex
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.cli import TIMEOUT, ask, command, conversation, lines, told

import accelkit
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


def test_a_version_that_was_not_captured_is_noted_once_in_one_line() -> None:
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
            (each.kind, each.accel, each.property, each.value, each.why, each.remedy)
            for each in expected.problems
        ]


@pytest.mark.qemu
def test_check_asks_the_binary_that_qemu_names(qemu: str) -> None:
    wrong = "tcg,x-not-there=1"
    name = re.escape(accelkit.probe(qemu).name)
    asked = ask("check", "--qemu", qemu, wrong, "tcg")
    assert asked.status == 1
    assert re.match(rf"reject  {wrong}  \[{name}\]\n  refused  .*x-not-there", asked.out)
    assert asked.out.endswith(f"accept  tcg  [{accelkit.probe(qemu).name}]\n")


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


# ---- lines from standard input ----


def test_the_stream_answers_each_line_before_the_next_is_written() -> None:
    with conversation("check", "--version", "7.2", "-") as process:
        assert told(process, b"kvm\n") == b"accept\n"
        assert told(process, b"tcg,x=1\n").startswith(b"reject\ttcg,x=1: ")
        assert told(process, b"-machine q35,accel=kvm:tcg -m 1G\n") == b"accept\n"
        assert told(process, b"kvm\ntcg\n") in (b"accept\naccept\n", b"accept\n")
        _, err = process.communicate(timeout=TIMEOUT)
        assert (process.returncode, err) == (1, b"")


def test_the_stream_answers_in_json_too_a_document_a_line() -> None:
    with conversation("check", "--json", "-") as process:
        assert json.loads(told(process, b"kvm\n"))["accepted"] is True
        answer = json.loads(told(process, b"kvm,x=1\n"))
        assert (answer["checked"], answer["accepted"]) == ("kvm,x=1", False)
        assert answer["problems"][0]["property"] == "x"


BAD_LINES = {
    "a NUL": b"kvm\0x",
    "an empty line": b"",
    "bytes that are no UTF-8": b"tcg,x=\xff\xfe",
    "a quote that never ends": b"-accel 'kvm",
    "a number without end": b"tcg,tb-size=" + b"1" * 5000,
    "a hexadecimal number without end": b"tcg,tb-size=0x" + b"f" * 50_000,
    "line ends of other systems": b"kvm,\r\x0b\x0c\x1c\xc2\x85\xe2\x80\xa8x",
    "a long line": b"kvm," * 50_000,
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


def test_20000_lines_have_20000_answers_in_their_order() -> None:
    asked = [f"tcg,tb-size={k}" if k % 3 else f"tcg,x{k}=1" for k in range(20_000)]
    status, out, err = command("check", "-", stdin="\n".join(asked).encode())
    assert (status, err) == (1, "")
    answers = lines(out)
    assert len(answers) == len(asked)
    for k, answer in enumerate(answers):
        assert answer == "accept" if k % 3 else answer.startswith(f"reject\ttcg,x{k}=1: ")


@given(st.lists(st.text(st.characters(exclude_characters="\n"))))
def test_the_stream_answers_what_check_answers_each_line(given_lines: list[str]) -> None:
    out = io.StringIO()
    schema = bundled("7.2")
    status = check_stream(
        io.StringIO("".join(f"{line}\n" for line in given_lines)), out, schema, as_json=False
    )
    answers = out.getvalue().splitlines()
    judged = [verdict(line, schema) for line in given_lines]
    assert [answer.partition("\t")[0] for answer in answers] == [
        "accept" if each.accepted else "reject" for each in judged
    ]
    assert status == (not all(each.accepted for each in judged))
