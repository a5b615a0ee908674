"""SchemaDifference: what a newer QEMU adds, drops and changes. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from accelkit.comparing.options import CHANGE_WORDS, ChangeKind
from accelkit.document import Badge, Block, Mono, Paragraph, Shown, Table, TableCell
from accelkit.recipes.table import ACCELERATORS, PROPERTIES
from accelkit.schemas.releases import lifetime
from accelkit.schemas.schema import Schema


@dataclass(frozen=True, slots=True, repr=False)
class SchemaDifference(Shown):
    """What ``diff`` of two schemas returns: the names of both, and a line for each accelerator and property.

    An accelerator is one line (``mshv``), a property another (``kvm.honor-guest-pat``).
    """

    old: str
    new: str
    added: tuple[str, ...]
    dropped: tuple[str, ...]
    changed: tuple[str, ...]

    @property
    def document(self) -> tuple[Block, ...]:
        """A sentence, and a table of what is added, removed and changed, with what each means."""
        rows = tuple(self._rows())
        count = f"{len(rows)} difference{'s' * (len(rows) > 1)}" if rows else "no difference"
        head = Paragraph((f"{self.old} → {self.new}: {count}",), strong=True)
        return (head, Table(("", "what", "means"), rows, spare=((2,),))) if rows else (head,)

    def _rows(self) -> Iterator[tuple[str | TableCell, ...]]:
        kinds: tuple[tuple[ChangeKind, tuple[str, ...]], ...] = (
            ("added", self.added), ("removed", self.dropped), ("changed", self.changed),
        )  # fmt: skip
        for kind, lines in kinds:
            for line in lines:
                yield TableCell((Badge(*CHANGE_WORDS[kind]),)), Mono(line), _meaning(line)


def _meaning(line: str) -> str:
    """What the table says of an accelerator or of a property; empty of one that it lacks."""
    accel, _, key = line.partition(":")[0].partition(".")
    row = PROPERTIES.get(key) if key else ACCELERATORS.get(accel)
    return row.doc if row is not None else ""


def schema_difference(old: Schema, new: Schema) -> SchemaDifference:
    """What an upgrade from ``old`` to ``new`` adds, drops and changes.

    What one was captured without and the other derived with is no difference of the releases where both have it.
    """
    before, after = _lines(old, new), _lines(new, old)
    return SchemaDifference(
        old.name,
        new.name,
        tuple(sorted(after.keys() - before.keys())),
        tuple(sorted(before.keys() - after.keys())),
        tuple(
            f"{line}: {before[line]} → {after[line]}"
            for line in sorted(before.keys() & after.keys())
            if before[line] != after[line]
        ),
    )


def _lines(schema: Schema, other: Schema) -> dict[str, str]:
    """The line of each accelerator and property, with its QOM type; without what only the build of ``other`` lacks."""
    lines: dict[str, str] = {}
    for accel, properties in schema.accelerators.items():
        life = lifetime(accel, None, other.target)
        derived = schema.origin_of(accel) == "derived" and accel not in other.accelerators
        if not (derived and life is not None and life.has(other.version)):
            lines[accel] = "accelerator"
            lines |= {f"{accel}.{key}": info.type for key, info in properties.items()}
    return lines
