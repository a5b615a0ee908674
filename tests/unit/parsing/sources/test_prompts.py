"""Prompts and quotation marks before a shell's lines."""

from __future__ import annotations

import pytest

from accelkit.parsing.sources.places import Source
from accelkit.parsing.sources.prompts import has_root_prompt, unmarked, without_prompts


@pytest.mark.parametrize(
    "prompt",
    [
        "$ ", "% ", "‣ ", "❯ ", "➜ ", "+ ", "++ ", "  $ ", "user@host:~# ", "user@host:~/a b$ ", "[user@host dir]$ ",
        "[root@host ~]# ", "(venv) $ ", "(venv) user@host:~$ ", "user@host ~ % ", "host:~ # ", "bash-5.2$ ", "sh-5.1# ",
        "~ # ", "/ # ", "~/src$ ", "2024-05-01T12:00:00.1234567Z + ", "!",
    ],
)  # fmt: skip
def test_prompts(prompt: str) -> None:
    assert without_prompts(Source(f"ls\n{prompt}qemu-kvm -m 1"), root=False).text == "ls\nqemu-kvm -m 1"


@pytest.mark.parametrize(
    "text",
    ["# qemu-kvm -m 1", "> out qemu", "a=$ b", "[ -x /usr/bin/qemu-kvm ]", "/usr/bin/qemu-kvm # x", "qemu \\\n+ x", "$QEMU -m 1"],
)  # fmt: skip
def test_no_prompts(text: str) -> None:
    assert without_prompts(Source(text), root=False).text == text


def test_roots_prompt_is_a_comment_in_a_script() -> None:
    assert without_prompts(Source("# kvm -m 1"), root=True).text == "kvm -m 1"
    assert has_root_prompt("a\n# kvm")
    assert not has_root_prompt("#!/bin/sh\n# kvm")
    assert not has_root_prompt("#kvm")


def test_marks_before_lines_that_go_on_or_are_quoted() -> None:
    assert (
        without_prompts(Source("$ kvm \\\n> -m 1 \\\n> -x\n> out"), root=False).text
        == "kvm \\\n-m 1 \\\n-x\nout"
    )
    assert without_prompts(Source("> > sudo kvm \\\n> > -m 1"), root=False).text == "sudo kvm \\\n-m 1"


def test_marks_of_files_and_terminals() -> None:
    source = unmarked("\ufeffa\r\nb\r\r\n\x1b[1;32mc\x1b[0m\r")
    assert source.text == "a\nb\nc"
    assert source.place(source.text.index("c")) == (3, 8)
    assert unmarked("a").text == "a"


@pytest.mark.parametrize(
    ("text", "without"),
    [
        ("  123  kvm -m 1\n 1234* ls\n", "kvm -m 1\n 1234* ls\n"),
        ("  123  2024-05-01 10:00:00 kvm\n", "kvm\n"),
        ("     7\tkvm -m 1", "kvm -m 1"),
        ("1. kvm -m 1\n 2) ls", "kvm -m 1\nls"),
        ("kvm -m \\\n  12  -s", "kvm -m \\\n  12  -s"),
        ("case $1 in\n1) kvm -m 1;;\nesac", "case $1 in\n1) kvm -m 1;;\nesac"),
        ("12 kvm", "12 kvm"),
    ],
)
def test_numbers_of_lines(text: str, without: str) -> None:
    assert without_prompts(Source(text), root=False).text == without
