"""pasted: the value that a pasted text writes; not_taken: what was understood of a text that writes none. Pure."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from accelkit.errors import AccelkitError, brief
from accelkit.parsing.recipes import sweep
from accelkit.parsing.understanding import Kind, Understood, understand
from accelkit.widgets.form import Value

#: What a field of one line leaves of a backslash at the end of a line: it drops the end itself.
_LEFT_OVER: Final = re.compile(r"(?<=\s)\\(?=\s|$)")
_KINDS: Final[dict[Kind, str]] = {
    "commands": "a QEMU command line",
    "accel": "an -accel argument",
    "python": "Python",
    "braces": "an -accel argument with {a,b}",
    "domain": "libvirt domain XML",
}


def pasted(text: str) -> Value:
    """The recipe, fallback or space that ``text`` writes in any notation. Raises AccelkitError.

    >>> pasted("qemu-system-x86_64 -accel tcg,tb-size=64 -m 1G")
    tcg() | tb_size(64)
    """
    return sweep(_LEFT_OVER.sub("", text))


def not_taken(text: str, error: AccelkitError) -> str:
    """What to say of a text that ``pasted`` refuses with ``error``: as what it was read, and why nothing changed.

    >>> from accelkit import ArgvError
    >>> not_taken("kvm,thread", ArgvError("no"))
    'read as an -accel argument; nothing changed: no'
    """
    try:
        understood = understand(_LEFT_OVER.sub("", text))
    except AccelkitError:
        return f"not understood, and nothing changed: {error}"
    return f"read as {_KINDS[understood.kind]}{_accels(understood)}; nothing changed: {error}"


def _accels(understood: Understood) -> str:
    """What the commands say about accelerators, as they were read."""
    if understood.kind != "commands":
        return ""
    named = [
        f"-accel {brief(value)}"
        for command in understood.commands
        for option, value in pairwise(command.argv)
        if option in ("-accel", "--accel")
    ]
    return f" with {', '.join(named)}" if named else " without -accel"
