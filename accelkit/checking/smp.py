"""What ``-smp`` asks for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from accelkit.parsing.command_line import CommandLine
from accelkit.syntax.literals import read_int
from accelkit.syntax.qemuopts import split

_FACTORS: Final = ("sockets", "dies", "clusters", "modules", "cores", "threads", "drawers", "books")


def has_many_cpus(line: CommandLine) -> bool:
    """Whether the machine starts with more than one CPU. Of ``maxcpus`` only the rest is plugged later.

    >>> from accelkit.parsing.lines import read
    >>> has_many_cpus(read("-smp 1,maxcpus=4")), has_many_cpus(read("-smp cores=2"))
    (False, True)
    """
    writes = _writes(line)
    return _is_many(writes, ("cpus",) if "cpus" in writes else _FACTORS)


def may_have_many_cpus(line: CommandLine) -> bool:
    """Whether more than one CPU is there at the start, or may be plugged later.

    >>> from accelkit.parsing.lines import read
    >>> may_have_many_cpus(read("-smp 1,maxcpus=4")), may_have_many_cpus(read("-smp 1"))
    (True, False)
    """
    return has_many_cpus(line) or _is_many(_writes(line), ("maxcpus",))


def _writes(line: CommandLine) -> dict[str, str]:
    texts = [value for name, value in line.options if name == "smp" and value is not None]
    return {write.key: write.value for text in texts for write in split(text, "cpus")}


def _is_many(writes: dict[str, str], keys: Iterable[str]) -> bool:
    return any((read_int(writes[key]) or 0) > 1 for key in keys if key in writes)
