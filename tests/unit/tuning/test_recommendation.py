"""What a tuning recommends, from the records of both parts."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Mapping
from dataclasses import replace

import pytest

from accelkit.study.model import Build, Record, Trial, stored_configuration
from accelkit.study.plan import Plan, StoredGuest
from accelkit.study.result import Result
from accelkit.study.searched import Terms, TriedPoint
from accelkit.tuning.recommendation import Recommendation, recommended

NAMES = ("tcg", "tcg,tb-size=8", "tcg,tb-size=64")
TERMS = Terms("", 3, {"smp": 1.0}, {"time": 1.0})
TRIED = tuple(TriedPoint(n, n, name, ("-accel", name), "") for n, name in enumerate(NAMES))
PLAN = Plan(
    [Build("7.2", (), "7.2")],
    [stored_configuration(name, ("-accel", name)) for name in NAMES],
    [StoredGuest("smp", "")],
    "tcg",
)


def records(times: Mapping[str, float], blocks: Iterable[int], noise: float = 0.002) -> list[Record]:
    rows: list[Record] = []
    for block in blocks:
        for name, value in times.items():
            trial = Trial("7.2", "smp", name, block, 0)
            lucky = math.exp(random.Random(trial.id).gauss(0, noise))
            rows.append(Record(trial, "ok", value=value * lucky, max_rss=1000))
    return rows


def judged(
    search: Mapping[str, float], study: Mapping[str, float], *, noise: float = 0.002, is_over: bool = True
) -> Recommendation:
    result = Result(PLAN, tuple(records(study, range(4, 24), noise)))
    return recommended(result, TERMS, records(search, range(4), noise), TRIED, is_over=is_over)


def times(*values: float) -> dict[str, float]:
    return dict(zip(NAMES, values, strict=True))


def test_the_confirming_study_decides_and_not_the_luck_of_the_search() -> None:
    best = judged(times(1.0, 0.8, 0.9), times(1.0, 0.9, 0.8)).best
    assert (best.name, best.decided) == ("tcg,tb-size=64", True)


def test_of_finalists_that_are_alike_the_best_estimate_is_borne_out() -> None:
    best = judged(times(1.0, 0.8, 0.802), times(1.0, 0.8, 0.802), noise=0.03).best
    assert best.name != "tcg"
    assert best.decided
    assert best.beside_baseline is not None
    assert best.beside_baseline.verdict == "faster"
    assert len(best.equals) == 1


def test_what_is_not_shown_to_be_faster_is_undecided() -> None:
    best = judged(times(1.0, 0.99, 0.99), times(1.0, 0.99, 0.99), noise=0.1).best
    assert not best.decided
    assert "is not shown to be" in best.why


def test_a_study_that_has_not_ended_decides_nothing() -> None:
    best = judged(times(1.0, 0.9, 0.8), times(1.0, 0.9, 0.8), is_over=False).best
    assert (best.name, best.decided, best.why) == (
        "tcg,tb-size=64", False, "the confirming study has not ended"
    )  # fmt: skip


def test_before_it_the_best_is_that_of_the_search() -> None:
    empty = Result(PLAN, ())
    searched = records(times(1.0, 0.9, 0.8), range(4))
    running = recommended(empty, TERMS, searched, TRIED, is_over=False).best
    assert (running.name, running.decided, running.why) == (
        "tcg,tb-size=64",
        False,
        "the search has not ended",
    )
    over = recommended(empty, TERMS, searched, TRIED, is_over=True).best
    assert over.why == "nothing has been confirmed: no trials were left for it"
    nothing = recommended(empty, TERMS, (), (), is_over=False).best
    assert (nothing.name, nothing.candidates, nothing.why) == ("tcg", (), "nothing has been measured yet")


def test_what_fails_anywhere_is_excluded_with_the_reason() -> None:
    study = records(times(1.0, 0.9, 0.8), range(4, 24))
    crash = Record(Trial("7.2", "smp", NAMES[2], 1, 0), "crashed", "boom")
    best, reasons, _ = recommended(Result(PLAN, tuple(study)), TERMS, [crash], TRIED, is_over=True)
    assert (best.name, best.decided) == (NAMES[1], True)
    assert reasons == {NAMES[2]: "crashed: boom"} == best.excluded


def test_a_baseline_that_cannot_be_used_is_no_rival() -> None:
    study = [
        replace(record, max_rss=5000) if record.trial.configuration == "tcg" else record
        for record in records(times(0.5, 0.9, 0.8), range(4, 24))
    ]
    best = recommended(Result(PLAN, tuple(study)), replace(TERMS, max_rss=2000), (), TRIED, is_over=True).best
    assert (best.name, best.decided, best.beside_baseline) == (NAMES[2], True, None)


def test_several_goals_are_weighed_in_the_study_too() -> None:
    study = [
        replace(record, max_rss=4000) if record.trial.configuration == NAMES[2] else record
        for record in records(times(1.0, 0.9, 0.8), range(4, 24))
    ]
    terms = replace(TERMS, goals={"time": 1.0, "max_rss": 1.0})
    best = recommended(Result(PLAN, tuple(study)), terms, (), TRIED, is_over=True).best
    assert (best.name, best.decided) == (NAMES[1], True)
    assert best.beside_baseline is not None
    assert best.beside_baseline.ratio == pytest.approx(math.sqrt(0.9), rel=0.01)
