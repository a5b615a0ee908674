"""The part of a script that QEMU's command lines depend on; following the rest would cost time and ways."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from typing import Final

from accelkit.lint.script import (
    ARGUMENTS,
    UNASSIGNED,
    Apart,
    Assign,
    Block,
    Branch,
    Choice,
    End,
    Forget,
    Function,
    Given,
    Jump,
    Label,
    Loop,
    Parts,
    Run,
    Statement,
    Text,
    Use,
    all_of,
    blocks_of,
    names_in,
    plain,
    subjects_of,
)
from accelkit.parsing.sources.programs import NAMES_QEMU

#: How often the script is looked at again, for what the variables found so far depend on.
_MOST_ROUNDS: Final = 8


def relevant(script: Block) -> Block:
    """The statements that may start a QEMU, or decide which words it gets.

    >>> from accelkit.lint.bash import bash_statements
    >>> script = bash_statements("LOG=x; A=kvm; if [ $LOG ]; then rm $LOG; fi; qemu-kvm -accel $A")
    >>> [type(statement).__name__ for statement in relevant(script)]
    ['Assign', 'Run']
    """
    return _Slice(script).block(script)


class _Slice:
    def __init__(self, script: Block) -> None:
        self.statements = list(all_of(script))
        self.bodies = {s.name: s.body for s in self.statements if isinstance(s, Function)}
        self.holders = self._holders()
        self.functions = self._functions()
        self.names = self._names()

    def _holders(self) -> set[str]:
        """The variables that may hold a command of QEMU, or its name."""
        found: set[str] = set()
        holds = [(s.name, s.words) for s in self.statements if isinstance(s, Assign | Loop)]
        holds += [
            (ARGUMENTS, s.words[1:])
            for s in self.statements
            if isinstance(s, Run) and _first(s) in self.bodies
        ]
        for _ in range(_MOST_ROUNDS):
            new = {name for name, words in holds if name not in found and _speaks(words, found)}
            if not new:
                break
            found |= new
        return found

    def _may_start(self, run: Run) -> bool:
        return any(isinstance(piece, Use) for piece in run.words[0]) or _speaks(run.words, self.holders)

    def _functions(self) -> set[str]:
        """The functions that start a QEMU, or that one which does so calls."""
        found = {
            name
            for name, body in self.bodies.items()
            if any(isinstance(s, Given) or (isinstance(s, Run) and self._may_start(s)) for s in all_of(body))
        }
        calls = {name: set(_called(body)) for name, body in self.bodies.items()}
        for _ in range(_MOST_ROUNDS):
            callers = {name for name, called in calls.items() if called & found} - found
            if not callers:
                break
            found |= callers
        return found

    def _names(self) -> set[str]:
        """The variables whose values QEMU's words or the choice among them depend on."""
        used: dict[str, set[str]] = {}
        for s in self.statements:
            if isinstance(s, Assign | Loop):
                used.setdefault(s.name, set()).update(names_in(s.words))
        names: set[str] = set()
        new = {
            name
            for s in self.statements
            if isinstance(s, Run) and self._kept(s)
            for name in names_in(s.words)
        }
        choices = [(s, set(_assigned(s))) for s in self.statements if isinstance(s, Choice)]
        for _ in range(_MOST_ROUNDS):
            while new:
                names |= new
                new = {name for given in new for name in used.get(given, ())} - names
            # Functions that assign one of them are run for that.
            self.functions |= {
                name
                for name, body in self.bodies.items()
                if name not in self.functions
                and any(isinstance(s, Assign) and s.name in names for s in all_of(body))
            }
            calls = (s for s in self.statements if isinstance(s, Run) and _first(s) in self.functions)
            new = {name for s in calls for name in names_in(s.words)}
            for choice, assigned in choices:
                if assigned & names:
                    new |= set(names_in([*subjects_of(choice)]))
            new -= names
            if not new:
                break
        return names

    def _kept(self, run: Run) -> bool:
        return self._may_start(run) or _first(run) in self.functions

    def _is_by_known(self, choice: Choice) -> bool:
        """Whether the values that are followed may decide it: then where it ends something, that counts."""
        return not self.names.isdisjoint(names_in([*subjects_of(choice)]))

    def block(self, block: Block) -> Block:
        """The statements of a block that count."""
        return tuple(kept for statement in block for kept in self._statement(statement))

    def _statement(self, statement: Statement) -> Iterator[Statement]:
        match statement:
            case Assign(name):
                if name in self.names:
                    yield statement
            case Forget(names):
                if UNASSIGNED in names or self.names.intersection(names):
                    yield statement
            case Run():
                if self._kept(statement):
                    yield statement
            case Choice(_, branches):
                kept = tuple(Branch(label, patterns, self.block(body)) for label, patterns, body in branches)
                inner = [s for branch in kept for s in branch.body]
                if any(not isinstance(s, End) for s in inner) or (inner and self._is_by_known(statement)):
                    yield statement._replace(branches=kept)
            case Loop() | Function() | Apart():
                if body := self.block(statement.body):
                    yield statement._replace(body=body)
            case Given() | End() | Jump() | Label():
                yield statement


def _speaks(words: Sequence[Parts], holders: Container[str]) -> bool:
    """Whether the words name a QEMU, or a variable that may hold one."""
    return any(
        NAMES_QEMU.search(piece.text if isinstance(piece, Text) else piece.written)
        or (isinstance(piece, Use) and piece.name in holders)
        for word in words
        for piece in word
    )


def _first(run: Run) -> str:
    return plain(run.words[0])


def _called(body: Block) -> Iterator[str]:
    return (_first(s) for s in all_of(body) if isinstance(s, Run))


def _assigned(statement: Statement) -> Iterator[str]:
    """The variables that a statement may change, and the functions that it may call."""
    for block in blocks_of(statement):
        for s in all_of(block):
            if isinstance(s, Assign | Loop):
                yield s.name
