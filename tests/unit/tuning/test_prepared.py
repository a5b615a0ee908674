"""A prepared tuning: what it shows, how it is interrupted and resumed, and what it says of its progress."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from support.tunings import BEST, SPACE, fake, only

from accelkit.errors import StudyError
from accelkit.study.model import Record, Trial
from accelkit.study.store.reader import read_store
from accelkit.study.store.repair import damage_of
from accelkit.study.worker import Measure
from accelkit.tuning import PreparedTuning, TuningProgress, prepare
from accelkit.tuning import prepared as module
from accelkit.tuning.prepared import Measuring

TRIALS = 48


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "tune.sqlite"


def prepared(path: Path, measure: Measure = fake, **options: object) -> PreparedTuning:
    return prepare(
        SPACE, {"smp": 2, "cpu": 1}, **{"trials": TRIALS, "store": path, "measure": measure} | options
    )


def content(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """What was measured and planned, without times, and without estimates, which depend a little on where a fit began."""
    with read_store(path) as stored:
        parts = {"search": stored.search.records(), "study": stored.records()}
        rows = {
            name: [(r.trial.id, r.trial.block, r.trial.position, r.value) for r in records]
            for name, records in parts.items()
        }
        tuning = stored.search.tuning()
        assert tuning is not None
        rows["points"] = [(p.number, p.place, p.name) for p in stored.search.points()]
        rows["blocks"] = [(b.number, b.position, b.points) for b in stored.search.blocks()]
        rows["plan"] = [(tuning.first, tuning.blocks), *((p.name,) for p in stored.plan.configurations)]
    return rows


def test_a_tuning_that_is_interrupted_after_any_trial_ends_as_if_it_had_not_been(path: Path) -> None:
    prepared(path, trials=24).run()
    whole = content(path)
    trials = len(whole["search"]) + len(whole["study"])
    assert trials > 20
    for done in range(trials):
        other = path.with_name(f"{done}.sqlite")
        with pytest.raises(KeyboardInterrupt):
            prepared(other, only(done), trials=24).run()
        prepared(other, trials=24).run()
        assert content(other) == whole
        other.unlink()


def test_a_tuning_that_is_interrupted_at_each_trial_measures_each_once(path: Path) -> None:
    interrupts = 0
    while True:
        try:
            prepared(path, only(1)).run()
        except KeyboardInterrupt:
            interrupts += 1
        else:
            break
    rows = content(path)
    ids = [row[0] for row in rows["search"] + rows["study"]]
    assert set(Counter(ids).values()) == {1}
    assert interrupts == len(ids) - 1
    assert damage_of(str(path)) == ()


def test_the_message_says_where_it_stopped_and_how_to_go_on(path: Path) -> None:
    with pytest.raises(KeyboardInterrupt, match=r"interrupted before a trial; .* make the same call again"):
        prepared(path, only(0)).run()
    with pytest.raises(
        KeyboardInterrupt, match=r"interrupted in the search, after 7 of 48 trials; .*Tuned.from_store"
    ):
        prepared(path, only(7)).run()
    command = ("accelkit", "tune", "tcg")
    with pytest.raises(
        KeyboardInterrupt, match=r"to resume: accelkit tune tcg; the result so far: accelkit report"
    ):
        prepared(path, only(1), command=command).run()
    with pytest.raises(KeyboardInterrupt, match="in the confirming study, after"):
        prepared(path, only(30)).run()


def test_it_says_what_it_will_take(path: Path) -> None:
    text = repr(prepared(path))
    assert text.startswith(
        f"{path}: at most 48 trials, how long is known after some: a search among 6 points, then"
    )
    assert "too few to decide anything: that takes at least 7" in text
    assert "too few" not in repr(prepared(path, trials=400))
    with pytest.raises(KeyboardInterrupt):
        prepared(path, only(7)).run()
    assert f"{path}: 7 of at most 48 trials stored, about " in repr(prepared(path))
    prepared(path).run()
    assert "the search among 6 points has ended, then a confirming study of 1 finalist" in repr(
        prepared(path)
    )
    path.write_bytes(b"no store" * 1000)
    assert "not an SQLite database" in repr(prepared(path))


def test_progress_counts_both_parts(path: Path) -> None:
    seen: list[TuningProgress] = []
    prepared(path).run(lambda _, progress: seen.append(progress))
    assert [progress.done for progress in seen] == [*range(1, len(seen) + 1)]
    assert [*dict.fromkeys(progress.part for progress in seen)] == ["search", "confirming study"]
    search = [progress for progress in seen if progress.part == "search"]
    assert search[-1].tried == 6
    assert {progress.incumbent for progress in search} >= {BEST}
    assert {progress.total for progress in search} == {TRIALS}
    assert seen[-1].total == seen[-1].done


def test_the_bar_shows_it(path: Path) -> None:
    file = io.StringIO()
    tuning = prepared(path)
    with tuning.progress_bar(file) as watching:
        tuning.run(watching)
    lines = file.getvalue().splitlines()
    assert lines[0] == repr(prepared(path.with_name("tune.sqlite"))) or "at most 48 trials" in lines[0]
    assert "search of 6 points so far, 1 of 48 trials" in lines[1]
    assert f"fastest so far: {BEST}" in lines[-1]


class Hosts:
    """A pool of three hosts, each with a block of its own, whose records arrive together and mixed."""

    def __init__(self, most: int | None = None) -> None:
        self.left = most

    def __call__(self, measure: Measure, blocks: Iterator[Sequence[Trial]], /) -> Iterator[Record]:
        running: list[list[Trial]] = []
        while True:
            while len(running) < 3 and (block := next(blocks, None)) is not None:
                running.append([*block])
            if not running:
                return
            for block in running:
                if self.left is not None:
                    self.left -= 1
                    if self.left < 0:
                        raise KeyboardInterrupt
                yield replace(measure(block.pop(0)), host=f"host{len(running)}")
            running = [block for block in running if block]


@pytest.mark.parametrize("most", [1, 5, 20, 33])
def test_blocks_of_several_hosts_are_resumed_and_each_trial_measured_once(
    path: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(module, "one_host", lambda _: Hosts(most))
    with pytest.raises(KeyboardInterrupt):
        prepared(path, trials=90).run()
    monkeypatch.setattr(module, "one_host", lambda _: Hosts())
    best = prepared(path, trials=90).run()
    assert best.search.ended
    rows = content(path)
    ids = [row[0] for row in rows["search"] + rows["study"]]
    assert set(Counter(ids).values()) == {1}
    assert len(ids) <= 90


def test_a_record_that_nobody_asked_for_ends_it(path: Path) -> None:
    def twice(trial: Trial) -> Record:
        return fake(replace(trial, block=0))

    with pytest.raises(StudyError, match=r"was not requested, or has a second record; correct measure="):
        prepared(path, twice).run()


def test_what_the_host_could_not_measure_is_measured_again(path: Path) -> None:
    def missing(trial: Trial) -> Record:
        return Record(trial, "missing", "no such file") if trial.block == 2 else fake(trial)

    for _ in range(2):
        with pytest.raises(StudyError, match=r"missing: no such file; all records are stored"):
            prepared(path, missing).run()
    best = prepared(path).run()
    assert best.search.unusable == {}
    assert best.name == BEST


def test_time_ends_the_search_and_the_confirming_study_is_whole(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    monkeypatch.setattr(module.time, "perf_counter", lambda: now[0])

    def slow(trial: Trial) -> Record:
        now[0] += 1.0
        return fake(trial)

    best = prepared(path, slow, trials=None, time=100).run()
    assert best.search.trials >= 30
    assert best.search.trials + best.search.confirming <= 100
    blocks = {record.trial.block for record in best.result.records}
    assert len(best.result.records) == len(blocks) * len(best.result.plan.cells)


def backwards(measure: Measure, trials: Iterable[Trial], /) -> Iterable[Record]:
    return map(measure, [*trials][::-1])


def test_trials_may_be_scattered(path: Path) -> None:
    assert prepared(path).run(scatter=backwards).search.ended


def test_both_places_to_run_are_refused(path: Path) -> None:
    with pytest.raises(StudyError, match="on and scatter: both say where trials run"):
        prepared(path).run(scatter=backwards, on="tcp://host:8786")


def test_a_function_measures_both_parts() -> None:
    assert Measuring(fake).searching() is fake
    assert Measuring(fake).confirming(()) is fake
