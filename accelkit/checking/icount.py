"""Rules of ``-icount``: of its own options, and whether it counts instructions.

Source: ``icount_configure`` in ``accel/tcg/icount-common.c`` and ``qemu-options.hx``; measured on QEMU
5.2, 7.2, 10.0 and 11.1.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from accelkit.checking.problem import Problem
from accelkit.syntax.literals import Version, read_bool, read_int
from accelkit.syntax.qemuopts import Write

_KEYS: Final = ("shift", "align", "sleep", "rr", "rrfile", "rrsnapshot")
_LARGEST_SHIFT: Final = 10
#: Before this version ``id=`` was allowed.
_WITHOUT_ID: Final = (6, 0, 0)


def counts_instructions(writes: tuple[Write, ...]) -> bool:
    """Whether ``-icount`` is on. Only ``shift`` switches it on; ``sleep`` alone does nothing."""
    return any(write.key == "shift" for write in writes)


def icount_problems(writes: tuple[Write, ...], version: Version) -> Iterator[Problem]:
    """What QEMU refuses in the ``-icount`` options of a line, which it merges."""
    options = {write.key: write.value for write in writes}
    for key, value in options.items():
        if key not in _KEYS and not (key == "id" and version < _WITHOUT_ID):
            yield _refused(key, value, "is not an option of -icount", f"takes {', '.join(_KEYS)}")
        elif key in ("align", "sleep") and read_bool(value) is None:
            yield _refused(key, value, "is neither on nor off", "write on or off")
    shift = options.get("shift")
    if shift is not None and shift != "auto" and not _is_shift(shift):
        yield _refused("shift", shift, "is not a shift", f"write auto, or 0 to {_LARGEST_SHIFT}")
    align = read_bool(options.get("align", "off"))
    if "align" in options and shift is None:
        yield _refused("align", options["align"], "needs a shift", "add shift=auto")
    elif align and read_bool(options.get("sleep", "on")) is False:
        yield _refused("align", options["align"], "is incompatible with sleep=off", "leave one of them out")
    mode = options.get("rr")
    if mode is not None:
        if mode not in ("record", "replay"):
            yield _refused("rr", mode, "is not a mode", "write record or replay")
        elif not options.get("rrfile"):
            yield _refused("rr", mode, "needs a file", "add rrfile=PATH")


def _is_shift(text: str) -> bool:
    number = read_int(text)
    return number is not None and 0 <= number <= _LARGEST_SHIFT


def _refused(key: str, value: str, why: str, remedy: str) -> Problem:
    return Problem("refused", None, None, f"-icount {key}={value}", why, remedy)
