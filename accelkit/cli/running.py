"""``accelkit run``: boot a bundled guest once, and print the outcome."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from accelkit.cli.output import print_error
from accelkit.cli.qemu_words import Subject, subjects
from accelkit.document import Table, to_text
from accelkit.errors import ArgvError, GuestError, visible
from accelkit.guests import Guest, guest
from accelkit.guests.notation import guest_from
from accelkit.measure.outcome import Outcome
from accelkit.measure.plain_boot import boot
from accelkit.parsing.recipes import recipes_in
from accelkit.parsing.understanding import understand, understand_words
from accelkit.qemu.binary import find, version
from accelkit.recipes.render import render
from accelkit.recipes.space import Space
from accelkit.schemas.default import DEFAULT_TARGET

Rows = tuple[tuple[str, str], ...]


def run_once(words: Sequence[str], name: str, target: str | None, qemu: str | None, timeout: float) -> int:
    """Boot the guest ``name`` under the options in ``words`` and print the outcome; 0 when it did its work, else 1.

    Without ``target`` the guest is for that of the program's name. Raises ArgvError unless ``words`` is one
    configuration, GuestError for an unknown guest.
    """
    lines = subjects(words)
    if len(lines) != 1:
        raise ArgvError(f"run: got {len(lines)} accelerators; takes one, or a command line of -accel options")
    recipes = recipes_in(lines[0])
    points = sum(len(recipe) if isinstance(recipe, Space) else 1 for recipe in recipes)
    if points != 1 or isinstance(recipes[0], Space):
        raise ArgvError(f"run: got {points} configurations; takes one; accelkit study compares several")
    argv = render(recipes[0]) if recipes[0] is not None else []
    booted = _bundled(name, target or _target_of(lines[0]))
    command = find(qemu, booted.target)
    outcome = boot(command, argv, booted, timeout)
    build = ".".join(map(str, version(command)))
    about = ((f"QEMU {build}", " ".join(outcome.command)), (booted.name, booted.workload.does))
    print(to_text([Table((), (*about, *outcome_rows(outcome)), row_headers=True)]), end="")
    messages = tuple(("QEMU says", line) for line in visible(outcome.stderr).splitlines())
    if messages and outcome.status is not None:
        print(to_text([Table((), messages, row_headers=True)]), end="", file=sys.stderr)
    if outcome.cause == "refused":
        _advise(lines[0], command, booted.target)
    return 0 if outcome.ok else 1


def _target_of(subject: Subject) -> str:
    """The target that the program's name says; else the default."""
    understood = understand(subject) if isinstance(subject, str) else understand_words(subject)
    return next((command.target for command in understood.commands if command.target), DEFAULT_TARGET)


def _bundled(name: str, target: str) -> Guest:
    """The bundled guest of that name, or the one that a call written as text makes."""
    if "(" not in name:
        return guest(name, target)
    made = guest_from(name)
    if not isinstance(made, Guest):
        raise GuestError(f"run: {name!r} is not a bundled guest; accelkit study measures it")
    return made


def outcome_rows(outcome: Outcome) -> Rows:
    """What to print of an outcome, a label and a text for each row.

    ``took`` is in seconds; the guest's ticks are those of its own clock.
    """
    rows = [("outcome", f"{outcome.cause}{': ' + outcome.why if outcome.why else ''}")]
    if outcome.status is None:  # QEMU was not started
        return tuple(rows)
    cpu = f"CPU {outcome.user:.3f} s user, {outcome.system:.3f} s system"
    rows.append(("took", f"{outcome.wall:.3f} s; {cpu}"))
    ticks = [part.ticks for part in outcome.report.slices]
    if ticks:
        checksum = f"checksum {outcome.report.slices[-1].checksum:#x}{', as predicted' if outcome.ok else ''}"
        rows.append(
            ("guest", f"{len(ticks)} slices, fastest {min(ticks)} ticks, slowest {max(ticks)}; {checksum}")
        )
    return tuple(rows)


def _advise(subject: Subject, command: tuple[str, ...], target: str) -> None:
    """Print what ``check`` knows about a line that QEMU has refused, on stderr."""
    from accelkit.checking.check import check
    from accelkit.schemas.probe import probe

    for problem in check(subject, probe(command, target)):
        print_error(f"accelkit: {problem.kind}: {problem}")
