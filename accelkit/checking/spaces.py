"""The verdict on a space: each problem once, with the number of points that have it. Judged by the axes, not by the points.

QEMU judges each option of an accelerator by itself, so a problem of a point is one of a pair of accelerator and value. How
many points have such a pair follows from the choices of each axis. A point that is a fallback is another matter: which
alternative QEMU tries depends on those before. Such spaces are gone through; of a large one, a sample is judged.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from heapq import nsmallest
from math import prod
from typing import Any, Final, NamedTuple

from accelkit.checking.judgement import MOST_POINTS, of_line
from accelkit.checking.problem import FATAL, Problem, is_fatal
from accelkit.checking.subject import command_line
from accelkit.recipes.fallback import Fallback
from accelkit.recipes.points import Points
from accelkit.recipes.recipe import Recipe
from accelkit.recipes.space import Axis, Space
from accelkit.schemas.default import Asked
from accelkit.syntax.option_map import OptionMap

#: Examples of points that are kept of each problem.
_EXAMPLES: Final = 3
#: The most pairs of effects that are joined, and the most kinds of points that are told apart, to count what is refused.
_MOST_PAIRS: Final = 4_000_000
_MOST_KINDS: Final = 10_000


class OfPoints(NamedTuple):
    """How many points have a problem, and the first of them."""

    number: int
    examples: tuple[Recipe[Any] | Fallback, ...]


class SpaceJudgement(NamedTuple):
    """What one QEMU says about a space."""

    asked: Asked
    size: int
    looked: int
    """The points for which the numbers hold: all, or those of a sample."""
    refused: int | None
    """How many points it refuses; None where some are refused and nobody has counted them."""
    problems: dict[Problem, OfPoints]

    @property
    def accepted(self) -> bool | None:
        """Whether it accepts all of them; None where that is not known."""
        kinds = {problem.kind for problem in self.problems}
        return False if kinds & FATAL else None if "unknown" in kinds else True


def judge_space(space: Space[Any] | Points, asked: Asked) -> SpaceJudgement:
    """The judgement of all points of ``space``, or of a slice or sample of one. Raises ComposeError if some point chooses no accelerator.

    >>> from accelkit import bundled, each, tb_size, tcg, one_insn_per_tb, on, off
    >>> from accelkit.schemas.default import schema_for
    >>> space = tcg() | tb_size(each(8, 64)) | each(one_insn_per_tb(on), tb_size(1))
    >>> judged = judge_space(space, schema_for(None, bundled("7.2")))
    >>> judged.size, judged.refused, [of.number for of in judged.problems.values()]
    (4, 2, [2])
    """
    if isinstance(space, Points):
        size = len(space)
        points = space[:: max(1, -(-size // MOST_POINTS))]
    else:
        if "first_of" not in space.kinds:
            try:
                return _by_axes(space, asked)
            except _TooMany:
                pass
        size = space.size
        points = space if size <= MOST_POINTS else space.sample(MOST_POINTS, seed=0)
    counts: dict[Problem, list[Any]] = {}
    refused = 0
    for point in points:
        verdict = of_line(command_line(point), asked).verdict
        refused += verdict.accepted is False
        for problem in dict.fromkeys(verdict.problems):
            counts.setdefault(problem, []).append(point)
    found = {problem: OfPoints(len(of), tuple(of[:_EXAMPLES])) for problem, of in counts.items()}
    return SpaceJudgement(asked, size, len(points), refused, dict(sorted(found.items(), key=_fatal_first)))


def _fatal_first(item: tuple[Problem, Any]) -> bool:
    return not is_fatal(item[0])


class _TooMany(Exception):  # noqa: N818  # no error: the space is judged in another way
    """The axes write the same options in so many ways that judging by axes would take too long."""


class _Points(NamedTuple):
    """Points of one kind: how many, and the numbers of the first."""

    number: int
    first: tuple[int, ...]


#: What a part of a space writes: for each key its value, False if it removes it, None if it leaves it as it is.
_Effect = tuple[Hashable, ...]
_Effects = dict[_Effect, _Points]
_Classify = Callable[[str, str], Hashable]


def _by_axes(space: Space[Any], asked: Asked) -> SpaceJudgement:
    accels = {effect[0]: points for effect, points in _effects(space, ("accel",)).items()}
    for name, points in accels.items():
        if not isinstance(name, str):
            command_line(space[points.first[0]])  # which raises: it chooses no accelerator
    found: dict[Problem, list[_Points]] = {}
    alone: dict[Hashable, tuple[Problem, ...]] = {}
    for name, points in accels.items():
        alone[name] = _problems(asked, {"accel": str(name)})
        for problem in alone[name]:
            found.setdefault(problem, []).append(points)
    bad: dict[tuple[str, Hashable], set[Hashable]] = {}  # the accelerators with which QEMU refuses a value
    for key in sorted(_keys(space) - {"accel"}):
        for (name, value), points in _effects(space, ("accel", key)).items():
            if isinstance(value, str):
                for problem in _problems(asked, {"accel": str(name), key: value}):
                    if problem not in alone[name]:
                        found.setdefault(problem, []).append(points)
                        if is_fatal(problem):
                            bad.setdefault((key, value), set()).add(name)
    problems = {
        problem: OfPoints(sum(points.number for points in of), tuple([space[k] for k in _first(of)]))
        for problem, of in sorted(found.items(), key=lambda item: (_fatal_first(item), _first(item[1])))
    }
    hopeless = {name for name, own in alone.items() if any(map(is_fatal, own))}
    return SpaceJudgement(asked, space.size, space.size, _refused(space, bad, hopeless), problems)


def _problems(asked: Asked, options: dict[str, str]) -> tuple[Problem, ...]:
    return of_line(command_line(OptionMap(options)), asked).verdict.problems


def _first(of: Iterable[_Points]) -> tuple[int, ...]:
    return tuple(nsmallest(_EXAMPLES, {k for points in of for k in points.first}))


def _refused(
    space: Space[Any], bad: dict[tuple[str, Hashable], set[Hashable]], hopeless: set[Hashable]
) -> int | None:
    """How many points are refused: those with an accelerator or a value that is. None if that takes too long."""
    keys = ("accel", *dict.fromkeys(key for key, _ in bad))

    def kind(key: str, value: str) -> Hashable:
        return value if key == "accel" else frozenset(bad.get((key, value), ()))

    try:
        effects = _effects(space, keys, kind)
    except _TooMany:
        return None
    return sum(
        points.number
        for (name, *rest), points in effects.items()
        if name in hopeless or any(isinstance(value, frozenset) and name in value for value in rest)
    )


def _as_it_is(_: str, value: str) -> Hashable:
    return value


def _effects(x: Any, keys: tuple[str, ...], classify: _Classify = _as_it_is) -> _Effects:
    """What the points of ``x`` write to ``keys``, each value by the class that ``classify`` puts it into."""
    if isinstance(x, Recipe):
        written: dict[str, Hashable] = {
            put.key: False if put.value is None else classify(put.key, put.value)
            for put in x.steps
            if put.key in keys
        }
        return {tuple([written.get(key) for key in keys]): _Points(1, (0,))}
    size = x.size
    if not _keys(x) & set(keys):
        return {(None,) * len(keys): _Points(size, tuple(range(min(size, _EXAMPLES))))}
    effects: _Effects = {}
    if isinstance(x, Axis):
        before = 0
        for choice, after in zip(x.choices, x.ends, strict=True):
            for effect, points in _effects(choice, keys, classify).items():
                _add(effects, effect, points.number, [before + k for k in points.first])
            before = after
        return effects
    effects = {(None,) * len(keys): _Points(1, (0,))}
    for factor in x.factors:
        effects = _then(
            effects, _effects(factor, keys, classify), 1 if isinstance(factor, Recipe) else factor.size
        )
    return effects


def _then(left: _Effects, right: _Effects, size: int) -> _Effects:
    """The effects of each point on the left followed by each of the ``size`` on the right: the last write counts."""
    if prod((len(left), len(right))) > _MOST_PAIRS:
        raise _TooMany
    effects: _Effects = {}
    for one, before in left.items():
        for other, after in right.items():
            both = tuple(
                [last if last is not None else first for first, last in zip(one, other, strict=True)]
            )
            _add(
                effects,
                both,
                before.number * after.number,
                [k * size + j for k in before.first for j in after.first],
            )
        if len(effects) > _MOST_KINDS and len(one) > 2:
            raise _TooMany
    return effects


def _add(effects: _Effects, effect: _Effect, number: int, first: list[int]) -> None:
    known = effects.get(effect)
    if known is not None:
        number, first = number + known.number, [*known.first, *first]
    effects[effect] = _Points(number, tuple(nsmallest(_EXAMPLES, first)))


def _keys(x: Any) -> set[str]:
    """The options that some point of ``x`` writes or removes."""
    if isinstance(x, Recipe):
        return {put.key for put in x.steps}
    parts = x.choices if isinstance(x, Axis) else x.factors
    return set[str]().union(*map(_keys, parts))
