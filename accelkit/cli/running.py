"""``accelkit run``: one boot of a bundled guest, and what came of it."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from accelkit.cli.checking import Subject, subjects
from accelkit.errors import ArgvError, GuestError
from accelkit.guests import Guest, guest
from accelkit.guests.notation import written
from accelkit.measure.outcome import Outcome
from accelkit.measure.plain_boot import boot
from accelkit.parsing.recipes import parse
from accelkit.qemu.binary import find, version
from accelkit.recipes.render import render


def run_once(words: Sequence[str], name: str, target: str, qemu: str | None, timeout: float) -> int:
    """Boots the guest under what ``words`` say and prints the outcome; 0 when its work was done right.

    Raises ArgvError for several of them, GuestError for a guest that is none.
    """
    given = subjects(words)
    if len(given) != 1:
        raise ArgvError(f"run: got {len(given)} accelerators; takes one, or a command line of -accel options")
    maps = parse(given[0])
    argv = render(maps) if maps else []
    booted = _bundled(name, target)
    command = find(qemu, booted.target)
    outcome = boot(command, argv, booted, timeout)
    print(f"{'QEMU ' + '.'.join(map(str, version(command))):<10}  {' '.join(outcome.command)}")
    print(f"{booted.name:<10}  {booted.workload.does}")
    _print(outcome)
    if outcome.cause == "refused":
        _advise(given[0], command, booted.target)
    return 0 if outcome.ok else 1


def _bundled(name: str, target: str) -> Guest:
    """The guest of that name, or that the text of a call makes."""
    if "(" not in name:
        return guest(name, target)
    made = written(name)
    if not isinstance(made, Guest):
        raise GuestError(f"run: {name!r} is none of the bundled guests; accelkit study measures it")
    return made


def _print(outcome: Outcome) -> None:
    print(f"{'outcome':<10}  {outcome.cause}{': ' + outcome.why if outcome.why else ''}")
    if outcome.status is None:
        return
    print(f"{'took':<10}  {outcome.wall:.3f} s; CPU {outcome.user:.3f} s user, {outcome.system:.3f} s system")
    ticks = [part.ticks for part in outcome.report.slices]
    if ticks:
        print(
            f"{'guest':<10}  {len(ticks)} slices, fastest {min(ticks)} ticks, slowest {max(ticks)}; "
            f"checksum {outcome.report.slices[-1].checksum:#x}{', as predicted' if outcome.ok else ''}"
        )
    for line in outcome.stderr.splitlines():
        print(f"{'QEMU says':<10}  {line}", file=sys.stderr)


def _advise(subject: Subject, command: tuple[str, ...], target: str) -> None:
    """What to do about a refusal, where the rules know it."""
    from accelkit.checking.check import check
    from accelkit.schemas.probe import probe

    for problem in check(subject, probe(command, target)):
        print(f"accelkit: {problem.kind}: {problem}", file=sys.stderr)
