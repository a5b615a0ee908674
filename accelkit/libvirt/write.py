"""to_libvirt: recipes to libvirt's domain XML. Pure.

libvirt writes QEMU's ``-accel`` itself, from the domain's type and three elements of ``<features>``. What
``<qemu:commandline>`` adds stands behind that, and there QEMU takes only what ``-machine`` passes on to the
accelerator: another ``-accel`` is a fallback that is never reached, ``-global`` is ignored, ``-set`` finds
no id. The rest cannot be set under libvirt, and is refused here in words.

Measured on QEMU 5.2, 7.2, 10.0 and 11.1; libvirt's part as ``accelkit.libvirt.read`` says.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple, cast

from accelkit.checking.problem import Problem
from accelkit.errors import ComposeError, LibvirtError, nearest
from accelkit.libvirt.read import IOAPIC, QEMU, RING, TYPES
from accelkit.recipes.fallback import Fallback
from accelkit.recipes.recipe import Recipe, fold
from accelkit.recipes.render import Renderable
from accelkit.recipes.table import PROPERTIES
from accelkit.syntax.option_map import OptionMap

_TYPE_OF: Final = {accel: domain_type for domain_type, accel in TYPES.items()}
_DRIVER_OF: Final = {word: driver for driver, word in IOAPIC.items()}
#: Guests that libvirt takes ``<ioapic>`` for.
_X86: Final = frozenset({"x86_64", "i386"})
#: What QEMU is or was built for (configs/targets/*-softmmu.mak in its sources, 5.2 to 11.1).
_TARGETS: Final = frozenset(
    """aarch64 alpha arm avr cris hppa i386 lm32 loongarch64 m68k microblaze microblazeel mips mips64 mips64el
    mipsel moxie nios2 or1k ppc ppc64 riscv32 riscv64 rx s390x sh4 sh4eb sparc sparc64 tricore unicore32 x86_64
    xtensa xtensaeb""".split()
)
#: What an accelerator takes that libvirt has a domain type for, and a way to say.
_SAYABLE: Final = frozenset(
    {("kvm", "kernel-irqchip"), ("kvm", "kvm-shadow-mem"), ("kvm", "dirty-ring-size"), ("tcg", "tb-size")}
)


def to_libvirt(x: Renderable, /, *, target: str = "x86_64") -> str:
    """The domain XML of ``x``: ``<domain>`` with its type and what sets the accelerator's properties, no more.

    Put its attributes and elements into those of a domain (``virsh edit``). Takes what ``render`` takes.
    ``target`` is the guest's architecture: ``<ioapic>`` is for x86. kernel-irqchip=off and kvm-shadow-mem have
    no element; they go through ``<qemu:commandline>``, which makes libvirt call the domain tainted.

    Raises LibvirtError for a target that no QEMU is built for, and with everything that libvirt cannot say, each
    with its reason: most properties, accelerators without a domain type, a fallback. Raises ComposeError where no
    accelerator is chosen, or for a Space (write its points).
    Source: ``src/qemu/qemu_command.c``, ``docs/formatdomain.rst`` (libvirt); measured.

    >>> from accelkit import dirty_ring_size, kernel_irqchip, kvm, split
    >>> print(to_libvirt(kvm() | kernel_irqchip(split) | dirty_ring_size(4096)))
    <domain type='kvm'>
      <features>
        <ioapic driver='qemu'/>
        <kvm>
          <dirty-ring state='on' size='4096'/>
        </kvm>
      </features>
    </domain>
    """
    if target not in _TARGETS:
        raise LibvirtError(f"target {target!r}: no QEMU is built for it; {nearest(target, sorted(_TARGETS))}")
    maps = _maps(x)
    said = [_said(options, target) for options in maps]
    problems: list[Problem] = [problem for each in said for problem in each.problems]
    if len(maps) > 1:
        accels = ", ".join(options["accel"] for options in maps)
        problems.insert(0, Problem(
            "refused", None, None, f"first_of({accels})",
            "a domain has one type, and libvirt takes no other where that does not start",
            "take one alternative",
        ))  # fmt: skip
    if problems:
        raise LibvirtError(" | ".join(map(str, problems)))
    return _xml(maps[0]["accel"], said[0])


def _maps(x: Any) -> list[OptionMap]:
    """The option maps of whatever can be rendered, one or more; ComposeError for what cannot."""
    given = list(cast("list[Any]", x)) if isinstance(x, (Fallback, tuple, list)) else [x]
    maps = [fold(cast("Recipe[Any]", each)) if isinstance(each, Recipe) else each for each in given]
    if not maps or not all(isinstance(each, OptionMap) for each in maps):
        many = "; for a space write its points: [to_libvirt(point) for point in space]"
        name = type(cast("object", x)).__name__
        raise ComposeError(
            f"to_libvirt takes a recipe, option map or first_of(…), got {name}"
            + (many if hasattr(cast("object", x), "argvs") else "")
        )
    for each in maps:
        if "accel" not in each:
            raise ComposeError(f"{each!r} chooses no accelerator; begin with one, as in kvm() | …")
    return maps


class _Said(NamedTuple):
    """One option map in libvirt's words: lines of ``<features>``, writes to -machine, and what is left."""

    features: tuple[str, ...]
    machine: tuple[str, ...]
    problems: tuple[Problem, ...]


