"""Reads the words of a command line one by one, as QEMU does.

Reads ``-accel`` and what affects it: ``-machine accel=``, ``-enable-kvm``, the properties that ``-machine`` passes on,
``-set accel.…``, and the options that decide whether a machine starts (``-icount``, ``-cpu``, ``-device``). Skips every
other option with its value.
Source: ``system/vl.c`` and ``hw/core/machine.c``; measured on QEMU 5.2, 7.2, 10.0 and 11.1.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, cast

from accelkit.errors import ArgvError, shown
from accelkit.parsing.command_line import AccelOption, CommandLine, id_faults, read_accel
from accelkit.recipes.table import PROPERTIES
from accelkit.syntax.qemu_options import FLAGS, REMOVED, VALUED
from accelkit.syntax.qemuopts import Write, split

#: Accelerator properties that -machine passes on. Only there they may be written with ``_`` for ``-``.
SUGAR: Final = ("kernel-irqchip", "kvm-shadow-mem", "igd-passthru")


class _Reading:
    """The parts of a command line that were read so far."""

    def __init__(self) -> None:
        self.accels: list[AccelOption] = []
        self.faults: list[str] = []
        self.machine: str | None = None
        self.machine_accel: str | None = None
        self.sugar: list[Write] = []
        self.machine_flags: list[str] = []
        self.misplaced: list[Write] = []
        self.icount: list[Write] = []
        self.cpu: str | None = None
        self.devices: list[str] = []
        self.globals: list[str] = []
        self.ignored_globals: list[str] = []
        self.removed: list[str] = []
        self.unknown: list[str] = []


def read_words(words: Sequence[str]) -> CommandLine:
    """The command line in ``words``, a whole argv with or without the program's name."""
    reading = _Reading()
    for name, value in _options(words, reading):
        take = _TAKERS.get(name)
        if name in REMOVED and not any(REMOVED[name].since):
            reading.faults.append(f"-{name}: no QEMU from 5.2 on has it; {REMOVED[name].remedy}")
        elif name in REMOVED:
            reading.removed.append(name)
        if take is not None:
            take(reading, value or "")
    reading.faults += id_faults(reading.accels)
    if reading.accels and reading.machine_accel is not None:
        reading.faults.append(
            "-accel and -machine accel= (or -enable-kvm) are incompatible; keep -accel only"
        )
    elif reading.accels and (reading.machine or "").startswith(("xenpv", "xenfv")):
        reading.faults.append(
            f"-accel and -machine {reading.machine}, which brings its own accelerator, are incompatible; "
            "leave -accel out"
        )
    if not reading.accels and reading.machine_accel is not None:
        if reading.machine_accel == "":
            reading.faults.append("-machine accel=: no accelerator found; name one or leave it out")
        reading.accels = [AccelOption(name) for name in reading.machine_accel.split(":")]
    return CommandLine(
        tuple(reading.accels), reading.machine, tuple(reading.sugar), tuple(reading.machine_flags),
        tuple(reading.misplaced), tuple(reading.icount), reading.cpu, tuple(reading.devices),
        tuple(reading.globals), tuple(reading.ignored_globals), tuple(reading.removed), tuple(reading.unknown),
        words[0] if words and not words[0].startswith("-") else "", tuple(reading.faults),
    )  # fmt: skip


def _options(words: Sequence[str], reading: _Reading) -> Iterator[tuple[str, str | None]]:
    """The name and value of each option; skips positional words (a program, a disk image)."""
    position = 0
    while position < len(words):
        word = words[position]
        position += 1
        if not word.startswith("-"):
            continue
        name = word[2:] if word.startswith("--") else word[1:]
        if name in VALUED:
            if position == len(words):
                reading.faults.append(f"{word}: takes a value, and is the last word; give the value")
                return
            yield name, words[position]
            position += 1
        elif name in FLAGS or name in REMOVED:
            yield name, None
        else:
            reading.unknown.append(word)


def _accel(reading: _Reading, value: str) -> None:
    try:
        option = read_accel(value)
    except ArgvError as error:
        reading.faults.append(str(error))
        return
    reading.accels.append(option)


def _machine(reading: _Reading, value: str) -> None:
    for write in split(value, "type"):
        plain = write.key.replace("_", "-")
        if write.flag in ("help", "?"):
            reading.faults.append(
                f"-machine {value}: QEMU prints what the machine takes and ends; leave {write.flag} out"
            )
        elif write.flag is not None:
            reading.machine_flags.append(write.flag)
        if write.key == "type":
            reading.machine = write.value
            if write.value in ("help", "?"):
                reading.faults.append(f"-machine {value}: QEMU prints its machines and ends; name one")
        elif write.key == "accel":
            reading.machine_accel = write.value
        elif plain in SUGAR:
            reading.sugar.append(write)
        elif (meant := _MEANT.get(_squeezed(write.key.partition(".")[0]))) is not None:
            reading.misplaced.append(Write(write.key, write.value, meant))


def _squeezed(key: str) -> str:
    return key.lower().replace("-", "").replace("_", "")


