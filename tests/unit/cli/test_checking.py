"""``accelkit check``: verdicts as text and as JSON, and the stream that answers each line."""

from __future__ import annotations

import io
import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.cli import ask, lines

from accelkit import bundled, verdict
from accelkit.cli.checking import Question, check_stream, status_of
from accelkit.errors import visible_line
from accelkit.schemas import all_bundled


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
        (("--target", "aarch64", "hax"), 1),
        (("kvm,device=/dev/my kvm",), 0),
        (("",), 1),
        (("--version", "1.0", "kvm"), 2),
        (("--version", "new", "kvm"), 2),
        (("--version", "7.2", "--target", "vax", "kvm"), 2),
        # one command, whatever stands before its program
        (("qemu-system-x86_64", "-enable-kvm"), 0),
        (("sudo", "qemu-system-x86_64", "-enable-kvm"), 0),
        (("sudo", "-u", "vm", "qemu-kvm", "-accel", "tcg,x=1"), 1),
        (("X=1", "timeout", "--foreground", "8", "/usr/bin/kvm", "-m", "1G"), 0),
        (("--version", "10.0", "qemu-system-x86_64", "-M", "q35,accel=kvm,kernel_irqchip=off"), 1),
        (("sudo qemu-system-x86_64 -accel kvm; qemu-kvm -accel tcg,x=1",), 1),
        (("tcg,tb-size={8,64}",), 0),
        (("tcg,tb-size={8,x}",), 1),
        (("tcg() | tb_size(each(8, 64))",), 0),
        (("–accel", "kvm"), 1),
        (("hello world",), 1),
        (("kvmm", "foo"), 1),
        # nobody knows
        (("qemu-system-vax", "-accel", "tcg"), 3),
        (("--target", "vax", "kvm"), 3),
        (("--target", "vax", "qemu-system-x86_64 -accel kvm"), 3),
        (("qemu-system-vax -accel tcg; qemu-kvm -accel kvm",), 3),
        (("qemu-system-vax -accel tcg; qemu-kvm -accel foo",), 1),
        (("qemu-system-vax", "-accel", "tcg", "-enable-kvm"), 1),
        (("-accel kvm,device=$DEVICE",), 3),
        (("kvm,device=$DEVICE",), 3),
        (("qemu-kvm -accel kvm -m $MEM",), 0),
    ],
)
def test_checks_status_is_0_for_accepted_1_for_problems_2_for_failure_3_for_unknown(
    words: tuple[str, ...], status: int
) -> None:
    ran = ask("check", *words)
    assert ran.status == status
    assert bool(ran.out) == (status != 2)
    assert bool(ran.err) == (status == 2)


def test_check_answers_each_of_several_by_itself_and_a_command_line_last() -> None:
    answers = lines(ask("check", "kvm", "tcg,x=1", "-machine q35", "-accel", "tcg", "-m", "1G").out)
    verdicts = [line.partition("  [")[0] for line in answers if not line.startswith("  ")]
    assert verdicts == [
        "✓ accept  kvm", "✗ reject  tcg,x=1", "✓ accept  -machine q35", "✓ accept  -accel tcg -m 1G",
    ]  # fmt: skip


def test_the_words_of_a_command_line_are_shown_so_that_they_can_be_pasted() -> None:
    shown = lines(ask("check", "-accel", "kvm,device=/dev/my kvm").out)[0]
    assert shlex.split(shown)[2:4] == ["-accel", "kvm,device=/dev/my kvm"]


def test_a_version_newer_than_all_schemas_gives_one_note_of_one_line() -> None:
    status, out, err = ask("check", "--version", "99.1", "kvm", "tcg")
    assert status == 0
    assert out.count("QEMU 11.1") == 2
    assert re.fullmatch(r"accelkit: note: QEMU 99\.1 is newer than accelkit; .*\n", err)


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
        assert row.keys() == {"checked", "line", "qemu", "target", "asked", "accepted", "problems"}
        assert (row["qemu"], row["target"], row["accepted"]) == ("7.2.22", target, expected.accepted)
        assert (row["asked"], row["line"]) == ("given", None)
        assert shlex.split(row["checked"]) == ([subject] if isinstance(subject, str) else subject)
        for problem, meant in zip(row["problems"], expected.problems, strict=True):
            assert problem == meant._asdict() | {"fix": [edit._asdict() for edit in meant.fix]}


