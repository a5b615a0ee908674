"""Every dialect: its examples are read, as its own and no other's, with each word in its place; any text is read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.dialect_texts import EXAMPLES, SHELL, Example, words

from accelkit.parsing.sources import commands
from accelkit.parsing.sources.command import Word
from accelkit.parsing.sources.dialects import DIALECTS
from accelkit.parsing.sources.places import Source


@pytest.mark.parametrize("example", EXAMPLES, ids=[f"{e.dialect}-{n}" for n, e in enumerate(EXAMPLES)])
def test_an_example_is_read_as_its_own_dialect(example: Example) -> None:
    found = commands(example.text)
    assert [command.argv for command in found] == [words(argv) for argv in example.argvs]
    assert {command.dialect for command in found} == {example.dialect}
    assert tuple(name for command in found for name in command.variables) == example.variables
    assert sum(len(command.notes) for command in found) == example.notes


@pytest.mark.parametrize("example", EXAMPLES, ids=[f"{e.dialect}-{n}" for n, e in enumerate(EXAMPLES)])
def test_carriage_returns_and_a_byte_order_mark_change_nothing(example: Example) -> None:
    found = commands("\ufeff" + example.text.replace("\n", "\r\n"))
    assert [command.argv for command in found] == [
        tuple(word.replace("\r", "") for word in words(argv)) for argv in example.argvs
    ]


@pytest.mark.parametrize("text", SHELL)
def test_a_shells_text_is_a_shells(text: str) -> None:
    found = commands(text)
    assert {command.dialect for command in found} <= {"shell"}
    assert found


@pytest.mark.parametrize("example", EXAMPLES, ids=[f"{e.dialect}-{n}" for n, e in enumerate(EXAMPLES)])
def test_a_word_that_stands_in_the_text_has_its_place(example: Example) -> None:
    for command in commands(example.text):
        for word in (*command.words, *command.wrapper):
            if word.text in example.text and word.text not in (*command.variables, "/usr/bin/kvm"):
                assert _stands(example.text, word), word


def _stands(text: str, word: Word) -> bool:
    """Whether the word begins at its place, or behind a quote and the letters and signs before one, or is an element's."""
    rest = text.split("\n")[word.line - 1][word.column - 1 :]
    return (
        any(rest.startswith(word.text, skip) for skip in range(4))
        or rest[:1] == "<"
        or "$" in rest[:2]
        or "%" in rest[:2]
    )


_PLAIN = st.lists(
    st.text("abcxyz019=,./:_-", min_size=1, max_size=8).filter(lambda word: word[0] != "-"), max_size=5
)
_QUOTED = st.lists(st.text("abc =,.", min_size=1, max_size=8), max_size=4)

#: How each dialect joins words: before the first, between two, behind the last.
_JOINS = {
    "cmd": ("@echo off\n", " ^\n  ", "\n"),
    "powershell": ("PS C:\\> ", " `\n  ", "\n"),
    "systemd": ("[Service]\nExecStart=", " \\\n  ", "\n"),
    "make": ("run:\n\t", " \\\n\t  ", "\n"),
    "docker": ("FROM debian\nRUN ", " \\\n  ", "\n"),
    "yaml": ("run: >\n  ", "\n  ", "\n"),
    "log": ("2024-06-24 19:42:37.050+0000: starting up\nLC_ALL=C \\\n", " \\\n", "\n"),
    "ps": ("root 1 0.0 0.0 1 1 ? Sl 10:00 1:00 ", " ", "\n"),
    "trace": ("+ true\n+ ", " ", "\n"),
    "proc": ("", "\0", "\0"),
    "list": ('run(["', '", "', '"])'),
    "nix": ('x = [\n  "', '"\n  "', '"\n];'),
}


@pytest.mark.parametrize("dialect", _JOINS)
@given(plain=_PLAIN)
def test_law_words_are_found_where_they_were_written(dialect: str, plain: list[str]) -> None:
    before, between, behind = _JOINS[dialect]
    if dialect == "powershell":  # there a comma makes a list of words
        plain = [word.replace(",", "-,-") for word in plain]
    if dialect == "yaml":  # there a line of a:= could be make's
        plain = [word.replace(":", "-") for word in plain]
    argv = ["/usr/bin/qemu-system-x86_64", "-accel", "kvm", *plain]
    places, text = [], before
    for word in argv:
        line = text.count("\n") + 1
        places.append((line, len(text) - (text.rfind("\n") + 1) + 1))
        text += word + between
    text = text.removesuffix(between) + behind
    (command,) = commands(text)
    assert command.dialect == dialect
    assert list(command.argv) == argv
    quoted = 1 if dialect in ("list", "nix") else 0  # there the quote is a word's first character
    assert [word[1:] for word in command.words] == [(line, column - quoted) for line, column in places]


