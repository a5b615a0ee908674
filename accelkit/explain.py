"""explain: what a property or accelerator means and which QEMUs have it, as a document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, cast

from accelkit.errors import SchemaError, nearest
from accelkit.recipes.domains import Int, Size
from accelkit.recipes.property import Accelerator, Property
from accelkit.recipes.table import ACCELERATORS, PROPERTIES, notify, notify_vmexit
from accelkit.schemas import captured_with, targets

if TYPE_CHECKING:
    from accelkit.document import Block

# accelkit.document is imported in functions: it loads html, which `import accelkit` does not need.


class Explanation(NamedTuple):
    """What ``explain`` returns. Prints as text; a notebook shows it as a table."""

    title: str
    summary: str
    rows: tuple[tuple[str, str], ...]

    @property
    def document(self) -> tuple[Block, ...]:
        """The explanation as blocks of ``accelkit.document``."""
        from accelkit.document import Heading, Mono, Paragraph, Table

        return (
            Heading(Mono(self.title)),
            Paragraph((self.summary,)),
            Table((), self.rows, row_headers=True),
        )

    def __str__(self) -> str:
        from accelkit.document import to_text

        return to_text(self.document).rstrip("\n")

    __repr__ = __str__

    def markdown(self) -> str:
        """The explanation as Markdown: a heading, a sentence, a table."""
        from accelkit.document import to_markdown

        return to_markdown(self.document).rstrip("\n")

    def _repr_html_(self) -> str:
        from accelkit.document import to_html

        return to_html(self.document)


def explain(subject: Any) -> Explanation:
    """What a property or accelerator means: unit, range, default, which QEMUs have it, source.

    Takes the property or accelerator itself (``tb_size``, ``kvm``, ``notify``), or its name in Python or in QEMU
    (``"tb-size"``). Raises SchemaError for an unknown name, with the nearest one.

    >>> print(explain("split-wx"))
    split-wx
    --------
    <BLANKLINE>
    Map the code buffer twice, once writable and once executable.
    <BLANKLINE>
    Python   split_wx(…)
    For      tcg
    Takes    on or off (True, False)
    Default  off (on where the host forbids writable and executable memory)
    Notes    Costs nothing once code is translated, a few percent where code is translated all the time. A build whose host cannot do it refuses on.
    QEMU     x86_64: 7.2, 10.0, 11.1; aarch64: 7.2, 10.0, 11.1
    Source   accel/tcg/tcg-all.c, tcg/region.c (QEMU)
    """
    if subject is notify:
        subject = notify_vmexit
    if isinstance(subject, str):
        subject = _row_named(subject)
    if isinstance(subject, Property):
        return _of_property(cast("Property[Any, Any]", subject))
    if isinstance(subject, Accelerator):
        return _of_accelerator(cast("Accelerator[Any]", subject))
    raise SchemaError(
        f"explain: got {type(subject).__name__}; takes a property or accelerator (uncalled), or a name"
    )


def _row_named(name: str) -> Property[Any, Any] | Accelerator[Any]:
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
    properties = [prop.key for prop in PROPERTIES.values() if row.name in prop.accels]
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
    lines = [
        f"{target}: {', '.join(versions)}"
        for target in targets()
        if (versions := captured_with(accels, key, target))
    ]
    return "; ".join(sorted(lines, reverse=True))


def reference_table() -> str:
    """A Markdown table of all properties, one line for each, in the order in which they are rendered."""
    from accelkit.document import Mono, Table, to_markdown

    rows = tuple(
        (Mono(row.name), ", ".join(accel.name for accel in row.accelerators), row.domain.allowed, row.default)
        for row in PROPERTIES.values()
    )
    return to_markdown([Table(("Property", "For", "Takes", "Default"), rows)]).rstrip("\n")


def summary() -> str:
    """Every accelerator and property with its description, one line for each."""
    from accelkit.document import Table, to_text

    rows = [(row.name, row.doc) for row in ACCELERATORS.values()]
    rows += [
        (row.key, f"({', '.join(accel.name for accel in row.accelerators)}) {row.doc}")
        for row in PROPERTIES.values()
    ]
    return to_text([Table((), tuple(rows))]).rstrip("\n")
