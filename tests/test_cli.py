"""The accelkit command as a user meets it: what it prints, where, with which status, and how it ends."""

from __future__ import annotations

import contextlib
import io
import json
import os
import pty
import re
import select
import shlex
import shutil
import signal
import subprocess
import sys
import sysconfig
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from strategies import fallback_spaces, fallbacks, recipes, spaces

import accelkit
from accelkit import bundled, render, verdict
from accelkit.cli import commands, main
from accelkit.cli.checking import check_stream, visible
from accelkit.cli.completion import COMMANDS, SHELLS, candidates, script
from accelkit.cli.parser import arranged, parser
from accelkit.expression import evaluate
from accelkit.guests import WORKLOADS
from accelkit.qemu.binary import PACKAGES
from accelkit.table import ACCELERATORS, PROPERTIES

GOLDEN = Path(__file__).parent / "golden" / "cli.txt"
SCHEMAS = Path(accelkit.__file__).parent / "schemas"
SCRIPT = Path(sysconfig.get_path("scripts")) / "accelkit"
TIMEOUT = 60.0


class Ran(NamedTuple):
    status: int
    out: str
    err: str


def ask(*words: str, stdin: bytes = b"") -> Ran:
    """``accelkit WORDS`` in this process, its streams as a shell gives them."""
    out, err = io.BytesIO(), io.BytesIO()
    with (
        io.TextIOWrapper(out, "utf-8") as stdout,
        io.TextIOWrapper(err, "utf-8", errors="backslashreplace") as stderr,
        io.TextIOWrapper(io.BytesIO(stdin), "utf-8", newline="\n") as given_in,
        mock.patch.multiple(sys, stdin=given_in, stdout=stdout, stderr=stderr),
    ):
        status = main(words)
        stdout.flush()
        stderr.flush()
        return Ran(status, out.getvalue().decode(errors="surrogateescape"), err.getvalue().decode())


def environment(**changes: str) -> dict[str, str]:
    """This one, without what would make Python flush or warn by itself."""
    return {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")} | changes


def command(*words: str, stdin: bytes = b"", start: Sequence[str] = (str(SCRIPT),), **changes: str) -> Ran:
    """``accelkit WORDS`` as a process of its own."""
    done = subprocess.run(
        [*start, *words],
        input=stdin,
        capture_output=True,
        timeout=TIMEOUT,
        env=environment(**changes),
        check=False,
    )
    return Ran(done.returncode, done.stdout.decode(errors="surrogateescape"), done.stderr.decode())


def tool(name: str) -> str:
    """The path of a program; none is a failure in CI and a skip elsewhere."""
    path = shutil.which(name)
    if path is None:
        reason = f"no {name} here: apt-get install {PACKAGES['x86_64'][0] if 'qemu' in name else name}"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return path


@pytest.fixture
def qemu() -> str:
    return tool("qemu-system-x86_64")


def lines(text: str) -> list[str]:
    return text.splitlines()


# What is printed, whole.


def transcripts() -> dict[str, str]:
    """The commands of the golden file, with what they answer."""
    blocks = re.split(r"(?m)^\$ (.*)$", GOLDEN.read_text("utf-8"))[1:]
    return {line: answer.strip("\n") for line, answer in zip(blocks[::2], blocks[1::2], strict=True)}


def answered(line: str) -> str:
    """What ``line`` answers as the golden file has it: stdout, stderr after ``!``, status if not 0."""
    ran = ask(*shlex.split(line)[1:])
    shown = lines(ran.out) + [f"! {said}" for said in lines(ran.err)]
    return "\n".join(shown + [f"[{ran.status}]"] * (ran.status != 0)).strip("\n")


@pytest.mark.parametrize("line", transcripts())
def test_the_command_answers_as_the_golden_file_has_it(line: str) -> None:
    assert answered(line) == transcripts()[line]


# The command itself.


@pytest.mark.parametrize(
    "start", [[str(SCRIPT)], [sys.executable, "-m", "accelkit"]], ids=["script", "module"]
)
def test_it_starts_as_a_script_and_as_a_module(start: list[str]) -> None:
    if start == [str(SCRIPT)]:
        tool(start[0])
    assert command("--version", start=start) == (0, f"accelkit {accelkit.__version__}\n", "")


def test_the_version_it_says_is_the_one_installed() -> None:
    assert ask("--version").out == f"accelkit {metadata.version('accelkit')}\n"


@pytest.mark.parametrize("name", COMMANDS)
def test_help_says_what_a_command_does_and_shows_each_of_its_options(name: str) -> None:
    ran = ask(name, "--help")
    assert (ran.status, ran.err) == (0, "")
    assert len(ran.out) > 200
    listed = set(re.findall(r"(?<![\w-])--[a-z-]+", ran.out.partition("options:")[2]))
    assert listed == {*COMMANDS[name], "--help"}


def test_help_lists_every_command_but_the_one_that_completion_calls() -> None:
    listed = re.findall(r"(?m)^    ([a-z-]+)", ask("--help").out)
    assert listed == [*COMMANDS]


def test_every_example_in_the_help_is_taken() -> None:
    examples = re.findall(r"(?m)^  (accelkit .*?)   ", ask("--help").out)
    assert len(examples) >= 4
    for line in examples:
        assert ask(*shlex.split(line)[1:]).status == 0, line


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ((), "see accelkit --help"),
        (("chek", "kvm"), "did you mean 'check'?"),
        (("--verson",), "did you mean '--version'?"),
        (("zzz",), "one of check, parse"),
        (("check",), "see accelkit check --help"),
        (("check", "--version"), "see accelkit check --help"),
        (("check", "--version", "7.2", "--qemu", "x", "kvm"), "not allowed with"),
        (("check", "--jsno", "kvm"), "did you mean '--json'?"),
        (("check", "-accel", "kvm", "--json"), "before QEMU's words"),
        (("check", "kvm", "-"), "standard input"),
        (("parse", "-"), "standard input"),
        (("check", "--vers", "7.2", "kvm"), "did you mean '--version'?"),
        (("explain", "--mark"), "--mark"),
        (("run", "--timeout", "soon", "tcg"), "takes seconds, more than 0"),
        (("run", "--timeout", "nan", "tcg"), "takes seconds, more than 0"),
        (("run", "--timeout", "-1", "tcg"), "takes seconds, more than 0"),
        (("completion", "tcsh"), "bash"),
    ],
)
def test_wrong_usage_is_told_in_one_line_with_what_to_do(words: tuple[str, ...], hint: str) -> None:
    status, out, err = ask(*words)
    assert (status, out) == (2, "")
    assert err.startswith("accelkit")
    assert err.count("\n") == 1
    assert hint in err


