"""``accelkit check --fix``: a command as it has to be written, from what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from accelkit.checking.fix import mend
from accelkit.checking.judge import judge
from accelkit.checking.judgement import Judgement
from accelkit.checking.problem import Verdict
from accelkit.parsing.reader import read_words
from accelkit.parsing.sources.command import Command
from accelkit.recipes.recipe import Recipe
from accelkit.recipes.render import render
from accelkit.syntax.shell_words import shell_line

#: What needs no quotes in a shell, besides the variables themselves.
_PLAIN: Final = re.compile(r"[\w@%+=:,./-]*", re.ASCII)


def mended_text(text: str, judgement: Judgement) -> tuple[str, Verdict]:
    """The line that does what the remedies say, as a shell reads it, and the verdict on it.

    ``text`` is what was judged; an ``-accel`` argument stays one where that is enough. Of a QEMU that nobody knows, the
    line stays as it is.
    """
    schema = judgement.asked.schema
    words, command = _words(text, judgement)
    variables = () if command is None else command.variables
    if schema is None:
        return shell_text(words, command), judgement.verdict
    better = mend(words, schema, variables)
    verdict = judge(read_words(better, variables), schema)
    if command is None and len(better) == 2 and better[0] == "-accel":
        return better[1], verdict
    return shell_text(better, command), verdict


def _words(text: str, judgement: Judgement) -> tuple[tuple[str, ...], Command | None]:
    """The words of what was judged."""
    command, point = judgement.command, judgement.point
    if command is not None:
        return command.argv, command
    if point is not None:
        return tuple(["-accel", point.text] if isinstance(point, Recipe) else render(point)), None
    return ("-accel", text), None


def shell_text(words: Sequence[str], command: Command | None) -> str:
    """``words`` behind what stands before the command, as one line; variables stay what a shell replaces."""
    if command is None:
        return shell_line(words)
    before = [word.text for word in command.wrapper]
    return " ".join([_quoted(word, command.variables) for word in [*before, *words]])


def _quoted(word: str, variables: Sequence[str]) -> str:
    inside = [name for name in variables if name in word]
    if not inside:
        return shell_line([word])
    pieces = re.split(f"({'|'.join(map(re.escape, inside))})", word)
    if all(_PLAIN.fullmatch(piece) for piece in pieces[::2]):
        return word
    escaped = [
        re.sub(r'([\\"$`])', r"\\\1", piece) if n % 2 == 0 else piece for n, piece in enumerate(pieces)
    ]
    return f'"{"".join(escaped)}"'
