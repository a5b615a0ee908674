"""How near the best a tuning ends, by simulation: ``python tests/bench/tuning.py [TUNINGS]``.

Prints the table that README.md has, as Markdown. Surfaces of several kinds (support.surfaces) are measured with the noise
of several hosts (support.simulate); each method has the same surfaces, kinds of noise and number of trials, all trials
counted. Told is by how much the final pick is slower than the best point: the median with its quartiles, and the share
of tunings within 1% and 2%. The methods:

- accelkit: accelkit.tuning.search.search, then a confirming study of its finalists, then the pick of both together.
- halving: successive halving of as many random points as the trials allow; 1, 2, 4 … 32 blocks, a third kept.
- TPE: Optuna's TPESampler with four fifths of the trials; the rest measures its five best points again, in turn.
- random: random points, one trial each, with half of the trials; the rest measures the ten best again, in turn.
"""

from __future__ import annotations

import math
import os
import sys
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parents[1]))

from support.simulate import HOSTS, Noise, disturb
from support.surfaces import KINDS, SMALL, Truth

from accelkit.study.analysis.surface import Factors
from accelkit.tuning.search.evaluations import Evaluation
from accelkit.tuning.search.layout import Layout, grid
from accelkit.tuning.search.picking import pick_of
from accelkit.tuning.search.search import Search
from accelkit.tuning.search.split import split

Floats = NDArray[np.float64]


class Case(NamedTuple):
    """A row of the table: surfaces of these sizes and kinds, measured on a host so many times."""

    name: str
    sizes: tuple[int, ...]
    kinds: tuple[str, ...]
    noise: Noise
    trials: int


MILD: Final = ("mostly additive", "additive", "few matter", "smooth")
ROUGH: Final = ("rough", "rugged", "gentle", "cliff")
CASES: Final = (
    Case("200 points, 5% noise, mostly additive", SMALL, MILD, Noise(sigma=0.05), 400),
    Case("200 points, 5% noise, rough", SMALL, ROUGH, Noise(sigma=0.05), 400),
    Case("200 points, 1% noise, mostly additive", SMALL, MILD, Noise(sigma=0.01), 150),
    Case("200 points, 1% noise, rough", SMALL, ROUGH, Noise(sigma=0.01), 150),
    Case("200 points, busy host", SMALL, (*MILD, *ROUGH), HOSTS["busy"], 400),
    Case("200 points, all kinds of noise at once", SMALL, (*MILD, *ROUGH), HOSTS["all at once"], 400),
    Case("10^4 points, 5% noise", (10,) * 4, MILD, Noise(sigma=0.05), 600),
    Case("10^6 points, 5% noise", (10,) * 6, MILD, Noise(sigma=0.05), 600),
)


