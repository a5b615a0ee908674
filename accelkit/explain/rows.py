"""The rows of the table as explanations: one property, one accelerator, all of them; and which releases have them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from accelkit.document import Badge, Mono, Table, to_markdown
from accelkit.errors import DomainError
from accelkit.explain.explanation import Explanation
from accelkit.recipes.amounts import amount
from accelkit.recipes.domains import Domain, Int, OnOff, Size, Text, Words
from accelkit.recipes.meant import meant_for
from accelkit.recipes.property import Accelerator, Property
from accelkit.recipes.purposes import PowersOfTwo, Worth
from accelkit.recipes.rules import Rule, is_set
from accelkit.recipes.table import ACCELERATORS, PROPERTIES
from accelkit.schemas.releases import TARGETS, availability, lifetime
from accelkit.syntax import literals
from accelkit.syntax.qemu_options import number_of

#: What a value means, by property; of a property that has more than one word, each word.
MEANINGS: Final = {
    ("thread", "single"): "all vCPUs take turns in one host thread; more vCPUs make nothing faster",
    ("thread", "multi"): "one host thread for each vCPU; with -icount QEMU refuses it. accelkit explain MTTCG: x86 guests on Arm hosts",
    ("kernel-irqchip", "on"): "all interrupt controllers are in the kernel: the fastest",
    ("kernel-irqchip", "off"): "all interrupt controllers are in QEMU; under kvm refused since 8.0 where the CPU has an APIC",
    ("kernel-irqchip", "split"): "the local APICs are in the kernel, PIC and IO-APIC in QEMU; x86 and kvm only. "
    "Xen emulation needs it, and interrupt remapping needs it or off",
    ("notify-vmexit", "run"): "counts the exit and lets the guest run on",
    ("notify-vmexit", "internal-error"): "stops the guest with an internal error",
    ("notify-vmexit", "disable"): "makes no such exits",
    ("riscv-aia", "emul"): "the interrupt controller is emulated in the kernel",
    ("riscv-aia", "hwaccel"): "the host's own interrupt controller is used",
    ("riscv-aia", "auto"): "the host's own interrupt controller where it has one, else emulation",
}  # fmt: skip


def of_property(row: Property[Any, Any], value: str | None = None) -> Explanation:
    """A property; with ``value`` what QEMU makes of that text, or why it refuses it, and what to write."""
    source = f"{row.source} (QEMU)"
    rows = [
        *([("Value", _meaning(row, value))] if value is not None else ()),
        ("Python", _in_python(row)),
        ("For", ", ".join(accelerator.name for accelerator in row.accelerators)
         + (f"; guests: {', '.join(row.targets)}" if row.targets else "")),
        ("Takes", _taken(row.domain)),
        ("Unit", row.domain.unit if isinstance(row.domain, (Int, Size)) else ""),
        ("Default", row.default),
        ("Notes", row.detail),
        ("Rules", "; ".join(dict.fromkeys(_worded(row.domain, rule) for rule in row.rules))),
        ("QEMU", availability([accelerator.name for accelerator in row.accelerators], row.key)),
        ("Measure", _measured_with(row.key)),
        ("Tune", _tuned(row)),
        ("Source", f"{source}; {row.not_captured}" if row.not_captured else source),
    ]  # fmt: skip
    title = row.key if value is None else f"{row.key}={value}"
    mark = None if value is None else _mark(row, value)
    return Explanation(title, row.doc, tuple((label, text) for label, text in rows if text), mark=mark)


def _measured_with(key: str) -> str:
    """The bundled guests that show an effect of the property; empty if none does.

    >>> _measured_with("thread")
    'accelkit study with --guest smp or smplock; accelkit guests has all'
    """
    from accelkit.guests.effects import EFFECTS  # `import accelkit` needs no guests

    names = [name for name, effects in EFFECTS.items() if key in {effect.property for effect in effects}]
    return f"accelkit study with --guest {' or '.join(names[:3])}; accelkit guests has all" if names else ""


def _tuned(row: Property[Any, Any]) -> str:
    """Which values are worth trying where speed counts, beside leaving the property out, and why; or why none is.

    >>> _tuned(PROPERTIES["split-wx"])
    'leave it out: on makes no guest faster, and one that makes new code all the time up to 9% slower'
    """
    texts = list[str]()
    for worth in row.worth:
        places = [", ".join(sorted(names)) for names in (worth.accels, worth.targets) if names]
        where = f" ({'; '.join(places)})" if places else ""
        texts.append(f"{_worth_trying(row, worth)}{where}: {worth.why}")
    return "; else ".join(texts)


def _worth_trying(row: Property[Any, Any], worth: Worth) -> str:
    """The values that are worth trying, whatever the host; or to leave the property out.

    >>> _worth_trying(PROPERTIES["tb-size"], PROPERTIES["tb-size"].worth[0])
    "8 MiB to 2 GiB in powers of two, at most 1/4 of the host's memory"
    """
    if not isinstance(worth.values, PowersOfTwo):
        return ", ".join(map(str, worth.values)) or "leave it out"
    low, high = (amount(row.key, str(end)) for end in (worth.values.low, worth.values.high))
    return f"{low} to {high} in powers of two, at most 1/{worth.values.share} of the host's memory"


def _in_python(row: Property[Any, Any]) -> str:
    """How the property is written in Python.

    >>> _in_python(PROPERTIES["tb-size"]), _in_python(PROPERTIES["split-wx"])
    ("tb_size(…) of a number, or of text such as '64MiB'", 'split_wx(True) or split_wx(False)')
    """
    if isinstance(row.domain, OnOff):
        return f"{row.name}(True) or {row.name}(False)"
    if isinstance(row.domain, Size):
        return f"{row.name}(…) of a number, or of text{row.domain.allowed.partition(', or text')[2]}"
    return f"{row.name}(…)"


def _taken(domain: Domain) -> str:
    """What QEMU itself takes, in words.

    >>> _taken(PROPERTIES["tb-size"].domain)
    '0 to 4294967295 MiB: the number alone'
    """
    if isinstance(domain, OnOff):
        return "on or off"
    if isinstance(domain, Size):
        return f"{domain.numbers}: " + (
            "the number, or with one suffix as in 2M" if "size" in domain.qom else "the number alone"
        )
    return domain.allowed


def _worded(domain: Domain, rule: Rule) -> str:
    """A rule as a sentence, with the values that break it.

    >>> _worded(PROPERTIES["kernel-irqchip"].domain, PROPERTIES["kernel-irqchip"].rules[0])
    'split is not supported under whpx (refused): write on or off'
    """
    if isinstance(domain, (Words, OnOff)):
        words = domain.words if isinstance(domain, Words) else ("on", "off")
        what = " or ".join(word for word in words if rule.breaks(domain.read(word))) or "another word"
    elif isinstance(domain, Text):
        what = "a path that"
    else:
        what = "any number but 0" if rule.breaks is is_set else "a number that"
    return f"{what} {rule.why} ({rule.kind}): {rule.remedy}"


def _mark(row: Property[Any, Any], value: str) -> Badge | None:
    """What is wrong with the text ``value``, at a glance; None where some QEMU takes it on some target."""
    read = _read(row.domain, value)
    if read is None:
        return Badge("▲", "depends") if _binary(row.domain, value) is not None else Badge("✗", "bad")
    always = (rule for rule in row.rules if rule.kind == "refused" and not rule.accels and not rule.targets)
    return Badge("✗", "bad") if any(rule.breaks(read) for rule in always) else None


def _binary(domain: Domain, value: str) -> int | None:
    """The number that ``0b…`` is to a QEMU that reads it; None for any other text."""
    number = literals.read_int(value, binary=True) if isinstance(domain, (Int, Size)) else None
    taken = number is not None and domain.qom != ("size",) and domain.read(str(number)) is not None
    return number if taken else None


def _meaning(row: Property[Any, Any], value: str) -> str:
    """What QEMU makes of the text ``value`` of a property; or that it refuses it, and what to write."""
    known = MEANINGS.get((row.key, value))
    if known is not None:
        return f"{value}: {known}"
    read = _read(row.domain, value)
    if read is not None:
        return "; ".join((_read_as(row, value, read), *_broken(row, value, read)))
    number = _binary(row.domain, value)
    if number is not None:
        return f"{value} is {number} to a QEMU built with glibc 2.38 or newer; others refuse it: write {row.key}={number}"
    quoted = value if value and value == value.strip() else repr(value)
    for meant in meant_for(row.key, value):
        if meant != value and _read(row.domain, meant) is not None:
            counts = ", which counts MiB" if isinstance(row.domain, Size) and row.domain.unit == "MiB" else ""
            return f"QEMU refuses {quoted}: write {row.key}={meant}{counts}"
    return f"QEMU refuses {quoted}: {_why_not(row, value)}"


def _read(domain: Domain, value: str) -> Any:
    """What QEMU reads in the text; None if it refuses it. An int64 is wider than the range that is of use."""
    return literals.read_int64(value) if domain.qom == ("int",) else domain.read(value)


def _broken(row: Property[Any, Any], value: str, read: Any) -> Iterator[str]:
    """What is to know of a value that QEMU reads, each with what to write."""
    for rule in row.rules:
        if rule.breaks(read):
            yield f"it {rule.why} ({rule.kind}): {rule.remedy}"
            if isinstance(row.domain, Size) and row.domain.scale > 1:
                yield from (
                    f"if bytes were meant, write {row.key}={meant}" for meant in meant_for(row.key, value)
                )


def _why_not(row: Property[Any, Any], value: str) -> str:
    """What the property takes, and the nearest number where ``value`` is one."""
    takes = f"it takes {_taken(row.domain)}"
    try:
        row.domain.write(value, row.key)
    except DomainError as error:
        nearest = str(error).rpartition("; ")[2]
        return f"{takes}; {nearest}" if nearest.startswith("the nearest") else takes
    return takes


def _read_as(row: Property[Any, Any], value: str, read: Any) -> str:
    """What QEMU reads in a text that it takes."""
    domain = row.domain
    if isinstance(domain, (OnOff, Words)):
        words = {True: "on: switched on", False: "off: switched off", "auto": "auto: QEMU decides",
                 "on": "on: switched on", "off": "off: switched off"}  # fmt: skip
        return words.get(read, str(read))
    if isinstance(domain, (Int, Size)):
        number = str(read) if domain.unit.startswith("(") else f"{read} {domain.unit}"
        worded = amount(row.key, str(read))
        plain = f"{value} is {number}" if value != str(read) else number
        plain += f", which is {worded}" if worded not in (number, str(read)) else ""
        return plain + (": a plain number counts MiB" if domain.unit == "MiB" else "")
    return value


def of_accelerator(row: Accelerator[Any]) -> Explanation:
    """An accelerator."""
    properties = [
        f"{prop.key} (since {min(firsts, key=number_of)})"
        for prop in PROPERTIES.values()
        if (firsts := [life.first for target in TARGETS if (life := lifetime(row.name, prop.key, target))])
    ]
    rows = (
        ("Python", f"{row.name}()"),
        ("Hosts", row.hosts),
        ("Needs", row.needs or "nothing"),
        ("Properties", ", ".join(properties) or "none"),
        ("QEMU", availability([row.name], None)),
        ("Source", f"{row.source} (QEMU); releases: meson.build at each of them"),
    )
    return Explanation(row.name, row.doc, rows)


def reference_table() -> str:
    """A Markdown table of all properties, one line for each, in the order in which they are rendered."""
    rows = tuple(
        (Mono(row.name), ", ".join(accel.name for accel in row.accelerators), row.domain.allowed, row.default)
        for row in PROPERTIES.values()
    )
    return to_markdown([Table(("Property", "For", "Takes", "Default"), rows)]).rstrip("\n")


def summary() -> Table:
    """Every accelerator and property with its description, a row for each."""
    rows = [(row.name, row.doc) for row in ACCELERATORS.values()]
    rows += [
        (row.key, f"({', '.join(accel.name for accel in row.accelerators)}) {row.doc}")
        for row in PROPERTIES.values()
    ]
    return Table((), tuple(rows))
