"""QEMU commands of a shell's text."""

from __future__ import annotations

import sys
from types import FrameType

import pytest

from accelkit.parsing.sources.places import Source
from accelkit.parsing.sources.shell import argument_command, shell_commands


def test_words_of_one_command_and_their_places() -> None:
    (command,) = shell_commands("\n\n    qemu-kvm -m '1 G' \\\n  -smp $N; ls")
    assert [word[:] for word in command.words] == [
        ("qemu-kvm", 3, 5), ("-m", 3, 14), ("1 G", 3, 17), ("-smp", 4, 3), ("$N", 4, 8)
    ]  # fmt: skip
    assert command.variables == ("$N",)


@pytest.mark.parametrize(
    ("text", "variables"),
    [
        ("-a $A ${B} '$C' \\$D \"x$A$E\"", ("$A", "${B}", "$E")),
        ("-a $(cmd x) `y` $((1+2)) <(z)", ("$(cmd x)", "`y`", "$((1+2))", "<(z)")),
        ("~/x file=~/y a~b ~user '~'", ("~", "~user")),
        ("file=*.img,if=x '*' a? [ab]c -cpu ? model=? tcp:[::1]:22", ("*.img", "a?", "[ab]c")),
    ],
)
def test_pieces_that_only_the_shell_knows(text: str, variables: tuple[str, ...]) -> None:
    command = argument_command(Source(text))
    assert command is not None
    assert command.variables == variables


@pytest.mark.parametrize(
    "text",
    [
        "bash -c 'qemu-kvm -m 1'",
        'bash -c "qemu-kvm -m \\"1\\""',
        "sudo ssh host qemu-kvm -m 1",
        "x=$(qemu-kvm -m 1)",
        'echo "a $(timeout 5 qemu-kvm -m 1) b"',
        "echo `qemu-kvm -m 1`",
        "diff <(qemu-kvm -m 1) x",
        "bash <<E\nqemu-kvm -m 1\nE",
        "cat <<'E' | sudo sh\nqemu-kvm -m 1\nE",
        "ssh host <<-E\n\tqemu-kvm -m 1\n\tE",
        "bash -c \"bash -c 'qemu-kvm -m 1'\"",
        "eval qemu-kvm -m 1",
        "a | while read x; do if ! (qemu-kvm -m 1); then y; fi; done",
    ],
)
def test_commands_in_other_texts(text: str) -> None:
    (command,) = shell_commands(text)
    assert command.argv == ("qemu-kvm", "-m", "1")
    line, column = command.words[0][1:]
    assert text.split("\n")[line - 1][column - 1 :].startswith("qemu-kvm")


@pytest.mark.parametrize(
    "text", ["cat <<E\nqemu-kvm -m 1\nE", "cat >x.sh <<E\nqemu-kvm -m 1\nE\nbash x.sh", "# qemu-kvm -m 1", "echo 'qemu-kvm -m 1'"]
)  # fmt: skip
def test_texts_that_no_shell_reads(text: str) -> None:
    assert shell_commands(text) == ()


def test_the_words_of_the_shell_around_are_wrapper_words() -> None:
    (command,) = shell_commands("sudo bash -c 'nice qemu-kvm -m 1'")
    assert [word.text for word in command.wrapper] == ["sudo", "bash", "-c", "nice"]


def test_commands_come_in_order_each_once() -> None:
    text = 'bash -c "echo $(qemu-kvm -m 1)"\nkvm -m 2; qemu-system-arm -m 3'
    assert [(command.argv[2], command.target) for command in shell_commands(text, dialect="make")] == [
        ("1", None), ("2", None), ("3", "arm")
    ]  # fmt: skip
    assert {command.dialect for command in shell_commands(text, dialect="make")} == {"make"}


def test_arguments_of_a_qemu_that_is_not_named() -> None:
    command = argument_command(Source("-m 1G -smp $N | x"))
    assert command is not None
    assert (command.argv, command.program, command.variables) == (("-m", "1G", "-smp", "$N"), "", ("$N",))
    assert argument_command(Source(" # -m")) is None


def calls(text: str) -> int:
    count = 0

    def counted(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        shell_commands(text)
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize(
    "unit",
    [
        "qemu-kvm -m 1 \"$A\" 'b c'\n", "A=qemu-kvm; $A -m 1\n", "a+=(qemu-kvm)\n", "cat <<E\nqemu\nE\n", "cat <<E qemu\n",
        "x=$(qemu-kvm -m 1)\n", '"$(qemu ', "$(qemu ", "'qemu\" ", "` qemu ", "((qemu<<", "{ qemu-kvm; ", "if qemu; then ",
        "docker run qemu ", "bash -c 'qemu-kvm -m 1'\n", "case qemu in ",
    ],
)  # fmt: skip
def test_twice_the_text_is_twice_the_work(unit: str) -> None:
    small, large = calls(unit * 50), calls(unit * 200)
    assert large <= 5 * small


@pytest.mark.parametrize(
    ("text", "argv", "place"),
    [
        ("qemu-kvm -accel tcg,tb-size={8,64}", "qemu-kvm -accel tcg,tb-size=8 tcg,tb-size=64", (1, 17)),
        (
            'qemu-kvm -blockdev {"driver":"file","node-name":"a"}',
            "qemu-kvm -blockdev driver:file node-name:a",
            (1, 20),
        ),
        ("qemu-kvm -smp {1..3}", "qemu-kvm -smp 1 2 3", (1, 15)),
        ("bash -c 'qemu-kvm -m {1,2}'", "qemu-kvm -m 1 2", (1, 22)),
        ('a=(-m {1,2})\nqemu-kvm "${a[@]}"', "qemu-kvm -m 1 2", (1, 7)),
    ],
)
def test_braces_make_several_words_and_a_note(text: str, argv: str, place: tuple[int, int]) -> None:
    (command,) = shell_commands(text)
    assert command.argv == tuple(argv.split())
    assert [word[1:] for word in command.words[-2:]] == [place, place]
    (note,) = command.notes
    assert note[1:] == (*place, "fatal")
    assert "a shell makes several words of the braces" in note.text


@pytest.mark.parametrize(
    "text",
    [
        'qemu-kvm -device \'{"a":1,"b":2}\'',
        "X={1,2}; qemu-kvm -m $X",
        "qemu-kvm -m ${X:-1,2}",
        "qemu-kvm -name {} -name a{b}",
    ],
)
def test_other_braces_stay(text: str) -> None:
    (command,) = shell_commands(text)
    assert len(command.argv) in (3, 5)
    assert command.notes == ()


def test_no_shell_of_other_dialects_has_braces() -> None:
    (command,) = shell_commands("qemu-kvm -m {1,2}", dialect="make")
    assert command.argv == ("qemu-kvm", "-m", "{1,2}")