def _said(options: OptionMap, target: str) -> _Said:
    accel = options["accel"]
    features: list[str] = []
    machine: list[str] = []
    problems: list[Problem] = []
    if accel not in _TYPE_OF:
        problems.append(Problem("refused", accel, None, None, "libvirt has no domain type for it",
                                f"take {', '.join(_TYPE_OF)}, or run QEMU without libvirt"))  # fmt: skip
    for key, text in options.items():
        if key == "accel" or accel not in _TYPE_OF:
            continue
        row = PROPERTIES.get(key)
        value: Any = None if row is None else row.domain.read(text)
        if row is None or (accel, key) not in _SAYABLE:
            problems.append(Problem("refused", accel, key, text, *_unsayable(accel, key)))
        elif value is None:
            problems.append(Problem("refused", accel, key, text, f"{text!r} is no {key}",
                                    f"takes {row.domain.allowed}"))  # fmt: skip
        elif key == "tb-size":
            features += ["<tcg>", f"  <tb-cache unit='MiB'>{value}</tb-cache>", "</tcg>"]
        elif key == "dirty-ring-size":
            if value and not RING[0] <= value <= RING[1]:
                problems.append(Problem("refused", accel, key, text, "libvirt refuses that size",
                                        f"take {RING[0]} to {RING[1]} entries, or 0"))  # fmt: skip
            ring = f"state='on' size='{value}'" if value else "state='off'"
            features += ["<kvm>", f"  <dirty-ring {ring}/>", "</kvm>"]
        elif key == "kernel-irqchip" and value != "off" and target in _X86:
            features.append(f"<ioapic driver='{_DRIVER_OF[value]}'/>")
        else:
            # Spelt as libvirt spells it: QEMU refuses one property in two spellings.
            machine.append(f"{'kernel_irqchip' if key == 'kernel-irqchip' else key}={value}")
    return _Said(tuple(features), tuple(machine), tuple(problems))


def _unsayable(accel: str, key: str) -> tuple[str, str]:
    """Why a property cannot be set under libvirt, and what to do."""
    row = PROPERTIES.get(key)
    if row is not None and accel not in row.accels:
        return f"belongs to {' and '.join(sorted(row.accels))}", "leave it out"
    if key == "id":
        return "libvirt gives its -accel no id", "leave it out"
    if key == "igd-passthru":
        return "Xen's toolstack writes QEMU's options, and libvirt has no element for it", "leave it out"
    if key == "kernel-irqchip":
        return f"no QEMU with {accel} was there to ask whether -machine passes it on", "leave it out"
    return (
        "libvirt has no element for it, and QEMU takes it only in the -accel that libvirt writes",
        "leave it out",
    )


def _xml(accel: str, said: _Said) -> str:
    """The text; every value in it is a word or a number, so that nothing needs escaping."""
    top = f"<domain type='{_TYPE_OF[accel]}'"
    if said.machine:
        top += f" xmlns:qemu='{QEMU}'"
    if not said.features and not said.machine:
        return f"{top}/>"
    lines = [f"{top}>"]
    if said.features:
        lines += ["  <features>", *(f"    {line}" for line in said.features), "  </features>"]
    if said.machine:
        words = ("-machine", ",".join(said.machine))
        lines += ["  <qemu:commandline>", *(f"    <qemu:arg value='{word}'/>" for word in words),
                  "  </qemu:commandline>"]  # fmt: skip
    return "\n".join([*lines, "</domain>"])
