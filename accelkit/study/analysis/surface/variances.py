"""The variances of a surface's components, by their marginal likelihood, each with a weak prior. Pure.

A step is that of average information (Gilmour, Thompson and Cullis, Biometrics 51, 1995, p. 1440), in the logarithms of
the variances. The priors, lognormal and wide, keep a component for which the data say nothing near what surfaces of
settings have: most of the variance in main effects, less in pairs, little in the rest.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, cast

import numpy as np

from accelkit.study.analysis.surface.factors import Floats
from accelkit.study.analysis.surface.information import Information, Observations
from accelkit.study.analysis.surface.kernels import REST, Kernels
from accelkit.study.analysis.surface.noise import Noise, Weighing

MEAN: Final = 100.0
"""The variance of the mean as a multiple of that of the points: nothing is known of it."""

ALONE: Final = 1e-4
"""What a fit owes to the other observations is at least this share."""

LONGEST: Final = 2.0
"""A step changes no logarithm of a variance by more."""

SPREAD: Final = 1.5
"""Standard deviation of the priors, in natural logarithms of variances."""

LEAST: Final = 1e-6
"""Standard deviation in logarithms below which nothing is told apart: a millionth of the time."""


@dataclass(frozen=True)
class Variances:
    """Variances of logarithms: of each component, of the mean, of blocks; and the noise."""

    components: Floats
    mean: float
    block: float
    noise: Noise

    @property
    def logs(self) -> Floats:
        """Logarithms of those that are estimated: components, block, noise."""
        return np.log([*self.components, self.block, self.noise.variance])

    def with_logs(self, logs: Floats) -> Variances:
        """The same with other estimates."""
        *components, block, noise = np.exp(logs).tolist()
        return replace(
            self, components=np.array(components), block=block, noise=replace(self.noise, variance=noise)
        )


def expected(kernels: Kernels, seen: Observations) -> Variances:
    """What surfaces of settings are like that vary as much as these values; where each prior has its centre."""
    spread = float(np.median(np.abs(seen.values - np.median(seen.values)))) * 1.4826
    total = max(spread, float(np.std(seen.values)) / 10, LEAST) ** 2
    factors = kernels.factors
    count = max(1, len(factors.names))
    shares: list[float] = []
    for name in kernels.names:
        if name == REST:
            shares.append(0.03)
        elif isinstance(name, tuple):
            shares.append(0.2 / len(factors.pairs))
        elif name in factors.names:
            shares.append((0.3 if kernels.smooth[factors.names.index(name)] is not None else 0.8) / count)
        elif name.endswith("(smooth)"):
            shares.append(0.5 / count)
        else:
            shares.append(0.2)
    return Variances(np.array(shares) * total, MEAN * total, 0.05 * total, Noise.of(0.1 * total))


class Posterior:
    """What observations say of the points and of their own noise, for given variances and weights of observations."""

    def __init__(
        self, kernels: Floats, seen: Observations, variances: Variances, weighing: Weighing | None = None
    ) -> None:
        """``kernels`` are those of the components but the rest between the points (components, points, points)."""
        self.parts, self.seen, self.variances = kernels, seen, variances
        self.weighing = weighing or variances.noise.even(len(seen.values))
        self.values = seen.values - self.weighing.shifts
        self.information = Information(seen, self.values, self.weighing.precisions, variances.block)
        *components, rest = variances.components.tolist()
        self.kernel = np.tensordot(components, kernels, 1) + variances.mean
        self.kernel[np.diag_indices(len(self.kernel))] += rest
        size = len(self.kernel)
        matrix = self.information.matrix
        gain = cast("Floats", np.linalg.solve(np.eye(size) + matrix @ self.kernel, matrix))
        self.gain = (gain + gain.T) / 2
        self.load = self.information.vector - self.gain @ (self.kernel @ self.information.vector)
        self.means = self.kernel @ self.load

    @cached_property
    def covariance(self) -> Floats:
        """Of the values of the points."""
        return self.kernel - self.kernel @ self.gain @ self.kernel

    @cached_property
    def pull(self) -> Floats:
        """The inverse of the covariance of the observations times the observations."""
        return self.information.whitened(self.values - self.means[self.seen.points])

    @cached_property
    def _by_block(self) -> tuple[Floats, Floats, Floats]:
        """What blocks share with the points: (points, blocks), its product with the covariance, its squares by block."""
        shared = self.information.shared / self.information.ends
        carried = self.covariance @ shared
        return shared, carried, (shared * carried).sum(axis=0)

    @cached_property
    def fitted_variances(self) -> Floats:
        """The variance of the sum of point and block, for each observation."""
        _, carried, squares = self._by_block
        points, blocks = self.seen.points, self.seen.blocks
        own = np.diag(self.covariance)[points] - 2 * carried[points, blocks] + squares[blocks]
        return np.maximum(own + 1 / self.information.ends[blocks], 0)

    def reweighted(self, variances: Variances) -> Posterior:
        """The posterior for other variances, each observation weighed by what the others say here."""
        precisions, fitted = self.weighing.precisions, self.fitted_variances
        others = np.maximum(1 - precisions * fitted, ALONE)  # what the fit owes to the other observations
        ahead = self.pull / (precisions * others) + self.weighing.shifts
        weighing, noise = variances.noise.weighed(ahead, fitted / others)
        return Posterior(self.parts, self.seen, replace(variances, noise=noise), weighing)

    def improved(self, centre: Variances) -> Variances:
        """The variances after a step uphill; ``centre`` is that of the priors."""
        *components, rest = self.variances.components.tolist()
        block, ends = self.variances.block, self.information.ends
        precisions, clean = self.weighing.precisions, self.weighing.clean
        images = np.array([
            *(value * (part @ self.load) for value, part in zip(components, self.parts, strict=True)),
            rest * self.load,
        ])  # fmt: skip
        traces = np.array([*components, rest]) * np.array(
            [*np.einsum("cij,ij->c", self.parts, self.gain, optimize=True), np.trace(self.gain)]
        )
        pulls = self.information.by_block(self.pull)
        of_blocks = self.information.by_block(precisions) / (block * ends) - self._by_block[2] / block**2
        slopes = np.array([
            *(images @ self.load - traces),
            block * float(np.sum(pulls**2 - of_blocks)),
            float(np.sum(self.weighing.slopes)),
        ]) / 2  # fmt: skip
        columns = np.column_stack(
            [images.T[self.seen.points], block * pulls[self.seen.blocks], clean * self.pull / precisions]
        )
        white = self.information.whitened(columns)
        sums = self.information.by_point(white)
        curvature = (columns.T @ white - sums.T @ self.covariance @ sums) / 2
        logs, wide = self.variances.logs, SPREAD**-2
        slopes = slopes - wide * (logs - centre.logs)
        step = np.linalg.solve(curvature + wide * np.eye(len(logs)), slopes)
        lowest = 2 * math.log(LEAST)
        return self.variances.with_logs(np.maximum(logs + np.clip(step, -LONGEST, LONGEST), lowest))
