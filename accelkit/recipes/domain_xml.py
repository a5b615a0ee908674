"""to_libvirt: recipes to libvirt's domain XML. Pure.

libvirt writes QEMU's ``-accel`` itself, from the domain's type and three elements of ``<features>``. The words of
``<qemu:commandline>`` come after it, and of those only the properties that ``-machine`` passes on reach the
accelerator: another ``-accel`` would be a fallback that QEMU never tries, QEMU ignores ``-global``, and ``-set`` finds
no id. Every other property cannot be set under libvirt; ``to_libvirt`` refuses it with the reason.

Measured on QEMU 5.2, 7.2, 10.0 and 11.1; libvirt as described in ``accelkit.parsing.sources.domain_xml``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple, cast

from accelkit.errors import ComposeError, LibvirtError, nearest, shown
from accelkit.recipes.fallback import Fallback
from accelkit.recipes.recipe import Recipe, fold
from accelkit.recipes.render import Renderable
from accelkit.recipes.table import PROPERTIES
from accelkit.syntax.libvirt_words import IOAPIC, QEMU, RING, TYPES
from accelkit.syntax.option_map import OptionMap

_TYPE_OF: Final = {accel: domain_type for domain_type, accel in TYPES.items()}
_DRIVER_OF: Final = {word: driver for driver, word in IOAPIC.items()}
#: Guests for which libvirt accepts ``<ioapic>``.
_X86: Final = frozenset({"x86_64", "i386"})
#: Targets that QEMU is or was built for (configs/targets/*-softmmu.mak in its sources, 5.2 to 11.1).
_TARGETS: Final = frozenset(
    """aarch64 alpha arm avr cris hppa i386 lm32 loongarch64 m68k microblaze microblazeel mips mips64 mips64el
    mipsel moxie nios2 or1k ppc ppc64 riscv32 riscv64 rx s390x sh4 sh4eb sparc sparc64 tricore unicore32 x86_64
    xtensa xtensaeb""".split()
)
#: The properties that can be set under libvirt.
_SETTABLE: Final = frozenset(
    {("kvm", "kernel-irqchip"), ("kvm", "kvm-shadow-mem"), ("kvm", "dirty-ring-size"), ("tcg", "tb-size")}
)


def to_libvirt(x: Renderable, /, *, target: str = "x86_64") -> str:
    """The domain XML of ``x``: a ``<domain>`` with its type and the elements that set the accelerator's properties.

    Copy its attributes and elements into those of a domain (``virsh edit``). Takes what ``render`` takes. ``target``
    is the guest's architecture: ``<ioapic>`` is for x86. kernel-irqchip=off and kvm-shadow-mem have no element; they
    are written into ``<qemu:commandline>``, for which libvirt marks the domain as tainted.

    Raises LibvirtError for a target that no QEMU is built for, and for everything that libvirt cannot set, each with
    its reason: most properties, accelerators without a domain type, a fallback; and with the recipe that libvirt can
    set, ``… | unset(thread)``, where there is one. Raises ComposeError if no
    accelerator is chosen, and for a Space (write its points).
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
    if not isinstance(target, str):  # pyright: ignore[reportUnnecessaryIsInstance]  # callers may be untyped
        raise LibvirtError(
            f"target: got {shown(target)} ({type(target).__name__}); takes text, as in 'x86_64'"
        )
    if target not in _TARGETS:
        close = nearest(str.__str__(target), sorted(_TARGETS))
        raise LibvirtError(f"target {shown(target)}: no QEMU is built for it; {close}")
    maps = _maps(x)
    domains = [_domain(options, target) for options in maps]
    problems = [problem for domain in domains for problem in domain.problems]
    if len(maps) > 1:
        accels = ", ".join(options["accel"] for options in maps)
        problems.insert(0, _Unsettable(
            "", None, f"first_of({accels})",
            "a domain has one type, and libvirt takes no other where that does not start",
            "take one alternative",
        ))  # fmt: skip
    if problems:
        raise LibvirtError(" | ".join([*map(str, problems), *_rest(x, problems)]))
    return _xml(maps[0]["accel"], domains[0])


def _rest(x: Any, problems: Sequence[_Unsettable]) -> Iterator[str]:
    """The recipe that libvirt can set, as advice, where ``x`` is one that only has properties too many."""
    if isinstance(x, Fallback) and len(x.alternatives) == 1:
        (x,) = x.alternatives
    if isinstance(x, Recipe) and all(problem.key is not None for problem in problems):
        names = dict.fromkeys(_name(problem.accel, problem.key) for problem in problems)
        yield f"libvirt can set {' | '.join([repr(cast('Any', x)), *(f'unset({name})' for name in names)])}"


def _name(accel: str, key: str | None) -> str:
    """What ``unset`` takes for a property of a recipe of ``accel``."""
    row = PROPERTIES.get(key or "")
    return row.name if row is not None and accel in row.accels else repr(key)


