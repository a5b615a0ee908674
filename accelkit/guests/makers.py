"""Makes the user's own guests: a Linux kernel, a disk image or any command line.

They are measured like the bundled ones, but from outside and without a checksum: the value is the time in
seconds from the start of QEMU until a pattern appears on the serial console, or until the run ends. It
includes QEMU's own start.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from inspect import Parameter, signature
from typing import Any, Final, cast

from accelkit.errors import GuestError, nearest, shown
from accelkit.guests.arguments import argument_of, arguments_of, path_of, pattern_of, refuse_name, statuses_of
from accelkit.guests.catalogue import Guest
from accelkit.guests.custom import ACCEL, QEMU, CommandGuest, File, SerialGuest
from accelkit.host.files import open_regular
from accelkit.syntax.daemonize import refuse_daemonize

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


Phases = Mapping[str, str] | Sequence[tuple[str, str]]
"""Names and patterns, in order."""

AnyGuest = Guest | SerialGuest | CommandGuest
"""Every kind of guest that accelkit measures."""


def linux(
    kernel: str,
    initrd: str | None = None,
    append: str = "",
    *,
    until: str | None = None,
    phases: Phases | None = None,
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

    ``phases`` are names and patterns, in the order in which they come: a mapping, or a list of pairs. A phase
    lasts from the first match of its pattern to the first match of the next; the last one lasts to the end of
    the run. An empty pattern, which only the first may have, begins with QEMU. A study compares each phase by
    itself, beside the whole run. A run in which a pattern was not seen has failed.

    ``memory`` is in MiB; ``extra`` are further arguments of QEMU. Raises GuestError for values that make no such
    guest.

    >>> boot = linux(
    ...     "vmlinuz", "initrd", until="login:", phases={"firmware": "", "kernel": "Linux version"}
    ... )  # doctest: +SKIP
    """
    arguments = locals()
    refuse_name(name, "linux: name")
    defaults = _target(target)
    words = argument_of(name, "append", append).split()
    if not any(word.startswith("console=") for word in words):
        words.append(f"console={defaults.console}")
    if not any(word.startswith("panic=") for word in words):
        words.append("panic=-1")
    files = (
        File("-kernel", path_of(name, "kernel", kernel)),
        *(() if initrd is None else (File("-initrd", path_of(name, "initrd", initrd)),)),
    )
    words = ["-append", " ".join(words), *arguments_of(name, "extra", extra)]
    guest = _serial(name, target, machine, memory, cpus, words, files, until, phases, fails, passing)
    return replace(guest, code=call_of(linux, arguments))


