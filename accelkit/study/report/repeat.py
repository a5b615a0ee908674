"""The last part of a report: how the study was measured, and the command that repeats it."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import Final

from accelkit.document import Block, Code, Folded, Mono, Paragraph, Table
from accelkit.errors import shortened
from accelkit.study.analysis.analysis import MOST_SHOWN, Analysis
from accelkit.study.analysis.families import families
from accelkit.study.report.phrases import percent, plural
from accelkit.study.report.tables import MOST_FOLDED
from accelkit.study.standards import DEFAULT_BLOCKS, Standards
from accelkit.syntax.shell_words import shell_line, words_of

LONGEST_WORD: Final = 131_071
"""Bytes of one argument, at most, that Linux passes to a program (MAX_ARG_STRLEN, include/uapi/linux/binfmts.h)."""

MOST_LINE: Final = 4_000
"""Characters that a report shows of one command line; the store has all of it."""


def how_measured(result: Analysis) -> Iterator[Block]:
    """Host, versions, commands."""
    yield Table(("", ""), facts_of(result))
    if all(build.is_simulated for build in result.plan.builds):
        yield from _simulation(result)
    else:
        yield from _commands(result.info.get("command", ""), result)
    yield Paragraph((
        ("Each block runs every configuration with every guest once, in random order. A trial's value, for a bundled"
         " guest the ticks of its fastest slice, is divided by the baseline's of the same block; the median of these ratios is"
         " shown."),
    ))  # fmt: skip


def facts_of(result: Analysis) -> tuple[tuple[str, str], ...]:
    """Where, when and of what it was measured: a name and a value each."""
    plan = result.plan
    info = {name: value for name, value in result.info.items() if name != "command"}
    blocks = len({record.trial.block for record in result.records})
    facts = [(name, shortened(value, MOST_LINE)) for name, value in info.items() if value]
    facts += [(f"QEMU {build.name}", build.version) for build in plan.builds]
    facts += [
        (f"guest {guest.name}", Mono(shortened(guest.code, MOST_LINE)) if guest.code else guest.fingerprint)
        for guest in plan.guests
        if guest.code or guest.fingerprint
    ]
    order = f"in {plural(blocks, 'block')} in random order, seed {plan.seed}"
    facts += [("trials", f"{len(result.trials)}, {order}")]
    return tuple(facts)


def _simulation(result: Analysis) -> Iterator[Block]:
    yield Paragraph((
        "A function has measured this, and no QEMU. To repeat the study, call ", Mono("study(…, measure=…)"),
        f" with it, with the same space, and with blocks={_blocks(result)}.",
    ))  # fmt: skip


def _commands(command: str, result: Analysis) -> Iterator[Block]:
    """The command that repeats the study, and what was run."""
    plan = result.plan
    words = as_it_is(command, result) or again(result)
    if all(len(word.encode(errors="surrogatepass")) <= LONGEST_WORD for word in words):
        yield Paragraph(("To repeat the study:",))
        yield Code(shell_line(words))
    else:
        yield Paragraph((
            (f"To repeat the study, call study() in Python with the same space: {len(plan.configurations)} configurations"
             " are more than one command line can hold."),
        ))  # fmt: skip
    yield Paragraph(("What was run, each with the guest's own options added:",))
    lines = [
        shortened(shell_line([*build.command, *point.argv]), MOST_LINE)
        for build in plan.builds
        for point in plan.configurations
    ]
    if len(lines) <= MOST_SHOWN + 1:
        yield Code("\n".join(lines))
    else:
        yield from _folded_lines(lines)


def _folded_lines(lines: list[str]) -> Iterator[Block]:
    shown, folded = lines[: MOST_SHOWN + 1], lines[MOST_SHOWN + 1 :][:MOST_FOLDED]
    rest = len(lines) - len(shown)
    where = (", all in the table ", Mono("configuration"), " of the store")
    yield Code("\n".join(shown))
    opening = f"{plural(rest, 'other command line')}"
    if len(folded) < rest:
        opening += f", of which the next {len(folded)} are on this page"
        where = (*where, f"; {rest - len(folded)} of them are not on this page")
    yield Folded(
        (opening,),
        (Code("\n".join(folded)), Paragraph((f"{plural(len(lines), 'command line')}", *where, "."))),
        (f"{plural(rest, 'more command line')} not shown here", *where[:3], "."),
    )


BUDGET: Final = frozenset({"--blocks", "--time", "--precision", "--delta", "--confidence", "--store"})
"""Options of ``accelkit study``, each with a value, that say how long to measure, how to judge, and where to store."""


def as_it_is(command: str, result: Analysis) -> list[str]:
    """The ``command`` that began the study, with as many blocks as it has now, and another store; else nothing.

    A study may have been resumed with more blocks, and judged by other standards. With its own store the command would
    resume it, not repeat it. Empty where the study was not begun by ``accelkit study``.
    """
    words = words_of(command)
    if "study" not in words[:4]:
        return []
    kept: list[str] = []
    skip = False
    for word in words:
        name, sign, _ = word.partition("=")
        if not skip and name not in BUDGET:
            kept.append(word)
        skip = not skip and name in BUDGET and not sign
    return [*kept, *_budget(result)]


def again(result: Analysis) -> list[str]:
    """A command that repeats the study, made from its plan.

    Its space and guests are in Python, its baseline is in QEMU's words.
    """
    plan = result.plan
    codes = [point.code or shlex.join(point.argv) for point in plan.configurations]
    words = ["accelkit", "study", codes[0] if len(codes) == 1 else f"each({', '.join(codes)})"]
    words += [word for guest in plan.guests for word in ("--guest", guest.code or guest.name)]
    words += [word for build in plan.builds for word in ("--qemu", shlex.join(build.command))]
    base = next(point for point in plan.configurations if point.name == plan.baseline)
    text = base.argv[1] if len(base.argv) == 2 else shlex.join(base.argv)
    if "{" in text:  # braces would be read as several values
        text = base.code or text
    return [*words, "--baseline", text, "--seed", str(plan.seed), *_budget(result)]


def _blocks(result: Analysis) -> int:
    """The blocks that there are, or the usual number."""
    return max((record.trial.block + 1 for record in result.records), default=DEFAULT_BLOCKS)


def _budget(result: Analysis) -> list[str]:
    """The blocks that there are, the standards where they are not the usual ones, and a new store."""
    blocks = _blocks(result)
    words, usual = ["--blocks", str(blocks)], Standards()
    for name, value, default in (
        ("delta", result.delta, usual.delta), ("confidence", result.confidence, usual.confidence),
    ):  # fmt: skip
        words += [] if value == default else [f"--{name}", percent(value)]
    compared = families(
        len(result.plan.configurations),
        len(result.plan.guests) + len(result.phases),
        len(result.plan.builds),
        Standards(result.delta, result.confidence),
    )
    if any(blocks < family.fewest for family in compared):
        words.append("--anyway")
    return [*words, "--store", "again.sqlite"]
