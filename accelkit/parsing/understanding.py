"""understand: what a text is, QEMU commands, an ``-accel`` argument, Python, braces or domain XML. Nothing else decides it.

Every function and command that takes text asks here, so that all of them read it alike. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, cast

from accelkit.errors import ArgvError, LibvirtError, brief, nearest, shown
from accelkit.recipes.table import ACCELERATORS
from accelkit.syntax.limits import LONGEST_ARGUMENT, LONGEST_LINE, refuse_long, refuse_long_line

if TYPE_CHECKING:
    from accelkit.parsing.sources.command import Command

# The readers of sources are imported in the functions: an -accel argument needs none of them.

Kind = Literal["commands", "accel", "python", "braces", "domain"]


class Understood(NamedTuple):
    """What a text is, and the QEMU commands in it.

    >>> understand("-accel kvm -m 1G").kind, understand("kvm,kernel-irqchip=split").kind
    ('commands', 'accel')
    """

    kind: Kind
    text: str
    """Without a byte order mark, and with the line ends of Unix; empty where words were given."""
    commands: tuple[Command, ...] = ()
    variables: tuple[str, ...] = ()
    """The pieces of an ``-accel`` argument whose value only a shell knows."""

    @property
    def swept(self) -> bool:
        """Whether it is a recipe or a space: Python, or an ``-accel`` argument with braces."""
        return self.kind in ("python", "braces")


#: What the first element of an -accel argument has not: blanks, and what only a shell or another language writes.
_NO_ACCEL: Final = re.compile(r"[\s\"'`$|;&<>()\[\]\\]")
_NAME: Final = re.compile(r"\s*[\w-]+")
#: What only a sentence, or a text of several lines, has behind its first comma: two words and no value.
_PROSE: Final = re.compile(r"\A[^=]*\s\S+[^\S\n]+\S[^=]*\Z|\S\s*\n\s*\S")
#: A call, as Python writes it; ``run() {`` is a function of a shell.
_CALL: Final = re.compile(r"\s*(?:\(\s*)*([A-Za-z_]\w*)\s*\((?!\s*\)\s*\{)")
#: An option, behind dashes of which there may be too many; what a line of dashes, and a list, begins with is none.
_OPTION: Final = re.compile(r"(?:-+\s+)?-+[a-z]")
#: Python's words of a recipe; ``run(…) { … }`` and ``args(…)`` are other languages' unless no QEMU is in the text.
_COMPOSING: Final = frozenset({"each", "first_of", "doubling", "option", "unset", "notify", "Recipe"})
_WRITE: Final = "write the whole QEMU command, its options (-accel kvm …), or an -accel argument such as kvm,kernel-irqchip=split"


def understand(text: str) -> Understood:
    """What ``text`` is, and the commands in it.

    It is domain XML where it begins with ``<``; Python where it begins with a call of one of accelkit's words; QEMU
    commands where a QEMU is in it, or it begins with a dash of any kind; ``{a,b}`` notation where it has braces; an
    ``-accel`` argument where its first element can be the name of an accelerator. Raises ArgvError for what is none of
    it, and for what is longer than any command line; LibvirtError for domain XML that libvirt refuses.

    >>> understand("sudo foo")
    Traceback (most recent call last):
        ...
    accelkit.errors.ArgvError: 'sudo foo': no command in it starts a QEMU (qemu-system-…, qemu-kvm, kvm), and it begins with no option; write the whole QEMU command, its options (-accel kvm …), or an -accel argument such as kvm,kernel-irqchip=split
    """
    text = _cleaned(text)
    if text.startswith("-"):  # the most lines by far, so they come first
        _refuse_long_words(text)
        found = _commands(text)
        if _reads(found):
            return Understood("commands", text, found)
        if _OPTION.match(text) is None:
            raise _nothing(text)
        return _divided(text)
    first = text.partition(",")[0]
    if first.removeprefix("accel=") in ACCELERATORS and "{" not in text and "}" not in text:
        refuse_long(text, "-accel")
        return _accel(text)
    call = _CALL.match(text)
    if call is not None and (call[1] in ACCELERATORS or call[1] in _COMPOSING):
        return Understood("python", text)
    if "<domain" not in text:
        _refuse_long_words(text)
    elif len(text) > LONGEST_LINE:  # a domain may be longer, and is alone
        return _domain(text)
    if found := _commands(text):
        only_domains = all(command.dialect == "domain" for command in found)
        return Understood("domain" if only_domains else "commands", text, found)
    if text.lstrip().startswith("<") or "<domain" in text:
        return _domain(text)
    if call is not None and _is_expression(text):  # of names that nothing has: the nearest is told
        return Understood("python", text)
    return _argument(text, first)


def _argument(text: str, first: str) -> Understood:
    """An ``-accel`` argument, with braces or without, whose first element is ``first``."""
    name = _NAME.match(text)
    named = name is not None and name[0] in ACCELERATORS
    if "{" in text or "}" in text:
        if named or ("\n" not in text and _NO_ACCEL.search(first) is None):
            return Understood("braces", text)
        raise _nothing(text)
    accel = _accel(text)
    prose = _NO_ACCEL.search(first) is not None or (not named and _PROSE.search(text) is not None)
    if text.strip() and prose and not accel.variables:
        raise _nothing(text)
    return accel


def _is_expression(text: str) -> bool:
    from accelkit.syntax.python_calls import is_expression  # imported here: few texts begin with a call

    return is_expression(text)


def _reads(found: Sequence[Command]) -> bool:
    """Whether the text that begins with a dash is options, or holds programs, as a list in YAML does."""
    from accelkit.parsing.sources.programs import is_program

    return bool(found) and (found[0].words[0].text.startswith("-") or is_program(found[0].words[0].text))


def _divided(text: str) -> Understood:
    """The words between the blanks of a text that begins with a dash, and that no shell reads."""
    from accelkit.syntax.shell_words import words_of  # imported here: few texts are like that

    return understand_words(words_of(text))


def _accel(text: str) -> Understood:
    if "$" in text:
        found = _commands(f"-accel {text}")
        if [command.argv for command in found] == [("-accel", text)]:
            return Understood("accel", text, (), found[0].variables)
    return Understood("accel", text)


def _domain(text: str) -> Understood:
    from accelkit.parsing.sources.domain_xml import domain_command  # imported here: only XML needs it

    return Understood("domain", text, (domain_command(text),))


def understand_words(words: Sequence[str]) -> Understood:
    """What a list of words is: the command that a shell would start with them, whatever stands before its program.

    Raises ArgvError where no command in it starts a QEMU and it begins with no option, for words longer than Linux passes to a
    program, and for anything but text.

    >>> understand_words(["sudo", "qemu-kvm", "-m", "1G"]).commands[0].argv
    ('qemu-kvm', '-m', '1G')
    """
    if not isinstance(words, (list, tuple)):
        raise ArgvError(f"command line: got {type(words).__name__}; takes text, or a list of words")
    for word in cast("Sequence[Any]", words):
        if not isinstance(word, str):
            raise ArgvError(
                f"command line: got {shown(word)} among the words; a word is text: write it in quotes"
            )
    refuse_long_line(words)
    from accelkit.parsing.sources.command import Command, Word

    if not words or words[0].startswith("-"):
        placed: list[Word] = []
        column = 1
        for word in words:
            placed.append(Word(word, 1, column))
            column += len(word) + 1
        return Understood("commands", "", (Command(tuple(placed), "words"),))
    # Imported here: only words behind other words need them.
    from accelkit.parsing.sources.programs import typographic_dash
    from accelkit.syntax.shell_words import shell_line

    # A typographic dash would be quoted, and a word in quotes begins no text.
    dashed = typographic_dash(words[0]) and not any(map(str.isspace, words[0]))
    line = f"{words[0]} {shell_line(words[1:])}" if dashed else shell_line(words)
    if not (found := _commands(line)):
        raise _nothing(" ".join(words))
    return Understood("commands", "", found)


def one_command(understood: Understood) -> Command:
    """The only command in it. Raises ArgvError where there are several."""
    if len(understood.commands) > 1:
        lines = ", ".join(str(command.words[0].line) for command in understood.commands[:8])
        raise ArgvError(
            f"{shown(understood.text)}: {len(understood.commands)} QEMU commands are in it, at lines {lines}; "
            "give one of them"
        )
    return next(iter(understood.commands))


def _cleaned(text: str) -> str:
    if text[-1:] in ("\n", "\r"):
        text = text.rstrip("\r\n")
    if "\r\n" in text:
        text = text.replace("\r\n", "\n")
    return text.removeprefix("\ufeff")


def _commands(text: str) -> tuple[Command, ...]:
    """The commands in ``text``. Raises LibvirtError for a domain that libvirt refuses."""
    from accelkit.parsing.sources import commands

    found = commands(text)
    for command in found:
        if command.dialect == "libvirt":
            raise LibvirtError(command.notes[0].text)
    return found


def _refuse_long_words(text: str) -> None:
    """Raises ArgvError for a text that is longer than a command line, or has a word that is longer than an argument."""
    refuse_long(text, "command line", LONGEST_LINE)
    if 4 * len(text) > LONGEST_ARGUMENT:
        for place, word in enumerate(text.split(), 1):
            refuse_long(word, f"word {place} of the text")


def _nothing(text: str) -> ArgvError:
    """The error of a text in which nothing is found; it names the accelerator that its first word may mean."""
    first = re.split(r"[\s,(]", text.lstrip(), maxsplit=1)[0]
    close = nearest(first, ACCELERATORS)
    meant = f" ({brief(first)}: {close})" if close.startswith("did") else ""
    return ArgvError(
        f"{shown(text)}: no command in it starts a QEMU (qemu-system-…, qemu-kvm, kvm), and it begins with no option{meant}; {_WRITE}"
    )
