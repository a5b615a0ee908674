"""Which branch of a choice the values of the variables lead to, where these are known. Pure."""

from __future__ import annotations

from fnmatch import fnmatchcase

from accelkit.lint.expansion import Lookup, expanded
from accelkit.lint.script import Choice, Compared, Condition, Joined, Parts, Use, text_of


def branch_of(choice: Choice, value_of: Lookup) -> int | None:
    """The number of the branch that has to be taken; None where only running can tell.

    >>> from accelkit.lint.bash import bash_statements
    >>> (choice,) = bash_statements("if [ a = a ] || something; then A=1; fi")
    >>> branch_of(choice, {}.get)
    0
    """
    if choice.test is not None:
        holds = _holds(choice.test, value_of)
        return None if holds is None else 1 - holds
    text = None if choice.subject is None else _known(choice.subject, value_of)
    if text is None:
        return None
    for number, branch in enumerate(choice.branches):
        if branch.patterns is None or any(fnmatchcase(text, pattern) for pattern in branch.patterns):
            return number
    return None


def _holds(condition: Condition | None, value_of: Lookup) -> bool | None:
    match condition:
        case Compared(subject, pattern, unlike):
            text = _known(subject, value_of)
            return None if text is None else fnmatchcase(text, pattern) != unlike
        case Joined(operator, left, right):
            sides = (_holds(left, value_of), _holds(right, value_of))
            decisive = operator == "||"  # what decides alone, whatever the other is
            if decisive in sides:
                return decisive
            return None if None in sides else not decisive
        case None:
            return None


def _known(word: Parts, value_of: Lookup) -> str | None:
    """The text that a word becomes; None where only running can tell."""
    words = expanded([word], value_of)
    known = not any(isinstance(piece, Use) for word in words for piece in word)
    return " ".join(map(text_of, words)) if known else None
