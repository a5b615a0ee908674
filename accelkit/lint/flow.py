"""Follows a script along its ways: which words each command gets, and what had to be chosen on the way.

A script with ``if`` and ``case`` has several ways. A bounded number of them is followed side by side, each with its own
values, so that values which go together (``ACCEL=kvm CPU=host``) stay together. Nothing is run.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from accelkit.lint.deciding import branch_of
from accelkit.lint.expansion import UNSET, Value, expanded, joined, kept, split_at_quotes
from accelkit.lint.paths import MOST_WAYS, Decided, Path, fewer, forks, narrow, with_decided
from accelkit.lint.script import (
    ARGUMENTS,
    UNASSIGNED,
    Apart,
    Assign,
    Block,
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
    Use,
    all_of,
    plain,
    text_of,
)

#: Calls in calls, and statements, values and pieces of words that are followed in a script altogether.
_DEEPEST_CALL: Final = 8
_MOST_STEPS: Final = 300_000


class Way(NamedTuple):
    """What a command gets on one way through the script."""

    words: tuple[Parts, ...]
    decided: tuple[Decided, ...]
    """What was decided where the command gets these words, of each path to it."""


class Found(NamedTuple):
    """A command of the script, with the words that it gets on each way, or one that was read before."""

    ways: tuple[Way, ...]
    given: Given | None = None
    line: int = 0
    column: int = 0


def follow(script: Block) -> list[Found]:
    """Every command that the script may run, in the order of the text.

    >>> from accelkit.lint.bash import bash_statements
    >>> script = bash_statements("if [ $1 = fast ]; then A=kvm; else A=tcg; fi; qemu-kvm -accel $A")
    >>> for way in follow(script)[0].ways:
    ...     print(way.words[2][0].text, list(way.decided[0].chosen.values()))
    kvm ['if [ $1 = fast ]']
    tcg ['unless [ $1 = fast ]']
    """
    walk = _Walk(script)
    ends = walk.block(script, [Path(_unset(script))])
    for name, body in walk.functions.items():
        if name not in walk.called:  # by a script that sources this one, or from a place that is not read
            starts = [path.copy() for path in ends] or [Path({})]
            for path in starts:
                path.values.pop(ARGUMENTS, None)
            walk.block(body, starts)
    for statement in all_of(script):
        if walk.unfollowed(statement):  # no way that is known leads there
            walk.block((statement,), [Path({})])
    # A label's statements are there twice: as the part that is called, and where they stand.
    places = dict.fromkeys(map(id, all_of(script)))
    return [walk.found[place] for place in places if place in walk.found]


def _unset(script: Block) -> dict[str, Value | None]:
    """The variables that are the script's own, as it assigns them somewhere: until it does so they have no value.

    A variable that it assigns nowhere is the environment's, or that of a file which is sourced; what a function that
    is called from elsewhere assigns may have a value from there.
    """
    every = list(all_of(script))
    called = {plain(s.words[0]) for s in every if isinstance(s, Run)}
    hooks = (s.body for s in every if isinstance(s, Function) and s.name not in called)
    others = {s.name for body in hooks for s in all_of(body) if isinstance(s, Assign)}
    own = {s.name for s in every if isinstance(s, Assign) and not s.local} - others
    return {name: UNSET for name in own if name != ARGUMENTS and not name.startswith("env:")}


class _Walk:
    def __init__(self, script: Block) -> None:
        self.functions = {s.name: s.body for s in all_of(script) if isinstance(s, Function)}
        self.called: set[str] = set()
        self.found: dict[int, Found] = {}
        self.waiting: dict[str, list[Path]] = {}  # those that jump to a label
        self.steps = 0
        self.calls = 0
        self.choices = 0
        self.frames: list[tuple[int, list[Path]]] = [(0, [])]
        self.turns: list[list[Path]] = []  # of the loops around: the paths whose turn is over

    @property
    def tired(self) -> bool:
        """Whether the script was followed for so long that it goes on with no values known."""
        return self.steps > _MOST_STEPS

    def unfollowed(self, statement: Statement) -> bool:
        """Whether it is a command that stands on none of the ways."""
        if id(statement) in self.found:
            return False
        is_run = isinstance(statement, Run) and plain(statement.words[0]) not in self.functions
        return is_run or isinstance(statement, Given)

    def block(self, block: Block, paths: list[Path]) -> list[Path]:
        """The paths at the end of the block, of those that begin it."""
        for statement in block:
            if isinstance(statement, Label):
                paths = fewer([*paths, *self.waiting.pop(statement.name, ())])
            if not paths:
                continue
            self.steps += len(paths)
            if self.tired:
                paths = [Path({}, saved=paths[0].saved)]
            paths = self._statement(statement, paths)
        return paths

    def _statement(self, statement: Statement, paths: list[Path]) -> list[Path]:
        match statement:
            case Assign():
                for path in () if self.tired else paths:
                    path.values[statement.name] = self._assigned(statement, path)
            case Forget(names):
                for path in paths:
                    path.values.update(dict.fromkeys(self._forgotten(names, path)))
            case Run():
                return self._run(statement, paths)
            case Given():
                self.found[id(statement)] = Found((), statement)
            case Choice():
                return self._choice(statement, paths)
            case Loop():
                return self._loop(statement, paths)
            case Apart(body):
                self.block(body, self._copies(paths))
            case End(of):
                if of == "function":
                    self.frames[-1][1].extend(paths)
                elif of == "turn" and self.turns:
                    self.turns[-1].extend(paths)
                elif of == "turn":  # in no loop it ends nothing
                    return paths
                return []
            case Jump(label):  # to a label behind it; a way back was followed already
                self.waiting.setdefault(label, []).extend(paths)
                return []
            case Function() | Label():
                pass
        return paths

    def _forgotten(self, names: Iterable[str], path: Path) -> Iterable[str]:
        return (
            (name for name, value in path.values.items() if value is UNSET) if UNASSIGNED in names else names
        )

    def _assigned(self, assign: Assign, path: Path) -> Value | None:
        if not assign.words and not assign.array:
            return UNSET
        before = path.values.get(assign.name)
        words = self._expanded(assign.words, path)
        if not assign.array:
            # one word, whatever blanks are in it
            words = (tuple(piece for word in words for piece in word),)
        if assign.append:
            if before is None:
                return None
            joined = () if assign.array or before.array else (sum((*before.words, *words), ()),)
            words = joined or (*before.words, *words)
        return kept(words, array=assign.array or (assign.append and before is not None and before.array))

    def _expanded(self, words: Sequence[Parts], path: Path) -> tuple[Parts, ...]:
        done = expanded(words, path.values.get)
        self.steps += sum(map(len, done))
        return done

    def _run(self, run: Run, paths: list[Path]) -> list[Path]:
        if (name := plain(run.words[0])) in self.functions and len(self.frames) <= _DEEPEST_CALL:
            return paths if self.tired else self._call(name, run, paths)
        ways = {way.words: way for way in self.found[id(run)].ways} if id(run) in self.found else {}
        for path in paths:
            words = self._expanded(run.words, path)
            if run.quotes:
                words = tuple(split_at_quotes(joined(words)))
            if words in ways:
                ways[words] = Way(words, with_decided(ways[words].decided, path))
            elif len(ways) < MOST_WAYS:
                ways[words] = Way(words, with_decided((), path))
        if ways:
            self.found[id(run)] = Found(tuple(ways.values()), None, run.line, run.column)
        return paths

    def _call(self, name: str, run: Run, paths: list[Path]) -> list[Path]:
        self.called.add(name)
        body = self.functions[name]
        local = {ARGUMENTS, *(s.name for s in all_of(body) if isinstance(s, Assign) and s.local)}
        for path in paths:
            words = self._expanded(run.words[1:], path)
            path.saved = (*path.saved, {name: path.values.get(name) for name in local})
            path.values[ARGUMENTS] = kept(words, array=True)
        self.calls += 1
        self.frames.append((self.calls, []))
        ends = self.block(body, paths)
        ends = fewer([*ends, *self.frames.pop()[1]])
        for path in ends:
            path.values.update(path.saved[-1])
            path.saved = path.saved[:-1]
        return ends

    # ---- choices ----

    def _choice(self, choice: Choice, paths: list[Path]) -> list[Path]:
        frame = self.frames[-1][0]
        key = f"{frame if '$' in choice.condition else 0}:{choice.condition}"
        takers: list[list[Path]] = [[] for _ in choice.branches]
        open_: list[Path] = []
        for path in paths:
            place = self._decided(choice, key, path)
            if place is None:
                open_.append(path)
            else:
                takers[place].append(path)
        self.choices += 1
        for place, path in forks(len(choice.branches), open_, self.choices):
            taker = path.copy()
            self.steps += len(taker.values)
            branch = choice.branches[place]
            taker.chosen[key] = branch.label
            narrow(choice, branch, taker)
            takers[place].append(taker)
        ends = [
            path
            for branch, taker in zip(choice.branches, takers, strict=True)
            for path in self.block(branch.body, taker)
        ]
        return fewer(ends)

    def _decided(self, choice: Choice, key: str, path: Path) -> int | None:
        """The branch that this path has to take; None where several may be taken."""
        labels = [branch.label for branch in choice.branches]
        if path.chosen.get(key) in labels:
            return labels.index(path.chosen[key])

        def value_of(name: str) -> Value | None:
            value = path.values.get(name)
            self.steps += 1 if value is None else sum(map(len, value.words), 1)
            return value

        return branch_of(choice, value_of)

    def _loop(self, loop: Loop, paths: list[Path]) -> list[Path]:
        ends: list[Path] = []
        for path in paths:
            words = self._expanded(loop.words, path)
            known = [word for word in words if not any(isinstance(piece, Use) for piece in word)]
            if not loop.name or not known or len(known) > MOST_WAYS:
                known = [()]
            for word in known:
                taker = self._copies([path])[0]
                if loop.name:
                    taker.values[loop.name] = Value((word,)) if word else None
                if len(known) > 1:
                    taker.turns[loop.condition] = f"for {loop.name}={text_of(word)}"
                ends.append(taker)
        self.turns.append([])
        ends = self.block(loop.body, fewer(ends))
        return fewer([*ends, *self.turns.pop()])

    def _copies(self, paths: Iterable[Path]) -> list[Path]:
        copies = [path.copy() for path in paths]
        self.steps += sum(len(path.values) for path in copies)
        return copies
