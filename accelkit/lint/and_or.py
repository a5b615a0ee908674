"""What ``a && b || c`` does: a command after the other, each as the one before it ended. Pure.

A shell goes from left to right: ``b`` is run where what stands before ``&&`` succeeded, ``c`` where what stands before
``||`` failed. So of ``test && A=kvm || A=tcg`` one assignment is run, and never both or none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from accelkit.lint.script import Block, Choice

#: Longer lists are followed as if each command depended on the one before it alone: the time stays that of their length.
_MOST_FOLLOWED: Final = 8


class Link(NamedTuple):
    """One command of a list."""

    operator: str
    """What stands before it: ``&&`` or ``||``; nothing before the first."""
    body: Block
    """What it does."""
    choose: Callable[[Block, Block], Choice]
    """The choice of what is run where it succeeds, and where it fails."""
    succeeds: bool = False
    """Whether it always succeeds, as an assignment does."""


def and_or(links: Sequence[Link]) -> Block:
    """The statements that a list of commands is.

    >>> from accelkit.lint.bash import bash_statements
    >>> (choice,) = bash_statements("[ -e /dev/kvm ] && A=kvm || A=tcg")
    >>> [branch.body[0].words[0][0].text for branch in choice.branches]
    ['kvm', 'tcg']
    """
    if len(links) > _MOST_FOLLOWED:
        return _by_the_one_before(links)
    return _from(links, 0)


def _from(links: Sequence[Link], place: int) -> Block:
    """The command at ``place``, and what is run behind it."""
    link = links[place]
    then = _behind(links, place + 1, "&&")
    if link.succeeds:
        return link.body + then
    other = _behind(links, place + 1, "||")
    return (*link.body, link.choose(then, other)) if then or other else link.body


def _behind(links: Sequence[Link], place: int, operator: str) -> Block:
    """What is run behind a success, if ``operator`` is ``&&``, or behind a failure: what that does not reach is skipped."""
    for number in range(place, len(links)):
        if links[number].operator == operator:
            return _from(links, number)
    return ()


def _by_the_one_before(links: Sequence[Link]) -> Block:
    done = list(links[0].body)
    for before, link in pairwise(links):
        if link.body:
            then, other = (link.body, ()) if link.operator == "&&" else ((), link.body)
            done.append(before.choose(then, other))
    return tuple(done)
