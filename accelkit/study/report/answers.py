"""The answers of a study: for each guest and build what to deploy, or what is not known and what it costs. Pure values.

The words for them are in :mod:`accelkit.study.report.headline`; nothing else in a report says what to choose.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from accelkit.study.analysis.analysis import Analysis
from accelkit.study.analysis.best import Best
from accelkit.study.analysis.compare import Comparison
from accelkit.study.model import Build, Cell
from accelkit.study.report.cost import Cost, cost_of

Kind = Literal["change", "either", "replace", "keep", "only", "open", "nothing", "alone"]
"""What an answer is: change to another configuration; change to one of several, of which none is shown to be the best;
change as the baseline fails; keep the baseline; keep it as nothing else ran; not decided; everything fails too often;
nothing was compared."""

DECIDED: Final = ("change", "either", "replace", "keep", "only")
"""The kinds that say what to deploy, in the order in which a sentence says them."""

SURE: Final = ("change", "either", "replace", "keep")
"""Those that are sure by measurement."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer for one ``guest`` on one ``build``.

    ``choice`` is the configuration to deploy, or where nothing is decided the fastest so far; empty where nothing can
    be said. ``speed`` compares it with the baseline, None for the baseline itself. ``rivals`` are those that may be
    better where nothing is decided, ``equals`` those that may be as good as a choice. ``tried`` counts the configurations
    that were compared with the baseline, ``failed`` those of them that gave no value; ``why`` says why everything fails,
    ``unfair`` why the baseline does. ``cost`` is what deciding costs, None if nothing is to be decided or nobody knows.
    """

    kind: Kind
    build: Build
    guest: str
    blocks: int
    choice: str = ""
    speed: Comparison | None = None
    rivals: tuple[str, ...] = ()
    equals: tuple[str, ...] = ()
    tried: int = 0
    failed: int = 0
    why: str = ""
    unfair: str = ""
    cost: Cost | None = None


def answers(result: Analysis) -> tuple[Answer, ...]:
    """The answer for each guest on each build, guest by guest."""
    rows: dict[tuple[str, str], list[Comparison]] = {}
    for comparison in result.comparisons:
        rows.setdefault((comparison.build, comparison.guest), []).append(comparison)
    return tuple(
        _answer(result, build, guest.name, rows.get((build.name, guest.name), []))
        for guest in result.plan.guests
        for build in result.plan.builds
    )


def _answer(result: Analysis, build: Build, guest: str, rows: list[Comparison]) -> Answer:
    plan = result.plan
    base = result.summaries.get(Cell(build.name, guest, plan.baseline))
    done = base.done if base else 0
    blocks = max([row.pairs for row in rows], default=0) or done
    failed = sum(not row.pairs and row.failed > 0 for row in rows)
    if not rows and done:
        return Answer("alone", build, guest, done, choice=plan.baseline)
    best = result.pick(guest, build.name)
    if not best.candidates:
        return Answer(
            "nothing", build, guest, 0, tried=len(rows), failed=failed, why=_cause(result, build, guest)
        )
    unfair = best.excluded.get(plan.baseline, "")
    verdicts = {row.configuration: row.verdict for row in rows}
    speed = next((row for row in rows if row.configuration == best.name and not unfair), None)
    rivals = [] if best.decided else _rivals(best, result.delta, verdicts)
    equals = [point.name for point in best.equals if verdicts.get(point.name) in ("faster", "undecided")]
    faster = {name for name, verdict in verdicts.items() if verdict == "faster"}
    kind: Kind = "keep" if best.keeps_baseline else "change"
    if not best.decided:
        kind = "either" if rivals and faster >= {best.name, *rivals} else "open"
    elif kind == "keep" and failed == len(rows):
        kind = "only"
    elif kind == "change" and speed is None:
        kind = "replace"
    return Answer(
        kind, build, guest, blocks or max((result.summaries[row.cell].done for row in rows), default=0), best.name, speed,
        rivals=tuple(rivals), equals=tuple(equals) if kind in ("change", "replace") else (),
        tried=len(rows), failed=failed, unfair=unfair,
        cost=None if best.blocks_to_decide is None else cost_of(result, best.blocks_to_decide, best.decides or 0.5),
    )  # fmt: skip


def _cause(result: Analysis, build: Build, guest: str) -> str:
    """Why most trials of the baseline failed there."""
    records = [
        record
        for record in result.failures
        if (record.trial.build, record.trial.guest) == (build.name, guest)
    ]
    causes = Counter((record.failure, record.why) for record in records)
    if not causes:
        return ""
    (cause, why), _ = causes.most_common(1)[0]
    return f"{cause}: {why}" if why else cause


def _rivals(best: Best, delta: float, verdicts: Mapping[str, str]) -> list[str]:
    """The candidates that may be better than the fastest so far, and the baseline where it may be as good.

    One that is slower than the baseline is none of them, unless there is no other.
    """
    rivals = [
        row.baseline
        for row in best.rivals
        if row.high > 1 + delta
        or not row.pairs
        or (row.baseline == best.baseline.name and row.verdict != "faster")
    ]
    return [name for name in rivals if verdicts.get(name) != "slower"] or rivals
