"""RecipeDifference: what one recipe sets otherwise than another. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple, Self

from accelkit.comparing.options import ChangeKind, Maps, OptionRow, blocks_of, change_of, rows_of
from accelkit.document import Block, Mono, Paragraph, Shown, Table


class Change(NamedTuple):
    """An option that is added, removed, or has another value: ``old`` and ``new`` are its texts, None if it is not set.

    ``accel`` is the alternative that it belongs to, where a recipe has several; None otherwise. Of an alternative itself
    ``key`` is ``accel``, and the texts are the places in which QEMU tries it.
    """

    kind: ChangeKind
    accel: str | None
    key: str
    old: str | None
    new: str | None


class RecipeDifference(tuple[Change, ...], Shown):  # noqa: SLOT001  # a tuple subclass cannot have named slots
    """What ``diff`` of two recipes returns: a tuple of changes, empty if both do the same. Prints as a readable diff.

    ``same`` are the options that have the same text in both. A notebook shows the changes as a table.

    >>> from accelkit import diff, kernel_irqchip, kvm, shadow_mem
    >>> changes = diff(kvm() | shadow_mem("64MiB"), kvm() | kernel_irqchip("split"))
    >>> changes
    old  kvm() | shadow_mem(64 * MiB)
    new  kvm() | kernel_irqchip(split)
    <BLANKLINE>
               option          old                new
    ---------  --------------  -----------------  -----
    + added    kernel-irqchip  –                  split
    − removed  kvm-shadow-mem  64 MiB (67108864)  –
    <BLANKLINE>
    1 option is the same: accel kvm
    >>> changes[0]
    Change(kind='added', accel=None, key='kernel-irqchip', old=None, new='split')
    """

    recipes: tuple[Any, Any]
    rows: tuple[OptionRow, ...]

    def __new__(
        cls, changes: Iterable[Change], recipes: tuple[Any, Any], rows: tuple[OptionRow, ...]
    ) -> Self:
        made = super().__new__(cls, changes)
        made.recipes, made.rows = recipes, rows
        return made

    def __getnewargs__(self) -> tuple[tuple[Change, ...], tuple[Any, Any], tuple[OptionRow, ...]]:
        return tuple(self), self.recipes, self.rows  # for pickle and copy

    @property
    def same(self) -> tuple[tuple[str, str], ...]:
        """The options that both have with the same text: name and text."""
        return tuple((row.name, str(row.texts[0])) for row in self.rows if not row.differs)

    @property
    def document(self) -> tuple[Block, ...]:
        """Both recipes, a table of the changes, and what stays the same."""
        names = ("old", "new")
        recipes = tuple((name, Mono(repr(recipe))) for name, recipe in zip(names, self.recipes, strict=True))
        head: tuple[Block, ...] = (Table((), recipes, row_headers=True),)
        if not self:
            head += (Paragraph(("✓ no difference: QEMU gets the same options",)),)
        return head + blocks_of(names, self.rows)

    # A tuple has these, too.
    __str__ = Shown.__str__
    __repr__ = Shown.__repr__


def recipe_difference(old: tuple[Any, Maps], new: tuple[Any, Maps]) -> RecipeDifference:
    """The difference of two recipes, each with its option maps."""
    rows = rows_of([old[1], new[1]])
    changes = (Change(change_of(*row.texts), row.accel, row.key, *row.texts) for row in rows if row.differs)
    return RecipeDifference(changes, (old[0], new[0]), rows)
