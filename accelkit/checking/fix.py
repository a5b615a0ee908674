"""mended and mend: the words of a command line after the fix of one problem, and after all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from accelkit.checking.judge import judge
from accelkit.parsing.option_words import STRAY, UNKNOWN, options_in
from accelkit.parsing.reader import SUGAR, read_words
from accelkit.schemas.schema import Schema
from accelkit.syntax.edit import Edit, Fix
from accelkit.syntax.qemuopts import Write, escape, split

#: Fixes that one line can need; each mends every place of its problem.
_MOST_FIXES: Final = 100
#: What stands before the first ``=`` where the first element has none.
_IMPLIED: Final = {"accel": "accel", "machine": "type", "icount": "shift", "device": "driver"}
_SAME: Final = {"M": "machine"}


class _Option:
    """One option of a line: its name, and its words."""

    def __init__(self, name: str, words: list[str]) -> None:
        self.name = _SAME.get(name, name)
        self.words = words

    @property
    def elements(self) -> tuple[Write, ...]:
        return split(self.words[1], _IMPLIED.get(self.name, "")) if len(self.words) == 2 else ()

    def write(self, elements: Sequence[Write]) -> None:
        """Set the value to ``elements``; without any the option has no words left."""
        implied = _IMPLIED.get(self.name, "")
        texts = [
            write.flag if write.flag is not None and number > 0  # first it would be the value that is implied
            else escape(write.value) if number == 0 and write.key == implied and "=" not in write.value
            else f"{write.key}={escape(write.value)}"
            for number, write in enumerate(elements)
        ]  # fmt: skip
        self.words = [self.words[0], ",".join(texts)] if texts else []

    def replace(self, old: str, new: Sequence[str]) -> None:
        """``new`` in the place of every element ``old``."""
        elements = self.elements
        changed: list[Write] = []
        for write in elements:
            if self._is(write, old):
                changed += [self._spelt(_element(text), write.key) for text in new]
                new = ()  # an element that is there twice is set once
            else:
                changed.append(write)
        if tuple(changed) != elements:
            self.write(changed)

    def _spelt(self, new: Write, key: str) -> Write:
        """``new`` with the key as it was written, where ``-machine`` takes ``_`` for ``-``."""
        same = self.name == "machine" and new.key in SUGAR and new.key == key.replace("_", "-")
        return new._replace(key=key) if same else new

    def _is(self, write: Write, old: str) -> bool:
        spelt = write
        if self.name == "machine":
            key = write.key.replace("_", "-")
            spelt = write._replace(key=key) if key in SUGAR else write
        if "=" not in old:
            return old in (write.key, write.flag, spelt.key)
        return old in (f"{write.key}={escape(write.value)}", f"{spelt.key}={escape(write.value)}")

    def add(self, new: Sequence[str]) -> None:
        """Set the elements ``new``, in the place of others with their keys."""
        added = [_element(text) for text in new]
        keys = {write.key for write in added}
        self.write([*(write for write in self.elements if write.key not in keys), *added])


def _element(text: str) -> Write:
    return split(f",{text}", "")[-1] if "=" not in text else split(text, "")[0]


def mended(words: Sequence[str], fix: Fix) -> tuple[str, ...]:
    """``words`` after the edits of ``fix``; the same where the words have nothing of what it changes.

    >>> mended(["-accel", "tcg,thread=both"], (Edit("accel", "thread=both", ("thread=single",), "tcg"),))
    ('-accel', 'tcg,thread=single')
    """
    for edit in fix:
        options = list(_options(words))
        options = _accel(options, edit) if edit.option == "accel" and edit.accel else _plain(options, edit)
        words = [word for option in options for word in option.words]
    return tuple(words)


def mend(words: Sequence[str], schema: Schema, variables: tuple[str, ...] = ()) -> tuple[str, ...]:
    """``words`` after the fix of each problem that the QEMU of ``schema`` has with them, until no fix is left.

    >>> from accelkit import bundled
    >>> mend(["-accel", "tcg,nosplit-wx", "-enable-kvm"], bundled("10.0"))
    ('-accel', 'tcg,split-wx=off')
    """
    line = tuple(words)
    seen = {line}
    for _ in range(_MOST_FIXES):
        problems = judge(read_words(line, variables), schema).problems
        tried = (mended(line, problem.fix) for problem in problems if problem.fix)
        better = next((new for new in tried if new not in seen), None)
        if better is None:
            break
        line = better
        seen.add(line)
    return line


def _options(words: Sequence[str]) -> Iterator[_Option]:
    for name, value, place in options_in(words):
        length = 2 if value is not None and name not in (STRAY, UNKNOWN) else 1
        yield _Option(name, list(words[place : place + length]))


def _plain(options: list[_Option], edit: Edit) -> list[_Option]:
    """``options`` after an edit that is not about one accelerator's properties."""
    if edit.option == "":
        for option in options:
            if option.name in (STRAY, UNKNOWN) and option.words == [edit.old]:
                option.words = list(edit.new)
        return options
    named = [option for option in options if option.name == edit.option]
    if edit.old is None:
        if not named:
            named = [_Option(edit.option, [f"-{edit.option}", ""])]
            options = [*options, *named]
        named[-1].add(edit.new)
    elif edit.old == "":
        for number, option in enumerate(named):
            option.words = list(edit.new) if number == 0 else []
    else:
        for option in named:
            option.replace(edit.old, edit.new)
    return options


def _accel(options: list[_Option], edit: Edit) -> list[_Option]:
    """``options`` after an edit of the properties of one accelerator, wherever the line sets them."""
    if edit.old is None:
        options = _with_accel(options, edit.accel)
        chosen = next(option for option in options if _chooses(option, edit.accel))
        chosen.add(edit.new)
        return options
    for option in options:
        if _chooses(option, edit.accel):
            if edit.old == "":
                option.words = list(edit.new)
            else:
                option.replace(edit.old, edit.new)
        elif edit.old and option.name == "machine":
            option.replace(edit.old, edit.new)
        elif option.name == "tb-size" and edit.old == f"tb-size={option.words[-1]}":
            option.words = [option.words[0], edit.new[0].removeprefix("tb-size=")] if edit.new else []
        elif edit.old and option.name == "set" and len(option.words) == 2:
            path, _, rest = option.words[1].rpartition(".")
            if path.startswith("accel.") and rest == edit.old:
                option.words = [option.words[0], f"{path}.{edit.new[0]}"] if edit.new else []
    return options


def _chooses(option: _Option, accel: str) -> bool:
    names = [write.value for write in option.elements if write.key == "accel"]
    return option.name == "accel" and names[-1:] == [accel]


def _with_accel(options: list[_Option], accel: str) -> list[_Option]:
    """``options`` with an ``-accel`` for the accelerator, in the place of what chose it before."""
    if any(_chooses(option, accel) for option in options):
        return options
    names: list[str] = []
    for option in options:
        if option.name == "enable-kvm":
            names, option.words = ["kvm"], []
        elif option.name == "machine":
            for write in option.elements:
                if write.key == "accel":
                    names = write.value.split(":")
            option.replace("accel", ())
    chosen = names if accel in names else [accel]
    return [*options, *(_Option("accel", ["-accel", name]) for name in chosen)]