#: Accelerator properties by their squeezed spelling. In -machine QEMU refuses them in every spelling.
_MEANT: Final = {_squeezed(key): key for key in PROPERTIES}


def _enable_kvm(reading: _Reading, _: str) -> None:
    reading.machine_accel = "kvm"


def _set(reading: _Reading, value: str) -> None:
    """``-set accel.ID.property=value``: another write, after those of that ``-accel``. A comma is an ordinary character."""
    path, equals, text = value.partition("=")
    group, _, rest = path.partition(".")
    identifier, _, key = rest.partition(".")
    if not (equals and identifier and key):
        reading.faults.append(f"-set {value}: is not read; write GROUP.ID.PROPERTY=VALUE")
        return
    if group not in _SET_GROUPS:
        reading.faults.append(
            f"-set {value}: QEMU has no option group {group!r} to set things in; write accel.ID.property=value"
        )
    if group != "accel":
        return
    if key == "id":
        reading.faults.append(f"-set {value}: an id cannot be set later; give it to -accel")
        return
    for number, option in enumerate(reading.accels):
        if option.identifier == identifier:
            name = text if key == "accel" else option.name
            added = () if key == "accel" else (Write(key, text),)
            reading.accels[number] = AccelOption(name, option.writes + added, identifier)
            return
    reading.faults.append(f"-set {value}: no -accel before it has id={identifier}; add the id there")


#: Option groups that ``-set`` may name. Whether one has the id is not checked, except for accel.
_SET_GROUPS: Final = frozenset(
    "accel acpi action add-fd audiodev blockdev boot-opts chardev compat cpu device drive fsdev fw_cfg "
    "global icount incoming m memory mon name net netdev nic numa object option-rom overcommit plugin "
    "realtime rtc run-with sandbox semihosting-config smbios smp-opts spice tpmdev trace virtfs vnc".split()
)


def _icount(reading: _Reading, value: str) -> None:
    reading.icount += split(value, "shift")


def _cpu(reading: _Reading, value: str) -> None:
    reading.cpu = value
    if value in ("help", "?"):
        reading.faults.append(f"-cpu {value}: QEMU prints its CPUs and ends; name one")


def _device(reading: _Reading, value: str) -> None:
    reading.devices.append(value)


def _global(reading: _Reading, value: str) -> None:
    if "." not in value and "=" not in value:
        reading.faults.append(f"-global {value}: is not read; write DRIVER.PROPERTY=VALUE")
        return
    driver = value.removeprefix("driver=").split(".")[0].split(",")[0]
    (reading.ignored_globals if driver.endswith("-accel") else reading.globals).append(value)


def _tb_size(reading: _Reading, value: str) -> None:
    reading.sugar.append(Write("tb-size", value))


_TAKERS: Final = {
    "accel": _accel, "machine": _machine, "M": _machine, "enable-kvm": _enable_kvm, "set": _set,
    "icount": _icount, "cpu": _cpu, "device": _device, "global": _global,
    "tb-size": _tb_size,
}  # fmt: skip


def words_of(line: str) -> list[str]:
    """The words of a line, split as a POSIX shell does. Raises ArgvError for a quote that is not closed."""
    if not any(character in line for character in "'\"\\"):
        return line.split()
    import shlex  # imported here: only lines with quotes need it

    try:
        return shlex.split(line.replace("\\\n", ""))  # a backslash joins a line with the next one
    except ValueError as error:
        raise ArgvError(f"{line!r}: {error}; close the quote, or give the words as a list") from None


def is_command_line(text: str) -> bool:
    """Whether ``text`` is a whole command line, not an ``-accel`` argument.

    A command line begins with ``-``, or with the name of a QEMU program.

    >>> is_command_line("-accel kvm"), is_command_line("qemu-system-x86_64 -m 1G"), is_command_line("kvm")
    (True, True, False)
    """
    text = text.lstrip()
    if text.startswith("-"):
        return True
    program, space, _ = text.partition(" ")
    return bool(space) and program.rpartition("/")[2].startswith(("qemu-system-", "qemu-kvm"))


def _checked(words: Any) -> Sequence[str]:
    """``words`` unchanged. Raises ArgvError unless they are a list of text."""
    if not isinstance(words, (list, tuple)):
        raise ArgvError(f"command line: got {type(words).__name__}; takes text, or a list of words")
    for word in cast("Sequence[Any]", words):
        if not isinstance(word, str):
            raise ArgvError(
                f"command line: got {shown(word)} among the words; a word is text: write {str(word)!r}"
            )
    return cast("Sequence[str]", words)


def read(text: str | Sequence[str]) -> CommandLine:
    """The command line in ``text``: an ``-accel`` argument, a whole line, or a list of words.

    ``faults`` lists everything that every QEMU refuses.
    """
    try:
        if not isinstance(text, str):
            return read_words(_checked(text))
        if is_command_line(text):
            return read_words(words_of(text))
        accel = read_accel(text)
        return CommandLine((accel,), faults=tuple(id_faults((accel,))))
    except ArgvError as error:
        return CommandLine((), faults=(str(error),))