def test_json_has_each_command_with_its_line_and_each_problem_with_its_place() -> None:
    text = "qemu-system-x86_64 -accel kvm\n\nqemu-system-aarch64 -M virt \\\n  -accel tcg,x=1"
    first, second = json.loads(ask("check", "--json", "--version", "7.2", text).out)
    assert (first["line"], first["checked"], first["target"]) == (
        1,
        "qemu-system-x86_64 -accel kvm",
        "x86_64",
    )
    assert (second["line"], second["target"], second["asked"]) == (3, "aarch64", "bundled")
    assert [problem["place"] for problem in second["problems"]] == [[4, 10]]


def test_several_commands_have_a_block_each_and_their_problems_a_place() -> None:
    text = "# both\nqemu-kvm -m 1G\nqemu-kvm -accel tcg,x=1\n"
    out = lines(ask("check", "--version", "10.0", text).out)
    assert out[:2] == [
        "✓ accept  line 2: qemu-kvm -m 1G  [QEMU 10.0.13 (x86_64)]",
        "✗ reject  line 3: qemu-kvm -accel tcg,x=1  [QEMU 10.0.13 (x86_64)]",
    ]
    assert out[2].startswith("  ✗ refused  line 3, column 17: tcg,x=1: ")


@pytest.mark.parametrize(
    ("words", "mended"),
    [
        (("-accel", "kvm", "-enable-kvm"), "-accel kvm"),
        (("tcg,nosplit-wx",), "tcg,split-wx=off"),
        (("sudo qemu-system-x86_64 -enable-kvm -accel kvm -name 'my vm'",),
         "sudo qemu-system-x86_64 -accel kvm -name 'my vm'"),
        (('qemu-kvm -accel kvm -enable-kvm -m $MEM -name "vm $N"',), 'qemu-kvm -accel kvm -m $MEM -name "vm $N"'),
        (("–accel", "kvm"), "-accel kvm"),
        (("—enable-kvm",), "-enable-kvm"),
        (("kvm",), "kvm"),
        (("tcg,thread={single,multi}",), "tcg,thread=single\ntcg,thread=multi"),
        (("qemu-kvm -m 1; qemu-kvm -accel kvm -enable-kvm",), "qemu-kvm -m 1\nqemu-kvm -accel kvm"),
    ],
)  # fmt: skip
def test_fix_prints_the_line_that_is_accepted(words: tuple[str, ...], mended: str) -> None:
    assert ask("check", "--version", "10.0", "--fix", *words) == (0, f"{mended}\n", "")
    for line in mended.split("\n"):
        assert ask("check", "--version", "10.0", line).status == 0


def test_what_cannot_be_mended_is_told_on_standard_error() -> None:
    status, out, err = ask("check", "--version", "10.0", "--fix", "hvf")
    assert (status, out) == (1, "hvf\n")
    assert err.startswith("accelkit: build: hvf: ")
    row = json.loads(ask("check", "--version", "10.0", "--fix", "--json", "tcg,nosplit-wx").out)[0]
    assert (row["checked"], row["mended"], row["mended_accepted"]) == (
        "tcg,nosplit-wx",
        "tcg,split-wx=off",
        True,
    )


@pytest.mark.parametrize("words", [("--fix", "-"), ("--fix", "--libvirt", "vm.xml")])
def test_fix_is_for_lines_that_are_given(words: tuple[str, ...]) -> None:
    assert ask("check", *words, stdin=b"kvm").status == 2


DOMAIN = (
    "\ufeff<domain type='kvm' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>\r\n"
    "<os><type arch='{}' machine='{}'>hvm</type></os>\r\n"
    "<qemu:commandline>{}</qemu:commandline></domain>\r\n"
)
ICOUNT = "<qemu:arg value='-icount'/><qemu:arg value='shift=1'/>"


