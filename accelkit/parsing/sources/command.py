"""Command, Word, Note: one QEMU command as it stands in a text, with the place of each word. Pure."""

from __future__ import annotations

from typing import Literal, NamedTuple


class Word(NamedTuple):
    """One word as QEMU gets it, and where it stands in the text."""

    text: str
    """Quotes and escapes are read. A variable whose value is not known stands here as it was written."""
    line: int
    """From 1."""
    column: int
    """From 1, in characters: that of the word's first character, which may be a quote."""


#: What comes of it. fatal: no shell starts the command, or QEMU gets other words than stand there. lost: it starts, and
#: something never gets to QEMU. word: the word gets to QEMU as it stands, and the rules of words say what that is.
NoteEffect = Literal["fatal", "lost", "word"]


class Note(NamedTuple):
    """What the reader noticed about a command that the words themselves do not show."""

    text: str
    """What happens, then, after the last semicolon, what to do."""
    line: int
    column: int
    effect: NoteEffect = "lost"


class Command(NamedTuple):
    """One command that starts a QEMU.

    >>> command = Command((Word("kvm", 1, 6), Word("-m", 1, 10), Word("1G", 1, 13)), "shell")
    >>> command.program, command.argv, command.target
    ('kvm', ('kvm', '-m', '1G'), None)
    """

    words: tuple[Word, ...]
    """The program and its arguments; of a text that begins with an option, the arguments alone."""
    dialect: str
    """How the text was read: shell, cmd, powershell, systemd, make, docker, nix, list, …"""
    target: str | None = None
    """What the program's name says: ``aarch64`` of qemu-system-aarch64. None where it does not say it."""
    wrapper: tuple[Word, ...] = ()
    """The words before the program: assignments, sudo, timeout 60, docker run IMAGE, …"""
    variables: tuple[str, ...] = ()
    """Every piece of the words whose value only the shell, make or systemd knows, as written: ``${CORES}``, ``%i``."""
    notes: tuple[Note, ...] = ()

    @property
    def program(self) -> str:
        """The program as written; empty where the text names none."""
        first = self.words[0].text if self.words else ""
        return "" if first.startswith("-") else first

    @property
    def argv(self) -> tuple[str, ...]:
        """The words as text."""
        return tuple([word.text for word in self.words])
