"""What a script of any language does, as far as QEMU's command lines go: variables, choices, loops, commands. Pure data.

The readers of shells, batch files and PowerShell write a script down as these statements; ``flow.py`` follows them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, Literal, NamedTuple

from accelkit.parsing.sources import Command


class Text(NamedTuple):
    """Characters as the program gets them, and where the first of them stands."""

    text: str
    line: int
    column: int
    quoted: bool = True
    """False: braces in it are the shell's, and blanks in it end a word."""


class Use(NamedTuple):
    """A place where a variable's value goes; without a name, one that only running the script can tell."""

    name: str
    written: str
    """As it stands in the script: ``${ACCEL}``, ``%ACCEL%``, ``$(uname)``."""
    line: int
    column: int
    splits: bool = False
    """Blanks in the value end a word, as those of ``$ARGS`` do without quotes."""
    every: bool = False
    """Of an array each element is a word: ``"${args[@]}"``, ``@args``. Else it stands for the element below."""
    element: int = 0
    otherwise: Parts | None = None
    """What stands in its place if it has no value: the ``kvm`` of ``${ACCEL:-kvm}``."""
    instead: Parts | None = None
    """What stands in its place if it has a value: the ``-accel`` of ``${ACCEL:+-accel}``."""


Piece = Text | Use
Parts = tuple[Piece, ...]
"""A word as it is written."""


class Assign(NamedTuple):
    """A variable gets a value, or more of it; of an array a word for each element; without a word it has none any more."""

    name: str
    words: tuple[Parts, ...]
    array: bool = False
    append: bool = False
    local: bool = False


class Forget(NamedTuple):
    """From here on the values of some variables are not known: somebody types them, or a program prints them.

    :data:`UNASSIGNED` stands for all to which the script itself has given none: another file may have done so.
    """

    names: tuple[str, ...]


class Run(NamedTuple):
    """A command: words to be expanded. ``quotes``: a ``"`` in the expanded text still quotes, as in a batch file."""

    words: tuple[Parts, ...]
    line: int
    column: int
    quotes: bool = False


class Given(NamedTuple):
    """A command that was read already: from a here-document, or from lines that are not of the script's language."""

    command: Command
    parts: tuple[Parts, ...] = ()
    """The pieces of the command's words."""


class Branch(NamedTuple):
    """One way to go on. ``patterns``: what the subject of the choice has to match; None: anything."""

    label: str
    """When it is taken, in words for a message: ``if [ -w /dev/kvm ]``."""
    patterns: tuple[str, ...] | None
    body: Block


class Compared(NamedTuple):
    """``[ X = text ]`` and its like: what is compared, with what, and whether it holds where they differ."""

    subject: Parts
    pattern: str
    unlike: bool


class Joined(NamedTuple):
    """Two conditions with ``&&`` or ``||`` between them; None is one that only running can tell."""

    operator: str
    left: Condition | None
    right: Condition | None


Condition = Compared | Joined


class Choice(NamedTuple):
    """One of several branches is taken: the first that the subject matches, or one that only running can tell."""

    condition: str
    """As it is written: the same condition decides the same way again."""
    branches: tuple[Branch, ...]
    subject: Parts | None = None
    test: Joined | None = None
    """What decides for the first of two branches, where it is no comparison of one subject."""


class Loop(NamedTuple):
    """The body is run for each of the words, with the variable at that word."""

    name: str
    words: tuple[Parts, ...]
    body: Block
    condition: str


class Function(NamedTuple):
    """A body to be run whenever a command has this name."""

    name: str
    body: Block


class Apart(NamedTuple):
    """A subshell: what it assigns is forgotten at its end."""

    body: Block


class End(NamedTuple):
    """What is run ends here: the whole script, the function, or the loop's body for this time."""

    of: Literal["script", "function", "turn"] = "script"


class Jump(NamedTuple):
    """The script goes on at a label: that of a ``goto``."""

    label: str


class Label(NamedTuple):
    """Where jumps go on."""

    name: str


Statement = Jump | Label | Assign | Forget | Run | Given | Choice | Loop | Function | Apart | End
Block = tuple[Statement, ...]

#: The variable that the arguments of a script or function are the words of.
ARGUMENTS: Final = "@"

#: In place of a name: every variable that the script has not assigned so far.
UNASSIGNED: Final = "*"

#: Blocks in blocks. Nobody writes more; what lies deeper is left out.
DEEPEST: Final = 60


def blocks_of(statement: Statement) -> tuple[Block, ...]:
    """The blocks directly inside a statement."""
    match statement:
        case Choice(_, branches):
            return tuple(branch.body for branch in branches)
        case Loop() | Function() | Apart():
            return (statement.body,)
        case Assign() | Forget() | Run() | Given() | End() | Jump() | Label():
            return ()


def all_of(block: Block) -> Iterator[Statement]:
    """Every statement of a block, those inside of others included, in the order of the text."""
    stack: list[Statement] = [*reversed(block)]
    while stack:
        statement = stack.pop()
        yield statement
        for inner in reversed(blocks_of(statement)):
            stack += reversed(inner)


def subjects_of(choice: Choice) -> Iterator[Parts]:
    """The words whose values may decide a choice."""
    if choice.subject is not None:
        yield choice.subject
    stack: list[Condition | None] = [choice.test]
    while stack:
        match stack.pop():
            case Compared(subject):
                yield subject
            case Joined(_, left, right):
                stack += (left, right)
            case None:
                pass


def plain(word: Parts) -> str:
    """The word as text; empty where only running can tell a part of it."""
    texts = [piece.text for piece in word if isinstance(piece, Text)]
    return "".join(texts) if len(texts) == len(word) else ""


def text_of(word: Parts) -> str:
    """The word as text, with what is not known as it is written."""
    return "".join(piece.text if isinstance(piece, Text) else piece.written for piece in word)


def names_in(words: Sequence[Parts]) -> Iterator[str]:
    """The names of the variables that the words use."""
    stack = [piece for parts in words for piece in parts]
    while stack:
        piece = stack.pop()
        if isinstance(piece, Use):
            yield piece.name
            stack += (*(piece.otherwise or ()), *(piece.instead or ()))