def test_a_domain_is_judged_as_the_line_that_libvirt_makes_of_it(tmp_path: Path) -> None:
    good, bad, strange = tmp_path / "good.xml", tmp_path / "bad.xml", tmp_path / "strange.xml"
    good.write_bytes(DOMAIN.format("x86_64", "q35", "").encode())
    bad.write_bytes(DOMAIN.format("x86_64", "q35", ICOUNT).encode())
    strange.write_bytes(DOMAIN.format("vax", "vax", "").encode())
    status, out, err = ask("check", "--version", "10.0", "--libvirt", str(good), str(bad))
    assert (status, err) == (1, "")
    assert out == (
        f"✓ accept  {good}: -machine q35 -accel kvm  [QEMU 10.0.13 (x86_64)]\n"
        f"✗ reject  {bad}: -machine q35 -accel kvm -icount shift=1  [QEMU 10.0.13 (x86_64)]\n"
        "  ✗ refused  line 3, column 19: kvm: -icount is for tcg only\n"
        "             → leave -icount out, or take tcg\n"
    )
    assert ask("check", "--libvirt", str(strange)).status == 3
    assert ask("check", "--version", "10.0", "--libvirt", "-", stdin=good.read_bytes()).status == 0
    assert ask("check", "--version", "10.0", good.read_text("utf-8")).status == 0
    assert ask("check", "--version", "10.0", bad.read_text("utf-8")).status == 1
    assert ask("check", "--libvirt", "-", stdin=b"<network/>") == (
        2, "", "accelkit: -: not a domain: the root is <network>; give what virsh dumpxml prints\n",
    )  # fmt: skip


def test_the_answer_says_which_qemu_was_asked() -> None:
    newest = all_bundled("x86_64")[-1].name
    assert ask("check", "kvm").out == f"✓ accept  kvm  [{newest}, bundled]\n"
    assert ask("check", "--version", "10.0", "kvm").out == "✓ accept  kvm  [QEMU 10.0.13 (x86_64)]\n"
    unknown = ask("check", "qemu-system-vax -accel tcg")
    assert unknown.out.startswith(
        "? unknown  qemu-system-vax -accel tcg  [no QEMU (vax) is known]\n  ? not known  "
    )
    assert ask("check", "-", stdin=b"kvm\nkvm").err == f"accelkit: note: asked {newest}, bundled\n"


@pytest.mark.parametrize("text", ["a\nb", "\x1b[31m", "\u2028", "\udcff", "\0"])
def test_what_does_not_print_is_shown_escaped(text: str) -> None:
    out = ask("check", f"kvm,x={text}").out
    assert out.endswith("\n")
    assert all(line.isprintable() for line in out[:-1].split("\n"))
    assert visible_line(text) in out


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
    status, out, err = ask(
        "check", "--version", "10.0", *form, "-", stdin=b"kvm\n" + bad + b"\n" + bad + b"\ntcg"
    )
    assert (status, err) == (1, "")
    answers = out.splitlines()  # at every kind of line break: an answer has none inside
    if form:
        assert [json.loads(answer)["accepted"] for answer in answers] == [True, False, False, True]
    else:
        assert [answer.partition("\t")[0] for answer in answers] == ["accept", "reject", "reject", "accept"]


def test_the_streams_status_is_that_of_its_worst_line() -> None:
    for stdin, answers, status in (
        (b"kvm\ntcg", "accept\naccept\n", 0),
        (b"", "", 0),
        (b"\xef\xbb\xbfkvm\r\ntcg,thread=single\r\n", "accept\naccept\n", 0),
        (
            b"sudo qemu-system-x86_64 -accel kvm\nqemu-system-x86_64 -accel kvm; qemu-kvm -m 1\n",
            "accept\naccept\n",
            0,
        ),
    ):
        assert ask("check", "--version", "7.2", "-", stdin=stdin) == (status, answers, "")
    status, out, _ = ask("check", "--version", "7.2", "-", stdin=b"kvm\nqemu-system-vax -accel tcg\n")
    assert (status, out.split("\t")[0]) == (3, "accept\nunknown")
    assert ask("check", "--version", "7.2", "-", stdin=b"qemu-system-vax -m 1\ntcg,x=1\n").status == 1


@given(st.lists(st.text(st.characters(exclude_characters="\n"))))
def test_the_stream_answers_what_check_answers_each_line(typed: list[str]) -> None:
    out = io.StringIO()
    schema = bundled("7.2")
    status = check_stream(
        io.StringIO("".join(f"{line}\n" for line in typed)), out, Question(schema), as_json=False
    )
    answers = out.getvalue().splitlines()
    expected = [verdict(line, schema) for line in typed]
    words = {True: "accept", False: "reject", None: "unknown"}
    assert [answer.partition("\t")[0] for answer in answers] == [
        words[answer.accepted] for answer in expected
    ]
    assert status == status_of(verdict.accepted for verdict in expected)
