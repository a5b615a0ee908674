"""Makes the user's own guests: a Linux kernel, a disk image or any command line.

They are measured like the bundled ones, but from outside and without a checksum: the value is the time in
seconds from the start of QEMU until a pattern appears on the serial console, or until the run ends. It
includes QEMU's own start.
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
"""The line that Linux writes when it panics (kernel/panic.c)."""


@dataclass(frozen=True, slots=True)
class Target:
    """The defaults of a target: machine, Linux's name for the serial port, further options."""

    machine: str
    console: str
    options: tuple[str, ...] = ()


TARGETS: Final = {
    "x86_64": Target("q35", "ttyS0"),
    "aarch64": Target("virt", "ttyAMA0", ("-cpu", "max")),
}
"""Every target for which :func:`linux` and :func:`disk` make guests."""


AnyGuest = Guest | SerialGuest | CommandGuest
"""Every kind of guest that accelkit measures."""


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

    ``append`` is the kernel's command line; unless it sets them, ``console=`` for the serial port and
    ``panic=-1``, so that QEMU ends after a panic, are added. The boot is done at the first match of the
    pattern ``until``; without it the machine must power off, or end with a status in ``passing``.
    ``phases`` maps names to patterns and times the first match of each. ``memory`` is in MiB; ``extra``
    are further arguments of QEMU. Raises GuestError for values that make no such guest.

    >>> boot = linux(
    ...     "vmlinuz", "initrd", until="login:", phases={"kernel": "Linux version"}
    ... )  # doctest: +SKIP
    """
    code = _call(linux, locals())
    defaults = _target(target)
    words = append.split()
    if not any(word.startswith("console=") for word in words):
        words.append(f"console={defaults.console}")
    if not any(word.startswith("panic=") for word in words):
        words.append("panic=-1")
    files = (File("-kernel", kernel), *(() if initrd is None else (File("-initrd", initrd),)))
    return _serial(
        name, target, machine, memory, cpus, ("-append", " ".join(words), *extra), files, until, phases,
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
    """A boot from a disk image, which never changes: QEMU discards what the guest writes.

    ``format`` is QEMU's name of the image format, such as ``qcow2``; ``interface`` is the value of
    ``-drive if=``. The guest must be set up to use its serial port. The other arguments are those of
    :func:`linux`; options for firmware go into ``extra``. Raises GuestError for values that make no such
    guest.

    >>> boot = disk("debian.qcow2", format="qcow2", until="login:")  # doctest: +SKIP
    """
    code = _call(disk, locals())
    for what, word, example in (("format", format, "qcow2"), ("interface", interface, "virtio")):
        if not re.fullmatch(r"[a-z0-9_-]+", word):
            raise GuestError(
                f"guest {name!r}: {what}={word!r} is not a name that QEMU uses; write it as in {example}"
            )
    drive = File("-drive", path, f"if={interface},format={format},snapshot=on,file=")
    return _serial(
        name, target, machine, memory, cpus, tuple(extra), (drive,), until, phases, fails, passing, code
    )


def command(argv: Sequence[str], *, name: str = "command", passing: Sequence[int] = (0,)) -> CommandGuest:
    """A command that is timed in seconds, from its start to its end.

    ``argv`` are the arguments of a QEMU whose machine ends by itself; they follow the configuration's
    arguments. Or ``argv`` is any command line with ``{qemu}`` and ``{accel}``, which accelkit replaces by
    the build's command and the configuration's arguments: a whole word by several words, a part of a word
    by text quoted for the shell. Raises GuestError for an empty command and for one without ``{accel}``.

    >>> command(["-M", "microvm", "-kernel", "unikernel.elf"]).is_qemu
    True
    """
    code = _call(command, locals())
    words = tuple(argv)
    if isinstance(argv, str) or not words:
        raise GuestError(
            f"guest {name!r}: argv={argv!r} is not a list of words; give at least one, each a string"
        )
    guest = CommandGuest(name=name, words=words, passing=_statuses(name, passing), code=code)
    if not guest.is_qemu and not any(ACCEL in word for word in words):
        raise GuestError(
            f"guest {name!r}: argv={list(words)!r} has {QEMU} but no {ACCEL}: "
            "every configuration would run the same command; write {accel} where -accel belongs"
        )
    return guest


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
    defaults = _target(target)
    for what, count, low, high in (("memory", memory, 1, 1 << 20), ("cpus", cpus, 1, 1024)):
        if type(count) is not int or not low <= count <= high:
            raise GuestError(f"guest {name!r}: {what}={count!r} is not a whole number from {low} to {high}")
    for file in files:
        if not os.access(file.path, os.R_OK):
            raise GuestError(f"guest {name!r}: {file.path!r} cannot be read; name a readable file")
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
                f"guest {name!r}: {what}: {pattern!r} is not a regular expression: {error}; escape literal characters with \\"
            ) from None
    return SerialGuest(
        name=name,
        target=target,
        options=(
            "-M", machine or defaults.machine, "-m", f"{memory}M", "-smp", str(cpus), *defaults.options, *extra,
        ),
        files=tuple(File(file.option, os.path.abspath(file.path), file.before) for file in files),
        until=until,
        phases=timed,
        fails=fails,
        passing=_statuses(name, passing),
        code=code,
    )  # fmt: skip


def _call(make: Callable[..., object], arguments: Mapping[str, object]) -> str:
    """The Python expression that calls ``make`` with ``arguments``, without those that are defaults."""
    words = [
        f"{'' if parameter.default is Parameter.empty else f'{name}='}{_plain(arguments[name])!r}"
        for name, parameter in signature(make).parameters.items()
        if arguments[name] != parameter.default
    ]
    return f"{make.__name__}({', '.join(words)})"


def _plain(value: Any) -> Any:
    match value:
        case os.PathLike():
            return os.fspath(cast("os.PathLike[str]", value))
        case Mapping():
            return dict(cast("Mapping[Any, Any]", value))
        case tuple() | list():
            return [_plain(item) for item in cast("Sequence[Any]", value)]
        case _:
            return value


def _target(target: str) -> Target:
    if target not in TARGETS:
        raise GuestError(f"target {target!r}: no default machine for it; {nearest(target, TARGETS)}")
    return TARGETS[target]


def _statuses(name: str, passing: Sequence[int]) -> tuple[int, ...]:
    if not passing or not all(type(status) is int and 0 <= status <= 255 for status in passing):
        raise GuestError(f"guest {name!r}: passing={passing!r}: give one or more exit statuses from 0 to 255")
    return tuple(passing)
