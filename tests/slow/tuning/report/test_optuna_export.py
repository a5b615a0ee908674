"""The Optuna journal of a tuning, loaded again with Optuna."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from support.tools import module
from support.tuned import tuned

from accelkit.errors import StudyError
from accelkit.tuning.report.optuna_export import ALL, export_to_optuna

optuna = module("optuna")


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("optuna") / "t.journal"
    assert export_to_optuna(tuned(), path) == tuned().search.trials + tuned().search.confirming
    return path


def studies(path: Path):
    storage = optuna.storages.JournalStorage(optuna.storages.journal.JournalFileBackend(str(path)))
    return {
        name: optuna.load_study(study_name=name, storage=storage)
        for name in optuna.get_all_study_names(storage)
    }


def test_each_guest_is_a_study_and_so_are_all_together(journal: Path) -> None:
    best, found = tuned(), studies(journal)
    assert set(found) == {"smp", "tb-thrash", ALL}
    records = [*best.searched(), *best.result.records]
    for guest in ("smp", "tb-thrash"):
        mine = {record.trial.id: record for record in records if record.trial.guest == guest}
        trials = found[guest].get_trials()
        assert {trial.user_attrs["trial"] for trial in trials} == set(mine)
        for trial in trials:
            record = mine[trial.user_attrs["trial"]]
            assert (trial.state.name, trial.values) == (
                ("COMPLETE", [record.value]) if record.ok else ("FAIL", None)
            )
    assert found[ALL].user_attrs["pick"] == best.name
    assert found["smp"].user_attrs["space"] == best.terms.space


def test_parameters_are_numbers_or_words_with_all_their_values(journal: Path) -> None:
    trial = studies(journal)["smp"].best_trial
    assert trial.distributions["tb-size"] == optuna.distributions.IntDistribution(8, 2048)
    assert set(trial.distributions["thread"].choices) == {"single", "multi"}
    assert trial.params["thread"] == "multi"
    assert f"tb-size={trial.params['tb-size']}," in trial.user_attrs["configuration"]


def test_the_study_of_all_guests_has_the_weighted_means(journal: Path) -> None:
    found = studies(journal)
    one = found[ALL].best_trial
    parts = {
        guest: next(
            trial.value for trial in found[guest].get_trials()
            if all(trial.user_attrs[key] == one.user_attrs[key] for key in ("configuration", "block"))
        )
        for guest in ("smp", "tb-thrash")
    }  # fmt: skip
    mean = math.exp((2 * math.log(parts["smp"]) + math.log(parts["tb-thrash"])) / 3)
    assert one.value == pytest.approx(mean)


def test_time_and_memory_are_two_objectives(tmp_path: Path) -> None:
    export_to_optuna(tuned("time and memory"), tmp_path / "t.journal")
    (study,) = studies(tmp_path / "t.journal").values()
    assert [direction.name for direction in study.directions] == ["MINIMIZE", "MINIMIZE"]
    assert study.user_attrs["objectives"] == ["time", "max_rss"]
    assert len(study.best_trials) >= 1


def test_a_place_where_nobody_may_write_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="give a place where you may write"):
        export_to_optuna(tuned(), tmp_path / "no" / "t.journal")
    assert list(tmp_path.iterdir()) == []
