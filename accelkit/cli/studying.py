"""``accelkit study`` and ``accelkit report``: the library's own study, from a shell."""

from __future__ import annotations

import os
import shlex
import sys
from argparse import Namespace
from typing import Any

from accelkit.errors import ComposeError, StudyError
from accelkit.guests.notation import written
from accelkit.parsing.notation import sweep
from accelkit.recipes.space import Space


def run_study(given: Namespace, words: list[str]) -> int:
    """Runs the study and prints its report; 0 when it gave figures, 1 when every trial failed.

    ``words`` is the command as it was typed; the store keeps it, to say how to repeat the study. Raises
    ComposeError for a baseline of many points.
    """
    from accelkit.study.progress import ProgressBar
    from accelkit.study.setup import prepare

    baseline = None if given.baseline is None else sweep(given.baseline)
    if isinstance(baseline, Space):
        raise ComposeError(f"--baseline {given.baseline}: is many points; name one")
    asked = prepare(
        sweep(given.space),
        [written(each) if "(" in each else each for each in given.guest or ["cpu"]],
        baseline=baseline,
        store=given.store,
        qemu=given.qemu,
        blocks=given.blocks,
        time=given.time,
        precision=given.until,
        seed=given.seed,
        delta=given.delta,
        confidence=given.confidence,
        race=not given.no_race,
        run_seconds=given.run_seconds,
        timeout=given.timeout,
        command=words,
    )
    try:
        if given.quiet:
            result: Any = asked.run()
        else:
            with ProgressBar(asked.plan) as watching:
                result = asked.run(watching)
    except KeyboardInterrupt:
        print(f"\naccelkit: {given.store} keeps what is done; to go on: {shlex.join(words)}", file=sys.stderr)
        return 130
    print(result)
    return 0 if any(record.ok for record in result.records) else 1


def run_report(given: Namespace) -> int:
    """Prints what a store holds, or writes it as HTML, Markdown, CSV, JSON or Parquet.

    Raises StudyError where that would overwrite the store.
    """
    from accelkit.study.report.export import export
    from accelkit.study.result import Result

    for option in ("html", "markdown", "export"):
        path = getattr(given, option)
        if path is not None and _same(path, given.store):
            raise StudyError(f"--{option} {path}: is the store itself; name another file")
    result = Result.from_store(given.store).judged(delta=given.delta, confidence=given.confidence)
    wrote = False
    for path in (given.html, given.markdown):
        if path is not None:
            result.save(path)
            print(path)
            wrote = True
    if given.export is not None:
        print(f"{given.export}: {export(result.records, given.export)} trials")
        wrote = True
    if not wrote:
        print(result)
    return 0


def _same(one: str, other: str) -> bool:
    """Whether both names are of one file that is there."""
    return os.path.exists(one) and os.path.exists(other) and os.path.samefile(one, other)
