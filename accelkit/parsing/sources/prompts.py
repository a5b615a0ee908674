"""What a terminal, a log or a page puts before the lines of a shell: prompts, numbers and quotation marks. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain, pairwise
from typing import Final

from accelkit.parsing.sources.places import Source
from accelkit.parsing.sources.programs import is_program
from accelkit.parsing.sources.wrappers import ASSIGNMENT, is_wrapper

#: A byte order mark, carriage returns at the ends of lines, and a terminal's colours.
_MARKS: Final = re.compile("\\A\ufeff|\r+(?=\n|\\Z)|\x1b\\[[0-9;?]*[A-Za-z]|\x1b\\][^\x07\n]*\x07")

_PROMPT: Final = re.compile(
    r"""
    ^(?<!\\\n)[ \t]*+                           # a line that goes on has no prompt of its own
    (?:\d{4}-\d\d-\d\dT[\d:.]++Z[ \t]++)?+       # the time, in logs of CI
    (?:\([\w.+-]++\)[ \t]*+)*+                   # (venv)
    (?:
        \[[^]\n]{1,100}\][ \t]?[$\#%]            # [user@host dir]$
      | [\w.-]++@[\w.-]++[: \t][^\n$\#%>]{0,100}[$\#%>]  # user@host:~/dir$, user@host ~ %
      | [\w.-]++:~[^\s$\#%]*+[ \t]?[$\#%]        # host:~ #
      | (?:ba|z|da|k|a)?sh-[\d.]++[$\#]
      | (?:~[\w./-]*+|/)[ \t]?[$\#%]             # ~ #
      | [$%‣❯➜λ▶»]
      | \++
    )
    [ \t]++(?=\S)
    | ^[ \t]*+!(?=[\w./"])(?!=)                  # a notebook's
    """,
    re.VERBOSE | re.MULTILINE,
)
#: The number of a line in what ``history`` prints, with the time that it may have, or of an item of a list.
_NUMBER: Final = re.compile(
    r"^(?<!\\\n)(?:[ \t]*+\d{1,6}\*?(?:[ ]{2}|\t)(?:\d{4}-\d\d-\d\d[ ][\d:]++[ ])?[ ]*+|[ ]{0,3}+\d{1,3}[.)][ ]++)(?=\S)",
    re.MULTILINE,
)
#: A comment in a script, the prompt of root in a terminal.
_ROOT: Final = re.compile(r"^[ \t]*+#[ \t]++(?=\S)", re.MULTILINE)
_QUOTED: Final = re.compile(r"^[ \t]*+(?:>[ \t]?)++(?=([^\s>]*+))", re.MULTILINE)


def unmarked(text: str) -> Source:
    r"""The text without a byte order mark, carriage returns at the ends of lines and colours.

    >>> unmarked("\ufeffkvm\r\n").text
    'kvm\n'
    """
    source = Source(text)
    if "\r" in text or "\x1b" in text or text[:1] == "\ufeff":
        return _without(source, _MARKS.finditer(text))
    return source


def without_prompts(source: Source, *, root: bool) -> Source:
    r"""The text without prompts, without ``> `` before lines that go on or are quoted; with ``root`` also ``# ``.

    >>> without_prompts(Source("user@host:~$ qemu \\\n> -m 1G"), root=False).text
    'qemu \\\n-m 1G'
    """
    text = source.text
    if root:
        source = _without(source, _ROOT.finditer(text))
        text = source.text
    if ">" in text:
        source = _without(source, _continuations(text))
        text = source.text
    if "esac" not in text:  # in case 1) is a pattern
        source = _without(source, _NUMBER.finditer(text))
        text = source.text
    return _without(source, _PROMPT.finditer(text))


def has_root_prompt(text: str) -> bool:
    """Whether a line begins with ``# `` in what is no script."""
    return not text.startswith("#!") and _ROOT.search(text) is not None


def _continuations(text: str) -> Iterator[re.Match[str]]:
    """The ``> `` before lines: where the line before ends with a backslash, or a command is quoted as in a mail."""
    end_of_quoted = -1
    for mark in _QUOTED.finditer(text):
        goes_on = text[max(mark.start() - 2, 0) : mark.start()] == "\\\n" or mark.start() == end_of_quoted
        if (
            goes_on
            or is_program(mark[1])
            or is_wrapper(mark[1])
            or ASSIGNMENT.match(mark[1])
            or mark[1] == "$"
        ):
            end_of_quoted = text.find("\n", mark.end()) + 1
            yield mark


def _without(source: Source, cuts: Iterable[re.Match[str]]) -> Source:
    edges = [edge for cut in cuts for edge in cut.span()]
    if not edges:
        return source
    every = list(pairwise(chain((0,), edges, (len(source.text),))))
    return source.taken(span for span in every[::2] if span[0] < span[1])
