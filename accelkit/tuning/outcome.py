"""TuningOutcome: what a tuning recommends, how sure that is, and what it tried. A value, read from a store."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Self

from accelkit.errors import StudyError
from accelkit.study.analysis.best import Best
from accelkit.study.analysis.compare import Comparison
from accelkit.study.result import Result
from accelkit.study.searched import Terms
from accelkit.tuning.front import FrontPoint, front
from accelkit.tuning.goals import cost_word
from accelkit.tuning.recommendation import recommended
from accelkit.tuning.sentences import sentences
from accelkit.tuning.summary import SearchSummary

if TYPE_CHECKING:
    from accelkit.study.model import Record
    from accelkit.study.report.effects import ShownEffects
    from accelkit.study.store.reader import StoreReader


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class TuningOutcome(Best):
    """What a tuning recommends, as :class:`accelkit.tuning.tuned.Tuned` has it, which can also be shown.

    ``result`` is the confirming study, ``search`` says what was tried, ``terms`` what was asked for.
    """

    result: Result = field(kw_only=True)
    search: SearchSummary = field(kw_only=True)
    terms: Terms = field(kw_only=True)
    front: tuple[FrontPoint, ...] = field(default=(), kw_only=True)
    costs: Mapping[str, Comparison | None] = field(kw_only=True)
    store: str = field(default="", kw_only=True)
    _memo: dict[str, Any] = field(default_factory=dict[str, Any], init=False)

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
        has_ended = len(result.trials) >= planned or (result.trials and not stored.look())  # its time is over
        is_over = tuning.blocks is not None and bool(has_ended)
        best, reasons, costs = recommended(result, tuning.terms, searched, tried, is_over=is_over)
        dropped = {point.name: point.dropped for point in tried if point.dropped}
        trials = len({record.trial.id for record in searched})
        summary = SearchSummary(
            tuning.terms.size, tried, trials, len(result.trials), tuning.sampler, dropped, reasons,
            tuning.first is not None, is_over,
        )  # fmt: skip
        values: dict[str, Any] = {item.name: getattr(best, item.name) for item in fields(Best)}
        return cls(
            **values, result=result, search=summary, terms=tuning.terms, costs=costs, store=stored.path,
            front=front((*searched, *result.trials), tuning.terms, result.plan.baseline),
        )  # fmt: skip

    @property
    def sentences(self) -> tuple[str, ...]:
        """What to run; how sure that is; each guest; what was tried; what would decide: a paragraph each."""
        return sentences(self, self.terms, self.result, self.search, self.costs)

    def __str__(self) -> str:
        return " ".join(self.sentences)

    def __repr__(self) -> str:
        state = "decided" if self.decided else "undecided"
        return f"<Tuned: {self.name}, {state}, with {', '.join(self.guests)} on {self.build}>"

    def effects(self, guest: str | None = None) -> ShownEffects:
        """Which properties matter, by the trials of the search, with ``guest``, by default with each and all at once.

        Raises StudyError for a guest that is not there, and if the store cannot be read.
        """
        from accelkit.study.report.effects import ShownEffects  # loads document, which only reports need
        from accelkit.tuning.search_effects import (
            search_effects,  # fits a surface, which nothing else here does
        )

        only = self.result.guest_named(guest) if guest else None
        if "effects" not in self._memo:
            points = [point.configuration for point in self.search.tried]
            self._memo["effects"] = search_effects(
                self.searched(), points, self.baseline, self.terms, self.build, self.standards
            )
        groups = tuple(group for group in self._memo["effects"] if only in (None, group.guest))
        return ShownEffects(
            groups, self.standards.delta, self.standards.confidence, measure=cost_word(self.terms)
        )

    def searched(self) -> tuple[Record, ...]:
        """The records of the search, as they are stored now. Raises StudyError if the store cannot be read."""
        from accelkit.study.store.reader import read_store  # as above

        with read_store(self.store) as stored:
            return tuple(stored.search.records())
