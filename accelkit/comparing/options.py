"""What recipes set, side by side: a row for each option, with its value in each of them. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

from accelkit.document import Badge, Block, Folded, Mono, Paragraph, Table, TableCell, Tone
from accelkit.errors import shortened
from accelkit.recipes.amounts import amount_and_text
from accelkit.syntax.option_map import OptionMap

Maps = tuple[OptionMap, ...]
ChangeKind = Literal["added", "removed", "changed"]

#: The words of each kind of change, with a mark, and their tone.
CHANGE_WORDS: Final[dict[ChangeKind, tuple[str, Tone]]] = {
    "added": ("+ added", "good"), "removed": ("− removed", "bad"), "changed": ("≠ changed", "depends"),
}  # fmt: skip
_DIFFERENT: Final = Badge("≠ differs", "depends")
_UNSET: Final = "–"
_FEW: Final = 3
"""Options that are the same and are listed on one line; more are folded."""
MOST_VALUE: Final = 120
"""Characters of a value in a table, at most."""
_PLACES: Final = ("1st", "2nd", "3rd")


class OptionRow(NamedTuple):
    """An option and its text in each of some recipes; None where it is not set.

    ``accel`` is the alternative that it belongs to, where a recipe has several; None otherwise. The row of an
    alternative itself has the key ``accel``, and as text the place in which QEMU tries it, as ``1st``.
    """

    accel: str | None
    key: str
    texts: tuple[str | None, ...]

    @property
    def name(self) -> str:
        """The option in words: ``tb-size``; of one of several alternatives ``tcg: tb-size``."""
        if self.accel is None:
            return self.key
        return self.accel if self.key == "accel" else f"{self.accel}: {self.key}"

    @property
    def differs(self) -> bool:
        """Whether not all texts are the same."""
        return len(set(self.texts)) > 1

    def shown(self, text: str | None) -> str:
        """One of its texts as a table shows it, with its unit."""
        if text is None:
            return _UNSET
        if self.key == "accel" and self.accel is not None:
            return f"tried {text}"
        return shortened(amount_and_text(self.key, text), MOST_VALUE)


def rows_of(recipes: Sequence[Maps]) -> tuple[OptionRow, ...]:
    """A row for each option of the ``recipes``, each given as its option maps, in the order of QEMU's manual.

    Alternatives of several recipes belong together by the names of their accelerators.

    >>> kvm, tcg = OptionMap({"accel": "kvm"}), OptionMap({"accel": "tcg", "tb-size": "64"})
    >>> [(row.name, row.texts) for row in rows_of([(kvm,), (tcg,)])]
    [('accel', ('kvm', 'tcg')), ('tb-size', (None, '64'))]
    >>> [(row.name, row.texts) for row in rows_of([(kvm, tcg), (tcg,)])]
    [('kvm', ('1st', None)), ('tcg', ('2nd', '1st')), ('tcg: tb-size', ('64', '64'))]
    """
    if all(len(maps) <= 1 for maps in recipes):
        return _rows(None, [maps[0] if maps else OptionMap() for maps in recipes])
    named = [_by_name(maps) for maps in recipes]
    rows: list[OptionRow] = []
    for name in dict.fromkeys(name for alternatives in named for name in alternatives):
        columns = [alternatives.get(name, OptionMap()) for alternatives in named]
        places = tuple(_place(list(alternatives), name) for alternatives in named)
        rows.append(OptionRow(name, "accel", places))
        rows += [row for row in _rows(name, columns) if row.key != "accel"]
    return tuple(rows)


def _by_name(maps: Maps) -> dict[str, OptionMap]:
    """The alternatives by their accelerator; of one that comes again with a number."""
    counts = Counter[str]()
    named: dict[str, OptionMap] = {}
    for options in maps:
        name = options.get("accel", "")
        counts[name] += 1
        named[name if counts[name] == 1 else f"{name} ({counts[name]})"] = options
    return named


def _place(names: Sequence[str], name: str) -> str | None:
    if name not in names:
        return None
    place = names.index(name)
    return _PLACES[place] if place < len(_PLACES) else f"{place + 1}th"


def _rows(accel: str | None, columns: Sequence[OptionMap]) -> tuple[OptionRow, ...]:
    keys = OptionMap(dict.fromkeys((key for column in columns for key in column), ""))
    return tuple(OptionRow(accel, key, tuple(column.get(key) for column in columns)) for key in keys)


def change_of(old: str | None, new: str | None) -> ChangeKind:
    """What becomes of an option whose texts differ."""
    return "added" if old is None else "removed" if new is None else "changed"


def blocks_of(names: Sequence[str], rows: Sequence[OptionRow]) -> tuple[Block, ...]:
    """A table of the options that differ, and below it those that are the same in all; of one recipe all that it sets.

    Where many are the same, they are folded.
    """
    if len(names) == 1:
        return (Table(("option", *names), tuple((Mono(row.name), row.shown(row.texts[0])) for row in rows)),)
    different = tuple(row for row in rows if row.differs)
    same = tuple(row for row in rows if not row.differs)
    blocks: list[Block] = []
    if different:
        table = tuple(
            (TableCell((_mark(row),)), Mono(row.name), *map(row.shown, row.texts)) for row in different
        )
        blocks.append(Table(("", "option", *names), table))
    if same:
        count = f"{len(same)} option{'s are' if len(same) > 1 else ' is'} the same"
        listed = ", ".join(f"{row.name} {row.shown(row.texts[0])}" for row in same)
        told = Paragraph((f"{count}: {listed}",))
        inside = Table((), tuple((Mono(row.name), row.shown(row.texts[0])) for row in same))
        blocks.append(Folded((count,), (inside,), told.words) if len(same) > _FEW else told)
    return tuple(blocks)


def _mark(row: OptionRow) -> Badge:
    return Badge(*CHANGE_WORDS[change_of(*row.texts)]) if len(row.texts) == 2 else _DIFFERENT
