"""QEMU's own options as explanations: which releases have them, what took the place of those removed, and what those
about accelerators do.
"""

from __future__ import annotations

from typing import Final

from accelkit.explain.explanation import Explanation
from accelkit.schemas.releases import TARGETS
from accelkit.syntax.qemu_options import FLAGS, RELEASES, REMOVED, VALUED, number_of, options_of, remedy_of

#: Options about accelerators: what each does, and what is to know about it. Measured on QEMU 5.2, 7.2, 10.0 and 11.1.
ABOUT: Final[dict[str, tuple[str, tuple[tuple[str, str], ...]]]] = {
    "accel": (
        "Choose an accelerator, with its properties: -accel NAME,KEY=VALUE,…",
        (
            ("Names", "kvm, tcg, xen, hvf, nvmm, whpx, mshv, nitro, qtest, hax: which of them a binary has, accelkit probe says"),
            ("Several", ("QEMU tries one -accel after the other and takes the first that starts; it never looks at those "
             "after it. A bad property ends QEMU, it does not fall back")),
            ("Help", ("-accel help lists the accelerators of a binary and ends QEMU. QEMU lists no properties; accelkit explain kvm, "
             "and accelkit probe, do")),
            ("Without", "QEMU takes tcg, then kvm; a program whose name ends in kvm takes kvm, then tcg"),
            ("Notes", "Beside -machine accel= or -enable-kvm QEMU refuses it, even if both name the same accelerator"),
            ("Source", "system/vl.c: configure_accelerators (QEMU)"),
        ),
    ),
    "machine": (
        "Choose the machine; accel=A:B chooses accelerators, without properties: tried in this order.",
        (
            ("Accelerator", ("accel=, and the older spellings of properties: kernel-irqchip=, kvm-shadow-mem=, igd-passthru=, "
             "each also with _ for -. Properties of -accel win over these")),
            ("Notes", "Beside -accel QEMU refuses accel= here: write -accel alone, which takes every property"),
            ("Source", "system/vl.c, hw/core/machine.c (QEMU)"),
        ),
    ),
    "enable-kvm": (
        "The same as -machine accel=kvm: kvm, and nothing to fall back to.",
        (
            ("Instead", "-accel kvm, which takes properties; with a fallback -accel kvm -accel tcg"),
            ("Notes", "Beside -accel QEMU refuses it. It needs /dev/kvm; accelkit doctor says whether KVM works here"),
            ("Source", "system/vl.c: QEMU_OPTION_enable_kvm (QEMU)"),
        ),
    ),
    "icount": (
        "Count instructions: the guest's clock follows the number of its instructions; for repeatable runs.",
        (
            ("Accelerator", "tcg alone, on one thread: QEMU refuses thread=multi and, with kvm or another, -icount itself"),
            ("Takes", ("shift=N (one instruction takes 2^N ns) or shift=auto, align=on|off, sleep=on|off, "
             "rr=record|replay with rrfile=")),
            ("Source", "accel/tcg/icount-common.c, accel/tcg/tcg-all.c; docs/devel/tcg-icount.rst (QEMU)"),
        ),
    ),
    "cpu": (
        "Choose the CPU's model and features.",
        (
            ("Accelerator", "-cpu host is the host's CPU: kvm and hvf only. -cpu max has all that the accelerator can do"),
            ("Source", "target/i386/cpu.c: CPU model 'host' requires KVM or HVF (QEMU)"),
        ),
    ),
    "global": (
        "Set a property of a device by default: -global DRIVER.PROPERTY=VALUE.",
        (
            ("Accelerator", "-global kvm-accel.KEY=… has no effect but a warning: write -accel kvm,KEY=…"),
            ("Source", "qdev: qdev_prop_check_globals (QEMU); tried on 5.2, 7.2, 10.0 and 11.1"),
        ),
    ),
    "readconfig": (
        'Read options from a file: [accel] with accel = "kvm" is one -accel.',
        (
            ("Notes", "Without an accel key in [accel] QEMU crashes until 7.2, and says so since 8.0"),
            ("Source", "system/vl.c (QEMU)"),
        ),
    ),
}  # fmt: skip
_SAME: Final = {"M": "machine"}
#: Options by words that stand in their values.
OPTION_OF: Final = {
    **dict.fromkeys(("shift", "sleep", "align", "rr", "rrfile", "rrsnapshot"), "icount"),
    **dict.fromkeys(("host", "max"), "cpu"),
}


def is_option(name: str) -> bool:
    """Whether ``name``, without dashes, is an option of some QEMU, or was one.

    >>> is_option("no-hpet"), is_option("M"), is_option("no-hpetx")
    (True, True, False)
    """
    return name in FLAGS or name in VALUED or name in REMOVED


def of_option(name: str) -> Explanation:
    """The option ``name``, without dashes, of which :func:`is_option` is true."""
    doc, rows = ABOUT.get(_SAME.get(name, name), ("An option of QEMU's command line.", ()))
    having = _releases(name)
    removed = REMOVED.get(name)
    told: list[tuple[str, str]] = []
    if removed is not None:
        doc = (f"An option that QEMU removed in {removed.since[0]}.{removed.since[1]}." if having
               else "An option that no QEMU since 5.2 has.")  # fmt: skip
        told.append(("Instead", remedy_of(name, None, number_of(RELEASES[-1])).text))
    told += [
        ("Takes", "a value" if name in VALUED or (removed is not None and removed.valued) else "no value")
    ] * ("Takes" not in dict(rows))
    told += rows
    if having:
        told.append(("QEMU", having))
    if "Source" not in dict(rows):
        told.append(("Source", "qemu-options.hx at each release (QEMU)"))
    order = {"QEMU": 1, "Source": 2}
    return Explanation(f"-{name}", doc, tuple(sorted(told, key=lambda row: order.get(row[0], 0))))


def _releases(name: str) -> str:
    """The releases that have the option, by target; empty if none from 5.2 on has it.

    >>> _releases("no-hpet"), _releases("run-with")
    ('until 8.2 (x86_64, i386)', 'since 8.1')
    """
    spans: dict[str, list[str]] = {}
    for target in TARGETS:
        having = [release for release in RELEASES if name in options_of(number_of(release), target)]
        if having:
            spans.setdefault(_span(having[0], having[-1]), []).append(target)
    if len(spans) == 1 and len(next(iter(spans.values()))) == len(TARGETS):
        return next(iter(spans))
    return ", ".join(f"{span} ({', '.join(where)})" for span, where in spans.items())


def _span(first: str, last: str) -> str:
    if last == RELEASES[-1]:
        return "every release from 5.2 on" if first == RELEASES[0] else f"since {first}"
    return f"until {last}" if first == RELEASES[0] else f"{first} to {last}"
