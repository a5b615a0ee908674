"""systemd: quotes, escapes, prefixes, variables, specifiers, as systemd reads them."""

from __future__ import annotations

import pytest

from accelkit.parsing.sources.places import Source
from accelkit.parsing.sources.systemd import read


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("kvm -m 1G", ["kvm", "-m", "1G"]),
        ("-!/bin/kvm -m 1G", ["/bin/kvm", "-m", "1G"]),
        ("@/bin/kvm vm -m 1G", ["/bin/kvm", "-m", "1G"]),
        (":kvm -m ${A} $$ %%", ["kvm", "-m", "${A}", "$$", "%"]),
        ("kvm -m $$A %%i", ["kvm", "-m", "$A", "%i"]),
        (r"kvm -m a\x41\sb\q", ["kvm", "-m", r"aA b\q"]),
        ("kvm -m 'a \"b' \"c 'd\"", ["kvm", "-m", 'a "b', "c 'd"]),
        (r"kvm -m \; a", ["kvm", "-m", ";", "a"]),
        ("kvm -m ';' a", ["kvm", "-m", ";", "a"]),
        ("kvm -m a > b | c", ["kvm", "-m", "a", ">", "b", "|", "c"]),
    ],
)
def test_words(value: str, words: list[str]) -> None:
    (command,) = read(Source(f"[Service]\nExecStart={value}\n"))
    assert list(command.argv) == words


def test_a_semicolon_alone_ends_a_command() -> None:
    assert len(read(Source("ExecStart=kvm -m 1G ; kvm -m 2G"))) == 2


def test_a_variable_of_the_unit_is_known_unless_a_file_may_say_something_else() -> None:
    text = "Environment=A=1G\nExecStart=kvm -m ${A} $A\n"
    assert read(Source(text))[0].argv == ("kvm", "-m", "1G", "1G")
    (command,) = read(Source("EnvironmentFile=-/etc/x\n" + text))
    assert command.variables == ("${A}", "$A")


def test_specifiers_are_not_known() -> None:
    assert read(Source("ExecStart=kvm -name %i-%H"))[0].variables == ("%i", "%H")


def test_comments_between_continued_lines_end_nothing() -> None:
    (command,) = read(Source("ExecStart=kvm \\\n# a\n; b\n -m 1G\n"))
    assert [tuple(word) for word in command.words[1:]] == [("-m", 4, 2), ("1G", 4, 5)]
