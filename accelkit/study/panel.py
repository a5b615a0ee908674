"""Records as a table of numbers: a row for each arm, a column for each block."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accelkit.study.trial import Arm, Record


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """What came of all trials; arms are sorted by name, blocks by number.

    ``logs`` (arms, blocks) has natural logarithms of the figures, NaN where there is none; ``tried``
    (arms, blocks) says where a trial was made; ``causes`` counts the failures of each arm.
    """

    arms: tuple[Arm, ...]
    blocks: tuple[int, ...]
    logs: NDArray[np.float64]
    tried: NDArray[np.bool_]
    causes: tuple[Mapping[str, int], ...]

    def fastest(self) -> NDArray[np.float64]:
        """(arms,) logarithm of each arm's smallest figure; infinite where there is none."""
        return np.where(np.isnan(self.logs), np.inf, self.logs).min(axis=1, initial=np.inf)

    def near_fastest(self, within: float) -> NDArray[np.int64]:
        """(arms,) how many runs came within the factor 1 + ``within`` of the fastest, itself one."""
        limit = self.fastest()[:, None] + math.log1p(within)
        return (self.logs <= limit).sum(axis=1)


def panel(records: Sequence[Record]) -> Panel:
    """The table of ``records``, in whatever order they are; of two records of one trial the later counts.

    A figure that is no number above 0 has no logarithm: it counts as a failure, ``no-figure``.

    >>> from accelkit.study.trial import Trial
    >>> trials = [Trial("7.2", "cpu", name, block, 0) for block in (0, 1) for name in ("tcg", "kvm")]
    >>> records = [Record(trial, "ok", figure=1.0) for trial in trials[:3]]
    >>> table = panel([*records, Record(trials[3], "timeout")])
    >>> [arm.configuration for arm in table.arms], table.logs.tolist()
    (['kvm', 'tcg'], [[0.0, nan], [0.0, 0.0]])
    >>> table.causes[0]
    Counter({'timeout': 1})
    """
    last = {(r.trial.build, r.trial.guest, r.trial.configuration, r.trial.block): r for r in records}
    arms = sorted({Arm(*key[:3]) for key in last})
    blocks = sorted({key[3] for key in last})
    rows = {arm: i for i, arm in enumerate(arms)}
    columns = {block: i for i, block in enumerate(blocks)}
    figures = np.full((len(arms), len(blocks)), np.nan)
    tried = np.zeros(figures.shape, dtype=np.bool_)
    causes: list[Counter[str]] = [Counter() for _ in arms]
    for key, record in last.items():
        row, column = rows[Arm(*key[:3])], columns[key[3]]
        tried[row, column] = True
        figure = record.figure
        if not record.ok:
            causes[row][record.cause if record.cause != "ok" else "no-figure"] += 1
        elif figure is None or not 0 < figure < math.inf:
            causes[row]["no-figure"] += 1
        else:
            figures[row, column] = figure
    return Panel(tuple(arms), tuple(blocks), np.log(figures), tried, tuple(causes))
