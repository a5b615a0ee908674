"""Points that Optuna's samplers propose, by ask and tell, for spaces that are too large to look at each point.

Optuna is told the points measured, each with the mean that the response surface has for it (so that noise does not lead it
astray), and asked for more: by its Gaussian process where torch is installed, else by TPE (Bergstra et al., NIPS 2011).
"""

from __future__ import annotations

import importlib.util
import warnings
from typing import Any, Final

import numpy as np

from accelkit.errors import StudyError
from accelkit.study.analysis.surface.factors import Codes, Factors, Floats, lowest_first

MOST_TOLD: Final = 90
"""So many points are told, the best ones and every few of the others: a proposal takes time for each of them."""


class Sampler:
    """Optuna's sampler over the levels of factors. ``name`` is that of the sampler.

    Raises StudyError where Optuna is not installed.
    """

    def __init__(self, factors: Factors, points: int) -> None:
        if importlib.util.find_spec("optuna") is None:
            raise StudyError(
                f"a space of {points} points is too large to try each; install the extra: pip install 'accelkit[tune]'"
            )
        self.factors = factors
        self.name = "GPSampler" if importlib.util.find_spec("torch") is not None else "TPESampler"

    def proposed(self, codes: Codes, means: Floats, count: int, seed: int) -> Codes:
        """(count, factors): points to try next, after those with these codes and means of logarithms."""
        import optuna  # imported here: the extra is needed for large spaces only

        order = lowest_first(means)
        best, others = order[: MOST_TOLD * 2 // 3], order[MOST_TOLD * 2 // 3 :]
        every = max(1, len(others) * 3 // MOST_TOLD)
        told = [*best, *others[::every]]
        optuna.logging.set_verbosity(optuna.logging.WARNING)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the sampler's options are marked experimental
            study = optuna.create_study(sampler=self._sampler(optuna, seed))
            axes = self._axes(optuna)
            study.add_trials([
                optuna.trial.create_trial(
                    params=dict(zip(axes, codes[place].tolist(), strict=True)), distributions=axes, value=float(means[place])
                )
                for place in told
            ])  # fmt: skip
            asked = [study.ask(axes).params for _ in range(count)]
        return np.array([[params[name] for name in axes] for params in asked], dtype=np.int64)

    def _sampler(self, optuna: Any, seed: int) -> Any:
        if self.name == "GPSampler":
            return optuna.samplers.GPSampler(seed=seed)
        return optuna.samplers.TPESampler(
            seed=seed, multivariate=True, constant_liar=True, n_startup_trials=1
        )

    def _axes(self, optuna: Any) -> dict[str, Any]:
        """The levels of each factor as Optuna has them: ordered ones as whole numbers."""
        distributions = optuna.distributions
        return {
            f"{place}": distributions.CategoricalDistribution(tuple(range(size)))
            if scale is None
            else distributions.IntDistribution(0, size - 1)
            for place, (size, scale) in enumerate(zip(self.factors.sizes, self.factors.scales, strict=True))
        }