_QUOTES = {
    "cmd": ("@echo off\nqemu-system-x86_64 -accel kvm", '"{}"'),
    "powershell": ("PS C:\\> qemu-system-x86_64 -accel kvm", "'{}'"),
    "systemd": ("ExecStart=qemu-system-x86_64 -accel kvm", '"{}"'),
    "make": ("x:\n\tqemu-system-x86_64 -accel kvm", "'{}'"),
    "docker": ("RUN qemu-system-x86_64 -accel kvm", "'{}'"),
    "trace": ("+ qemu-system-x86_64 -accel kvm", "'{}'"),
}


@pytest.mark.parametrize("dialect", _QUOTES)
@given(quoted=_QUOTED)
def test_law_quotes_keep_blanks_in_a_word(dialect: str, quoted: list[str]) -> None:
    before, quotes = _QUOTES[dialect]
    text = " ".join([before, *(quotes.format(word) for word in quoted)])
    (command,) = commands(text)
    assert (command.dialect, list(command.argv[3:])) == (dialect, quoted)


#: What means something to one of the dialects.
_FRAGMENTS = (
    "qemu-system-x86_64", "kvm", " ", "\n", "\t", "-accel", "-m", "\\\n", "^\n", "`\n", '"', "'", "''", '"""', "(", ")",
    "[", "]", "{", "}", ",", ";", "=", ":=", "+=", "$", "$(", "${", "@(", "$x", "$X", "%X%", "%i", "%", "!", "&", "|",
    ">", "<", "#", "\0", "+ ", "ExecStart=", "Environment=", "RUN ", "CMD [", "ENTRYPOINT", "FROM a\n", "set X=", "a:",
    "\n\t", "ifdef X\n", "endif\n", "define X\n", "x = [", "];", "- ", "args: -", "[accel]\n", 'accel = "kvm"', "<domain ",
    "type='kvm'>", "</domain>", "launching qemu with: [", "2024-01-01 10:00:00.1+0000: ", "1:00 ", 'f"', "1 ", "\\", "/",
    "Start-Process ", "-ArgumentList ", "<<EOF\n", "EOF", ">\n", "run: |\n", "é", "\ud800", "start /b ", "if ",
)  # fmt: skip


@given(st.lists(st.sampled_from(_FRAGMENTS), max_size=40).map("".join) | st.text(max_size=60))
def test_law_no_reader_refuses_a_text_and_each_place_is_in_it(text: str) -> None:
    lines = text.split("\n")
    for reader in DIALECTS:
        for command in reader(Source(text)):
            assert command.words
            for word in (*command.words, *command.wrapper):
                assert 1 <= word.line <= len(lines)
                assert 1 <= word.column <= len(lines[word.line - 1]) + 1


@pytest.mark.parametrize("reader", DIALECTS, ids=lambda reader: reader.__module__.rpartition(".")[2])
@pytest.mark.parametrize(
    "text", ["", "\n", "kvm", "echo hello, world", "-accel kvm", "qemu-kvm is slow", "[1, 2]"]
)
def test_a_text_that_is_not_its_own_gives_nothing(reader, text: str) -> None:
    assert reader(Source(text)) == ()


@pytest.mark.parametrize("reader", DIALECTS, ids=lambda reader: reader.__module__.rpartition(".")[2])
@pytest.mark.parametrize(
    "text", [*"[({\"'`\\$%^,;#", '\\"', "x(", "''${", "$x=$x$x\n", '["-m",', "A=$(A)$(A)\n"]
)
def test_no_text_makes_more_words_than_it_has_characters(reader, text: str) -> None:
    begins = {example.dialect: example.text for example in EXAMPLES}
    for before in begins.values():
        written = before + text * 400
        words_read = sum(len(word.text) for command in reader(Source(written)) for word in command.words)
        assert words_read <= 4 * len(written) + 65_536