class Host:
    """Measures points one after the other: logarithms, disturbed as on a host that drifts over all trials."""

    def __init__(self, truth: Truth, noise: Noise, trials: int, rng: np.random.Generator) -> None:
        self.truth, self.trials, self.rng, self.left = truth, trials, rng, trials
        self._noise = disturb(noise, (max(1, trials // 8 + 1), 8), rng).ravel()

    def __call__(self, numbers: Sequence[int]) -> Floats:
        """The logarithms measured at points by number; fewer if the trials end."""
        some = list(numbers)[: self.left]
        begun = self.trials - self.left
        self.left -= len(some)
        return self.truth.values(some) + self._noise[begun : begun + len(some)] if some else np.zeros(0)


def layout_of(truth: Truth) -> Layout:
    """Every second factor is ordered, as in spaces of QEMU's properties."""
    return grid(Factors.of({
        f"f{place}": tuple(str(2**k) if place % 2 == 0 else f"x{k}" for k in range(size))
        for place, size in enumerate(truth.sizes)
    }))  # fmt: skip


def accelkit(host: Host, seed: int) -> int:
    """The pick of a search and of a confirming study of its finalists."""
    parts = split(host.trials)
    search = Search(layout_of(host.truth), baseline=0, budget=parts.search, seed=seed)
    block = 0
    while points := search.ask(block):
        search.tell(
            Evaluation(*row) for row in zip(points, [block] * len(points), host(points).tolist(), strict=True)
        )
        block += 1
    finalists = list(dict.fromkeys([*search.finalists(parts.finalists), search.baseline]))
    confirming: list[Evaluation] = []
    for again in range(parts.blocks(len(finalists) - 1, host.left)):
        order = host.rng.permutation(finalists).tolist()
        confirming += [
            Evaluation(point, again, value) for point, value in zip(order, host(order).tolist(), strict=True)
        ]
    return pick_of(search, confirming)


def halving(host: Host, seed: int) -> int:
    """The last of random points, of which a third is kept after 1, 2, 4 … 32 blocks."""
    rounds = 6
    count = int(host.trials / sum((2 / 3) ** turn for turn in range(rounds)))
    points = _random(host, count, seed)
    for turn in range(rounds):
        logs = np.zeros(len(points))
        for _ in range(2**turn):
            order = host.rng.permutation(len(points))
            values = host([points[place] for place in order.tolist()])
            if len(values) < len(points):
                return points[0] if turn else points[int(logs.argmin())]
            logs[order] += values
        kept = np.argsort(logs)[: max(1, math.ceil(len(points) / 3))].tolist()
        points = [points[place] for place in kept]
    return points[0]


def tpe(host: Host, seed: int) -> int:
    """The best of five points that Optuna's TPESampler found."""
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    layout = layout_of(host.truth)
    axes = {
        str(place): optuna.distributions.CategoricalDistribution(list(range(size)))
        if scale is None
        else optuna.distributions.IntDistribution(0, size - 1)
        for place, (size, scale) in enumerate(zip(layout.factors.sizes, layout.factors.scales, strict=True))
    }
    logs: dict[int, list[float]] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=seed, multivariate=True))
        for _ in range(host.trials * 4 // 5):
            trial = study.ask(axes)
            (number,) = layout.numbers(np.array([[trial.params[name] for name in axes]]))
            assert number is not None
            value = float(host([number])[0])
            study.tell(trial, value)
            logs.setdefault(number, []).append(value)
    return _again(host, logs, 5)


def random(host: Host, seed: int) -> int:
    """The best of ten random points that were fastest in one trial."""
    points = _random(host, host.trials // 2, seed)
    return _again(
        host, {point: [value] for point, value in zip(points, host(points).tolist(), strict=True)}, 10
    )


def _random(host: Host, count: int, seed: int) -> list[int]:
    rng = np.random.default_rng(seed)
    if host.truth.size <= count:
        return rng.permutation(host.truth.size).tolist()
    return list(dict.fromkeys(rng.integers(0, host.truth.size, 2 * count).tolist()))[:count]


def _again(host: Host, logs: dict[int, list[float]], most: int) -> int:
    """The best of the leaders, once all trials that are left have measured them in turn."""
    leaders = sorted(logs, key=lambda point: np.mean(logs[point]))[:most]
    fresh: dict[int, list[float]] = {point: [] for point in leaders}
    while host.left >= len(leaders):
        order = host.rng.permutation(leaders).tolist()
        for point, value in zip(order, host(order).tolist(), strict=True):
            fresh[point].append(value)
    return min(leaders, key=lambda point: np.mean(fresh[point] or logs[point]))


METHODS: Final[dict[str, Callable[[Host, int], int]]] = {
    "accelkit": accelkit, "halving": halving, "TPE": tpe, "random": random
}  # fmt: skip


def regrets(method: str, case: Case, tunings: int) -> Floats:
    """By which share the pick of each tuning is slower than the best."""
    found: list[float] = []
    for seed in range(tunings):
        rng = np.random.default_rng([seed, case.trials])
        truth = KINDS[case.kinds[seed % len(case.kinds)]](case.sizes, rng)
        found.append(truth.regret(METHODS[method](Host(truth, case.noise, case.trials, rng), seed)))
    return np.array(found)


def cell(found: Floats) -> str:
    """A cell of the table: median [quartiles], shares within 1% and 2%."""
    low, middle, high = (f"{100 * value:.1f}" for value in np.quantile(found, [0.25, 0.5, 0.75]))
    return f"{middle}% [{low}, {high}], {np.mean(found <= 0.01):.2f} / {np.mean(found <= 0.02):.2f}"


def table(tunings: int, cases: Sequence[Case] = CASES, methods: Sequence[str] = tuple(METHODS)) -> str:
    """The table as Markdown; rows are printed as they are known if this is the program."""
    lines = [f"| surface, trials | {' | '.join(methods)} |", "|---|" + "---:|" * len(methods)]
    for case in cases:
        cells = [cell(regrets(method, case, tunings)) for method in methods]
        lines.append(f"| {case.name}, {case.trials} trials | {' | '.join(cells)} |")
        if __name__ == "__main__":
            print(lines[-1], flush=True)
    return "\n".join(lines)


if __name__ == "__main__":
    print(table(int(sys.argv[1]) if len(sys.argv) > 1 else 60))
