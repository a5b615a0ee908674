"""Which host measures which trials: blocks handed out, given back when a host is lost, each trial taken once. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from typing import Final

from accelkit.study.model import Record, Trial

MOST_LOSSES: Final = 3
"""A trial during which a host was lost so many times is recorded as a failure: it may be what kills them."""


class Dispatch:
    """The trials that hosts have now, those that lost hosts gave back, and the blocks still to come.

    A block goes to one host as a whole. Of a host that is lost the rest of its block goes to the next free one: the
    records of a block that two hosts measured are two part-blocks. A record that comes late from a lost host counts if
    no other came before it; of two records of a trial the first one counts.

    >>> block = [Trial("7.2", "cpu", "tcg", 0, position) for position in range(2)]
    >>> trials = [Trial("7.2", "cpu", name, 0, place) for place, name in enumerate(("tcg", "kvm"))]
    >>> dispatch = Dispatch(iter([trials]))
    >>> [trial.configuration for trial in dispatch.take("a")]
    ['tcg', 'kvm']
    >>> dispatch.accepts(Record(trials[0], "ok")), dispatch.accepts(Record(trials[0], "ok"))
    (True, False)
    >>> dispatch.lost("a")
    []
    >>> [trial.configuration for trial in dispatch.take("b")], dispatch.take("a")
    (['kvm'], ())
    """

    def __init__(self, blocks: Iterator[Sequence[Trial]]) -> None:
        self._blocks: Iterator[Sequence[Trial]] | None = blocks
        self._returned: deque[dict[str, Trial]] = deque()
        self._held: dict[str, dict[str, Trial]] = {}  # by host, in the order in which it measures them
        self._open: dict[str, Trial] = {}
        self._losses: dict[str, int] = {}

    def take(self, host: str) -> tuple[Trial, ...]:
        """The trials that the free ``host`` measures next; none if none are left."""
        self._held.pop(host, None)
        while self._returned:
            part = {name: trial for name, trial in self._returned.popleft().items() if name in self._open}
            if part:
                self._held[host] = part
                return tuple(part.values())
        if self._blocks is None:
            return ()
        block = {trial.id: trial for trial in next(self._blocks, ())}
        if not block:
            self._blocks = None
            return ()
        self._open |= block
        self._held[host] = block
        return tuple(block.values())

    def accepts(self, record: Record) -> bool:
        """Whether this is the first record of a trial that was handed out; it then counts, later ones do not."""
        return self._open.pop(record.trial.id, None) is not None

    def rest(self, host: str) -> tuple[Trial, ...]:
        """The trials that ``host`` has and that have no record."""
        return tuple(trial for name, trial in self._held.get(host, {}).items() if name in self._open)

    def lost(self, host: str, *, blame: bool = True) -> list[Record]:
        """Take back what ``host`` has; the record of a trial that may be what kills hosts, if it is one.

        That is the trial that ran when a host was lost, if that happened :data:`MOST_LOSSES` times. Without ``blame``
        the host was lost for another reason, such as a scheduler that restarted.
        """
        rest = self.rest(host)
        self._held.pop(host, None)
        failed: list[Record] = []
        if rest and blame:
            suspect = rest[0]
            losses = self._losses[suspect.id] = self._losses.get(suspect.id, 0) + 1
            if losses >= MOST_LOSSES:
                why = f"{losses} times the worker was lost while it measured this trial"
                failed.append(Record(suspect, "error", why))
                del self._open[suspect.id]
                rest = rest[1:]
        if rest:
            self._returned.append({trial.id: trial for trial in rest})
        return failed

    @property
    def is_over(self) -> bool:
        """Whether no trial is left: none to hand out, none in flight."""
        return self._blocks is None and not self._open

    @property
    def in_flight(self) -> int:
        """How many trials were handed out and have no record."""
        return len(self._open)
