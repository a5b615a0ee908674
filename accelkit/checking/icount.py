"""Rules of ``-icount``: of its own options, and whether it counts instructions.

Source: ``icount_configure`` in ``accel/tcg/icount-common.c`` and ``qemu-options.hx``; measured on QEMU
5.2, 7.2, 10.0 and 11.1.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from accelkit.checking.problem import Problem
from accelkit.checking.smp import has_many_cpus
from accelkit.parsing.command_line import CommandLine
from accelkit.syntax.edit import Edit, Fix
from accelkit.syntax.literals import Version, read_bool, read_int, switch_for
from accelkit.syntax.qemuopts import Write

_KEYS: Final = ("shift", "align", "sleep", "rr", "rrfile", "rrsnapshot")
_LARGEST_SHIFT: Final = 10
#: Before this version ``id=`` was allowed.
_WITHOUT_ID: Final = (6, 0, 0)
#: From this version on recording with rrsnapshot fails where no disk can keep it; 5.2 went on without.
_SNAPSHOT_NEEDED: Final = (6, 0, 0)
_DISKS: Final = frozenset("hda hdb hdc hdd drive blockdev sd mtdblock pflash cdrom".split())


def counts_instructions(writes: tuple[Write, ...]) -> bool:
    """Whether ``-icount`` is on. Only ``shift`` switches it on; ``sleep`` alone does nothing."""
    return any(write.key == "shift" for write in writes)


def icount_problems(line: CommandLine, version: Version) -> Iterator[Problem]:
    """What QEMU refuses in the ``-icount`` options of a line, which it merges."""
    options = {write.key: write.value for write in line.icount}
    for key, value in options.items():
        if key not in _KEYS and not (key == "id" and version < _WITHOUT_ID):
            yield _refused(key, value, "is not an option of -icount", f"takes {', '.join(_KEYS)}", ())
        elif key in ("align", "sleep") and read_bool(value) is None:
            meant = switch_for(value)
            remedy = f"write {key}={meant}" if meant else "write on or off"
            yield _refused(
                key, value, "is neither on nor off", remedy, (f"{key}={meant}",) if meant else None
            )
    shift = options.get("shift")
    if shift is not None and shift != "auto" and not _is_shift(shift):
        yield _refused(
            "shift", shift, "is not a shift", f"write auto, or 0 to {_LARGEST_SHIFT}", ("shift=auto",)
        )
    align = read_bool(options.get("align", "off"))
    if "align" in options and shift is None:
        yield _refused("align", options["align"], "needs a shift", "add shift=auto", None, "shift=auto")
    elif align and read_bool(options.get("sleep", "on")) is False:
        yield _refused(
            "align", options["align"], "is incompatible with sleep=off", "leave one of them out", ()
        )
    if options.get("rr") is not None:
        yield from _record_problems(line, options, version)


def _record_problems(line: CommandLine, options: dict[str, str], version: Version) -> Iterator[Problem]:
    """Problems of record and replay (``replay/replay.c``, ``replay/replay-snapshot.c``)."""
    mode = options["rr"]
    if mode not in ("record", "replay"):
        yield _refused("rr", mode, "is not a mode", "write record or replay")
        return
    if not options.get("rrfile"):
        yield _refused("rr", mode, "needs a file", "add rrfile=PATH")
    if "shift" not in options:
        yield _refused("rr", mode, "needs a shift", "add shift=auto", None, "shift=auto")
    if has_many_cpus(line):
        yield _of_rr(mode, "is for one CPU", "leave -smp out", "smp")
    if any(name == "snapshot" for name, _ in line.options):
        yield _of_rr(mode, "does not go with -snapshot", "leave -snapshot out", "snapshot")
    if (
        options.get("rrsnapshot")
        and not _has_disk(line)
        and (mode == "replay" or version >= _SNAPSHOT_NEEDED)
    ):
        yield _refused("rrsnapshot", options["rrsnapshot"], "needs a disk that can keep a snapshot, as qcow2 can",
                       "add -drive with a qcow2 image, or leave rrsnapshot out", ())  # fmt: skip


def _of_rr(mode: str, why: str, remedy: str, option: str) -> Problem:
    """A problem of record or replay with another option."""
    return Problem("refused", None, None, f"-icount rr={mode}", why, remedy, (Edit(option, ""),))


def _has_disk(line: CommandLine) -> bool:
    return bool(line.strays) or any(name in _DISKS for name, _ in line.options)


def _is_shift(text: str) -> bool:
    number = read_int(text)
    return number is not None and 0 <= number <= _LARGEST_SHIFT


def _refused(
    key: str, value: str, why: str, remedy: str, new: tuple[str, ...] | None = None, added: str = ""
) -> Problem:
    """A problem of one element: ``new`` stands in its place, None for what only a person knows; ``added`` is added."""
    fix: Fix = () if new is None else (Edit("icount", key, new),)
    if added:
        fix = (Edit("icount", None, (added,)),)
    return Problem("refused", None, None, f"-icount {key}={value}", why, remedy, fix)
