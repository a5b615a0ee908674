"""The progress of a tuning in a terminal: the part that runs, trials, time left, the incumbent and its ratio, failures."""

from __future__ import annotations

import io

from support.known_tuning import known_tuning, measured

from accelkit.study.plan import Plan
from accelkit.study.progress import Leader, ProgressBar
from accelkit.tuning.progress import TuningProgress


def lines(tmp_path, *steps: TuningProgress) -> list[str]:
    """What a log gets of these steps, if there is time for a line after each."""
    plan: Plan = known_tuning(tmp_path / "t.sqlite").plan
    file = io.StringIO()
    watch = ProgressBar(plan, plain=True, file=file)
    for step in steps:
        watch._next = 0.0
        watch(measured(plan.block(step.block)[0]), step)
    return file.getvalue().splitlines()


def test_a_search_says_its_points_its_trials_and_its_incumbent(tmp_path) -> None:
    first = TuningProgress(0, None, 1, 500, 0.1, 50.0, "search", 8)
    later = TuningProgress(2, None, 40, 500, 4.0, 46.0, "search", 21, "tcg,tb-size=512", 0.588)
    costs = TuningProgress(2, None, 41, None, 4.0, None, "search", 1, "tcg,tb-size=512", 0.9, "cost")
    base = TuningProgress(
        2, None, 42, 500, 4.0, 46.0, "search", 21, "tcg,split-wx=on,tb-size=8,thread=single", 1.0
    )
    unknown = TuningProgress(2, None, 43, 500, 4.0, 46.0, "search", 21, "tcg,tb-size=32")
    assert lines(tmp_path, first, later, costs, base, unknown) == [
        "search of 8 points so far, 1 of 500 trials, 50 s left",
        "search of 21 points so far, 40 of 500 trials, 46 s left, fastest so far: tcg,tb-size=512, 0.588 times the baseline's time",
        "search of 1 point so far, 41 trials, best so far: tcg,tb-size=512, 0.9 times the baseline's cost",
        "search of 21 points so far, 42 of 500 trials, 46 s left, fastest so far: tcg,split-wx=on,tb-size=8,thread=single, the baseline",
        "search of 21 points so far, 43 of 500 trials, 46 s left, fastest so far: tcg,tb-size=32",
    ]  # fmt: skip


def test_the_records_of_a_search_are_no_part_of_the_score_of_the_confirming_study(tmp_path) -> None:
    """They were chosen because they looked fast; in the fresh blocks only the baseline ran so far."""
    searched = TuningProgress(0, None, 1, 500, 0.1, None, "search", 8, "tcg,tb-size=512", 0.5)
    confirmed = TuningProgress(3, 13, 340, 500, 9.0, 1.0, "confirming study", 21)
    *_, last = lines(tmp_path, searched, confirmed)
    assert last.startswith("confirming study, block 4 of 13, 340 of 500 trials, 1 s left")
    assert "512" not in last


def test_a_whole_tuning_tells_both_parts(tmp_path) -> None:
    prepared, file, steps = known_tuning(tmp_path / "t.sqlite"), io.StringIO(), []
    with prepared.progress_bar(file) as watching:
        prepared.run(lambda record, progress: (steps.append(progress), watching(record, progress)))
    assert {step.stage for step in steps} == {"search", "confirming study"}
    assert [step.done for step in steps] == list(range(1, len(steps) + 1))
    searched = [step for step in steps if step.part == "search"]
    leader = searched[-1].leader
    assert isinstance(leader, Leader)
    assert leader.low < leader.ratio < leader.high < 0.45
    assert leader.score.startswith("0.3")
    assert file.getvalue().splitlines()[-1].startswith("confirming study, block ")
    assert " failed" in file.getvalue()
