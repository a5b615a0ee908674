"""``accelkit study`` and ``accelkit report``: the study of the library, from a shell."""

from __future__ import annotations

import os
import sys
import warnings
from argparse import Namespace
from typing import Any

from accelkit.cli.output import print_error, width
from accelkit.errors import StudyError
from accelkit.syntax.shell_words import shell_line


def run_study(arguments: Namespace, words: list[str]) -> int:
    """Run the study and print its report; 0 when some trial gave a value, 1 when every trial failed.

    ``words`` is the command as it was typed; the store keeps it, so that a report says how to repeat the
    study.
    """
    from accelkit.study.setup import prepare

    try:
        prepared = prepare(
            arguments.space,
            arguments.guest or "cpu",
            baseline=arguments.baseline,
            store=arguments.store,
            qemu=arguments.qemu,
            blocks=arguments.blocks,
            time=arguments.time,
            precision=arguments.precision,
            seed=arguments.seed,
            delta=arguments.delta,
            confidence=arguments.confidence,
            race=not arguments.no_race,
            run_seconds=arguments.run_seconds,
            timeout=arguments.timeout,
            anyway=arguments.anyway,
            command=words,
        )
        if arguments.quiet:
            result: Any = prepared.run(on=arguments.dask)
        else:
            with prepared.progress_bar(getattr(sys.stderr, "stream", None)) as watching:
                result = prepared.run(watching, on=arguments.dask)
    except KeyboardInterrupt as stop:
        print_error(f"accelkit: {stop}")
        return 130
    print(_text(result))
    return 0 if any(record.ok for record in result.records) else 1


def run_report(arguments: Namespace) -> int:
    """Print what a store holds or its best configuration, or write it as HTML, Markdown, CSV, JSON, Parquet or for Optuna.

    Raises StudyError where that would overwrite the store, and where a study is asked for what a tuning has, or the other
    way round.
    """
    from accelkit.cli.best import print_best, refuse_mixed
    from accelkit.study.report.export import export

    refuse_mixed(arguments)
    for option in ("html", "markdown", "export", "optuna"):
        path = getattr(arguments, option)
        if path is not None and _same(path, arguments.store):
            raise StudyError(f"--{option} {path}: is the store itself; name another file")
    shown, result, searched = _stored(arguments)
    if result.damage:
        first, rest = result.damage[0], len(result.damage) - 1
        warnings.warn(
            f"{arguments.store}: damaged, and damaged trials are left out ({first.where}:"
            f" {first.why}{f', and {rest} more' * (rest > 0)}); accelkit store check"
            f" {shell_line([arguments.store])} lists all",
            UserWarning,
            stacklevel=1,
        )
    if arguments.best:
        return print_best(shown, result, arguments)
    saved = False
    for path in (arguments.html, arguments.markdown):
        if path is not None:
            shown.save(path)
            print(path)
            saved = True
    if arguments.export is not None:
        print(f"{arguments.export}: {export((*searched, *result.records), arguments.export)} trials")
        saved = True
    if arguments.optuna is not None:
        from accelkit.tuning.report.optuna_export import export_to_optuna

        print(f"{arguments.optuna}: {export_to_optuna(shown, arguments.optuna)} trials")
        saved = True
    if not saved:
        print(_text(shown))
    return 0


def _stored(arguments: Namespace) -> tuple[Any, Any, Any]:
    """What the store holds, a Result or a Tuned; the Result, of a tuning that of its confirming study; the search's records."""
    from accelkit.study.result import Result
    from accelkit.study.store.reader import read_store
    from accelkit.tuning.tuned import Tuned

    judged = arguments.delta is not None or arguments.confidence is not None
    with read_store(arguments.store) as stored:
        if stored.search.tuning() is not None:
            if judged:
                raise StudyError(
                    f"--{'confidence' if arguments.delta is None else 'delta'}: {arguments.store} holds a tuning, whose"
                    " finalists were chosen by its own standards; leave it out"
                )
            tuned = Tuned.of(stored)
            return tuned, tuned.result, tuple(stored.search.records())
        result = Result.of(stored).judged(delta=arguments.delta, confidence=arguments.confidence)
    if arguments.optuna is not None:
        raise StudyError(
            f"--optuna: {arguments.store} holds a study, and Optuna's format is for tunings; take --export"
        )
    return result, result, ()


def _text(shown: Any) -> str:
    """The report, in lines that fit the terminal; whole sentences on a line where it is no terminal."""
    from accelkit.study.report import report as of_study
    from accelkit.study.result import Result
    from accelkit.tuning.report import report as of_tuning

    return of_study.text(shown, width()) if isinstance(shown, Result) else of_tuning.text(shown, width())


def _same(one: str, other: str) -> bool:
    """Whether both names are those of one existing file."""
    return os.path.exists(one) and os.path.exists(other) and os.path.samefile(one, other)