@pytest.mark.parametrize(
    ("given", "parsed"),
    [
        (["check", "-accel", "kvm"], ["check", "--", "-accel", "kvm"]),
        (["check", "--version", "7.2", "-m", "1"], ["check", "--version", "7.2", "--", "-m", "1"]),
        (["check", "--version=7.2", "-m", "1"], ["check", "--version=7.2", "--", "-m", "1"]),
        (["check", "kvm", "--json"], ["check", "kvm", "--json"]),
        (["check", "--", "-m"], ["check", "--", "-m"]),
        (["check", "-name", "--json"], ["check", "--", "-name", "--json"]),
        (["check", "-"], ["check", "-"]),
        (["run", "--guest", "cpu", "-accel", "tcg"], ["run", "--guest", "cpu", "--", "-accel", "tcg"]),
        (["explain", "-x"], ["explain", "-x"]),
    ],
)
def test_qemus_words_begin_at_its_first_option(given: list[str], parsed: list[str]) -> None:
    assert arranged(given) == parsed


# check


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


# check -


@contextlib.contextmanager
def conversation(*words: str) -> Iterator[subprocess.Popen[bytes]]:
    """A running ``accelkit WORDS`` with pipes; killed if it has not ended by itself."""
    # A shell lets what it starts in the background ignore Ctrl-C, and that would be inherited.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    pipe = subprocess.PIPE
    process = subprocess.Popen(
        [sys.executable, "-m", "accelkit", *words], stdin=pipe, stdout=pipe, stderr=pipe, env=environment()
    )
    signal.signal(signal.SIGINT, before)
    try:
        yield process
    finally:
        process.kill()
        process.wait(TIMEOUT)
        for end in (process.stdin, process.stdout, process.stderr):
            with contextlib.suppress(BrokenPipeError):
                end.close()