def _maps(x: Any) -> list[OptionMap]:
    """The option maps of ``x``, one or more. Raises ComposeError if it cannot be rendered."""
    items = list(cast("list[Any]", x)) if isinstance(x, (Fallback, tuple, list)) else [x]
    maps = [fold(cast("Any", item)) if isinstance(item, (Recipe, Mapping)) else item for item in items]
    if not maps or not all(isinstance(options, OptionMap) for options in maps):
        many = "; for a space write its points: [to_libvirt(point) for point in space]"
        name = type(cast("object", x)).__name__
        raise ComposeError(
            f"to_libvirt takes a recipe, option map or first_of(…), got {name}"
            + (many if hasattr(cast("object", x), "argvs") else "")
        )
    for options in maps:
        if "accel" not in options:
            raise ComposeError(f"{shown(options)} chooses no accelerator; begin with one, as in kvm() | …")
    return maps


class _Unsettable(NamedTuple):
    """One thing that libvirt cannot set, and why: a property, or the whole option where ``key`` is None."""

    accel: str
    key: str | None
    value: str
    why: str
    remedy: str

    def __str__(self) -> str:
        option = self.value if self.key is None else f"{self.accel},{self.key}={self.value}"
        return f"{option}: {self.why}; {self.remedy}"


class _Domain(NamedTuple):
    """One option map for libvirt: lines of ``<features>``, properties for -machine, and what cannot be set."""

    features: tuple[str, ...]
    machine: tuple[str, ...]
    problems: tuple[_Unsettable, ...]


def _domain(options: OptionMap, target: str) -> _Domain:
    accel = options["accel"]
    features: list[str] = []
    machine: list[str] = []
    problems: list[_Unsettable] = []
    if accel not in _TYPE_OF:
        problems.append(_Unsettable(accel, None, accel, "libvirt has no domain type for it",
                                f"take {', '.join(_TYPE_OF)}, or run QEMU without libvirt"))  # fmt: skip
    for key, text in options.items():
        if key == "accel" or accel not in _TYPE_OF:
            continue
        row = PROPERTIES.get(key)
        value: Any = None if row is None else row.domain.read(text)
        if row is None or (accel, key) not in _SETTABLE:
            problems.append(_Unsettable(accel, key, text, *_why_not(accel, key)))
        elif value is None:
            problems.append(_Unsettable(accel, key, text, f"{shown(text)} is not a value of {key}",
                                    f"takes {row.domain.allowed}"))  # fmt: skip
        elif key == "tb-size":
            features += ["<tcg>", f"  <tb-cache unit='MiB'>{value}</tb-cache>", "</tcg>"]
        elif key == "dirty-ring-size":
            if value and not RING[0] <= value <= RING[1]:
                problems.append(_Unsettable(accel, key, text, "libvirt refuses that size",
                                        f"take {RING[0]} to {RING[1]} entries, or 0"))  # fmt: skip
            ring = f"state='on' size='{value}'" if value else "state='off'"
            features += ["<kvm>", f"  <dirty-ring {ring}/>", "</kvm>"]
        elif key == "kernel-irqchip" and value != "off" and target in _X86:
            features.append(f"<ioapic driver='{_DRIVER_OF[value]}'/>")
        else:
            # In libvirt's spelling: QEMU refuses one property in two spellings.
            machine.append(f"{'kernel_irqchip' if key == 'kernel-irqchip' else key}={value}")
    return _Domain(tuple(features), tuple(machine), tuple(problems))


def _why_not(accel: str, key: str) -> tuple[str, str]:
    """Why a property cannot be set under libvirt, and what to do."""
    row = PROPERTIES.get(key)
    if row is not None and accel not in row.accels:
        return f"belongs to {' and '.join(sorted(row.accels))}", "leave it out"
    if key == "id":
        return "libvirt gives its -accel no id", "leave it out"
    if key == "igd-passthru":
        return "Xen's toolstack writes QEMU's options, and libvirt has no element for it", "leave it out"
    if key == "kernel-irqchip":
        return f"it was not measured whether -machine passes it on to {accel}", "leave it out"
    return (
        "libvirt has no element for it, and QEMU takes it only in the -accel that libvirt writes",
        "leave it out",
    )


def _xml(accel: str, domain: _Domain) -> str:
    """The text of the domain. Every value is a word or a number, so nothing needs escaping."""
    top = f"<domain type='{_TYPE_OF[accel]}'"
    if domain.machine:
        top += f" xmlns:qemu='{QEMU}'"
    if not domain.features and not domain.machine:
        return f"{top}/>"
    lines = [f"{top}>"]
    if domain.features:
        lines += ["  <features>", *(f"    {line}" for line in domain.features), "  </features>"]
    if domain.machine:
        words = ("-machine", ",".join(domain.machine))
        lines += ["  <qemu:commandline>", *(f"    <qemu:arg value='{word}'/>" for word in words),
                  "  </qemu:commandline>"]  # fmt: skip
    return "\n".join([*lines, "</domain>"])
