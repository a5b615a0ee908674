"""tune(): its arguments, and whole tunings of a simulated space."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from support.tunings import BEST, SPACE, fake, flat, only, truth

from accelkit import each, kvm, single, tb_size, tcg, thread
from accelkit.errors import AccelkitError, GuestError, StudyError
from accelkit.recipes.forms import written
from accelkit.study import study
from accelkit.study.analysis.best import Best
from accelkit.study.model import Record, Trial
from accelkit.study.result import Result
from accelkit.study.store.reader import read_store
from accelkit.tuning import Tuned, prepare, tune


def tuned(path: Path, space: Any = SPACE, guests: Any = "smp", **options: Any) -> Tuned:
    usual = {"trials": 120, "store": path, "measure": fake, "watch": False}
    return tune(space, guests, **usual | options)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "tune.sqlite"


def test_the_best_is_found_and_borne_out(path: Path) -> None:
    best = tuned(path)
    assert isinstance(best, Best)
    assert (best.name, best.decided, best.why) == (BEST, True, "")
    assert best.recipe == tcg() | tb_size(64) | thread("multi")
    assert written(best.recipe, "shell") == f"-accel {BEST}"
    row = best.beside_baseline
    assert row is not None
    assert row.low < truth(BEST) / truth("tcg,tb-size=8,thread=single") < row.high
    assert best.search.trials + best.search.confirming <= 120
    assert best.search.size == 6
    assert {point.name for point in best.search.tried} <= {
        f"tcg,tb-size={n},thread={t}" for n in (8, 64, 512) for t in ("multi", "single")
    }
    assert best.search.ended
    text = str(best)
    assert text.startswith(f"Use {BEST} with smp on QEMU simulated: it is 1.6")
    assert f"tried {len(best.search.tried)} of 6 points" in text
    assert repr(best) == f"<Tuned: {BEST}, decided, with smp on simulated>"
    assert "<p>Use tcg" in best._repr_html_()


def test_the_confirming_study_is_a_study(path: Path) -> None:
    best = tuned(path)
    result = Result.from_store(path)
    assert result.plan.baseline == "tcg,tb-size=8,thread=single"
    assert BEST in {point.name for point in result.plan.configurations}
    assert len(result.records) == best.search.confirming
    assert not result.anytime  # its number of blocks was fixed before it began
    assert BEST in str(result)


def test_no_trial_of_the_search_is_one_of_the_confirming_study(path: Path) -> None:
    seen: list[str] = []

    def noted(trial: Trial) -> Record:
        seen.append(trial.id)
        return fake(trial)

    tuned(path, measure=noted)
    assert len(set(seen)) == len(seen)
    with read_store(path) as stored:
        searched = [record.trial for record in stored.search.records()]
        confirming = [record.trial for record in stored.records()]
    assert {trial.id for trial in searched}.isdisjoint(trial.id for trial in confirming)
    assert max(trial.block for trial in searched) + 1 == min(trial.block for trial in confirming)


def test_the_same_call_gives_the_same_and_measures_nothing_more(path: Path) -> None:
    best = tuned(path)
    again = tuned(path, measure=only(0))
    assert (again.name, again.decided, str(again)) == (best.name, best.decided, str(best))
    assert str(Tuned.from_store(path)) == str(best)


def test_another_call_is_refused_with_the_reasons(path: Path) -> None:
    tuned(path)
    with pytest.raises(StudyError, match=r"trials: 120 is stored, 121 was given"):
        tuned(path, trials=121)
    with pytest.raises(StudyError, match=r"guests: smp counts 1 is stored, smp counts 2 was given"):
        tuned(path, guests={"smp": 2})
    with pytest.raises(StudyError, match="space: "):
        tuned(path, space=SPACE | tb_size(each(8, 16)))
    with pytest.raises(StudyError, match=r"holds a tuning"):
        study(SPACE, "smp", store=path, measure=fake, blocks=20, watch=False)


@pytest.mark.parametrize("seed", range(3))
def test_where_nothing_differs_there_is_no_winner(path: Path, seed: int) -> None:
    best = tuned(path, measure=flat, seed=seed)
    assert not best.decided or best.keeps_baseline
    assert str(best).startswith(("Undecided with smp", "Keep the baseline"))


def test_the_baseline_may_be_the_best(path: Path) -> None:
    best = tuned(path, baseline=BEST)
    assert (best.name, best.decided, best.keeps_baseline) == (BEST, True, True)
    assert str(best).startswith(f"Keep the baseline {BEST} with smp")


def test_a_baseline_that_is_no_point_of_a_large_space_is_only_confirmed(path: Path) -> None:
    space = tcg() | tb_size(each(range(1, 6001)))
    best = tuned(
        path,
        space,
        baseline="tcg,tb-size=9000",
        measure=lambda trial: Record(
            trial, "ok", value=1.0 + ("9000" in trial.configuration) + trial.block % 3 / 1000
        ),
    )
    assert best.decided
    assert best.name != "tcg,tb-size=9000"
    assert "tcg,tb-size=9000" not in {point.name for point in best.search.tried}


def test_points_that_fail_are_never_the_pick(path: Path) -> None:
    def failing(trial: Trial) -> Record:
        return Record(trial, "crashed", "boom") if trial.configuration == BEST else fake(trial)

    best = tuned(path, measure=failing)
    assert best.name == "tcg,tb-size=512,thread=multi"
    assert best.search.unusable == {BEST: "crashed: boom"}
    assert "1 point failed." in str(best)


def test_a_point_that_fails_in_the_confirming_study_is_not_the_pick(path: Path) -> None:
    def failing(trial: Trial) -> Record:
        is_bad = trial.configuration == BEST and trial.block % 7 == 6
        return Record(trial, "crashed", "boom") if is_bad else fake(trial)

    assert tuned(path, measure=failing).name != BEST


def test_points_that_take_too_much_memory_are_never_the_pick(path: Path) -> None:
    best = tuned(path, max_rss="64MiB")
    assert best.name == "tcg,tb-size=8,thread=multi"
    assert best.search.unusable[BEST] == "it takes 87.89 MiB, and at most 64 MiB are allowed"
    assert "or took more than 64 MiB of memory" in str(best)


def test_where_only_the_baseline_works_it_is_kept(path: Path) -> None:
    def failing(trial: Trial) -> Record:
        return (
            fake(trial) if trial.configuration.endswith("8,thread=single") else Record(trial, "refused", "no")
        )

    best = tuned(path, measure=failing)
    assert (best.decided, best.keeps_baseline) == (True, True)
    assert "No other point that was tried can be used." in str(best)


def test_where_nothing_works_it_says_so(path: Path) -> None:
    with pytest.raises(
        StudyError, match=r"block 0: none of its \d trials gave a value; the last: crashed: boom"
    ):
        tuned(path, measure=lambda trial: Record(trial, "crashed", "boom"))


def test_goals_are_weighed(path: Path) -> None:
    best = tuned(path, goals={"time": 1, "max_rss": 1})
    assert (
        best.name == "tcg,tb-size=8,thread=multi"
    )  # 1.3 times as long as the fastest, with less than half the memory
    assert best.decided
    assert "the cost of the baseline" in str(best)
    assert "(time × 1, max_rss × 1)" in str(best)
    assert [point.name for point in best.front] == [BEST, "tcg,tb-size=8,thread=multi"]
    fastest = best.front[0]
    assert fastest.time == pytest.approx(1 / 1.69, rel=0.02)
    assert fastest.max_rss == pytest.approx(90_000 / 40_000)


def test_one_pick_for_several_guests_has_its_cost_for_each(path: Path) -> None:
    def locking(trial: Trial) -> Record:
        record = fake(trial)
        slow = 1.5 if trial.guest == "lock" and "multi" in trial.configuration else 1.0
        return replace(record, value=(record.value or 1.0) * slow)

    best = tuned(path, guests={"smp": 2, "lock": 1}, measure=locking, trials=300)
    assert best.name == BEST  # 1.3 ** 2 > 1.5 / 1.3
    assert best.guests == {"smp": 2.0, "lock": 1.0}
    assert best.costs["smp"] is None
    row = best.costs["lock"]
    assert row is not None
    assert (row.baseline, row.verdict) == ("tcg,tb-size=64,thread=single", "slower")
    assert row.ratio == pytest.approx(1.5 / 1.3, rel=0.02)
    assert "with 2 × smp and lock" in str(best)
    assert "lock 1.15" in str(best)


@pytest.mark.parametrize(
    ("space", "size"),
    [
        ("tcg,tb-size={8,64},thread={single,multi}", 4),
        (["tcg,tb-size=8", tcg() | tb_size(64), tcg() | tb_size(each(64, 512))], 3),
        (SPACE[1:], 5),
    ],
)
def test_a_space_may_be_text_or_a_list(path: Path, space: Any, size: int) -> None:
    def named(trial: Trial) -> Record:
        return Record(trial, "ok", value=1.0 + len(trial.configuration) / 100 + trial.block % 3 / 1000)

    assert tuned(path, space, measure=named).search.size == size


def test_a_recipe_stands_for_what_is_worth_trying(path: Path) -> None:
    prepared = prepare(tcg() | thread(single), "smp", store=path, measure=fake)
    assert prepared.points.size > 2
    assert "tb_size" in prepared.terms.space
    assert prepare("tcg,thread=single", "smp", store=path, measure=fake).terms == prepared.terms


def test_a_space_of_any_size_is_never_listed(path: Path) -> None:
    space = SPACE
    for number in range(1, 40):
        space = space | tb_size(each(number, 2 * number + 1))
    prepared = prepare(space, "smp", store=path, measure=fake)
    assert prepared.points.size == 6 << 39
    assert "among 3298534883328 points" in repr(prepared)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"trials": 0}, "trials: got 0; takes a whole number from 1"),
        ({"trials": 3}, "trials: 3 are too few to try anything; give at least 6, 6 a guest"),
        ({"time": "x"}, "time: got 'x'; takes seconds"),
        ({"budget": "x"}, "budget: got 'x'; takes seconds"),
        ({"budget": "1m", "time": "1m"}, "budget: means the same as time; give one of both"),
        ({"guest": "smp"}, "guest: means the same as guests; give one of both"),
        ({"max_rss": "much"}, "max_rss: got 'much'; takes bytes, or text such as '512MiB' or '2GiB'"),
        ({"goals": {"speed": 1}}, "goals: 'speed' is none; "),
        ({"goals": {}}, "goals: got {}; takes weights"),
        ({"guests": {"smp": -1}}, "guests: smp has -1; takes a number from 0 on"),
        ({"guests": {"smp": 0}}, "guests: all weights are 0"),
        ({"qemu": ["7.2", "8.2"]}, "qemu: a tuning is of one QEMU"),
        ({"space": [tcg()]}, "there is nothing to choose"),
        ({"space": 3}, "space: 3 is no point; takes text"),
        ({"seed": 0.5}, "seed: got 0.5"),
        ({"watch": 1}, "watch: got 1"),
        ({"scatter": 1}, "scatter: got 1"),
        ({"on": 1}, "on: got 1"),
    ],
)
def test_wrong_arguments_are_told_by_name(path: Path, wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(AccelkitError) as error:
        tuned(path, **wrong)
    assert message in str(error.value)
    assert not path.exists()


def test_all_wrong_arguments_are_told_at_once(path: Path) -> None:
    with pytest.raises(
        StudyError, match=r"4 problems before anything runs: .*trials.*guests.*delta.*max_rss"
    ):
        tuned(path, guests=[3], trials="x", delta=7, max_rss=-1)


def test_an_unknown_argument_is_answered_with_the_nearest() -> None:
    with pytest.raises(TypeError, match=r"tune\(\) has no argument trails=, did you mean 'trials'"):
        tune(SPACE, trails=3)  # pyright: ignore[reportCallIssue]


def test_an_unknown_guest_of_a_real_tuning_is_refused() -> None:
    with pytest.raises(GuestError, match="no such guest"):
        tune(SPACE, "smpp", qemu="/bin/true")


def test_a_space_without_an_accelerator_is_refused(path: Path) -> None:
    with pytest.raises(AccelkitError, match="accelerator"):
        tuned(path, tb_size(each(8, 64)))


def test_without_a_name_the_store_follows_from_the_tuning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    names = {
        prepare(SPACE, guests, measure=fake, **options).store
        for guests, options in (("smp", {}), ("smp", {"trials": 300}), ("cpu", {}), ("smp", {"trials": 400}))
    }
    assert len(names) == 3  # 400 trials are the default
    assert all(name.startswith("tune-") for name in names)


def test_accelerators_may_be_among_the_points(path: Path) -> None:
    def named(trial: Trial) -> Record:
        return Record(
            trial, "ok", value=0.5 + trial.block % 3 / 1000 if "kvm" in trial.configuration else 1.0
        )

    assert tuned(path, each(tcg(), kvm()), measure=named).recipe == kvm()
