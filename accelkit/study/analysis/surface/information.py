"""What observations say of the points, once the effects of blocks are taken out. Pure.

With noise and blocks integrated out, observations y with weights w say of the values f of the points what the matrix S
and the vector h say: the likelihood of f is that of a normal with precision S and S times its mean h. So the rest of the
work grows with the number of points, not of observations.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from accelkit.study.analysis.surface.factors import Codes, Floats


@dataclass(frozen=True)
class Observations:
    """Values of points in blocks: ``points`` and ``blocks`` are places from 0 on, ``values`` logarithms."""

    points: Codes
    blocks: Codes
    values: Floats

    @property
    def point_count(self) -> int:
        """The number of points."""
        return int(self.points.max()) + 1

    @property
    def block_count(self) -> int:
        """The number of blocks."""
        return int(self.blocks.max()) + 1


class Information:
    """S and h of ``values`` observed, for the precision of each (1 / its noise variance) and the variance of blocks."""

    def __init__(self, seen: Observations, values: Floats, precisions: Floats, block: float) -> None:
        self.seen, self.precisions, self.block = seen, precisions, block
        points, blocks = seen.point_count, seen.block_count
        self.shared = np.zeros((points, blocks))  # the precisions by point and block
        np.add.at(self.shared, (seen.points, seen.blocks), precisions)
        self.ends = self.shared.sum(axis=0) + 1 / block  # the precision of a block's effect, given all points
        self.matrix = np.diag(self.shared.sum(axis=1)) - (self.shared / self.ends) @ self.shared.T
        self.vector = self.by_point(self.whitened(values))

    def whitened(self, columns: Floats) -> Floats:
        """The inverse of the covariance of noise and blocks times each column, over observations."""
        weighted = (columns.T * self.precisions).T
        effects = self.by_block(weighted)
        return weighted - ((effects.T / self.ends).T[self.seen.blocks].T * self.precisions).T

    def by_point(self, columns: Floats) -> Floats:
        """Sums over the observations of each point."""
        return _sums(self.seen.points, columns, self.seen.point_count)

    def by_block(self, columns: Floats) -> Floats:
        """Sums over the observations of each block."""
        return _sums(self.seen.blocks, columns, self.seen.block_count)

    def drawn(self, count: int, rng: np.random.Generator) -> Floats:
        """(points, count) columns of noise with the covariance S."""
        shape = (len(self.seen.values), count)
        noise = rng.standard_normal(shape) / np.sqrt(self.precisions)[:, None]
        effects = np.sqrt(self.block) * rng.standard_normal((self.seen.block_count, count))
        return self.by_point(self.whitened(noise + effects[self.seen.blocks]))


def _sums(places: Codes, columns: Floats, count: int) -> Floats:
    sums = np.zeros((count, *columns.shape[1:]))
    np.add.at(sums, places, columns)
    return sums
