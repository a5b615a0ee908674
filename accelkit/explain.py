"""explain: what a property or accelerator means and which QEMUs have it; text, Markdown, HTML."""

from __future__ import annotations

from typing import Any, NamedTuple, cast

from accelkit.errors import SchemaError, nearest
from accelkit.recipes.domains import Int, Size
from accelkit.recipes.property import Accelerator, Property
from accelkit.recipes.table import ACCELERATORS, PROPERTIES, notify, notify_vmexit
from accelkit.schemas import captured_with, targets


def _cell(text: str) -> str:
    """``text`` as a cell of a Markdown table."""
    return text.replace("|", "\\|")


class Explanation(NamedTuple):
    """What explain returns: it prints as text, and shows as a table in a notebook."""

    title: str
    summary: str
    rows: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        width = max(len(label) for label, _ in self.rows)
        lines = [f"{self.title}: {self.summary}", ""]
        lines += [f"  {label:<{width}}  {text}" for label, text in self.rows]
        return "\n".join(lines)

    __repr__ = __str__

    def markdown(self) -> str:
        """The same as Markdown: a heading, a line, a table."""
        rows = [f"| {label} | {_cell(text)} |" for label, text in self.rows]
        return "\n".join([f"### `{self.title}`", "", self.summary, "", "| | |", "|---|---|", *rows])

    def _repr_html_(self) -> str:
        from html import escape  # only in notebooks

        rows = "".join(
            f"<tr><th style='text-align:left;vertical-align:top'>{escape(label)}</th>"
            f"<td style='text-align:left'>{escape(text)}</td></tr>"
            for label, text in self.rows
        )
        return f"<b><code>{escape(self.title)}</code></b>: {escape(self.summary)}<table>{rows}</table>"


def explain(subject: Any) -> Explanation:
    """What a property or an accelerator means: unit, range, default, which QEMUs have it, source.

    Takes the row itself (``tb_size``, ``kvm``, ``notify``) or its name in Python or in QEMU
    (``"tb-size"``). Raises SchemaError for an unknown name, with the nearest.

    >>> print(explain("tb_size"))
    tb-size: Size of the cache of translated code; 0 lets QEMU choose.
    <BLANKLINE>
      Python   tb_size(…)
      For      tcg
      Takes    0 to 4294967295 MiB, or text such as '64MiB'
      Unit     MiB
      Default  0: 1 GiB, or an eighth of the host's RAM where that is less
      Notes    A cliff, not a slope: below the guest's working set of code the cache is flushed again and again, above it nothing is gained. Never refused in range; clamped to about 1 MiB to 2 GiB on x86 hosts.
      Rules    is more than the 2048 MiB to which QEMU clamps it on x86 hosts (ignored): write 2048 or less, or text as '64MiB': a bare number counts MiB
      QEMU     x86_64: 5.2, 7.2, 10.0, 11.1; aarch64: 5.2, 7.2, 10.0, 11.1
      Source   accel/tcg/tcg-all.c, tcg/region.c (QEMU)
    """
    if subject is notify:
        subject = notify_vmexit
    if isinstance(subject, str):
        subject = _named(subject)
    if isinstance(subject, Property):
        return _of_property(cast("Property[Any, Any]", subject))
    if isinstance(subject, Accelerator):
        return _of_accelerator(cast("Accelerator[Any]", subject))
    raise SchemaError(
        f"explain: got {type(subject).__name__}; takes a property or accelerator (uncalled), or a name"
    )


def _named(name: str) -> Property[Any, Any] | Accelerator[Any]:
    plain = name.replace("_", "-")
    by_name: dict[str, Property[Any, Any] | Accelerator[Any]] = {
        **{row.name.replace("_", "-"): row for row in PROPERTIES.values()}, **PROPERTIES, **ACCELERATORS,
        "notify": notify_vmexit,
    }  # fmt: skip
    if plain not in by_name:
        raise SchemaError(f"explain: got {name!r}; {nearest(name, by_name)}")
    return by_name[plain]


def _of_property(row: Property[Any, Any]) -> Explanation:
    unit = row.domain.unit if isinstance(row.domain, (Int, Size)) else ""
    rules = "; ".join(dict.fromkeys(f"{rule.why} ({rule.kind}): {rule.remedy}" for rule in row.rules))
    rows = [
        ("Python", f"{row.name}(…)"),
        ("For", ", ".join(accelerator.name for accelerator in row.accelerators)
         + (f"; guests: {', '.join(row.targets)}" if row.targets else "")),
        ("Takes", row.domain.allowed),
        ("Unit", unit),
        ("Default", row.default),
        ("Notes", row.detail),
        ("Rules", rules),
        ("QEMU", row.not_captured or _captured_in(row.accels, row.key)),
        ("Source", f"{row.source} (QEMU)"),
    ]  # fmt: skip
    return Explanation(row.key, row.doc, tuple((label, text) for label, text in rows if text))


def _of_accelerator(row: Accelerator[Any]) -> Explanation:
    properties = [each.key for each in PROPERTIES.values() if row.name in each.accels]
    rows = [
        ("Python", f"{row.name}()"),
        ("Hosts", row.hosts),
        ("Needs", row.needs or "nothing"),
        ("Properties", ", ".join(properties) or "none"),
        ("QEMU", _captured_in({row.name}, None) or "none of those captured"),
        ("Source", f"{row.source} (QEMU)"),
    ]
    return Explanation(row.name, row.doc, tuple(rows))


def _captured_in(accels: set[str] | frozenset[str], key: str | None) -> str:
    """Which captured QEMUs have it: ``x86_64: 10.0, 11.1``."""
    found = [
        f"{target}: {', '.join(versions)}"
        for target in targets()
        if (versions := captured_with(accels, key, target))
    ]
    return "; ".join(sorted(found, reverse=True))


def reference_table() -> str:
    """A Markdown table of all properties, one line each, in the order in which they are rendered."""
    head = "| Property | For | Takes | Default |\n|---|---|---|---|"
    rows = [
        f"| `{row.name}` | {', '.join(a.name for a in row.accelerators)} | {_cell(row.domain.allowed)} | "
        f"{_cell(row.default)} |"
        for row in PROPERTIES.values()
    ]
    return "\n".join([head, *rows])


def summary() -> str:
    """A line for each accelerator and property: its name and what it is."""
    rows = [(row.name, row.doc) for row in ACCELERATORS.values()]
    rows += [
        (row.key, f"({', '.join(a.name for a in row.accelerators)}) {row.doc}") for row in PROPERTIES.values()
    ]
    width = max(len(name) for name, _ in rows)
    return "\n".join(f"{name:<{width}}  {doc}" for name, doc in rows)
