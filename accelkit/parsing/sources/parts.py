"""The parts of a text that are texts of their own, each read as what it is. Pure.

They are the blocks between fences, the files of patches, domain XML, and the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, pairwise
from typing import Final

from accelkit.parsing.sources.command import Command
from accelkit.parsing.sources.dialects import DIALECTS
from accelkit.parsing.sources.diffs import patched
from accelkit.parsing.sources.domain import domains_in
from accelkit.parsing.sources.fences import blocks
from accelkit.parsing.sources.pasted import pasted_commands
from accelkit.parsing.sources.places import Source
from accelkit.parsing.sources.prompts import unmarked

_SHEBANG: Final = re.compile(r"#![^\n]*\b(?:ba|da|k|mk|a|z)?sh\b")


def is_script(text: str) -> bool:
    """Whether the first line names a shell that reads the text.

    >>> is_script("#!/usr/bin/env bash"), is_script("#!/bin/sh -e"), is_script("#!/usr/bin/python3")
    (True, True, False)
    """
    return _SHEBANG.match(text) is not None


def parts(text: str) -> Iterator[Source]:
    r"""The parts of a text, without the marks of terminals.

    A shell's script is one, whatever it holds as a here-document.

    >>> [part.text for part in parts("<domain type='kvm'/>\n$ kvm -m 1G\n```\n-m 2\n```")]
    ["<domain type='kvm'/>", '\n$ kvm -m 1G\n', '-m 2\n']
    """
    source = unmarked(text)
    if is_script(source.text):
        yield source
        return
    for part in chain.from_iterable(map(patched, blocks(source))):
        domains = domains_in(part.text)
        yield from (part.taken([span]) for span in domains)
        edges = pairwise(chain((0,), chain.from_iterable(domains), (len(part.text),)))
        yield part.taken(list(edges)[::2]) if domains else part


def part_commands(part: Source) -> tuple[Command, ...]:
    r"""The QEMU commands in one part: those of the first dialect that has any, otherwise a shell's.

    >>> part_commands(Source("[Service]\nExecStart=/usr/bin/qemu-kvm -m 1G"))[0].dialect
    'systemd'
    """
    for reader in () if is_script(part.text) else DIALECTS:
        if found := reader(part):
            return found
    return pasted_commands(part)
