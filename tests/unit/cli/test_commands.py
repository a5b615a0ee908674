"""The functions behind the subcommands, asked in this process: whole answers, parse and render, explain, diff."""

from __future__ import annotations

import os
import re
import shlex
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.cli import ask, lines
from support.strategies import fallback_spaces, fallbacks, recipes, spaces

from accelkit import render
from accelkit.parsing.notation import evaluate
from accelkit.recipes.table import ACCELERATORS, PROPERTIES
from accelkit.syntax.shell_words import words_of

GOLDEN = Path(__file__).parents[2] / "golden" / "cli.txt"


def transcripts() -> dict[str, str]:
    """The commands of the golden file, with what they answer."""
    blocks = re.split(r"(?m)^\$ (.*)$", GOLDEN.read_text("utf-8"))[1:]
    return {line: answer.strip("\n") for line, answer in zip(blocks[::2], blocks[1::2], strict=True)}


def answered(line: str) -> str:
    """What ``line`` answers, as the golden file has it: stdout, stderr after ``!``, the status unless it is 0."""
    ran = ask(*shlex.split(line)[1:])
    shown = lines(ran.out) + [f"! {message}" for message in lines(ran.err)]
    return "\n".join(shown + [f"[{ran.status}]"] * (ran.status != 0)).strip("\n")


@pytest.mark.parametrize("line", transcripts())
def test_the_command_answers_as_the_golden_file_has_it(line: str) -> None:
    if os.environ.get("ACCELKIT_UPDATE_GOLDEN") == "1":
        head = GOLDEN.read_text("utf-8").partition("$ ")[0]
        answers = {**transcripts(), line: answered(line)}
        blocks = (f"$ {known}\n{answer}" for known, answer in answers.items())
        GOLDEN.write_text(head + "\n\n".join(blocks) + "\n", "utf-8")
    assert answered(line) == transcripts()[line]


def test_the_version_is_the_installed_one() -> None:
    assert ask("--version").out == f"accelkit {metadata.version('accelkit')}\n"


@given(recipes() | fallbacks())
def test_render_writes_what_parse_reads_back(recipe: Any) -> None:
    rendered = ask("render", repr(recipe))
    assert (rendered.status, rendered.err) == (0, "")
    words = words_of(rendered.out)
    assert words == render(recipe)
    parsed = ask("parse", *words)
    assert (parsed.status, parsed.err) == (0, "")
    assert render(evaluate(parsed.out)) == words
    assert ask("render", *words) == rendered


@given(spaces() | fallback_spaces())
def test_render_prints_a_line_for_each_point_of_a_space(space: Any) -> None:
    ran = ask("render", repr(space))
    assert (ran.status, ran.err) == (0, "")
    assert [words_of(line) for line in ran.out.split("\n")[:-1]] == list(space.argvs())


def test_render_reads_braces_as_a_sweep() -> None:
    assert ask("render", "tcg,tb-size={8,64}0") == (0, "-accel tcg,tb-size=80\n-accel tcg,tb-size=640\n", "")
    status, out, err = ask("render", "tcg,tb-size={8,64")
    assert (status, out) == (2, "")
    assert "a brace has no partner at position 12" in err


def test_each_command_of_a_text_is_parsed_and_rendered() -> None:
    text = "sudo qemu-system-x86_64 -enable-kvm -m 1G\nqemu-system-aarch64 -M virt -accel tcg,tb-size=64"
    assert ask("parse", text) == (0, "kvm()\ntcg() | tb_size(64)\n", "")
    assert ask("render", text) == (0, "-accel kvm\n-accel tcg,tb-size=64\n", "")


@pytest.mark.parametrize(
    ("words", "recipe"),
    [
        (["sudo", "qemu-system-x86_64", "-enable-kvm"], "kvm()"),
        (["tcg,tb-size={8,64}"], "tcg() | tb_size(each(8, 64))"),
        (["tcg() | tb_size(8)"], "tcg() | tb_size(8)"),
        (["\ufeffqemu-kvm \\\r\n  -accel kvm\r\n"], "kvm()"),
        (["<domain type='kvm'/>"], "kvm()"),
    ],
)
def test_parse_reads_what_people_paste(words: list[str], recipe: str) -> None:
    assert ask("parse", *words) == (0, f"{recipe}\n", "")


@pytest.mark.parametrize("text", ["sudo foo", "hello world", "foo", "-accel foo", "qemu-kvm -accel $ACCEL"])
def test_parse_makes_no_accelerator_of_what_no_qemu_has(text: str) -> None:
    status, out, err = ask("parse", text)
    assert (status, out) == (2, "")
    assert err.startswith("accelkit: ")


def test_a_line_that_qemu_never_gets_is_noted() -> None:
    status, out, err = ask("parse", "qemu-kvm \\\n  -accel tcg\n  -smp 2")
    assert (status, out) == (0, "tcg()\n")
    assert err.startswith("accelkit: note: line 2: the shell ends the command at line 2")


@given(
    st.sampled_from(["kvm() | shadow_mem('64MiB')", "kvm() | kernel_irqchip(split)", "tcg() | tb_size(64)"])
)
def test_domain_xml_that_render_writes_parse_reads_back(recipe: str) -> None:
    xml = ask("render", "--libvirt", recipe)
    assert ask("parse", "--libvirt", "-", stdin=xml.out.encode()) == (0, f"{evaluate(recipe)!r}\n", "")


