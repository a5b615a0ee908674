"""The surface that was fitted: what it predicts, how sure it is of it, draws from it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from accelkit.study.analysis.surface.factors import Codes, Factors, Floats
from accelkit.study.analysis.surface.kernels import Kernels, same
from accelkit.study.analysis.surface.tables import Tables
from accelkit.study.analysis.surface.variances import Posterior, Variances


class Surface:
    """Logarithms of times over the points of factors: their mean and covariance, given the observations.

    ``variances`` are the estimates, ``points`` the distinct points that were observed (a row of codes each).
    Make it with :func:`accelkit.study.analysis.surface.fit`.
    """

    def __init__(
        self,
        kernels: Kernels,
        points: Codes,
        posterior: Posterior,
        offset: float,
        labels: Sequence[tuple[bytes, int]],
    ) -> None:
        """``labels`` has of each observation the point, as bytes of its codes, and the block."""
        self.kernels, self.points, self.posterior, self.offset = kernels, points, posterior, offset
        self.labels = labels

    @property
    def factors(self) -> Factors:
        """What varies."""
        return self.kernels.factors

    @property
    def variances(self) -> Variances:
        """The variances of all components, of blocks and of the noise, in squares of logarithms."""
        return self.posterior.variances

    @property
    def spreads(self) -> dict[str | tuple[str, str], float]:
        """Standard deviations in logarithms of what each component adds, by its name.

        Names are those of factors (with their smooth part), of pairs as tuples (``"pairs"`` where many share one),
        ``"rest"``, ``"block"`` and ``"noise"``.
        """
        spreads: dict[str | tuple[str, str], float] = {}
        for name, variance in zip(self.kernels.names, self.variances.components.tolist(), strict=True):
            key = name.removesuffix(" (smooth)") if isinstance(name, str) else name
            spreads[key] = spreads.get(key, 0.0) + variance
        spreads |= {"block": self.variances.block, "noise": self.variances.noise.variance}
        return {name: variance**0.5 for name, variance in spreads.items()}

    def predict(self, codes: ArrayLike) -> tuple[Floats, Floats]:
        """The means (points,) and covariance (points, points) of the undisturbed logarithms at the points ``codes``.

        The code -1 stands for the mean over all levels of a factor: a row of -1 but for one code predicts the mean of
        that level, whose differences are the factor's main effect, with their covariance.
        """
        table = np.asarray(codes, dtype=np.int64).reshape(len(np.asarray(codes)), len(self.factors.names))
        across = self.covariances(table, self.points)
        carried = across @ self.posterior.gain
        mean = across @ self.posterior.load + self.offset
        return mean, self.covariances(table, table) - carried @ across.T

    def beside(self, codes: ArrayLike, other: ArrayLike) -> tuple[Floats, Floats]:
        """The means and standard deviations (points,) of the logarithms of ratios: of points ``codes`` to one, ``other``.

        They are known better than the points themselves: what is not known of all of them is in none of the ratios.
        """
        table = np.asarray(codes, dtype=np.int64).reshape(len(np.asarray(codes)), len(self.factors.names))
        mean, covariance = self.predict(np.vstack([table, np.asarray(other, dtype=np.int64)]))
        own = np.diag(covariance)
        variances = (own + own[-1] - 2 * covariance[-1])[:-1]
        return (mean - mean[-1])[:-1], np.sqrt(np.maximum(variances, 0))

    def covariances(self, left: Codes, right: Codes) -> Floats:
        """(points, points): the covariances of two lists of points before anything was observed."""
        *components, rest = self.variances.components.tolist()
        parts = np.tensordot(components, self.kernels.between(left, right), 1)
        return parts + self.variances.mean + rest * same(left, right)

    @cached_property
    def tables(self) -> Tables:
        """The mean as tables, without the rests of the points that were observed."""
        return self._tables(self.posterior.load[:, None], self.offset)

    def rests(self, codes: Codes, by_point: Floats) -> Floats:
        """(points, functions): the rows of ``by_point``, which has one for each observed point; 0 at other points."""
        places = self.places(codes)
        return np.where((places >= 0)[:, None], by_point[places], 0.0)

    def places(self, codes: Codes) -> Codes:
        """The places of points among those that were observed; -1 for others."""
        return np.array([self._numbers.get(row.tobytes(), -1) for row in codes], dtype=np.int64)

    @cached_property
    def _numbers(self) -> dict[bytes, int]:
        return {row.tobytes(): place for place, row in enumerate(self.points)}

    @cached_property
    def mean_rests(self) -> Floats:
        """(observed points, 1): what each has of its own, beyond its levels and pairs of levels."""
        return float(self.variances.components[-1]) * self.posterior.load[:, None]

    def means(self, codes: Codes) -> Floats:
        """The means (points,) alone, for many points."""
        return self.tables.at(codes)[:, 0] + self.rests(codes, self.mean_rests)[:, 0]

    def draws(self, count: int, rng: np.random.Generator) -> tuple[Tables, Floats]:
        """``count`` surfaces as likely as the observations leave them: tables, and rests (observed points, draws).

        A draw from the prior is corrected by what it leaves of the observations (Matheron's rule: Wilson et al.,
        Pathwise conditioning of Gaussian processes, JMLR 22, 2021).
        """
        posterior = self.posterior
        prior = self._prior(count, rng)
        rest = float(self.variances.components[-1])
        rests = rest**0.5 * rng.standard_normal((len(self.points), count))
        information = posterior.information
        left = information.vector[:, None] + information.drawn(count, rng)
        left -= information.matrix @ (prior.at(self.points) + rests)
        load = left - posterior.gain @ (posterior.kernel @ left)
        return prior.plus(self._tables(load, self.offset)), rests + rest * load

    @cached_property
    def _level_kernels(self) -> list[Floats]:
        """For each factor the covariance of its main effects."""
        smooth = iter(range(len(self.factors.names), len(self.kernels.names)))
        components = self.variances.components
        return [
            components[place] * plain + (0.0 if curve is None else components[next(smooth)] * curve)
            for place, (plain, curve) in enumerate(zip(self.kernels.plain, self.kernels.smooth, strict=True))
        ]

    def _pair_variance(self, pair: int) -> float:
        """The variance of the interactions of a pair of factors."""
        variance = float(self.variances.components[self.kernels.pair_place(pair)])
        return variance / len(self.factors.pairs) if self.kernels.is_shared else variance

    def _tables(self, load: Floats, offset: float) -> Tables:
        """The surfaces for which ``load`` (observed points, functions) is the pull of the data at each point."""
        sizes, mixed = self.factors.sizes, self.kernels.mixed
        columns = self.points.T
        mains: list[Floats] = []
        for size, column, kernel in zip(sizes, columns, self._level_kernels, strict=True):
            sums = np.zeros((size, load.shape[1]))
            np.add.at(sums, column, load)
            mains.append(kernel @ sums)
        pairs: dict[tuple[int, int], Floats] = {}
        for number, (one, other) in enumerate(self.factors.pairs):
            sums = np.zeros((sizes[one], sizes[other], load.shape[1]))
            np.add.at(sums, (columns[one], columns[other]), load)
            variance = self._pair_variance(number)
            pairs[one, other] = variance * _both(mixed[one], sums, mixed[other])
        return Tables(self.variances.mean * load.sum(axis=0) + offset, mains, pairs)

    def _prior(self, count: int, rng: np.random.Generator) -> Tables:
        """Surfaces as they are before anything was observed."""
        sizes = self.factors.sizes
        base = self.variances.mean**0.5 * rng.standard_normal(count)
        mains = [
            _root(kernel) @ rng.standard_normal((size, count))
            for kernel, size in zip(self._level_kernels, sizes, strict=True)
        ]
        roots = [_root(kernel) for kernel in self.kernels.mixed]
        pairs = {
            (one, other): self._pair_variance(number) ** 0.5
            * _both(roots[one], rng.standard_normal((sizes[one], sizes[other], count)), roots[other].T)
            for number, (one, other) in enumerate(self.factors.pairs)
        }
        return Tables(base, mains, pairs)


def _both(left: Floats, middle: Floats, right: Floats) -> Floats:
    """The product of three, of which the one in the middle stands for many (rows, columns, functions)."""
    return np.einsum("ab,bcf,cd->adf", left, middle, right, optimize=True)


def _root(kernel: Floats) -> Floats:
    """A matrix that times its transpose is the kernel, which has no full rank."""
    values, vectors = np.linalg.eigh(kernel)
    return vectors * np.sqrt(np.maximum(values, 0))
