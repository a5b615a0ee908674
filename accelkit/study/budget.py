"""The budgets of a study's calls; and whether its number of blocks was fixed before anybody could look. Pure.

Intervals for a fixed number of blocks are right if that number did not depend on what was measured. To read a store, or
to watch a study, changes no number. To stop earlier or to go on longer than planned does. So the first budget of a study
is its plan, and what counts is whether the trials are those of the plan:

- The plan's budget was used up, in one call or in several with the same budget: the number was fixed.
- It was not used up, as the study is still running or was interrupted: whoever reads it now may stop here. Once it
  reaches the end of the plan, the number was fixed.
- A call with another budget stored trials after others were there: the number depends on a look, for good.
- Blocks were added until the intervals were narrow (``precision``): it depends on the data by design.

In all cases but the first the intervals must hold at any time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

NOT_ENDED: Final = "the study has not reached the end of its budget"
CHANGED: Final = "the budget was changed after trials were stored"
PRECISION: Final = "blocks are added until the intervals are narrow enough"
BUDGET_UNKNOWN: Final = "the budgets of the study are damaged in its store"


@dataclass(frozen=True, slots=True)
class Budget:
    """The budget of a call: the number of blocks and of seconds, None without; whether a precision ends it.

    ``trials`` is how many the store had before, ``ended`` whether the budget was used up.
    """

    blocks: int | None
    seconds: float | None
    precision: bool
    trials: int
    ended: bool = False

    @property
    def terms(self) -> tuple[int | None, float | None, bool]:
        """What the caller chose."""
        return self.blocks, self.seconds, self.precision


def look(budgets: Sequence[Budget], trials: int) -> str:
    """Why intervals of the ``trials`` stored by now must hold at any time, as words; empty if a fixed number suffices.

    Empty, too, where no budget is known: older stores did not keep them.

    >>> look([Budget(20, None, False, 0, ended=True)], 40)
    ''
    >>> look([Budget(20, None, False, 0), Budget(20, None, False, 14, ended=True)], 40)  # after an interrupt
    ''
    >>> look([Budget(20, None, False, 0)], 14)
    'the study has not reached the end of its budget'
    >>> look([Budget(20, None, False, 0, ended=True), Budget(40, None, False, 40, ended=True)], 80)
    'the budget was changed after trials were stored'
    """
    if not budgets:
        return ""
    after = [*(budget.trials for budget in budgets[1:]), trials]
    measuring = [budget for budget, count in zip(budgets, after, strict=True) if count > budget.trials]
    plan = (measuring or budgets)[0]
    if any(budget.precision for budget in measuring or budgets):
        return PRECISION
    if any(budget.terms != plan.terms for budget in measuring):
        return CHANGED
    if any(budget.ended for budget in budgets if budget.terms == plan.terms):
        return ""
    return NOT_ENDED
