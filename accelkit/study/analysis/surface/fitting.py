"""The surface that observations call for. Pure."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from accelkit.errors import DomainError
from accelkit.study.analysis.surface.factors import Codes, Factors
from accelkit.study.analysis.surface.information import Observations
from accelkit.study.analysis.surface.kernels import Kernels
from accelkit.study.analysis.surface.noise import Weighing
from accelkit.study.analysis.surface.surface import Surface
from accelkit.study.analysis.surface.variances import Posterior, expected

STEPS: Final = 12
"""Steps uphill from the priors: more change no variance that matters."""


def fit(
    factors: Factors,
    codes: ArrayLike,
    values: ArrayLike,
    blocks: ArrayLike,
    *,
    start: Surface | None = None,
    steps: int = STEPS,
) -> Surface:
    """The surface of observations: ``values`` are logarithms at the points ``codes`` (a row each), in ``blocks``.

    ``start`` is a fit to some of the observations, to begin with; ``steps`` is how often the variances are improved.
    The order of the observations says nothing. Raises DomainError for lists that do not match, no observation at all,
    codes that are no level, and values that are not finite.

    >>> factors = Factors.of({"tb-size": ("8", "64"), "thread": ("single", "multi")})
    >>> surface = fit(
    ...     factors, [[0, 0], [0, 1], [1, 0], [1, 1]] * 2, [3.1, 3.0, 2.1, 2.0] * 2, [0] * 4 + [1] * 4
    ... )
    >>> mean, covariance = surface.predict([[1, 1], [0, -1]])  # -1: the mean over all levels of thread
    >>> mean.round(1).tolist()
    [2.0, 3.0]
    """
    seen, points = _observations(factors, codes, values, blocks)
    kernels = Kernels(factors)
    offset = float(np.median(seen.values))
    seen = Observations(seen.points, seen.blocks, seen.values - offset)
    centre = expected(kernels, seen)
    parts = kernels.between(points, points)
    labels = _labels(points, seen, blocks)
    if start is None:
        posterior = Posterior(parts, seen, centre)
    else:
        posterior = Posterior(parts, seen, start.variances, _known(start, labels))
    for _ in range(steps):
        posterior = posterior.reweighted(posterior.improved(centre))
    if not steps:
        posterior = posterior.reweighted(posterior.variances)
    return Surface(kernels, points, posterior, offset, labels)


def _labels(points: Codes, seen: Observations, blocks: ArrayLike) -> list[tuple[bytes, int]]:
    """What each observation is known by: its point and its block."""
    keys = [row.tobytes() for row in points]
    labels = np.asarray(blocks).tolist()
    return [(keys[place], label) for place, label in zip(seen.points.tolist(), labels, strict=True)]


def _known(start: Surface, labels: list[tuple[bytes, int]]) -> Weighing:
    """How observations weighed in another fit; those that it did not have weigh as if nothing were known of them."""
    before = {label: place for place, label in enumerate(start.labels)}
    places = np.array([before.get(label, -1) for label in labels], dtype=np.int64)
    even, known = start.variances.noise.even(len(labels)), start.posterior.weighing
    return Weighing(*(
        np.where(places >= 0, old[places], new) for old, new in zip(known, even, strict=True)
    ))  # fmt: skip


def _observations(
    factors: Factors, codes: ArrayLike, values: ArrayLike, blocks: ArrayLike
) -> tuple[Observations, Codes]:
    """The observations, of points and blocks numbered from 0, and the distinct points."""
    table = np.asarray(codes, dtype=np.int64).reshape(-1, len(factors.names))
    logs, labels = np.asarray(values, dtype=np.float64), np.asarray(blocks)
    if not len(table) == len(logs) == len(labels):
        raise DomainError(
            f"fit: got {len(table)} points, {len(logs)} values and {len(labels)} blocks; give as many of each"
        )
    if not len(logs):
        raise DomainError("fit: got no observation; give one or more")
    if not np.isfinite(logs).all():
        raise DomainError("values: some are not finite; leave out what failed")
    if (table < 0).any() or (table >= np.array(factors.sizes, dtype=np.int64)).any():
        raise DomainError(f"codes: some are no level; allowed: from 0 to below {factors.sizes}")
    points, places = np.unique(table, axis=0, return_inverse=True)
    turns = np.unique(labels, return_inverse=True)[1]
    return Observations(places.reshape(-1), turns.reshape(-1), logs), points
