"""Guests of the user's own: a Linux kernel, a disk, or any command line, measured like bundled ones.

They prove no checksum. What they are is taken from outside: the time until their serial console says
a word, or until they end. That is in seconds from the start of QEMU, so it holds QEMU's own start.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from inspect import Parameter, signature
from typing import Any, Final, cast

from accelkit.errors import GuestError, nearest
from accelkit.guests.catalogue import Guest
from accelkit.guests.custom import ACCEL, QEMU, CommandGuest, File, SerialGuest

PANIC: Final = r"Kernel panic - not syncing.*"
"""What Linux writes when it gives up (kernel/panic.c)."""


@dataclass(frozen=True, slots=True)
class Target:
    """What a machine of a target is, unless told otherwise."""

    machine: str
    console: str
    options: tuple[str, ...] = ()


TARGETS: Final = {
    "x86_64": Target("q35", "ttyS0"),
    "aarch64": Target("virt", "ttyAMA0", ("-cpu", "max")),
}
"""Target to its machine and the name Linux has for its serial port."""


Foreign = SerialGuest | CommandGuest
AnyGuest = Guest | Foreign
"""Whatever can be measured."""


def linux(
    kernel: str,
    initrd: str | None = None,
    append: str = "",
    *,
    until: str | None = None,
    phases: Mapping[str, str] | None = None,
    name: str = "linux",
    target: str = "x86_64",
    machine: str | None = None,
    memory: int = 512,
    cpus: int = 1,
    extra: Sequence[str] = (),
    fails: str = PANIC,
    passing: Sequence[int] = (0,),
) -> SerialGuest:
    """A boot of a Linux kernel on a machine without firmware settings, disks or network.

    ``append`` is the kernel's command line; the serial console and ``panic=-1``, by which a kernel
    that gives up ends QEMU, are added unless it has its own. ``until`` is the pattern at which the
    boot counts as done; without it the machine has to power off, or to leave with a status of
    ``passing``. ``phases`` maps names to patterns, each timed at its first match. ``memory`` is in
    MiB; ``extra`` are further arguments of QEMU. Raises GuestError for what cannot be.

    >>> boot = linux(
    ...     "vmlinuz", "initrd", until="login:", phases={"kernel": "Linux version"}
    ... )  # doctest: +SKIP
    """
    code = _call(linux, locals())
    board = _target(target)
    said = append.split()
    if not any(word.startswith("console=") for word in said):
        said.append(f"console={board.console}")
    if not any(word.startswith("panic=") for word in said):
        said.append("panic=-1")
    files = (File("-kernel", kernel), *(() if initrd is None else (File("-initrd", initrd),)))
    return _serial(
        name, target, machine, memory, cpus, ("-append", " ".join(said), *extra), files, until, phases,
        fails, passing, code,
    )  # fmt: skip


def disk(
    path: str,
    *,
    format: str = "raw",
    until: str | None = None,
    phases: Mapping[str, str] | None = None,
    name: str = "disk",
    target: str = "x86_64",
    machine: str | None = None,
    memory: int = 1024,
    cpus: int = 1,
    interface: str = "virtio",
    extra: Sequence[str] = (),
    fails: str = PANIC,
    passing: Sequence[int] = (0,),
) -> SerialGuest:
    """A boot from a disk image, which stays as it is: what the guest writes is thrown away.

    ``format`` is QEMU's, as ``qcow2``; ``interface`` that of ``-drive if=``. The guest must be set
    up to use its serial port. The rest is as for :func:`linux`; firmware goes into ``extra``.
    Raises GuestError for what cannot be.

    >>> boot = disk("debian.qcow2", format="qcow2", until="login:")  # doctest: +SKIP
    """
    code = _call(disk, locals())
    for what, word in (("format", format), ("interface", interface)):
        if not re.fullmatch(r"[a-z0-9_-]+", word):
            raise GuestError(
                f"guest {name!r}: {what}={word!r} is no word of QEMU's; write it as in qcow2, virtio"
            )
    drive = File("-drive", path, f"if={interface},format={format},snapshot=on,file=")
    return _serial(
        name, target, machine, memory, cpus, tuple(extra), (drive,), until, phases, fails, passing, code
    )


def command(argv: Sequence[str], *, name: str = "command", passing: Sequence[int] = (0,)) -> CommandGuest:
    """A command whose whole run is timed, from its start to its end, in seconds.

    ``argv`` are the arguments of a QEMU whose machine ends by itself: they follow those of the
    configuration. Or they are any command line in which ``{qemu}`` and ``{accel}`` stand for them,
    as words of their own or, quoted for the shell, within a word. Raises GuestError for no words.

    >>> command(["-M", "microvm", "-kernel", "unikernel.elf"]).is_qemu
    True
    """
    code = _call(command, locals())
    words = tuple(argv)
    if isinstance(argv, str) or not words:
        raise GuestError(f"guest {name!r}: argv={argv!r} is no list of words; write each as a string")
    found = CommandGuest(name=name, words=words, passing=_statuses(name, passing), code=code)
    if not found.is_qemu and not any(ACCEL in word for word in words):
        raise GuestError(
            f"guest {name!r}: argv={list(words)!r} has {QEMU} and no {ACCEL}: "
            "every configuration would run the same; write {accel} where -accel belongs"
        )
    return found


def _serial(
    name: str,
    target: str,
    machine: str | None,
    memory: int,
    cpus: int,
    extra: Sequence[str],
    files: tuple[File, ...],
    until: str | None,
    phases: Mapping[str, str] | None,
    fails: str,
    passing: Sequence[int],
    code: str,
) -> SerialGuest:
    board = _target(target)
    for what, count, low, high in (("memory", memory, 1, 1 << 20), ("cpus", cpus, 1, 1024)):
        if type(count) is not int or not low <= count <= high:
            raise GuestError(f"guest {name!r}: {what}={count!r} is not a whole number from {low} to {high}")
    for file in files:
        if not os.access(file.path, os.R_OK):
            raise GuestError(f"guest {name!r}: {file.path!r} cannot be read; name a file that can")
    timed = tuple((phases or {}).items())
    for what, pattern in (
        ("until", until or ""),
        ("fails", fails),
        *((f"phase {key!r}", text) for key, text in timed),
    ):
        try:
            re.compile(pattern.encode())
        except re.error as error:
            raise GuestError(
                f"guest {name!r}: {what}: {pattern!r} is no pattern: {error}; escape what is meant literally"
            ) from None
    return SerialGuest(
        name=name,
        target=target,
        options=(
            "-M", machine or board.machine, "-m", f"{memory}M", "-smp", str(cpus), *board.options, *extra,
        ),
        files=tuple(File(file.option, os.path.abspath(file.path), file.before) for file in files),
        until=until,
        phases=timed,
        fails=fails,
        passing=_statuses(name, passing),
        code=code,
    )  # fmt: skip


def _call(make: Callable[..., object], given: Mapping[str, object]) -> str:
    """The call of ``make`` with the arguments ``given``, as Python; defaults are left out."""
    words = [
        f"{'' if argument.default is Parameter.empty else f'{name}='}{_plain(given[name])!r}"
        for name, argument in signature(make).parameters.items()
        if given[name] != argument.default
    ]
    return f"{make.__name__}({', '.join(words)})"


def _plain(value: Any) -> Any:
    match value:
        case os.PathLike():
            return os.fspath(cast("os.PathLike[str]", value))
        case Mapping():
            return dict(cast("Mapping[Any, Any]", value))
        case tuple() | list():
            return [_plain(each) for each in cast("Sequence[Any]", value)]
        case _:
            return value


def _target(target: str) -> Target:
    if target not in TARGETS:
        raise GuestError(f"target {target!r}: its machine is not known here; {nearest(target, TARGETS)}")
    return TARGETS[target]


def _statuses(name: str, passing: Sequence[int]) -> tuple[int, ...]:
    if not passing or not all(type(status) is int and 0 <= status <= 255 for status in passing):
        raise GuestError(f"guest {name!r}: passing={passing!r} are no exit statuses, which are 0 to 255")
    return tuple(passing)
