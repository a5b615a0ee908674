"""Best: which configuration is the best one, how sure that is, and beside what. A value; the rule is in ``pick``. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from accelkit.document import html_text
from accelkit.errors import StudyError
from accelkit.recipes.fallback import Fallback
from accelkit.recipes.recipe import Recipe
from accelkit.study.analysis.compare import Comparison
from accelkit.study.analysis.doubts import shown
from accelkit.study.model import Configuration
from accelkit.study.standards import Standards


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Best:
    """The best ``configuration`` of a study on one build, with one guest or over several.

    ``decided`` says that it was shown to be slower than no other candidate by more than delta; if it is not the
    baseline, also that it is faster than that. If it is not decided, it is the fastest so far, ``why`` says what is
    missing, and ``blocks_to_decide`` is the number of blocks in total with which the share ``decides`` of replays is
    decided; both are None if no number up to 1000 would do in half of them.

    ``guests`` has the weight of each guest. ``candidates`` are the configurations among which it was chosen, itself
    included, in the plan's order; ``excluded`` says of the others why they are none: they fail, or were dropped.
    ``standards`` has the delta, and the confidence with which no pick of a study is wrong. ``rivals`` compares it with
    each other candidate, block by block, the fastest of them first; a ratio below 1 says that the best one is faster.
    If no candidate gave a value, there are no candidates, and the configuration is the baseline.

    >>> from accelkit.study import Result
    >>> best = Result.from_store("tcg.sqlite").best("smp")  # doctest: +SKIP
    >>> best.recipe, best.decided  # doctest: +SKIP
    (tcg() | thread(multi), True)
    """

    configuration: Configuration
    baseline: Configuration
    build: str
    guests: Mapping[str, float]
    decided: bool
    candidates: tuple[Configuration, ...]
    excluded: Mapping[str, str]
    standards: Standards
    rivals: tuple[Comparison, ...] = ()
    why: str = ""
    blocks_to_decide: int | None = None
    decides: float | None = None

    @property
    def recipe(self) -> Recipe[Any] | Fallback:
        """The recipe of the best configuration. Raises StudyError if this version cannot read it in the store."""
        recipe = self.configuration.recipe
        if recipe is None:
            raise StudyError(
                f"best: {self.name!r} is not a recipe that this version reads; .argv has the words that QEMU was given"
            )
        return recipe

    @property
    def name(self) -> str:
        """The name of the best configuration in the study."""
        return self.configuration.name

    @property
    def argv(self) -> tuple[str, ...]:
        """The words that QEMU was given for it."""
        return self.configuration.argv

    @property
    def keeps_baseline(self) -> bool:
        """Whether the best one is the baseline itself: there is nothing to change."""
        return self.name == self.baseline.name

    @property
    def beside_baseline(self) -> Comparison | None:
        """The best one against the baseline; None if it is the baseline, or if that is no candidate."""
        return next((row for row in self.rivals if row.baseline == self.baseline.name), None)

    @property
    def beside_next(self) -> Comparison | None:
        """The best one against the next; None if there is no other candidate."""
        return self.rivals[0] if self.rivals else None

    @property
    def next(self) -> Configuration | None:
        """The fastest of the other candidates; None if there is none."""
        return self._named(self.rivals[0].baseline) if self.rivals else None

    @property
    def equals(self) -> tuple[Configuration, ...]:
        """The other candidates that were not shown to be slower than the best one, the fastest first."""
        return tuple(self._named(row.baseline) for row in self.rivals if row.verdict != "faster")

    def __str__(self) -> str:
        return _sentences(self)

    def __repr__(self) -> str:
        state = "decided" if self.decided else "undecided"
        return f"<Best: {self.name}, {state}, with {', '.join(self.guests)} on {self.build}>"

    def _repr_html_(self) -> str:
        return f"<p>{html_text(str(self))}</p>"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(str(self))

    def _named(self, name: str) -> Configuration:
        return next(point for point in self.candidates if point.name == name)


def _sentences(best: Best) -> str:
    """One or two sentences: what to use, by how much, beside what; or what is not known."""
    guests = listed(
        [guest if weight == 1 else f"{weight:g} × {guest}" for guest, weight in best.guests.items()]
    )
    where = f"with {guests} on QEMU {best.build}"
    if not best.decided:
        blocks = best.blocks_to_decide
        needed = f" About {blocks} blocks in all would decide." if blocks else ""
        fastest = f" The fastest so far is {best.name}." if best.candidates else ""
        return f"Undecided {where}: {best.why}.{needed}{fastest}"
    base, rival, equals = best.beside_baseline, best.beside_next, len(best.equals)
    if rival is None:
        return f"Use {best.name} {where}: no other gave values to compare."
    if best.keeps_baseline:
        text = f"Keep the baseline {best.name} {where}."
        if not equals:
            return f"{text} It is {speed(rival)} as fast as the next, {rival.baseline}."
        return f"{text} Nothing is faster by more than {100 * best.standards.delta:g}%."
    than = f" is {speed(base)} as fast as the baseline {base.baseline}" if base else " is the fastest"
    text = f"{best.name}{than} {where}"
    if equals:
        others = "another one is" if equals == 1 else f"{equals} others are"
        return f"{text}. Of those that are as fast it changes the fewest properties; {others} not shown to be slower."
    if rival is base:
        return f"{text}."
    return f"{text}, and {speed(rival)} as fast as the next, {rival.baseline}."


def speed(row: Comparison) -> str:
    """How fast: ``1.70 times``, with its interval."""
    high = "∞" if row.low <= 0 else shown(1 / row.low)
    return f"{shown(1 / row.ratio)} times [{shown(1 / row.high)}, {high}]"


def listed(words: Iterable[str]) -> str:
    """Words as a list in a sentence.

    >>> listed(["smp", "cpu", "io"]), listed(["smp"])
    ('smp, cpu and io', 'smp')
    """
    words = [*words]
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))
