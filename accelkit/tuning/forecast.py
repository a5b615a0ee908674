"""What a tuning is going to take, and what its confirming study can decide: said before anything runs. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from accelkit.study.progress import duration
from accelkit.study.report.phrases import plural
from accelkit.tuning.budget import Budget


@dataclass(frozen=True, slots=True)
class TuningForecast:
    """What a tuning is going to take; its text says it on one line.

    ``size`` is the number of points. The confirming study has ``finalists`` beside the baseline and so many ``blocks``, at
    most as long as the search has not ``has_ended``; with fewer than ``fewest`` it can decide nothing. ``searched`` and
    ``confirmed`` count the trials that the store has, ``spent`` seconds.
    """

    store: str
    size: int
    budget: Budget
    finalists: int
    blocks: int
    fewest: int
    searched: int = 0
    confirmed: int = 0
    spent: float = 0.0
    has_ended: bool = False

    @property
    def left(self) -> float | None:
        """About how many seconds are left, at most; None where nobody knows."""
        budget = self.budget
        limits = [] if budget.seconds is None else [max(0.0, budget.seconds - self.spent)]
        to_confirm = (self.finalists + 1) * self.blocks * budget.guests - self.confirmed
        done = self.searched + self.confirmed
        seen = self.spent / done if done and self.spent else None
        pace, quick = budget.pace or seen, budget.search_pace or seen
        if pace is not None and self.has_ended:
            return pace * to_confirm
        if pace is not None and quick is not None and budget.search_trials is not None:
            limits.append(pace * to_confirm + quick * max(0, budget.search_trials - self.searched))
        return min(limits, default=None)

    def __str__(self) -> str:
        """The tuning in one line.

        >>> print(TuningForecast("t.sqlite", 200, Budget(400, None, 1, 0.25, 0.55), 3, 20, 6))
        t.sqlite: at most 400 trials, about 2 min 4 s: a search among 200 points, then a confirming study of up to 3 \
finalists and the baseline in 20 fresh blocks
        """
        return f"{self.store}: {', '.join(self._size())}: {self._search()}, then {self._study()}"

    def _size(self) -> list[str]:
        trials, seconds = self.budget.trials, self.budget.seconds
        done, parts = self.searched + self.confirmed, list[str]()
        if trials is not None:
            parts.append(f"{done} of at most {trials} trials stored" if done else f"at most {trials} trials")
        elif done:
            parts.append(f"{plural(done, 'trial')} stored")
        if seconds is not None:
            parts.append(f"at most {duration(seconds)} in all")
        if self.left is None:
            parts.append("how long is known after some")
        elif seconds is None or done:
            parts.append(f"about {duration(self.left)}{' to go' * bool(done)}")
        return parts

    def _search(self) -> str:
        return f"{'the' if self.has_ended else 'a'} search among {self.size} points{' has ended' * self.has_ended}"

    def _study(self) -> str:
        if not self.blocks:
            return "no confirming study"
        upto = "" if self.has_ended or self.finalists == 1 else "up to "
        text = (
            f"a confirming study of {upto}{plural(self.finalists, 'finalist')} and the baseline in"
            f" {plural(self.blocks, 'fresh block')}"
        )
        if self.blocks >= self.fewest:
            return text
        return f"{text}, too few to decide anything: that takes at least {self.fewest}"
