"""Tuned: what a tuning recommends, how sure that is, and what it tried. A value, read from a store."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Self

from accelkit.document import html_text
from accelkit.errors import StudyError
from accelkit.study.analysis.best import Best
from accelkit.study.analysis.compare import Comparison
from accelkit.study.result import Result
from accelkit.study.searched import Terms, TriedPoint
from accelkit.tuning.front import FrontPoint, front
from accelkit.tuning.recommendation import recommended

if TYPE_CHECKING:
    from accelkit.study.store.reader import StoreReader


@dataclass(frozen=True, slots=True)
class SearchSummary:
    """What the search of a tuning did.

    ``size`` is the number of points, ``tried`` has those that were tried, with what was found out of them. ``trials`` are
    those of the search, ``confirming`` those of the confirming study. ``sampler`` says what chose the points. ``dropped``
    says by name why a point that was tried cannot be the one. ``ended`` is False while it is searched.
    """

    size: int
    tried: tuple[TriedPoint, ...]
    trials: int
    confirming: int
    sampler: str
    dropped: Mapping[str, str]
    ended: bool


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Tuned(Best):
    """What a tuning recommends: ``recipe`` is what to run, ``decided`` whether the confirming study bore it out.

    If it is decided, the recipe was shown to be slower than no other finalist by more than delta, and, where it is not the
    baseline, to be faster than that. If not, it is the best estimate from the search and the confirming study together,
    and ``why`` says what is missing. ``rivals`` compare it with the other finalists in the blocks of that study.

    ``result`` is the confirming study, ``search`` says what was tried, ``terms`` what was asked for. ``front`` has the
    points that are not dominated if there are several goals. ``costs`` has for each of several guests the comparison of
    the pick with the configuration that is fastest with that guest alone, None where that is the pick itself. ``store``
    is the file that keeps it all.

    >>> from accelkit.tuning import Tuned
    >>> best = Tuned.from_store("tune.sqlite")  # doctest: +SKIP
    >>> best.recipe, best.decided  # doctest: +SKIP
    (tcg() | tb_size(512) | thread(multi), True)
    """

    result: Result = field(kw_only=True)
    search: SearchSummary = field(kw_only=True)
    terms: Terms = field(kw_only=True)
    front: tuple[FrontPoint, ...] = field(default=(), kw_only=True)
    costs: Mapping[str, Comparison | None] = field(kw_only=True)
    store: str = field(default="", kw_only=True)

    @classmethod
    def from_store(cls, path: str | os.PathLike[str]) -> Self:
        """What the tuning in the store at ``path`` recommends by now, also while it runs.

        Raises StudyError if there is no store, or it holds no tuning.
        """
        from accelkit.study.store.reader import read_store  # loads SQLite, which a Tuned does not need

        with read_store(path) as stored:
            return cls.of(stored)

    @classmethod
    def of(cls, stored: StoreReader) -> Self:
        """What the tuning in an open store recommends by now. Raises StudyError if it holds no tuning."""
        tuning = stored.search.tuning()
        if tuning is None:
            raise StudyError(
                f"store={stored.path!r}: holds a study, not a tuning; read it with Result.from_store"
            )
        result, tried = Result.of(stored), stored.search.points()
        searched = tuple(stored.search.records())
        planned = (tuning.blocks or 0) * len(result.plan.cells)
        is_over = tuning.blocks is not None and len(result.trials) >= planned
        best, reasons, costs = recommended(result, tuning.terms, searched, tried, is_over=is_over)
        dropped = {point.name: point.dropped for point in tried if point.dropped}
        trials = len({record.trial.id for record in searched})
        summary = SearchSummary(
            tuning.terms.size, tried, trials, len(result.trials), tuning.sampler, {**dropped, **reasons},
            tuning.first is not None,
        )  # fmt: skip
        values: dict[str, Any] = {item.name: getattr(best, item.name) for item in fields(Best)}
        return cls(
            **values, result=result, search=summary, terms=tuning.terms, costs=costs, store=stored.path,
            front=front((*searched, *result.trials), tuning.terms, result.plan.baseline),
        )  # fmt: skip

    def __str__(self) -> str:
        from accelkit.tuning.sentences import sentences  # reads a Tuned, which its module does not need

        return " ".join(sentences(self))

    def __repr__(self) -> str:
        state = "decided" if self.decided else "undecided"
        return f"<Tuned: {self.name}, {state}, with {', '.join(self.guests)} on {self.build}>"

    def _repr_html_(self) -> str:
        from accelkit.tuning.sentences import sentences  # as above

        return "".join(f"<p>{html_text(sentence)}</p>" for sentence in sentences(self))
