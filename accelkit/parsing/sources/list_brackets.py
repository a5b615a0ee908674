r"""What a bracket of a list of words holds, when it closes: a list, a call, a mapping. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from accelkit.parsing.sources.building import Raw
from accelkit.parsing.sources.list_values import (
    ENDS,
    PROGRAM_KEYS,
    WORDS_KEYS,
    Element,
    Frame,
    Value,
    adds,
)
from accelkit.parsing.sources.programs import is_program

_DEEPEST: Final = 4
"""Lists in lists in lists: words are handed on so often, for time that grows with the text only."""
#: Calls of a program's path, the list of its words, and what is none of them.
_EXECS: Final = frozenset("execv execvp execve execvpe posix_spawn posix_spawnp".split())


def closed(frame: Frame, called: str) -> tuple[Value, list[Sequence[Raw]]]:
    """What the bracket holds that is closed now, and lists of words in it that stand for themselves."""
    elements = [element for element in frame.elements if element.value.words is not None]
    if frame.opener == "{" and (frame.assigns or any(element.key for element in elements)):
        return Value(None), _of_mapping(elements)
    is_call = frame.opener == "(" and bool(called)
    keyed = [element for element in elements if is_call and element.key]
    if keyed:
        value, rest = closed(frame.without(keyed), called)
        lists = _of_mapping(keyed)
        if value.call and value.words and any(key in WORDS_KEYS for key, _ in keyed) and lists:
            return value._replace(words=(*value.words, *lists[0])), [*rest, *lists[1:]]
        return value, [*rest, *lists]
    positional = [element.value for element in elements]
    if is_call:
        positional = _run(positional, called)
    depth = 1 + max((value.depth for value in positional), default=0)
    if not positional or depth > _DEEPEST:
        return Value(None), []
    first: Sequence[Raw] = positional[0].words or []
    is_words = positional[0].is_text and bool(first)
    if is_call and not (is_words and is_program(first[0].text)) and not adds(called):
        return Value(None), [value.words for value in positional if value.words and not value.is_text]
    if not is_call and not is_words and any(_begins(value) for value in positional):
        return Value(None), [value.words for value in positional if value.words]
    if frame.opener == "(" and not is_call and frame.commas < 2:  # brackets around one value
        return positional[0], []
    if len(positional) == 1 and not positional[0].is_text:
        return positional[0]._replace(depth=depth, call=called if is_call else ""), []
    return Value(_joined(positional), depth=depth, call=called if is_call else ""), []


def _run(values: list[Value], called: str) -> list[Value]:
    """The values of a call that are words of what it runs: neither a context before them, nor an environment behind."""
    if called.rpartition(".")[2] in _EXECS:
        values = values[:2]
    is_known = not values or not values[0].words or not values[0].words[0].variables
    for place, value in () if is_known else enumerate(values[:3]):
        if value.is_text and value.words and is_program(value.words[0].text) and not value.words[0].variables:
            return values[place:]
    return values


def _begins(value: Value) -> bool:
    return bool(value.words) and not value.is_text and is_program(value.words[0].text)


def _joined(values: Sequence[Value]) -> tuple[Raw, ...]:
    return tuple(word for value in values for word in value.words or () if word.text not in ENDS)


def _of_mapping(elements: Sequence[Element]) -> list[Sequence[Raw]]:
    """The command of a mapping with a program and a list of its words."""
    program: Sequence[Raw] = ()
    words: list[Raw] = []
    others: list[Sequence[Raw]] = []
    for key, value in elements:
        if not value.words:
            continue
        if key in PROGRAM_KEYS and not program and is_program(value.words[0].text):
            program = value.words
        elif not value.is_text and key in WORDS_KEYS:
            words += value.words
        elif not value.is_text:
            others.append(value.words)
    if program:
        return [(*program, *words), *others]
    return [words, *others] if words else others
