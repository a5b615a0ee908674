r"""Proxmox VE's configuration of a VM: what its ``args:`` adds to the command line, ``kvm: 0`` and ``arch:``. Pure.

Source: ``src/PVE/QemuServer.pm`` of qemu-server, commit dab637268eb2. ``config_to_command`` runs /usr/bin/kvm, for
another architecture than the host's qemu-system-ARCH without KVM; it gives ``accel=tcg`` to -machine where KVM is off,
and adds the words of args at the end. ``split_args`` of PVE::Tools gives them to Perl's ``Text::ParseWords::shellwords``,
which knows quotes and backslashes and expands nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from accelkit.parsing.sources.command import Command, Note, Word
from accelkit.parsing.sources.places import Source
from accelkit.parsing.sources.programs import target_of

_SETTING: Final = re.compile(
    r"^[ \t]*(?:(?P<name>args|kvm|arch):[ \t]+(?P<value>\S[^\n]*)|(?P<section>\[)[^\n]*\])", re.MULTILINE
)
_PROGRAM: Final = "/usr/bin/kvm"
#: The architecture of the hosts that Proxmox is made for.
_NATIVE: Final = "x86_64"
#: In this order, as Text::ParseWords has them; what matches none is a quote that nothing closes.
_PIECE: Final = re.compile(
    r"(?P<blank>\s+)|\"(?P<double>(?:[^\"\\]|\\.)*)\"|'(?P<single>(?:[^'\\]|\\.)*)'|\\(?P<escaped>.?)|(?P<plain>[^\s\"'\\]+)",
    re.DOTALL,
)
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)


def read(source: Source) -> tuple[Command, ...]:
    r"""The command of each section that has ``args:``, as far as it is known.

    >>> read(Source("cores: 4\nkvm: 0\nargs: -accel tcg,thread=single\n"))[0].argv
    ('/usr/bin/kvm', '-machine', 'accel=tcg', '-accel', 'tcg,thread=single')
    """
    return tuple(_commands(source))


def _commands(source: Source) -> Iterator[Command]:
    settings: dict[str, re.Match[str]] = {}
    for setting in (*_SETTING.finditer(source.text), None):
        if setting is not None and setting["section"] is None:
            settings[setting["name"]] = setting
            continue
        if "args" in settings and settings["args"]["value"][0] == "-":
            yield _command(settings, source)
        settings = {}


def _command(settings: Mapping[str, re.Match[str]], source: Source) -> Command:
    args, kvm, arch = settings["args"], settings.get("kvm"), settings.get("arch")
    name, named, off = _PROGRAM, args, kvm
    if arch is not None and (target := arch["value"].strip()) != _NATIVE:
        name, named = f"/usr/bin/qemu-system-{target}", arch
        off = kvm or arch
    before = [Word(name, *source.place(named.start("name")))]
    if off is not None and (off is arch or off["value"].strip() == "0"):
        place = source.place(off.start("name"))
        before += [Word("-machine", *place), Word("accel=tcg", *place)]
    words = _words(args, source)
    if words is None:
        place = source.place(args.start("value"))
        why = "this quote is not closed, so Proxmox gives QEMU no word of args"
        return Command(tuple(before), "proxmox", target_of(name), notes=(Note(f"{why}; close it", *place),))
    return Command((*before, *words), "proxmox", target_of(name))


def _words(args: re.Match[str], source: Source) -> list[Word] | None:
    """The words of ``args:``; None where a quote is not closed."""
    text, (place, end) = source.text, args.span("value")
    words: list[Word] = []
    parts: list[str] = []
    start = place
    while place < end:
        piece = _PIECE.match(text, place, end)
        if piece is None:
            return None
        if piece["blank"] is not None:
            words += [Word("".join(parts), *source.place(start))] if parts else []
            parts, start = [], piece.end()
        elif piece["double"] is not None:
            parts.append(_ESCAPED.sub(r"\1", piece["double"]))
        else:
            parts.append(next(text for text in piece.group("single", "escaped", "plain") if text is not None))
        place = piece.end()
    return [*words, Word("".join(parts), *source.place(start))] if parts else words
