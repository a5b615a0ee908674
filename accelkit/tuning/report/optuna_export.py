"""The trials of a tuning as an Optuna journal, which Optuna and its dashboard open: ``optuna-dashboard FILE``.

A guest is a study, whose trials have the values as they were measured; of several guests one more study has the weighted
geometric means. Where memory is a goal beside time, both are objectives, so that the dashboard draws the front.

A property is a parameter: a number where all of its values are numbers, else one of the values as text. Optuna's names are
those of its public interface: ``create_study``, ``create_trial``, ``JournalStorage`` (optuna/storages/journal).
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from accelkit.errors import StudyError, encodable
from accelkit.study.model import Record
from accelkit.study.report.export import complete
from accelkit.study.swept import ABSENT, SweptProperty, axes_of
from accelkit.tuning.finalists import latest_of
from accelkit.tuning.goals import MEMORY, broken, cost_word, score
from accelkit.tuning.outcome import TuningOutcome

ALL: Final = "all guests"
"""The study of the weighted means over all guests."""

LARGEST: Final = 2**53
"""Numbers beyond it are text: a parameter of Optuna is stored as a float."""


@dataclass(frozen=True, slots=True)
class OptunaTrial:
    """A trial as Optuna has it: parameters, values (None where it failed), and what else is known of it."""

    params: Mapping[str, str | int]
    values: Sequence[float] | None
    attributes: Mapping[str, Any]


def export_to_optuna(tuned: TuningOutcome, path: str | os.PathLike[str]) -> int:
    """Writes the trials of search and confirming study to an Optuna journal at ``path``; returns how many.

    The file appears when it is complete. Raises StudyError if Optuna is not installed, and if the store cannot be read
    or the file not written.

    >>> export_to_optuna(Tuned.from_store("tune.sqlite"), "tune.journal")  # doctest: +SKIP
    400
    """
    optuna = _optuna()
    shown = os.fspath(path)
    searched = latest_of(tuned.searched())
    records = [*searched, *latest_of(tuned.result.records)]
    points = {point.name: point.configuration for point in tuned.search.tried}
    points |= {point.name: point for point in tuned.result.plan.configurations}
    axes = axes_of([*points.values()])
    distributions = {name: _distribution(optuna, axis) for name, axis in axes.items()}
    params = {
        name: {key: _value(axis, point.settings.get(key, ABSENT)) for key, axis in axes.items()}
        for name, point in points.items()
    }
    several = MEMORY in tuned.terms.goals and len(tuned.terms.goals) > 1
    parts = {record.trial.id: "search" for record in searched}
    try:
        with complete(shown) as partial:
            storage = optuna.storages.JournalStorage(optuna.storages.journal.JournalFileBackend(partial))
            for guest in tuned.guests:
                of_guest = [record for record in records if record.trial.guest == guest]
                trials = _of_guest(of_guest, params, parts, several)
                _write(optuna, storage, guest, tuned, trials, distributions, several)
            if len(tuned.guests) > 1:
                _write(
                    optuna,
                    storage,
                    ALL,
                    tuned,
                    _together(records, params, parts, tuned),
                    distributions,
                    False,
                )
    except OSError as error:
        raise StudyError(
            f"export to {shown!r}: {error.strerror or error}; give a place where you may write, with room"
        ) from error
    return len(records)


def _write(
    optuna: Any, storage: Any, name: str, tuned: TuningOutcome, trials: Iterable[OptunaTrial],
    distributions: Mapping[str, Any], several: bool,
) -> None:  # fmt: skip
    study = optuna.create_study(
        storage=storage, study_name=name, directions=["minimize"] * (1 + several),
        sampler=optuna.samplers.RandomSampler(seed=0),  # never asked
    )  # fmt: skip
    facts = {
        "space": tuned.terms.space, "baseline": tuned.baseline.name, "QEMU": tuned.build,
        "sampler": tuned.search.sampler, "pick": tuned.name, "decided": tuned.decided,
        "objectives": ["time", MEMORY] if several else [cost_word(tuned.terms)] if name == ALL else ["time"],
    }  # fmt: skip
    for key, value in facts.items():
        study.set_user_attr(key, encodable(value) if isinstance(value, str) else value)
    state = optuna.trial.TrialState
    study.add_trials([
        optuna.trial.create_trial(
            state=state.FAIL if trial.values is None else state.COMPLETE,
            values=trial.values, params=dict(trial.params), distributions=dict(distributions),
            user_attrs=dict(trial.attributes),
        )
        for trial in trials
    ])  # fmt: skip


def _of_guest(
    records: Iterable[Record],
    params: Mapping[str, Mapping[str, str | int]],
    parts: Mapping[str, str],
    several: bool,
) -> Iterator[OptunaTrial]:
    """The trials with one guest, each with the value that was measured; with memory beside it if there are ``several`` goals."""
    for record in records:
        values = None
        if record.ok and record.value is not None and (record.max_rss or not several):
            values = [record.value, float(record.max_rss or 0)] if several else [record.value]
        trial = record.trial
        attributes: dict[str, Any] = {
            "trial": trial.id, "configuration": trial.configuration, "block": trial.block,
            "part": parts.get(trial.id, "confirming study"), "unit": record.unit, "cause": record.cause,
            "why": record.why, "wall": record.wall, "max_rss": record.max_rss, "started": record.started,
        }  # fmt: skip
        texts = {key: encodable(value) for key, value in attributes.items() if isinstance(value, str)}
        yield OptunaTrial(params[trial.configuration], values, attributes | texts)


def _together(
    records: Iterable[Record],
    params: Mapping[str, Mapping[str, str | int]],
    parts: Mapping[str, str],
    tuned: TuningOutcome,
) -> Iterator[OptunaTrial]:
    """A trial for each block of each point, with what the tuning makes small: the weighted geometric mean."""
    blocks: dict[tuple[str, int], list[Record]] = {}
    for record in records:
        blocks.setdefault((record.trial.configuration, record.trial.block), []).append(record)
    for (name, block), group in blocks.items():
        cost = score(group, tuned.terms)
        why = next(filter(None, (broken(record, tuned.terms) for record in group)), "")
        attributes: dict[str, Any] = {
            "configuration": encodable(name), "block": block, "why": encodable(why),
            "part": parts.get(group[0].trial.id, "confirming study"),
        }  # fmt: skip
        yield OptunaTrial(params[name], None if cost is None else [math.exp(cost)], attributes)


def _is_number(axis: SweptProperty) -> bool:
    return axis.numeric and ABSENT not in axis.values and all(int(value) < LARGEST for value in axis.values)


def _distribution(optuna: Any, axis: SweptProperty) -> Any:
    if _is_number(axis):
        numbers = [int(value) for value in axis.values]
        return optuna.distributions.IntDistribution(min(numbers), max(numbers))
    return optuna.distributions.CategoricalDistribution([encodable(value) for value in axis.values])


def _value(axis: SweptProperty, text: str) -> str | int:
    return int(text) if _is_number(axis) else encodable(text)


def _optuna() -> Any:
    try:
        import optuna  # from the extra `tune`; slow to import
    except ImportError:
        raise StudyError(
            "an Optuna journal needs optuna, which is not installed; pip install 'accelkit[tune]'"
        ) from None
    optuna.logging.set_verbosity(optuna.logging.WARNING)  # a line for each study is no news
    return optuna
