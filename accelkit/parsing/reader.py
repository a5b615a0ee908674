"""Reads the words of a command line one by one, as QEMU does.

Reads ``-accel`` and what affects it: ``-machine accel=``, ``-enable-kvm``, the properties that ``-machine`` passes on,
``-set accel.…``, and the options that decide whether a machine starts (``-icount``, ``-cpu``, ``-device``). Skips every
other option with its value.
Source: ``system/vl.c`` and ``hw/core/machine.c``; measured on QEMU 5.2, 7.2, 10.0 and 11.1.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from accelkit.errors import ArgvError, brief, shown
from accelkit.parsing.command_line import AccelOption, CommandLine, Stray, gone_fault, id_faults, read_accel
from accelkit.parsing.option_words import STRAY, UNKNOWN, options_in
from accelkit.parsing.variables import hide, show
from accelkit.recipes.table import PROPERTIES
from accelkit.syntax.edit import Edit, Fix
from accelkit.syntax.qemu_options import REMOVED, VALUED
from accelkit.syntax.qemuopts import Write, split
from accelkit.syntax.typography import DASHES

#: Accelerator properties that -machine passes on. Only there they may be written with ``_`` for ``-``.
SUGAR: Final = ("kernel-irqchip", "kvm-shadow-mem", "igd-passthru")


#: Options that no QEMU from 5.2 on has.
_GONE: Final = frozenset(name for name, option in REMOVED.items() if not any(option.since))


class _Reading:
    """The parts of a command line that were read so far."""

    def __init__(self) -> None:
        self.accels: list[AccelOption] = []
        self.identified: dict[str, int] = {}  # the first -accel with an id
        self.later: dict[int, list[Write]] = {}  # what -set adds to an -accel, whose name is under "accel"
        self.faults: list[str] = []
        self.fixes: dict[str, Fix] = {}
        self.machine: str | None = None
        self.machine_accel: str | None = None
        self.sugar: list[Write] = []
        self.machine_flags: list[str] = []
        self.machine_options: list[Write] = []
        self.misplaced: list[Write] = []
        self.icount: list[Write] = []
        self.cpu: str | None = None
        self.devices: list[str] = []
        self.globals: list[str] = []
        self.ignored_globals: list[str] = []
        self.options: list[tuple[str, str | None]] = []
        self.strays: list[Stray] = []
        self.unknown: list[str] = []

    def fault(self, text: str, *edits: Edit) -> None:
        """Keep what every QEMU refuses, and the edits that mend it."""
        self.faults.append(text)
        if edits:
            self.fixes[text] = edits


def read_words(words: Sequence[str], variables: tuple[str, ...] = ()) -> CommandLine:
    """The command line in ``words``, a whole argv with or without the program's name.

    ``variables`` are the pieces of words whose value only a shell knows: each is read as one character, so that the
    commas in ``${ACCEL:-kvm,device=/dev/kvm}`` separate nothing.
    """
    if variables:
        hidden = read_words(hide(words, variables))
        return show(hidden, variables)._replace(variables=variables)
    reading = _Reading()
    last = ("", -1)  # the last option with a value: its name, and the place of the value
    for name, value, place in options_in(words):
        if name == STRAY:
            if place or is_dashed(words[0]):
                before, end = last
                option = before if end == place - 1 else ""
                reading.strays.append(Stray(words[place], words[place - 1] if place else "", option))
            continue
        if name == UNKNOWN:
            reading.unknown.append(words[place])
            continue
        reading.options.append((name, value))
        if value is not None:
            last = name, place + 1
        elif name in VALUED:
            reading.fault(f"{words[place]}: takes a value, and is the last word; give the value")
            continue
        if name in _GONE:
            reading.fault(gone_fault(name))
        take = _TAKERS.get(name)
        if take is not None:
            take(reading, value or "")
    if reading.later:
        reading.accels = [
            _with_later(option, reading.later.get(n, ())) for n, option in enumerate(reading.accels)
        ]
    if reading.identified:
        reading.faults += id_faults(reading.accels)
    if reading.accels and reading.machine_accel is not None:
        reading.fault(
            "-accel and -machine accel= (or -enable-kvm) are incompatible; keep -accel only",
            Edit("machine", "accel"), Edit("enable-kvm", ""),
        )  # fmt: skip
    elif reading.accels and (reading.machine or "").startswith(("xenpv", "xenfv")):
        reading.faults.append(
            f"-accel and -machine {brief(reading.machine or '')}, which brings its own accelerator, are incompatible; "
            "leave -accel out"
        )
    if not reading.accels and reading.machine_accel is not None:
        if reading.machine_accel == "":
            reading.faults.append("-machine accel=: no accelerator found; name one or leave it out")
        reading.accels = [AccelOption(name) for name in reading.machine_accel.split(":")]
    return CommandLine(
        tuple(reading.accels), reading.machine, tuple(reading.sugar), tuple(reading.machine_flags),
        tuple(reading.machine_options), tuple(reading.misplaced), tuple(reading.icount), reading.cpu, tuple(reading.devices),
        tuple(reading.globals), tuple(reading.ignored_globals), tuple(reading.unknown),
        words[0] if words and not is_dashed(words[0]) else "", tuple(reading.faults),
        fixes=tuple(reading.fixes.items()), options=tuple(reading.options), strays=tuple(reading.strays),
    )  # fmt: skip


def _accel(reading: _Reading, value: str) -> None:
    try:
        option = read_accel(value)
    except ArgvError as error:
        reading.faults.append(str(error))
        return
    if option.identifier is not None:
        reading.identified.setdefault(option.identifier, len(reading.accels))
    reading.accels.append(option)


def _with_later(option: AccelOption, later: Sequence[Write]) -> AccelOption:
    """``option`` after the writes of ``-set``, of which the last name counts."""
    names = [write.value for write in later if write.key == "accel"]
    added = tuple(write for write in later if write.key != "accel")
    return AccelOption(names[-1] if names else option.name, option.writes + added, option.identifier)


def _machine(reading: _Reading, value: str) -> None:
    for write in split(value, "type"):
        plain = write.key.replace("_", "-")
        if write.flag in ("help", "?"):
            reading.faults.append(
                f"-machine {brief(value)}: QEMU prints what the machine takes and ends; leave {write.flag} out"
            )
        elif write.flag is not None:
            reading.machine_flags.append(write.flag)
        if write.key == "type":
            reading.machine = write.value
            if write.value in ("help", "?"):
                reading.faults.append(f"-machine {brief(value)}: QEMU prints its machines and ends; name one")
        elif write.key == "accel":
            reading.machine_accel = write.value
        elif plain in SUGAR:
            reading.sugar.append(write)
        elif (meant := _MEANT.get(_squeezed(write.key.partition(".")[0]))) is not None:
            reading.misplaced.append(Write(write.key, write.value, meant))
        else:
            reading.machine_options.append(write)


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
        reading.faults.append(f"-set {brief(value)}: is not read; write GROUP.ID.PROPERTY=VALUE")
        return
    if group not in _SET_GROUPS:
        reading.faults.append(
            f"-set {brief(value)}: QEMU has no option group {shown(group)} to set things in; write accel.ID.property=value"
        )
    if group != "accel":
        return
    if key == "id":
        reading.faults.append(f"-set {brief(value)}: an id cannot be set later; give it to -accel")
        return
    number = reading.identified.get(identifier)
    if number is None:
        fault = f"no -accel before it has id={brief(identifier)}; add the id there"
        reading.faults.append(f"-set {brief(value)}: {fault}")
    else:
        reading.later.setdefault(number, []).append(Write(key, text))


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
        reading.faults.append(f"-cpu {brief(value)}: QEMU prints its CPUs and ends; name one")


def _device(reading: _Reading, value: str) -> None:
    reading.devices.append(value)


def _global(reading: _Reading, value: str) -> None:
    if "." not in value and "=" not in value:
        reading.faults.append(f"-global {brief(value)}: is not read; write DRIVER.PROPERTY=VALUE")
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


def is_dashed(word: str) -> bool:
    """Whether the word begins with a dash, also one that only looks like that of a keyboard."""
    return word.startswith("-") or (word[:1] in DASHES and bool(word))
