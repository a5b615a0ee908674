"""Edit: one change to the words of a command line, as the fix of a problem names it. ``checking/fix.py`` applies it."""

from __future__ import annotations

from typing import NamedTuple


class Edit(NamedTuple):
    """One change: what stands in the words of a command line, and what shall stand there.

    >>> Edit("accel", "thread=both", ("thread=single",), "tcg")
    Edit(option='accel', old='thread=both', new=('thread=single',), accel='tcg')
    """

    option: str
    """The option's name without dashes. ``""``: ``old`` is a word where an option should be."""
    old: str | None = None
    """An element of the option's value, as written: ``key=value``, or a key for whatever it is set to. ``""``: the
    option with its value, as often as it is there. None: nothing, ``new`` is added to the option."""
    new: tuple[str, ...] = ()
    """What stands in its place: elements of the value. Words, where ``old`` is a word or the option. Empty drops it."""
    accel: str = ""
    """The accelerator whose properties are meant, wherever the line sets them: in ``-accel``, ``-machine``, ``-set``."""


#: Edits that mend one problem together; ``()`` where only a person can mend it.
Fix = tuple[Edit, ...]
