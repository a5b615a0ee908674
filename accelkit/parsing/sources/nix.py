r"""Nix: lists of options, and the shell's text in its strings. Pure.

A list has no commas. NixOS joins the strings of ``virtualisation.qemu.options`` with blanks and gives them to a shell,
so a string may hold several words. ``${…}`` is what only Nix knows. Source: the Nix manual, "String literal";
``nixos/modules/virtualisation/qemu-vm.nix``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from accelkit.parsing.sources.building import Raw, command_of, direct_command
from accelkit.parsing.sources.command import Command
from accelkit.parsing.sources.lexer import Lexer
from accelkit.parsing.sources.places import Source
from accelkit.parsing.sources.rewritten import Rewritten
from accelkit.parsing.sources.shell import shell_commands

_FIELD: Final = r"\$\{[^{}\n]{0,200}\}"
#: So many pieces at most: one that nothing closes must not be read to the end of the text from each quote in it.
_STRING: Final = r'"(?:[^"\\]++|\\.){0,2000}+"'
_INDENTED: Final = r"''(?!')(?:[^']++|'(?!')|'''|''\$|''\\.){0,2000}+''(?!['$\\])"
#: Strings with blanks between them, in brackets; other elements are names or in parentheses.
_LIST: Final = re.compile(
    rf"\[(?P<elements>(?:\s++|\#[^\n]*+|{_STRING}|{_INDENTED}|[\w.+-]++|\([^()\[\]]{{0,400}}\))*+)\]",
    re.DOTALL,
)
_ELEMENT: Final = re.compile(
    rf"\#[^\n]*|(?P<string>{_STRING})|(?P<indented>{_INDENTED})|(?P<other>[\w.+-]+|\([^()]*\))", re.DOTALL
)
_ESCAPE: Final = re.compile(rf"\\(?P<escaped>.)|(?P<field>{_FIELD})", re.DOTALL)
_ESCAPE_INDENTED: Final = re.compile(
    rf"''(?:\\(?P<escaped>.)|(?P<quotes>['$]))|(?P<field>{_FIELD})", re.DOTALL
)
#: What only Nix's text has: a list or another value of an attribute that ends in ;, a package's path, an indented
#: string that is assigned. A shell has ]; and '' too: if [ "$A" = '' ]; then
_OWN: Final = re.compile(
    r"""[\w"][ ]=[ ][^\n;\[\]]{0,200}\[[^\[\]]*\];|^[ \t]*[\w.-]+[ ]=[ ][^\n]*;[ \t]*(?:\#.*)?$ | (?:[ ]=|\)|")[ ]''$
    | ^[ \t]*[\w.-]+[ ]?=[ ]?\[[ \n]
    | \$\{(?:pkgs|lib|config|self|cfg|nixpkgs)\. | ^[ \t]*"\$\{\w+\}/bin/qemu[\w-]*"$
    | \A\s*\[\s+"[^"]*"(?:\s+"[^"]*")*\s+\]\s*\Z""",
    re.MULTILINE | re.VERBOSE,
)
_SHELL: Final = re.compile(rf"(?P<string>{_STRING})|(?P<indented>{_INDENTED})|\#[^\n]*", re.DOTALL)


def read(source: Source) -> tuple[Command, ...]:
    r"""The QEMU commands in Nix's text, and its lists of QEMU's options.

    >>> read(Source('{ virtualisation.qemu.options = [ "-machine q35,accel=kvm" "-cpu host" ]; }'))[0].argv
    ('-machine', 'q35,accel=kvm', '-cpu', 'host')
    """
    text = source.text
    if _OWN.search(text) is None:
        return ()
    lists = list(_lists(source))
    in_lists = [span for span, _ in lists]
    found = [command for _, command in lists]
    found += _scripts(source, in_lists)
    return tuple(sorted(found, key=lambda command: command.words[0][1:]))


def _lists(source: Source) -> Iterator[tuple[tuple[int, int], Command]]:
    for match in _LIST.finditer(source.text):
        raws: list[Raw] = []
        strings = 0
        for element in _ELEMENT.finditer(source.text, *match.span("elements")):
            if element["other"] is not None:
                raws.append(Raw(element[0], element.start(), (element[0],)))
            elif element["string"] is not None or element["indented"] is not None:
                strings += 1
                raws += _words(element, source)
        if strings and raws and raws[0].text.startswith("-"):
            for command in direct_command(raws, "nix", source):
                yield match.span(), command
        elif strings and len(raws) > 1:
            for command in command_of(raws, "nix", source):
                yield match.span(), command


def _words(element: re.Match[str], source: Source) -> Iterator[Raw]:
    """The words of a string, as a shell reads them."""
    start, end = _inside(element)
    text = source.text
    if not any(character in text[start:end] for character in "\\$'"):
        for word in re.compile(r"\S+").finditer(text, start, end):
            yield Raw(word[0], element.start() if word.start() == start else word.start())
        return
    decoded, fields = _decoded(text, start, end, is_indented=element["indented"] is not None)
    for token in Lexer(decoded.text()).tokens():
        if token.kind == "word":
            word = token.text
            unknown = [piece.text for piece in token.pieces if not piece.known]
            named = dict.fromkeys([*(name for name in fields if name in word), *unknown])
            yield Raw(word, decoded.origin(token.start) if token.start else element.start(), tuple(named))


def _inside(element: re.Match[str]) -> tuple[int, int]:
    quotes = 1 if element["string"] is not None else 2
    return element.start() + quotes, element.end() - quotes


def _decoded(text: str, start: int, end: int, *, is_indented: bool) -> tuple[Rewritten, list[str]]:
    """What a string holds, and the fields in it."""
    made = Rewritten()
    fields: list[str] = []
    place = start
    for escape in (_ESCAPE_INDENTED if is_indented else _ESCAPE).finditer(text, start, end):
        made.keep(text, place, escape.start())
        if escape["field"] is not None:
            fields.append(escape["field"])
            made.put(escape["field"], escape.start())
        else:
            escaped = escape["escaped"] or (escape["quotes"] if is_indented else "")
            decoded = {"n": "\n", "t": "\t", "'": "''" if is_indented else "'"}.get(escaped, escaped)
            made.put(decoded, escape.start())
        place = escape.end()
    made.keep(text, place, end)
    return made, fields


def _scripts(source: Source, lists: list[tuple[int, int]]) -> Iterator[Command]:
    """The commands in strings that are a shell's text."""
    spans = iter(lists)
    span = next(spans, None)
    for string in _SHELL.finditer(source.text):
        while span is not None and span[1] <= string.start():
            span = next(spans, None)
        is_listed = span is not None and span[0] <= string.start()
        if is_listed or (string["string"] is None and string["indented"] is None):
            continue
        start, end = _inside(string)
        if "qemu" not in source.text[start:end] and "kvm" not in source.text[start:end]:
            continue
        decoded, fields = _decoded(source.text, start, end, is_indented=string["indented"] is not None)
        for command in shell_commands(decoded.source(source), dialect="nix"):
            if len(command.words) == 1:  # a name in quotes runs nothing
                continue
            named = [name for name in fields if any(name in word.text for word in command.words[1:])]
            yield command._replace(variables=tuple(dict.fromkeys((*command.variables, *named))))
