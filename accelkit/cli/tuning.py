"""``accelkit tune``: the tuning of the library, from a shell."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Mapping

from accelkit.cli.output import print_blocks, print_error, takes
from accelkit.document import Code, Paragraph
from accelkit.errors import ArgvError, nearest
from accelkit.recipes.render import render, shell
from accelkit.schemas.probe import probe
from accelkit.study.factors import commands_of
from accelkit.syntax.shell_words import shell_line
from accelkit.tuning.host_space import worth_trying
from accelkit.tuning.prepared import PreparedTuning
from accelkit.tuning.setup import prepare
from accelkit.tuning.tuned import Tuned

UNDECIDED = 1
"""The exit status where the confirming study did not bear out the pick."""


def run_tune(arguments: Namespace, words: list[str]) -> int:
    """Run the tuning and print what to run; 0 if it is decided, else 1.

    ``words`` is the command as it was typed; the store keeps it, so that a report says how to repeat the tuning.
    """
    if arguments.list:
        return list_worth_trying(arguments.space, arguments.qemu)
    try:
        prepared = prepare(
            arguments.space,
            guests_of(arguments.guest or ["cpu"], arguments.weight or ()),
            trials=arguments.trials,
            time=arguments.time,
            store=arguments.store,
            baseline=arguments.baseline,
            qemu=arguments.qemu,
            goals=dict(arguments.goal) if arguments.goal else None,
            max_rss=arguments.max_rss,
            seed=arguments.seed,
            delta=arguments.delta,
            confidence=arguments.confidence,
            run_seconds=arguments.run_seconds,
            timeout=arguments.timeout,
            command=words,
        )
        tuned = _run(prepared, arguments.dask, quiet=arguments.quiet)
    except KeyboardInterrupt as stop:
        print_error(f"accelkit: {stop}")
        return 130
    print_tuned(tuned)
    return 0 if tuned.decided else UNDECIDED


def list_worth_trying(accelerator: str, qemu: str | None) -> int:
    """Print the space of what is worth trying with an accelerator on a QEMU and this host, and why; returns 0."""
    schema = probe(commands_of(qemu)[0]) if qemu else None
    print_blocks(worth_trying(accelerator, schema).document)
    return 0


def guests_of(
    guests: list[str], weights: list[tuple[str, float]] | tuple[()]
) -> list[str] | Mapping[str, float]:
    """The guests, with their weights where there are any. Raises ArgvError for the weight of another guest.

    >>> guests_of(["smp", "cpu"], [("smp", 2.0)])
    {'smp': 2.0, 'cpu': 1.0}
    """
    for name, _ in weights:
        if name not in guests:
            raise ArgvError(f"--weight {name}: is no guest of this tuning; {nearest(name, guests)}")
    return {guest: dict(weights).get(guest, 1.0) for guest in guests} if weights else guests


def print_tuned(tuned: Tuned) -> None:
    """Print what to run, in sentences and as the options to paste."""
    blocks = [Paragraph((sentence,)) for sentence in tuned.sentences]
    if tuned.candidates and tuned.configuration.recipe is not None:
        text = shell(tuned.recipe)
        code = text if takes(text) else shell_line(render(tuned.recipe), ascii_only=True)
        print_blocks([blocks[0], Code(code), *blocks[1:]])
    else:
        print_blocks(blocks)


def _run(prepared: PreparedTuning, on: str | None, *, quiet: bool) -> Tuned:
    if quiet:
        return prepared.run(on=on)
    with prepared.progress_bar(getattr(sys.stderr, "stream", None)) as watching:
        return prepared.run(watching, on=on)
