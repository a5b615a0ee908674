"""guests(): the bundled guests of a target as a list that shows itself; and one of them told in full."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from accelkit.guests.boards import BOARDS
from accelkit.guests.catalogue import GUESTS, Guest, guest, refuse_target
from accelkit.guests.effects import EFFECTS

if TYPE_CHECKING:
    from accelkit.document import Block, Table

# accelkit.document is imported in functions: it loads html, which a study's worker does not need.

START_SECONDS: Final = 0.05
"""About how long QEMU takes to start and end, under TCG on a core that is free."""

SLICE_SECONDS: Final = 0.002
"""About how long one slice of a guest's default work takes (:mod:`accelkit.guests.workloads`)."""

FOOTNOTE: Final = (
    "A run takes about so long under TCG; a study gives each guest as much work as makes it half a second"
    " (run_seconds=). The last ones fail on purpose."
)


class GuestList(tuple[Guest, ...]):
    """What :func:`guests` returns: a tuple of guests, which prints as a table and is one in a notebook."""

    __slots__ = ()

    def _blocks(self) -> tuple[Block, ...]:
        from accelkit.document import Paragraph

        return (_table(self), Paragraph((FOOTNOTE,)))

    def __str__(self) -> str:
        from accelkit.document import to_text

        return to_text(self._blocks()).rstrip("\n")

    __repr__ = __str__

    def _repr_html_(self) -> str:
        from accelkit.document import to_html

        return to_html(self._blocks())


def guests(target: str = "x86_64") -> GuestList:
    """The bundled guests for ``target``: what each stresses, how long a run takes, which options it shows an effect of.

    Raises GuestError for a target without bundled guests; the message names the nearest.

    >>> guests()[1].name
    'cpu'
    >>> [item.name for item in guests("aarch64") if shows(item, "split-wx")]
    ['smc']
    """
    refuse_target(target)
    return GuestList(item for item in GUESTS if item.target == target)


def shows(item: Guest, option: str) -> bool:
    """Whether ``item`` shows an effect of the property ``option``, as QEMU names it.

    >>> shows(guest("smp"), "thread"), shows(guest("cpu"), "thread")
    (True, False)
    """
    return any(effect.property == option for effect in EFFECTS.get(item.work, ()))


def seconds(item: Guest) -> float:
    """About how many seconds a run of ``item`` takes with its default work; infinity where it never ends.

    >>> seconds(guest("none")), seconds(guest("cpu")), seconds(guest("hang"))
    (0.05, 0.25, inf)
    """
    if item.workload.ends == "timeout":
        return float("inf")
    slices = item.workload.slices
    return START_SECONDS + (SLICE_SECONDS * slices if slices > 1 else 0.0)


def _table(items: tuple[Guest, ...]) -> Table:
    from accelkit.document import Mono, Table

    rows = tuple(
        (Mono(item.name), item.workload.does, _run(item), ", ".join(_options(item)) or _otherwise(item))
        for item in items
    )
    return Table(("guest", "what it does", "a run", "shows an effect of"), rows)


def _options(item: Guest) -> Iterator[str]:
    return (effect.property for effect in EFFECTS.get(item.work, ()))


def _run(item: Guest) -> str:
    return "no end" if seconds(item) == float("inf") else f"{seconds(item):.2g} s"


def _otherwise(item: Guest) -> str:
    if item.workload.ends != "ok":
        return f"how a run looks that ends as {item.workload.ends}"
    return "another QEMU or accelerator"


def told(name: str, target: str = "x86_64") -> tuple[Block, ...]:
    r"""One bundled guest in full, as blocks of a document. Raises GuestError for an unknown name or target.

    >>> from accelkit.document import to_text
    >>> print(to_text(told("smp")).split("\n\n")[1])
    the work of cpu on every vCPU at once
    """
    from accelkit.document import Code, Heading, Mono, Paragraph, Table

    item = guest(name, target)
    row = item.workload
    rows: list[tuple[str, str]] = [
        ("a run", f"{_run(item)}, with QEMU's start" if row.ends == "ok" else _run(item)),
    ]
    if row.unit:
        rows.append(("work", f"n={item.n}: {row.unit}, in each of {item.slices} slices"))
    if row.sizes.unit:
        rows.append(("size", f"{item.size}; {row.sizes}"))
    rows.append(("machine", f"{item.machine}, {item.cpus} vCPU{'s' * (item.cpus > 1)}, {item.memory} MiB"))
    rows.append(("targets", ", ".join(known for known in BOARDS if known in row.targets)))
    rows += [(effect.property, effect.size) for effect in EFFECTS.get(item.work, ())] or [
        ("shows", _otherwise(item))
    ]
    return (
        Heading(Mono(item.name)),
        Paragraph((row.does,)),
        Table((), tuple(rows), row_headers=True),
        *([] if row.ends != "ok" else [Paragraph(("To measure with it:",)), Code(_example(item))]),
    )


def _example(item: Guest) -> str:
    """Two commands: the guest as it is, and with other work."""
    program = f"qemu-system-{item.target}"
    space = next((_SPACES[effect.property] for effect in EFFECTS[item.work]), "")
    qemu = "" if space and item.target == "x86_64" else f" --qemu {program}"
    if not space:
        space, qemu = "tcg", f"{qemu} --qemu /opt/another/{program}"
    store = f"{item.name}.sqlite"
    lines = [f"accelkit study '{space}' --guest {item.name}{qemu} --store {store}"]
    if item.workload.sizes.unit:
        made = (
            f"guest('{item.name}')" if item.target == "x86_64" else f"guest('{item.name}', '{item.target}')"
        )
        name = f"{item.name}-large"
        work = f"with_work(size={2 * item.size}, name='{name}')"
        lines.append(f"""accelkit study '{space}' --guest "{made}.{work}"{qemu} --store {name}.sqlite""")
    return "\n".join(lines)


_SPACES: Final = {
    "thread": "tcg,thread={single,multi}",
    "tb-size": "tcg,tb-size={1,8,64,512}",
    "split-wx": "tcg,split-wx={off,on}",
    "one-insn-per-tb": "tcg,one-insn-per-tb={off,on}",
    "kernel-irqchip": "kvm,kernel-irqchip={on,split}",
}
"""A sweep that shows the effect of each property."""