def test_parse_reads_domains_from_files(tmp_path: Path) -> None:
    good, bad = tmp_path / "a b.xml", tmp_path / "bad.xml"
    good.write_text("<domain type='kvm'/>")
    bad.write_bytes(b"<!DOCTYPE x><domain type='kvm'/>")
    assert ask("parse", "--libvirt", str(good), str(good)) == (0, "kvm()\nkvm()\n", "")
    assert ask("parse", "--libvirt", str(good), str(bad)) == (
        2, "kvm()\n",
        f"accelkit: {bad}: XML with a document type (<!DOCTYPE …>), which no domain needs; remove it\n",
    )  # fmt: skip
    assert ask("parse", "--libvirt", str(tmp_path)) == (
        2,
        "",
        f"accelkit: {tmp_path}: is a folder, not a regular file\n",
    )


def test_what_has_no_effect_in_a_domain_is_noted() -> None:
    xml = b"<domain type='qemu'><features><kvm><dirty-ring state='on' size='4096'/></kvm></features></domain>"
    status, out, err = ask("parse", "--libvirt", "-", stdin=xml)
    assert (status, out) == (0, "tcg()\n")
    assert err.startswith("accelkit: note: <dirty-ring> has no effect")


def test_what_is_not_utf_8_is_rendered_as_the_bytes_it_was() -> None:
    assert ask("render", "kvm,device=/dev/\udcff") == (0, "-accel $'kvm,device=/dev/\\xff'\n", "")


def test_an_odd_backslash_in_a_recipe_gives_no_warning() -> None:
    assert ask("render", r"tcg() | option('x', '\d')") == (0, "-accel 'tcg,x=\\d'\n", "")


@pytest.mark.parametrize("name", [*ACCELERATORS, *PROPERTIES])
def test_explain_says_what_each_row_of_the_table_means(name: str) -> None:
    row: Any = ACCELERATORS.get(name) or PROPERTIES[name]
    plain, marked = ask("explain", name), ask("explain", "--markdown", name)
    assert plain.status == marked.status == 0
    assert plain.out.startswith(f"{name}\n{'-' * len(name)}\n\n{row.doc}\n")
    assert lines(marked.out)[0] == f"### `{name}`"
    if name in PROPERTIES:
        assert ask("explain", row.name).out == plain.out  # as in Python
        # What QEMU takes; text such as 64MiB, and True, are Python's.
        assert row.domain.allowed.partition(", or text")[0].removesuffix(" (True, False)") in plain.out


def test_explain_takes_several_names() -> None:
    one, other = ask("explain", "kvm").out, ask("explain", "tb_size").out
    assert ask("explain", "kvm", "tb-size").out == f"{one}\n{other}"


def test_explain_without_a_name_lists_all() -> None:
    assert [line.split()[0] for line in lines(ask("explain").out)] == [*ACCELERATORS, *PROPERTIES]
    rows = lines(ask("explain", "--markdown").out)[2:]
    assert [row.split("`")[1] for row in rows] == [row.name for row in PROPERTIES.values()]


@pytest.mark.parametrize(
    ("slip", "meant"), [("tb_sise", "tb-size"), ("KVN", "kvm"), ("KVM", None), ("notify", None)]
)
def test_explain_of_an_unknown_name_says_the_nearest(slip: str, meant: str | None) -> None:
    ran = ask("explain", slip)
    if meant is None:
        assert ran.status == 0
    else:
        assert (ran.status, ran.out) == (2, "")
        assert ran.err.endswith(f"did you mean {meant!r}?\n")


@pytest.mark.parametrize(
    ("content", "hint"),
    [
        (b"", "not a captured schema"),
        (b"\xff", "not a captured schema"),
        (b"[1]", "not a captured schema"),
        (b"[" * 200_000, "not a captured schema"),
        (b"{}", "format"),
        (b'{"format": 1}', "capture it again"),
        (b'{"format": 1, "version": "7.2", "target": 1, "package": 1, "binary-literals": 1, "accelerators": []}',
         "capture it again"),
    ],
    ids=lambda value: repr(value[:20]),
)  # fmt: skip
def test_a_file_that_is_not_a_schema_is_reported_in_one_line(
    content: bytes, hint: str, tmp_path: Path
) -> None:
    path = tmp_path / "odd.json"
    path.write_bytes(content)
    status, out, err = ask("diff", "7.2", str(path))
    assert (status, out) == (2, "")
    assert re.fullmatch(r"accelkit: .+\n", err)
    assert hint in err


def test_a_schema_file_may_have_a_byte_order_mark_and_line_ends_of_windows(tmp_path: Path) -> None:
    import json

    from accelkit import bundled

    path = tmp_path / "schema.json"
    path.write_bytes(
        ("\ufeff" + json.dumps(bundled("7.2").to_json(), indent=1)).replace("\n", "\r\n").encode()
    )
    assert ask("diff", "7.2", str(path)) == ask("diff", "7.2", "7.2")


def test_diff_of_a_folder_or_of_nothing_names_it(tmp_path: Path) -> None:
    assert ask("diff", "7.2", str(tmp_path)) == (
        2,
        "",
        f"accelkit: {tmp_path}: is a folder, not a regular file\n",
    )
    missing = str(tmp_path / "new.json")
    assert ask("diff", missing, "7.2").err.startswith(f"accelkit: {missing}: neither a file nor a version; ")


def test_main_leaves_the_callers_warnings_as_they_were() -> None:
    import warnings

    before = warnings.filters[:], warnings.showwarning
    ask("check", "--version", "99.1", "kvm")
    assert (warnings.filters[:], warnings.showwarning) == before