def told(process: subprocess.Popen[bytes], line: bytes) -> bytes:
    """What ``process`` answers to ``line``, before it is given any more."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(line)
    process.stdin.flush()
    answer = b""
    deadline = time.monotonic() + TIMEOUT
    while not answer.endswith(b"\n"):
        ready, _, _ = select.select([process.stdout], [], [], max(0.0, deadline - time.monotonic()))
        assert ready, f"no answer to {line!r} while the pipe is open, only {answer!r}"
        read = os.read(process.stdout.fileno(), 1 << 16)
        assert read, f"the end instead of an answer to {line!r}"
        answer += read
    return answer


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


# parse and render


@given(recipes() | fallbacks())
def test_render_writes_what_parse_reads_back(recipe: Any) -> None:
    rendered = ask("render", repr(recipe))
    assert (rendered.status, rendered.err) == (0, "")
    words = shlex.split(rendered.out)
    assert words == render(recipe)
    parsed = ask("parse", *words)
    assert (parsed.status, parsed.err) == (0, "")
    assert render(evaluate(parsed.out)) == words
    assert ask("render", *words) == rendered


@given(spaces() | fallback_spaces())
def test_render_prints_a_line_for_each_point_of_a_space(space: Any) -> None:
    ran = ask("render", repr(space))
    assert (ran.status, ran.err) == (0, "")
    assert [shlex.split(line) for line in ran.out.split("\n")[:-1]] == list(space.argvs())


@given(st.sampled_from(["kvm() | shadow_mem('64MiB')", "kvm() | kernel_irqchip(split)", "tcg() | tb_size(64)"]))
def test_domain_xml_that_render_writes_parse_reads_back(recipe: str) -> None:
    written = ask("render", "--libvirt", recipe)
    assert ask("parse", "--libvirt", "-", stdin=written.out.encode()) == (0, f"{evaluate(recipe)!r}\n", "")


def test_parse_reads_domains_from_files(tmp_path: Path) -> None:
    good, bad = tmp_path / "a b.xml", tmp_path / "bad.xml"
    good.write_text("<domain type='kvm'/>")
    bad.write_bytes(b"<!DOCTYPE x><domain type='kvm'/>")
    assert ask("parse", "--libvirt", str(good), str(good)) == (0, "kvm()\nkvm()\n", "")
    assert ask("parse", "--libvirt", str(good), str(bad)) == (
        2, "kvm()\n",
        f"accelkit: {bad}: XML with a document type (<!DOCTYPE …>), which no domain needs; remove it\n",
    )  # fmt: skip
    assert ask("parse", "--libvirt", str(tmp_path)) == (2, "", f"accelkit: {tmp_path}: Is a directory\n")


def test_what_has_no_effect_in_a_domain_is_noted() -> None:
    xml = b"<domain type='qemu'><features><kvm><dirty-ring state='on' size='4096'/></kvm></features></domain>"
    status, out, err = ask("parse", "--libvirt", "-", stdin=xml)
    assert (status, out) == (0, "tcg()\n")
    assert err.startswith("accelkit: note: <dirty-ring> has no effect")


def test_what_is_not_utf_8_is_rendered_as_the_bytes_it_was() -> None:
    assert ask("render", "kvm,device=/dev/\udcff") == (0, "-accel 'kvm,device=/dev/\udcff'\n", "")


def test_an_odd_backslash_in_a_recipe_is_no_news() -> None:
    assert ask("render", r"tcg() | option('x', '\d')") == (0, "-accel 'tcg,x=\\d'\n", "")


# explain


@pytest.mark.parametrize("name", [*ACCELERATORS, *PROPERTIES])
def test_explain_says_what_each_row_of_the_table_means(name: str) -> None:
    row: Any = ACCELERATORS.get(name) or PROPERTIES[name]
    plain, marked = ask("explain", name), ask("explain", "--markdown", name)
    assert plain.status == marked.status == 0
    assert lines(plain.out)[0] == f"{name}: {row.doc}"
    assert lines(marked.out)[0] == f"### `{name}`"
    if name in PROPERTIES:
        assert ask("explain", row.name).out == plain.out  # as in Python
        assert row.domain.allowed in plain.out


def test_explain_takes_several_names() -> None:
    one, other = ask("explain", "kvm").out, ask("explain", "tb_size").out
    assert ask("explain", "kvm", "tb-size").out == f"{one}\n{other}"


def test_explain_without_a_name_lists_all() -> None:
    assert [line.split()[0] for line in lines(ask("explain").out)] == [*ACCELERATORS, *PROPERTIES]
    rows = lines(ask("explain", "--markdown").out)[2:]
    assert [row.split("`")[1] for row in rows] == [row.name for row in PROPERTIES.values()]


@pytest.mark.parametrize(("slip", "meant"), [("tb_sise", "tb-size"), ("KVM", "kvm"), ("notify", None)])
def test_explain_of_an_unknown_name_says_the_nearest(slip: str, meant: str | None) -> None:
    ran = ask("explain", slip)
    if meant is None:
        assert ran.status == 0
    else:
        assert (ran.status, ran.out) == (2, "")
        assert ran.err.endswith(f"did you mean {meant!r}?\n")


# probe and diff


@pytest.mark.qemu
@pytest.mark.parametrize("target", ["x86_64", "aarch64"])
def test_probe_prints_what_is_bundled_for_that_qemu(target: str) -> None:
    tool(f"qemu-system-{target}")
    ran = ask("probe", "--target", target)
    assert (ran.status, ran.err) == (0, "")
    found = json.loads(ran.out)
    series = ".".join(found["version"].split(".")[:2])
    captured = [
        json.loads(path.read_text("utf-8")) for path in SCHEMAS.glob(f"qemu-{series}.*-{target}.json")
    ]
    if not captured:
        pytest.skip(f"QEMU {series} is not among the captured")
    assert found["accelerators"] == captured[0]["accelerators"]
    if found["package"] == captured[0]["package"]:
        assert found == captured[0]


@pytest.mark.qemu
def test_what_probe_prints_diff_reads(qemu: str, tmp_path: Path) -> None:
    here = tmp_path / "here.json"
    here.write_text(ask("probe", qemu).out, "utf-8")
    version = json.loads(here.read_text("utf-8"))["version"]
    ran = ask("diff", str(here), str(here))
    assert ran == (0, f"QEMU {version} (x86_64) -> QEMU {version} (x86_64)\n  no difference\n", "")


@pytest.mark.parametrize(
    "words", [["probe"], ["check", "tcg", "--qemu"], ["run", "tcg", "--qemu"], ["demo", "--qemu"]]
)
@pytest.mark.parametrize(
    "binary",
    ["/bin/true", "/bin/cat", "/nonexistent/qemu", "", "'", "/etc/passwd", "a\0b", "env", "sh -c 'exit 3'"],
)
def test_what_is_no_qemu_is_told_in_one_line(words: list[str], binary: str) -> None:
    status, out, err = ask(*words, binary)
    assert status == 2
    assert re.fullmatch(r"accelkit: .+\n", err)
    assert "[QEMU" not in out


@pytest.mark.parametrize(
    ("content", "hint"),
    [
        (b"", "no captured schema"),
        (b"\xff", "no captured schema"),
        (b"[1]", "no captured schema"),
        (b"[" * 200_000, "no captured schema"),
        (b"{}", "format"),
        (b'{"format": 1}', "capture it again"),
        (b'{"format": 1, "version": "7.2", "target": 1, "package": 1, "binary-literals": 1, "accelerators": []}',
         "capture it again"),
    ],
    ids=lambda value: repr(value[:20]),
)  # fmt: skip
def test_a_file_that_is_no_schema_is_told_in_one_line(content: bytes, hint: str, tmp_path: Path) -> None:
    path = tmp_path / "odd.json"
    path.write_bytes(content)
    status, out, err = ask("diff", "7.2", str(path))
    assert (status, out) == (2, "")
    assert re.fullmatch(r"accelkit: .+\n", err)
    assert hint in err


def test_diff_of_a_folder_or_of_nothing_names_it(tmp_path: Path) -> None:
    assert ask("diff", "7.2", str(tmp_path)) == (2, "", f"accelkit: {tmp_path}: Is a directory\n")
    missing = str(tmp_path / "new.json")
    assert ask("diff", missing, "7.2").err.startswith(f"accelkit: {missing}: no such file, and no version; ")


# run and demo


@pytest.mark.qemu
@pytest.mark.parametrize(
    "words", [["tcg,thread=single"], ["-accel", "tcg", "-m", "1G"], ["-machine q35,accel=tcg"]]
)
def test_run_boots_a_guest_and_says_what_it_took(words: list[str], qemu: str) -> None:
    status, out, err = ask("run", "--guest", "cpu", "--qemu", qemu, *words)
    assert (status, err) == (0, "")
    assert [line.split()[0] for line in lines(out)] == ["QEMU", "cpu", "outcome", "took", "guest"]
    assert re.search(r"(?m)^outcome     ok$", out)
    assert re.search(r"(?m)^took        \d+\.\d{3} s; CPU \d+\.\d{3} s user, \d+\.\d{3} s system$", out)
    assert re.search(r"(?m)^guest       20 slices, .*, as predicted$", out)


@pytest.mark.qemu
def test_run_of_what_qemu_refuses_says_so_in_its_words_and_what_to_do(qemu: str) -> None:
    status, out, err = ask("run", "tcg,tb-size=x", "--qemu", qemu)
    assert status == 1
    assert re.search(r"(?m)^outcome     refused: .*tb-size", out)
    assert re.search(r"(?m)^QEMU says   .*tb-size", err)
    assert re.search(r"(?m)^accelkit: refused: tcg,tb-size=x: .*; takes a whole number", err)


@pytest.fixture
def marked(qemu: str, tmp_path: Path) -> Path:
    """A QEMU under a name of its own, by which its processes can be told."""
    path = tmp_path / "qemu-of-this-test"
    path.symlink_to(qemu)
    return path


def running(program: Path) -> bool:
    """Whether a process was started as ``program``."""
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if entry.read_bytes().startswith(os.fsencode(program) + b"\0"):
                return True
    return False


@pytest.mark.qemu
def test_run_ends_a_guest_that_hangs_when_its_time_is_up(marked: Path) -> None:
    status, out, err = ask("run", "--guest", "hang", "--timeout", "1", "--qemu", str(marked), "tcg")
    assert (status, err) == (1, "")
    assert re.search(r"(?m)^outcome     timeout: not ended in time", out)
    assert not running(marked)


@pytest.mark.qemu
def test_ctrl_c_during_a_run_ends_qemu_too(marked: Path) -> None:
    with conversation("run", "--guest", "hang", "--qemu", str(marked), "tcg") as process:
        deadline = time.monotonic() + TIMEOUT
        while not running(marked):
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=TIMEOUT)
        assert (process.returncode, out, err) == (130, b"", b"accelkit: interrupted\n")
    assert not running(marked)


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["tcg", "kvm"], "got 2 accelerators"),
        (["--guest", "cpuu", "tcg"], "did you mean 'cpu'?"),
        (["--target", "vax", "tcg"], "no guest is built for it"),
        (["tcg,=1"], "name it"),
        ([""], "names no accelerator"),
    ],
)
def test_run_of_what_makes_no_sense_starts_nothing(
    words: list[str], hint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subprocess, "Popen", lambda *_, **__: pytest.fail("a process was started"))
    status, out, err = ask("run", *words)
    assert (status, out) == (2, "")
    assert re.fullmatch(r"accelkit: .+\n", err)
    assert hint in err


@pytest.mark.parametrize(
    ("words", "target"),
    [
        (["run", "tcg"], "x86_64"),
        (["run", "--target", "aarch64", "tcg"], "aarch64"),
        (["probe"], "x86_64"),
        (["probe", "--target", "aarch64"], "aarch64"),
        (["demo"], "x86_64"),
    ],
)
def test_without_a_qemu_one_line_names_the_package_to_install(
    words: list[str], target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    status, _, err = ask(*words)
    assert status == 2
    debian, fedora = PACKAGES[target]
    assert re.fullmatch(
        rf"accelkit: qemu-system-{target}: no such program; .*apt-get install {debian} .*dnf install {fedora} .*\n",
        err,
    )


@pytest.mark.qemu
def test_the_demo_goes_all_the_way_to_a_ratio_that_it_measured(qemu: str) -> None:
    status, out, err = ask("demo", "--qemu", qemu)
    assert (status, err) == (0, "")
    heads = [line.split()[0] for line in lines(out) if not line.startswith(" ")]
    assert heads == ["compose", "render", *["check"] * 5, "run", "answer"]
    composed = re.search(r"(?m)^compose  (.*)$", out)
    rendered = re.search(r"(?m)^render   (.*)$", out)
    assert composed is not None
    assert rendered is not None
    assert shlex.split(rendered[1]) == render(evaluate(composed[1]))
    ratios = [float(found) for found in re.findall(r"takes ([\d.]+) times as long", out)]
    answer = re.search(
        r"(?m)^answer .*: ([\d.]+) times as long \(median of 5 pairs, ([\d.]+) to ([\d.]+)\)", out
    )
    assert answer is not None
    assert sorted(ratios) == pytest.approx(
        [float(answer[2]), *sorted(ratios)[1:2], float(answer[1]), *sorted(ratios)[3:4], float(answer[3])]
    )


# Completion


@pytest.mark.parametrize(
    ("line", "completed"),
    [
        ("accelkit ", [*COMMANDS]),
        ("accelkit ch", ["check"]),
        ("accelkit check --v", ["--version"]),
        ("accelkit check --version ", ["5.2", "7.2", "10.0", "11.1"]),
        ("accelkit check --version 7", ["7.2"]),
        ("accelkit check --target a", ["aarch64"]),
        ("accelkit check kv", ["kvm"]),
        ("accelkit check 'kv", ["'kvm"]),
        ("accelkit check -accel tcg,th", ["tcg,thread="]),
        ("accelkit check kvm,kernel-irqchip=", [f"kvm,kernel-irqchip={word}" for word in ("on", "off", "split")]),
        ("accelkit check kvm,kernel-irqchip=s", ["kvm,kernel-irqchip=split"]),
        ("accelkit check tcg,thread=single,split-wx=", ["tcg,thread=single,split-wx=on", "tcg,thread=single,split-wx=off"]),
        ("accelkit check tcg,tb-size=", []),
        ("accelkit check tcg,x=", []),
        ("accelkit parse --", ["--libvirt"]),
        ("accelkit parse --libvirt k", []),
        ("accelkit render --libvirt k", ["kvm"]),
        ("accelkit render --libvirt --target ", ["x86_64", "aarch64"]),
        ("accelkit explain dirty", ["dirty-ring-size"]),
        ("accelkit completion ", [*SHELLS]),
        ("accelkit completion --", ["--install"]),
        ("accelkit run --guest ha", []),
        ("accelkit run --guest tb", ["tb-thrash"]),
        ("accelkit nothing ", []),
        ("accelkit", []),
        ("", [*COMMANDS]),
    ],
)  # fmt: skip
def test_a_line_is_completed_by_what_may_stand_there(line: str, completed: list[str]) -> None:
    assert candidates(line) == completed
    assert ask("complete-line", line) == (0, "".join(f"{word}\n" for word in completed), "")


@given(st.text())
@example("accelkit check ,=")
@example("accelkit run --guest")
def test_any_line_can_be_asked_to_be_completed(line: str) -> None:
    word = line.rpartition(" ")[2]
    assert all(isinstance(each, str) and "\n" not in each for each in candidates(line))
    assert all(each.startswith(word) for each in candidates(line))


def test_all_that_completion_offers_is_taken() -> None:
    options = {
        name: {option for action in command._actions for option in action.option_strings} - {"-h", "--help"}
        for action in parser()._actions
        for name, command in (action.choices or {}).items()
        if name != "complete-line"
    }
    assert {name: set(listed) for name, listed in COMMANDS.items()} == options
    for word in candidates("accelkit run --guest "):
        assert word in {row.name for row in WORKLOADS}
    for word in candidates("accelkit check --version "):
        assert ask("check", "--version", word, "tcg") == (0, mock.ANY, "")
    for accel in candidates("accelkit check "):
        for text in candidates(f"accelkit check {accel},"):
            for whole in candidates(f"accelkit check {text}") or [f"{text}0"]:
                assert ask("render", whole).status == 0


class Terminal:
    """An interactive shell at a terminal of its own."""

    def __init__(self, argv: list[str], **changes: str) -> None:
        self.process, self._master = pty.fork()
        if self.process == 0:
            path = f"{SCRIPT.parent}{os.pathsep}{os.environ['PATH']}"
            os.execve(argv[0], argv, environment(PATH=path, TERM="dumb", INPUTRC="/dev/null", **changes))
        self.seen = ""

    def send(self, text: str) -> None:
        os.write(self._master, text.encode())

    def wait_for(self, pattern: str) -> re.Match[str]:
        """The first match in what was shown; consumes up to its end."""
        deadline = time.monotonic() + TIMEOUT
        while (found := re.search(pattern, self.seen)) is None:
            ready, _, _ = select.select([self._master], [], [], max(0.0, deadline - time.monotonic()))
            assert ready, f"no {pattern!r} in {self.seen!r}"
            self.seen += os.read(self._master, 1 << 16).decode(errors="replace")
        self.seen = self.seen[found.end() :]
        return found

    def close(self) -> None:
        os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)
        os.close(self._master)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def sourced(shell: str, home: Path) -> str:
    path = home / f"script.{shell}"
    path.write_text(ask("completion", shell).out, "utf-8")
    return f"source {path}"


def installed(shell: str, home: Path) -> str:
    status, out, err = ask("completion", shell, "--install")
    assert (status, err) == (0, "")
    path = Path(lines(out)[0])
    assert path.is_relative_to(home)
    assert path.read_text("utf-8") == script(shell)
    # The second line says what is left to do, and so it is done here.
    return {"bash": f"source {path}", "zsh": f"fpath+=({path.parent})"}[shell]


class Shell(NamedTuple):
    arguments: list[str]
    start: str  # from a bare shell to a prompt that no echo of these words can be taken for
    keys: str  # bash adds a space after a whole word by itself


INTERACTIVE = {
    "bash": Shell(
        ["--norc", "--noprofile", "-i"],
        "{setup}; PS1='READY''> '",
        "accelkit che\tkvm,kernel-ir\ts\t--version 7\t\n",
    ),
    "zsh": Shell(
        ["-f", "-i"],
        "{before}; autoload -U compinit; compinit -u -D; {setup}; PS1='READY''> '",
        "accelkit che\t kvm,kernel-ir\ts\t --version 7\t\n",
    ),
}


@pytest.mark.parametrize("way", [sourced, installed])
@pytest.mark.parametrize("name", INTERACTIVE)
def test_a_tab_in_a_real_shell_completes_properties_and_values(
    name: str, way: Callable[[str, Path], str], home: Path
) -> None:
    path = tool(name)
    tool(str(SCRIPT))
    setup = way(name, home)
    before = ":"
    if setup.startswith("fpath"):
        before, setup = setup, ":"
    shell = INTERACTIVE[name]
    terminal = Terminal([path, *shell.arguments])
    try:
        terminal.send(shell.start.format(before=before, setup=setup) + "\n")
        terminal.wait_for("READY> ")
        terminal.send(shell.keys)
        found = terminal.wait_for(r"(accept|reject)  (\S+)  \[QEMU ([\d.]+)")
        assert found.groups() == ("accept", "kvm,kernel-irqchip=split", "7.2.22")
    finally:
        terminal.close()


@pytest.mark.parametrize("way", ["sourced", "installed"])
def test_fish_completes_properties_and_values(way: str, home: Path) -> None:
    fish = tool("fish")
    tool(str(SCRIPT))
    if way == "installed":
        assert ask("completion", "fish", "--install").status == 0
    source = sourced("fish", home) if way == "sourced" else ":"
    path = f"{SCRIPT.parent}{os.pathsep}{os.environ['PATH']}"
    for line, expected in {
        "accelkit che": ["check"],
        "accelkit check kvm,kernel-irqchip=": [
            f"kvm,kernel-irqchip={word}" for word in ("off", "on", "split")
        ],
        "accelkit check -accel tcg,th": ["tcg,thread="],
    }.items():
        ran = command(
            "-c", f"{source}; complete -C {shlex.quote(line)}", start=[fish], PATH=path, HOME=str(home)
        )
        assert (ran.status, sorted(lines(ran.out)), ran.err) == (0, expected, "")


def test_completion_goes_where_xdg_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for shell in SHELLS:
        assert ask("completion", shell, "--install").status == 0
    written = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file())
    assert written == [
        "config/fish/completions/accelkit.fish",
        "data/bash-completion/completions/accelkit",
        "data/zsh/site-functions/_accelkit",
    ]


def test_completion_that_cannot_be_written_says_where(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "file"))
    status, out, err = ask("completion", "bash", "--install")
    assert (status, out) == (2, "")
    assert re.fullmatch(rf"accelkit: {tmp_path}/file/\S+: Not a directory; .*--install\n", err)


# How it ends


def test_ctrl_c_gives_one_line_and_130() -> None:
    with conversation("check", "-") as process:
        assert told(process, b"kvm\n") == b"accept\n"
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=TIMEOUT)
        assert (process.returncode, out, err) == (130, b"", b"accelkit: interrupted\n")


def test_a_reader_that_leaves_ends_the_stream_without_a_word() -> None:
    with conversation("check", "-") as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        told(process, b"kvm\n")
        process.stdout.close()

        def feed() -> None:
            assert process.stdin is not None
            with contextlib.suppress(BrokenPipeError):
                while True:
                    process.stdin.write(b"kvm\n" * 1000)

        feeder = threading.Thread(target=feed, daemon=True)
        feeder.start()
        assert process.wait(TIMEOUT) == 0
        assert process.stderr.read() == b""
        feeder.join(TIMEOUT)
        assert not feeder.is_alive()


@pytest.mark.parametrize(
    "words",
    [["explain"], ["check", "kvm"], ["--help"], ["diff", "7.2", "11.1"], ["--version"], ["render", "--libvirt", "kvm"]],
)
def test_a_reader_that_is_gone_from_the_start_is_no_failure(words: list[str]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = subprocess.run([sys.executable, "-m", "accelkit", *words], stdout=writer,
                              stderr=subprocess.PIPE, timeout=TIMEOUT, env=environment(), check=False)  # fmt: skip
    finally:
        os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="Linux's /dev/full is wanted")
@pytest.mark.parametrize("words", [["explain"], ["check", "kvm"], ["--version"], ["check", "-"]])
def test_a_full_disk_is_told_in_one_line(words: list[str]) -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run([sys.executable, "-m", "accelkit", *words], stdout=full, input=b"kvm\n",
                              stderr=subprocess.PIPE, timeout=TIMEOUT, env=environment(), check=False)  # fmt: skip
    assert (done.returncode, done.stderr) == (2, b"accelkit: No space left on device\n")


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize(
    ("words", "status"), [("check kvm", 0), ("check -", 0), ("check", 2), ("check kvm,x=1", 1)]
)
def test_streams_that_are_closed_change_no_status(closed: str, words: str, status: int) -> None:
    line = f'exec "$0" -m accelkit {words} {closed}'
    ran = command("-c", line, sys.executable, start=["/bin/sh"])
    assert ran.status == status
    assert "Traceback" not in ran.err


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_a_terminal_without_the_characters_is_shown_their_codes(encoding: str) -> None:
    ran = command("explain", "tb_size", start=[sys.executable, "-m", "accelkit"], PYTHONIOENCODING=encoding)
    assert (ran.status, ran.err) == (0, "")
    assert ("tb_size(…)" if encoding == "utf-8" else r"tb_size(\u2026)") in ran.out


def test_main_leaves_the_callers_warnings_as_they_were() -> None:
    import warnings

    before = warnings.filters[:], warnings.showwarning
    ask("check", "--version", "9.1", "kvm")
    assert (warnings.filters[:], warnings.showwarning) == before


# Whatever is typed

WORDS = [
    *COMMANDS, "complete-line", *ACCELERATORS, *PROPERTIES, *SHELLS, "-", "--", "-h", "--help", "--version",
    "--target", "--json", "--libvirt", "--markdown", "--guest", "--timeout", "--qemu", "7.2", "9.9", "x86_64",
    "aarch64",
    "-accel", "-machine", "q35,accel=kvm", "-m", "1G", "kvm,kernel-irqchip=split", "tcg,tb-size=" + "9" * 5000,
    "tcg()", "tcg() | tb_size(each(1, 2))", "kvm() | tb_size(1)", "first_of(kvm(), tcg())", "tb_size",
    "tb_size(0x" + "f" * 5000 + ")", "doubling(1, 4)", "(" * 300, "tcg()" + "|tcg()" * 3000, "'", '"', "\\", "",
    " ", "\n", "\0", "\udcff", "€", "{8,64}", "tcg,tb-size={8,64}", "/", "/dev/null", "/proc/self/mem", "cpu", "hang",
]  # fmt: skip


@pytest.fixture(scope="module")
def nothing_to_start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No program on PATH, and a home that may be written to."""
    home = str(tmp_path_factory.mktemp("home"))
    changes = {"PATH": "", "HOME": home, "XDG_DATA_HOME": home, "XDG_CONFIG_HOME": home}
    with mock.patch.dict(os.environ, changes), contextlib.chdir(home):
        yield


