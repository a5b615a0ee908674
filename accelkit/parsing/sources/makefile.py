r"""Makefiles: the lines that a rule runs, with the variables that the same file sets. Pure.

make replaces ``$(NAME)`` before the shell reads a line, and ``$$`` becomes ``$``. Source: the manual of GNU make, "How
to Use Variables" and "Writing Recipes in Rules".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from accelkit.parsing.sources.command import Command
from accelkit.parsing.sources.makefile_variables import Variables
from accelkit.parsing.sources.places import Source
from accelkit.parsing.sources.rewritten import Rewritten
from accelkit.parsing.sources.shell import shell_commands

#: A rule with its recipe, an assignment that no shell has, a line that make's variable begins.
_OWN: Final = re.compile(
    r"""^[\w.%/$(){}-][\w.%/$(){} \t-]*+:(?![=/\\])[^\n=]*\n(?:[ \t]*(?:\#[^\n]*)?\n)*[ ]*\t[ \t]*\S
    | ^[ \t]*(?:export[ ]+|override[ ]+)?[\w.-]++[ \t]*(?:\?=|::?=)
    | ^[ \t]*[@-]*\$\([A-Z_]*(?:QEMU|KVM)\w*\)
    | ^[ \t]*@-?(?:\$\{|[\w./-]*qemu-system|[\w./-]*kvm[ ]-)""",
    re.MULTILINE | re.VERBOSE,
)
#: These both: a shell has neither, one of them alone may stand in other texts.
_SET: Final = re.compile(r"^[\w.-]++[ \t]+\+?=(?:[ \t]|$)", re.MULTILINE)
_USED: Final = re.compile(r"\$\([A-Z]")
_QEMU: Final = re.compile("qemu|kvm", re.IGNORECASE)
_ASSIGNMENT: Final = re.compile(
    r"[ ]*(?:(?:export|override|private|unexport)[ \t]+)*(?P<name>[\w.-]+)[ \t]*(?P<kind>\?|\+|::?:?|!)?=[ \t]*"
)
#: A rule; a variable of its own, as run: OPTS += -s, is set behind it.
_RULE: Final = re.compile(r"(?P<targets>[^\s#=:][^#=:\n]*):{1,2}(?![=/\\])[ \t]*")
_CONDITION: Final = re.compile(r"[ \t]*(?P<word>ifeq|ifneq|ifdef|ifndef|else|endif)\b[ \t]*(?P<name>[\w.-]*)")
_DEFINE: Final = re.compile(r"[ ]*(?:override[ \t]+)?define[ \t]+(?P<name>[\w.-]+)")
_SIGNS: Final = re.compile(r"[ \t@+-]*")
#: What only make knows, and no shell could read: $(<) stands for it until the shell's words are read.
_AUTOMATIC: Final = re.compile(r"\$\(([<^%+|])\)")


def read(source: Source) -> tuple[Command, ...]:
    r"""The QEMU commands in the recipes of a Makefile.

    >>> text = "QEMU = qemu-system-riscv64\nOPTS := -smp 2\nrun: kernel\n\t@$(QEMU) $(OPTS) -kernel $<\n"
    >>> read(Source(text))[0].argv, read(Source(text))[0].variables
    (('qemu-system-riscv64', '-smp', '2', '-kernel', '$<'), ('$<',))
    """
    text = source.text
    if _QEMU.search(text) is None:
        return ()
    if _OWN.search(text) is None and (_SET.search(text) is None or _USED.search(text) is None):
        return ()
    return tuple(_commands(source))


def _commands(source: Source) -> Iterator[Command]:
    variables = Variables(len(source.text))
    recipes = list(_recipes(source.text, variables))
    for recipe in recipes:
        line = variables.expanded(recipe)
        text = line.text()
        if _QEMU.search(text) is None:
            continue
        signs = _SIGNS.match(text)
        shell = Rewritten()
        shell.extend(line, 0 if signs is None else signs.end())
        for command in shell_commands(shell.source(source), dialect="make"):
            yield _with_automatic(command)


def _with_automatic(command: Command) -> Command:
    if not any("$(" in name for name in command.variables):
        return command
    return command._replace(
        words=tuple(word._replace(text=_AUTOMATIC.sub(r"$\1", word.text)) for word in command.words),
        variables=tuple(_AUTOMATIC.sub(r"$\1", name) for name in command.variables),
    )


def _recipes(text: str, variables: Variables) -> Iterator[Rewritten]:
    """The lines that rules run; what the other lines set goes into ``variables``."""
    conditions: list[str] = []  # the variable that each open condition asks for with ifndef, or nothing
    has_rule = False
    place = 0
    while place < len(text):
        end = _logical_end(text, place)
        start, place = place, end + 1
        if text.startswith("\t", start) and has_rule:
            yield _recipe(text, start, end)
        elif (condition := _CONDITION.match(text, start, end)) is not None:
            _ask(condition, conditions)
        elif (define := _DEFINE.match(text, start, end)) is not None:
            variables.forget(define["name"])
            place = _behind_define(text, end)
        elif (assignment := _ASSIGNMENT.match(text, start, end)) is not None:
            kind = assignment["kind"] or ""
            certain = not conditions
            if conditions and conditions[-1] == assignment["name"] and kind != "+":
                kind, certain = "?", True  # ifndef NAME, NAME = …: where nothing else sets it
            variables.assign(assignment["name"], kind, _value(text, assignment.end(), end), certain=certain)
        elif text[start] in " \t" and has_rule and text[start:end].strip()[:1] not in ("", "#"):
            yield _recipe(text, start, end)  # a page has made blanks of the tab
        elif (rule := _RULE.match(text, start, end)) is not None:
            has_rule = True
            own = _ASSIGNMENT.match(text, rule.end(), end)
            if own is not None:
                value = _value(text, own.end(), end)
                variables.assign(own["name"], own["kind"] or "", value, certain=False)
        elif not has_rule and text[start:end].strip()[:1] not in ("", "#"):
            yield _recipe(text, start, end)


def _logical_end(text: str, start: int) -> int:
    """Where the line ends that begins at ``start``, with those that a backslash joins to it."""
    end = text.find("\n", start)
    while end > 0 and text[end - 1] == "\\":
        end = text.find("\n", end + 1)
    return len(text) if end < 0 else end


def _behind_define(text: str, place: int) -> int:
    found = re.compile(r"^[ \t]*endef\b[^\n]*\n?", re.MULTILINE).search(text, place)
    return len(text) if found is None else found.end()


def _ask(condition: re.Match[str], conditions: list[str]) -> None:
    word = condition["word"]
    if word == "endif":
        del conditions[-1:]
    elif word == "else":
        conditions[-1:] = [""]
    else:
        conditions.append(condition["name"] if word == "ifndef" else "")


def _recipe(text: str, start: int, end: int) -> Rewritten:
    line = Rewritten()
    line.keep(text, start, end)
    return line


def _value(text: str, start: int, end: int) -> Rewritten:
    """The value of an assignment: to a comment, with a blank for each end of line that a backslash joins."""
    comment = re.compile(r"(?<!\\)#").search(text, start, end)
    end = end if comment is None else comment.start()
    value = Rewritten()
    for joined in re.compile(r"[ \t]*\\\n[ \t]*").finditer(text, start, end):
        value.keep(text, start, joined.start())
        value.put(" ", joined.start())
        start = joined.end()
    value.keep(text, start, start + len(text[start:end].rstrip()))
    return value
