"""Lines of ps and pgrep; /proc/PID/cmdline."""

from __future__ import annotations

import pytest

from accelkit.parsing.sources.places import Source
from accelkit.parsing.sources.processes import read_cmdline, read_ps


@pytest.mark.parametrize(
    "columns",
    [
        "root 812 99.0 1.2 1234 456 ? Sl 10:00 1:23 ",
        "libvirt+ 4120 1 12 Jan05 ? 1-02:03:04 ",
        "4120 ? Sl 0:01 ",
        "  4120 pts/0 Sl+ 0:01  \\_ ",
        "4120 ",
        "  ├─4120 ",
    ],
)
def test_columns_are_no_words_of_the_program(columns: str) -> None:
    (command,) = read_ps(Source(f"{columns}/usr/bin/kvm -name 'a b' -m 1G".replace("'", "")))
    assert command.argv == ("/usr/bin/kvm", "-name", "a", "b", "-m", "1G")
    assert command.words[0].column == len(columns) + 1
    assert [word.text for word in command.wrapper] == columns.split()


@pytest.mark.parametrize(
    "line",
    [
        "root 812 0.0 0.0 1 1 pts/0 S+ 10:00 0:00 grep --color=auto qemu-kvm",
        "timeout 60 qemu-kvm -m 1G",
        "501 qemu-kvm -name 'a b'",
        "qemu-kvm -m 1G",
    ],
)
def test_other_lines_are_none_of_ps(line: str) -> None:
    assert read_ps(Source(line)) == ()


def test_with_a_header_any_columns_are_known() -> None:
    (command,) = read_ps(Source("USER PID COMMAND\nme 60 qemu-kvm -m 1G"))
    assert command.argv == ("qemu-kvm", "-m", "1G")


def test_what_a_terminal_has_broken_is_one_line() -> None:
    (command,) = read_ps(Source("812 qemu-kvm -m 1G\n-smp 2\n813 bash"))
    assert command.argv == ("qemu-kvm", "-m", "1G", "-smp", "2")


def test_several_processes_in_one_text() -> None:
    text = "/bin/qemu-kvm\0-name\0qemu-kvm\0/bin/qemu-system-arm\0-m\0\0"
    assert [command.argv for command in read_cmdline(Source(text))] == [
        ("/bin/qemu-kvm", "-name", "qemu-kvm"),
        ("/bin/qemu-system-arm", "-m"),
    ]


@pytest.mark.parametrize("line", ["  123  /usr/bin/kvm -m 1G", "1234  kvm -m 1G > log"])
def test_a_line_of_a_shells_history_is_none_of_pgrep(line: str) -> None:
    assert read_ps(Source(line)) == ()