argument_lists = st.lists(st.sampled_from(WORDS) | st.text(max_size=20), max_size=6)


@pytest.mark.usefixtures("nothing_to_start")
@given(
    st.sampled_from([*COMMANDS]).flatmap(lambda name: argument_lists.map(lambda rest: [name, *rest]))
    | argument_lists
)
@settings(max_examples=300)
@example(["render", "tcg() | tb_size(" + "9" * 5000 + ")"])
@example(["render", "1" + "*9" * 5000])
@example(["probe", "'"])
@example(["parse", "tcg,tb-size=" + "9" * 5000])
def test_no_arguments_end_in_a_traceback(words: list[str]) -> None:
    status, out, err = ask(*words, stdin=b"kvm\n\xff\n")
    assert status in (0, 1, 2)
    assert "Traceback" not in out + err
    # A note of the version, another of the second one, and the error; or a note for each line parsed.
    assert len(lines(err)) <= max(2, len(words))
    assert all(line.startswith("accelkit") for line in err.split("\n")[:-1])
    if status == 2:
        assert err


def test_every_command_has_its_function() -> None:
    for name in COMMANDS:
        assert callable(getattr(commands, name))


if __name__ == "__main__":  # answers anew, for the commands in the golden file: read the difference
    head = GOLDEN.read_text("utf-8").partition("$ ")[0]
    GOLDEN.write_text(
        head + "\n\n".join(f"$ {line}\n{answered(line)}" for line in transcripts()) + "\n", "utf-8"
    )
