"""Response surfaces of known truth: what configurations of several properties take, in natural logarithms."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Truth:
    """A surface over factors with ``sizes`` levels: a function of codes (points, factors), and its lowest value."""

    sizes: tuple[int, ...]
    at: Callable[[NDArray[np.int64]], Floats]
    best: float

    @property
    def size(self) -> int:
        """The number of points."""
        return math.prod(self.sizes)

    def codes(self, numbers: Sequence[int] | NDArray[np.int64]) -> NDArray[np.int64]:
        """(points, factors): the codes of points by number, the first factor the slowest, as a Space counts."""
        return np.stack(np.unravel_index(np.asarray(numbers), self.sizes), axis=-1).astype(np.int64)

    def values(self, numbers: Sequence[int] | NDArray[np.int64]) -> Floats:
        """Undisturbed logarithms of points by number."""
        return self.at(self.codes(numbers))

    def regret(self, number: int) -> float:
        """By which share of time the point is slower than the best."""
        return math.expm1(float(self.values([number])[0]) - self.best)


def surface(
    sizes: Sequence[int],
    rng: np.random.Generator,
    *,
    main: float = 0.15,
    pair: float = 0.04,
    rest: float = 0.01,
    smooth: bool = False,
    scale: Sequence[float] | None = None,
) -> Truth:
    """Normal main effects, interactions of pairs and rests of points, of these standard deviations.

    ``scale`` multiplies the main effects of each factor. With ``smooth`` the effects of each factor are a parabola
    with its valley inside or at an edge.
    """
    scales = list(scale or [1.0] * len(sizes))
    mains = [
        main * factor * (_valley(size, rng) if smooth and size > 2 else rng.standard_normal(size))
        for size, factor in zip(sizes, scales, strict=True)
    ]
    pairs = {
        (one, other): pair * rng.standard_normal((sizes[one], sizes[other]))
        for one, other in combinations(range(len(sizes)), 2)
    }
    salt = int(rng.integers(1 << 62))

    def at(codes: NDArray[np.int64]) -> Floats:
        total = sum(
            (table[column] for table, column in zip(mains, codes.T, strict=True)), np.zeros(len(codes))
        )
        total = total + sum(table[codes[:, one], codes[:, other]] for (one, other), table in pairs.items())
        return total + rest * _normals(codes, sizes, salt) if rest else total

    return _measured(tuple(sizes), at, rng)


def cliff(sizes: Sequence[int], rng: np.random.Generator) -> Truth:
    """A factor whose low levels are many times slower, the more so with one level of another; the rest gentle."""
    gentle = surface(sizes, rng, main=0.05, pair=0.02, rest=0.005)
    edge, fall, partner = int(rng.integers(1, sizes[0])), rng.uniform(0.5, 3), int(rng.integers(sizes[1]))

    def at(codes: NDArray[np.int64]) -> Floats:
        behind = codes[:, 0] < edge
        return gentle.at(codes) + fall * behind * (1 + 0.5 * (codes[:, 1] == partner))

    return _measured(tuple(sizes), at, rng)


def plateau(sizes: Sequence[int], rng: np.random.Generator) -> Truth:
    """One factor of two matters and all else is equal: many points share the best value."""
    which = rng.permutation(len(sizes))[: max(1, len(sizes) // 2)]
    mains = {int(place): np.sort(np.abs(rng.normal(0, 0.2, sizes[place]))) for place in which}
    for place, table in mains.items():
        table[rng.permutation(sizes[place])[: max(1, sizes[place] // 2)]] = 0

    def at(codes: NDArray[np.int64]) -> Floats:
        return sum((table[codes[:, place]] for place, table in mains.items()), np.zeros(len(codes)))

    return _measured(tuple(sizes), at, rng)


def flat(sizes: Sequence[int], _: np.random.Generator) -> Truth:
    """All points are equal."""
    return Truth(tuple(sizes), lambda codes: np.zeros(len(codes)), 0.0)


SMALL: Final = (5, 5, 4, 2)
KINDS: Final[dict[str, Callable[[Sequence[int], np.random.Generator], Truth]]] = {
    "mostly additive": surface,
    "additive": lambda sizes, rng: surface(sizes, rng, pair=0, rest=0),
    "gentle": lambda sizes, rng: surface(sizes, rng, main=0.05, pair=0.015, rest=0.005),
    "rough": lambda sizes, rng: surface(sizes, rng, main=0.1, pair=0.1, rest=0.03),
    "rugged": lambda sizes, rng: surface(sizes, rng, main=0.05, pair=0.05, rest=0.05),
    "few matter": lambda sizes, rng: surface(
        sizes, rng, scale=[2.0 if place < 2 else 0.05 for place in rng.permutation(len(sizes))], pair=0.02
    ),
    "smooth": lambda sizes, rng: surface(sizes, rng, main=0.4, pair=0.02, smooth=True),
    "cliff": cliff,
    "plateau": plateau,
}
"""Kinds of surfaces, by name: of sizes and a generator of random numbers."""


def _valley(size: int, rng: np.random.Generator) -> Floats:
    places = np.linspace(0, 1, size)
    return (places - rng.uniform(-0.1, 1.1)) ** 2 * rng.uniform(0.5, 1.5)


def _normals(codes: NDArray[np.int64], sizes: Sequence[int], salt: int) -> Floats:
    """A normal number for each point, always the same: of a hash of its codes, as there may be 10^12 points."""
    key = np.ravel_multi_index(tuple(codes.T), tuple(sizes)).astype(np.uint64)
    uniform = [
        (_mixed(key + np.uint64(salt + turn)) >> np.uint64(11)).astype(np.float64) / 2**53
        for turn in (0, 1 << 40)
    ]
    return np.sqrt(-2 * np.log1p(-uniform[0])) * np.cos(2 * np.pi * uniform[1])


def _mixed(key: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """SplitMix64's finaliser (Steele, Lea and Flood, OOPSLA 2014)."""
    with np.errstate(over="ignore"):
        key = (key ^ (key >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        key = (key ^ (key >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return key ^ (key >> np.uint64(31))


def _measured(
    sizes: tuple[int, ...], at: Callable[[NDArray[np.int64]], Floats], rng: np.random.Generator
) -> Truth:
    """The truth with its best value: of all points, or of descents from many where there are too many."""
    truth = Truth(sizes, at, 0.0)
    if truth.size <= 200_000:
        return Truth(sizes, at, float(truth.values(np.arange(truth.size)).min()))
    best = math.inf
    for _ in range(60):
        point = np.array([rng.integers(size) for size in sizes])
        value = math.inf
        while True:
            around = [point]
            for place, size in enumerate(sizes):
                changed = np.repeat(point[None], size, axis=0)
                changed[:, place] = np.arange(size)
                around.extend(changed)
            found = at(np.array(around))
            if found.min() >= value - 1e-12:
                break
            value, point = float(found.min()), around[int(found.argmin())]
        best = min(best, value)
    return Truth(sizes, at, best)
