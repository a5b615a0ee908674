"""The accelkit command as a user meets it: what it prints, where, with which status, and how it ends."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from cli_asked import SCRIPT, TIMEOUT, ask, command, conversation, environment, installed_command, lines, told
from hypothesis import example, given, settings
from hypothesis import strategies as st
from strategies import fallback_spaces, fallbacks, recipes, spaces
from support.tools import tool, unavailable

import accelkit
from accelkit import render
from accelkit.cli import commands
from accelkit.cli.completion import COMMANDS, SHELLS
from accelkit.cli.parser import arranged
from accelkit.expression import evaluate
from accelkit.table import ACCELERATORS, PROPERTIES

GOLDEN = Path(__file__).parent / "golden" / "cli.txt"
SCHEMAS = Path(accelkit.__file__).parent / "schemas"

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
        installed_command()
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
        unavailable(f"QEMU {series} is not among the captured")
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
