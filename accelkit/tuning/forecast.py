"""What a tuning is going to take, and what its confirming study can decide: said before anything runs. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from accelkit.study.progress import duration
from accelkit.study.report.phrases import plural
from accelkit.tuning.budget import SHARE, Confirming


@dataclass(frozen=True, slots=True)
class TuningForecast:
    """What a tuning is going to take; its text says it on one line.

    ``size`` is the number of points, ``trials`` and ``seconds`` are the budget, ``confirming`` is the confirming study as
    it is planned now, or, once the search ``has_ended``, for good. ``searched`` and ``confirmed`` count the trials that
    the store has, ``spent`` seconds; paces are in seconds per trial, None where they are unknown.
    """

    store: str
    size: int
    guests: int
    trials: int | None
    seconds: float | None
    confirming: Confirming
    searched: int = 0
    confirmed: int = 0
    spent: float = 0.0
    pace: float | None = None
    confirming_pace: float | None = None
    has_ended: bool = False

    @property
    def left(self) -> float | None:
        """About how many seconds are left; None where nobody knows."""
        limits = [] if self.seconds is None else [max(0.0, self.seconds - self.spent)]
        to_confirm = self.confirming.trials(self.guests) - self.confirmed
        pace = self.pace or (self.spent / self.searched if self.searched and self.spent else None)
        whole = self.confirming_pace or pace
        if whole is not None and self.has_ended:
            return whole * to_confirm
        if whole is not None and pace is not None and self.trials is not None:
            limits.append(whole * to_confirm + pace * max(0, self.trials - to_confirm - self.searched))
        return min(limits, default=None)

    def __str__(self) -> str:
        """The tuning in one line.

        >>> print(TuningForecast("t.sqlite", 200, 1, 400, None, Confirming(3, 33), pace=0.18, confirming_pace=0.55))
        t.sqlite: 400 trials, about 2 min 1 s: a search among 200 points, then a confirming study of up to 3 finalists \
and the baseline in 33 fresh blocks
        """
        return f"{self.store}: {self._budget()}: {self._search()}, then {self._study()}"

    def _budget(self) -> str:
        done = self.searched + self.confirmed
        parts: list[str] = []
        if self.trials is not None:
            parts.append(f"{done} of {self.trials} trials stored" if done else f"{self.trials} trials")
        elif done:
            parts.append(f"{plural(done, 'trial')} stored")
        if self.seconds is not None:
            parts.append(f"{'at most ' * (self.trials is not None)}{duration(self.seconds)} in all")
        if self.left is None:
            parts.append("how long is known after some")
        elif self.seconds is None or done:
            parts.append(f"about {duration(self.left)}{' to go' * bool(done)}")
        return ", ".join(parts)

    def _search(self) -> str:
        if self.has_ended:
            return f"the search among {self.size} points has ended"
        return f"a search among {self.size} points"

    def _study(self) -> str:
        finalists, blocks = self.confirming
        upto = "" if self.has_ended or finalists == 1 else "up to "
        if not finalists:
            return "no confirming study, as no point but the baseline can be used"
        text = f"a confirming study of {upto}{plural(finalists, 'finalist')} and the baseline"
        if self.trials is None and not self.has_ended:
            return f"{text} in the last {100 * SHARE:.0f}% of the time"
        return f"{text} in {blocks} fresh blocks"