def disk(
    path: str,
    *,
    format: str = "raw",
    until: str | None = None,
    phases: Phases | None = None,
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
    """A boot from a disk image or a block device, which never changes: QEMU discards what the guest writes.

    ``format`` is QEMU's name of the image format, such as ``qcow2``; ``interface`` is the value of
    ``-drive if=``. The guest must be set up to use its serial port. The other arguments are those of
    :func:`linux`; options for firmware go into ``extra``. Raises GuestError for values that make no such
    guest.

    >>> boot = disk("debian.qcow2", format="qcow2", until="login:")  # doctest: +SKIP
    """
    arguments = locals()
    refuse_name(name, "disk: name")
    for what, word, example in (("format", format, "qcow2"), ("interface", interface, "virtio")):
        if type(word) is not str or not re.fullmatch(r"[a-z0-9_-]{1,100}", word):
            raise GuestError(
                f"guest {name!r}: {what}={shown(word)} is not a name that QEMU uses; write it as in {example}"
            )
    before = f"if={interface},format={format},snapshot=on,file="
    drive = File("-drive", path_of(name, "path", path), before, device=True)
    words = arguments_of(name, "extra", extra)
    guest = _serial(name, target, machine, memory, cpus, words, (drive,), until, phases, fails, passing)
    return replace(guest, code=call_of(disk, arguments))


def command(argv: Sequence[str], *, name: str = "command", passing: Sequence[int] = (0,)) -> CommandGuest:
    """A command that is timed in seconds, from its start to its end.

    ``argv`` are the arguments of a QEMU whose machine ends by itself; they follow the configuration's
    arguments. Or ``argv`` is any command line with ``{qemu}`` and ``{accel}``, which accelkit replaces by
    the build's command and the configuration's arguments: a whole word by several words, a part of a word
    by text quoted for the shell. Raises GuestError for an empty command and for one without ``{accel}``.

    >>> command(["-M", "microvm", "-kernel", "unikernel.elf"]).is_qemu
    True
    """
    arguments = locals()
    refuse_name(name, "command: name")
    words = arguments_of(name, "argv", argv)
    if not words:
        raise GuestError(f"guest {name!r}: argv={shown(argv)} has no words; give at least one, each a string")
    refuse_daemonize(words)
    passing = statuses_of(name, passing)
    guest = CommandGuest(name=name, words=words, passing=passing, code=call_of(command, arguments))
    if not guest.is_qemu and not any(ACCEL in word for word in words):
        raise GuestError(
            f"guest {name!r}: argv={shown(list(words))} has {QEMU} but no {ACCEL}: "
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
    phases: Phases | None,
    fails: str,
    passing: Sequence[int],
) -> SerialGuest:
    refuse_daemonize(extra)
    defaults = _target(target)
    for what, count, low, high in (("memory", memory, 1, 1 << 20), ("cpus", cpus, 1, 1024)):
        if type(count) is not int or not low <= count <= high:
            raise GuestError(
                f"guest {name!r}: {what}={shown(count)} is not a whole number from {low} to {high}"
            )
    for file in files:
        try:
            os.close(open_regular(file.path, devices=file.device))
        except OSError as error:
            raise GuestError(
                f"guest {name!r}: {shown(file.path)}: {error.strerror}; name a file that can be read"
            ) from None
    if machine is not None:
        refuse_name(machine, f"guest {name!r}: machine")
    return SerialGuest(
        name=name,
        target=target,
        options=(
            "-M", machine or defaults.machine, "-m", f"{memory}M", "-smp", str(cpus), *defaults.options, *extra,
        ),
        files=tuple(replace(file, path=os.path.abspath(file.path)) for file in files),
        until=None if until is None else pattern_of(name, "until", until),
        phases=phases_of(name, phases),
        fails=pattern_of(name, "fails", fails),
        passing=statuses_of(name, passing),
    )  # fmt: skip


def phases_of(name: str, phases: object) -> tuple[tuple[str, str], ...]:
    """``phases`` as pairs. Raises GuestError unless they are names and patterns, each name once."""
    pairs: list[object]
    if phases is None or isinstance(phases, Mapping):
        pairs = list(cast("Mapping[object, object]", phases or {}).items())
    else:
        pairs = list(cast("Sequence[object]", phases)) if isinstance(phases, (list, tuple)) else [phases]
    timed: dict[str, str] = {}
    for pair in pairs:
        if not isinstance(pair, (list, tuple)) or len(cast("Sequence[object]", pair)) != 2:
            raise GuestError(
                f"guest {name!r}: phases={shown(phases)} is no mapping of names to patterns; write"
                " {'boot': '', 'workload': '^ready'}, or a list of such pairs"
            )
        key, pattern = cast("Sequence[Any]", pair)
        refuse_name(key, f"guest {name!r}: the name of a phase")
        if key in timed:
            raise GuestError(f"guest {name!r}: two phases are named {key!r}; give each its own name")
        timed[key] = pattern_of(name, f"phase {key!r}", pattern)
        if not timed[key] and len(timed) > 1:
            raise GuestError(
                f"guest {name!r}: phase {key!r} has an empty pattern, which is the start of QEMU;"
                " only the first phase may begin there"
            )
    return tuple(timed.items())


def call_of(make: Callable[..., object], arguments: Mapping[str, object]) -> str:
    """The Python expression that calls ``make`` with ``arguments``, without those that are defaults."""
    words = [
        f"{'' if parameter.default is Parameter.empty else f'{name}='}{_plain(arguments[name])!r}"
        for name, parameter in signature(make).parameters.items()
        if arguments[name] != parameter.default
    ]
    return f"{make.__name__}({', '.join(words)})"


def _plain(value: Any) -> Any:
    match value:
        case str():
            return str.__str__(value)
        case os.PathLike():
            return os.fspath(cast("os.PathLike[str]", value))
        case Mapping():
            return {_plain(key): _plain(item) for key, item in cast("Mapping[Any, Any]", value).items()}
        case tuple() | list():
            return [_plain(item) for item in cast("Sequence[Any]", value)]
        case _:
            return value


def _target(target: str) -> Target:
    if type(target) is not str:
        raise GuestError(f"target={shown(target)} is not text; give one of {', '.join(TARGETS)}")
    if target not in TARGETS:
        raise GuestError(f"target {shown(target)}: no default machine for it; {nearest(target, TARGETS)}")
    return TARGETS[target]
