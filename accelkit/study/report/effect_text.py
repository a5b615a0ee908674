"""Effects in words: what matters, in one sentence, and the table of main effects and interactions. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Final

from accelkit.document import Block, Bullets, Heading, Inline, Mono, Paragraph, Table
from accelkit.study.analysis.effects import ALL, Effects, GuestEffects, Interaction, LevelEffect, MainEffect
from accelkit.study.report.phrases import NOTHING, interval, listed, percent, plural, ratio
from accelkit.study.report.scales import evenly
from accelkit.study.swept import ABSENT

MOST_VALUES: Final = 20
"""Values of one property in a table; of more they are taken evenly."""

MOST_GROUPS: Final = 6
"""Guests of which there is a table."""

MOST_PAIRS: Final = 10
"""Interactions in a table, the largest first."""


def effect_sentence(groups: Sequence[GuestEffects], delta: float, measure: str = "time") -> Inline:
    """What matters for each guest in one sentence, as far as it is clear; empty where nothing is.

    It is clear where each property matters or does not, and so do any two of them together.
    """
    said: dict[tuple[str, ...], list[GuestEffects]] = {}
    own = [group for group in groups if group.guest != ALL]
    for group in own:
        if len(group.mains) > 1 and _is_clear(group):
            said.setdefault(_mattering(group), []).append(group)
    several = len({group.build for group in own}) > 1
    words: list[str] = []
    for properties, members in said.items():
        where = (
            "" if len(members) == len(own) else f" for {listed([_place(row, several) for row in members])}"
        )
        only = len(properties) < len(members[0].mains)
        words += ("; ",) if words else ()
        words.append("nothing that was varied" if not properties else "only " if only else "")
        words += _named(properties)
        words.append(f" {'matter' if len(properties) > 1 else 'matters'}{where}{_acting_together(members)}")
    if not words:
        return ()
    words[0] = words[0][:1].upper() + words[0][1:]
    rest = "" if all(len(properties) == len(members[0].mains) for properties, members in said.items()) else (
        f": what else was varied changes the {measure} by no more than {percent(delta)}" if any(said)
        else f": it changes the {measure} by no more than {percent(delta)}")  # fmt: skip
    return (*words, f"{rest}.")


def _is_clear(group: GuestEffects) -> bool:
    known = _mattering(group)
    return not group.of("unknown") and all(
        row.verdict != "unknown" or {row.name, row.other} <= {*known} for row in group.interactions
    )


def _mattering(group: GuestEffects) -> tuple[str, ...]:
    """The properties that matter, by themselves or together with another."""
    both = [name for row in group.together for name in (row.name, row.other)]
    return tuple(dict.fromkeys([*group.of("matters"), *both]))


def _acting_together(members: Sequence[GuestEffects]) -> str:
    both = len(_mattering(members[0])) == 2 and all(group.together for group in members)
    return ", and what one does depends on the other" if both else ""


def _place(group: GuestEffects, several: bool) -> str:
    return f"{group.guest} on {group.build}" if several else group.guest


def _named(names: Sequence[str]) -> Iterator[str]:
    for place, name in enumerate(names):
        yield from (" and " if place == len(names) - 1 else ", ",) if place else ()
        yield Mono(name)


def effect_blocks(effects: Effects) -> Iterator[Block]:
    """The table of each guest, what is left out of it, and how to read it."""
    several = len({group.build for group in effects.guests}) > 1
    told = effect_sentence(effects.guests, effects.delta, effects.measure)
    if told:
        yield Paragraph(told, strong=True)
    for group in effects.guests[:MOST_GROUPS]:
        if len(effects.guests) > 1:
            yield Heading(_place(group, several), 3)
        yield from _guest_blocks(group, effects)
    if (more := len(effects.guests) - MOST_GROUPS) > 0:
        yield Paragraph(
            (f"{plural(more, 'more guest')} not shown here; ", Mono("result.effects(guest)"), " has each.")
        )
    yield Paragraph((
        (f"Each value stands beside the first of its property, averaged over the other properties; below 1 is faster."
         f" In {percent(effects.confidence)} of such studies all of these intervals are right. {effects.note}").rstrip(),
    ))  # fmt: skip


def _guest_blocks(group: GuestEffects, effects: Effects) -> Iterator[Block]:
    if not group.mains:
        yield Paragraph((why_none(group),))
        return
    rows: list[tuple[str | Mono, str, str]] = []
    titles: dict[int, Inline] = {}
    for main in group.mains:
        titles[len(rows)] = (Mono(main.name), f": {main_words(main, effects.delta)}")
        rows.append((Mono(_setting(main.name, main.reference)), "1", ""))
        rows += [_level_row(main, level) for level in evenly(main.levels, MOST_VALUES)]
    for row in group.together[:MOST_PAIRS]:
        titles[len(rows)] = (
            Mono(row.name),
            " and ",
            Mono(row.other),
            f": {pair_words(row)}",
        )
        rows.append((
            Mono(f"{_setting(row.name, row.value)} with {_setting(row.other, row.given)}"),
            ratio(row.ratio), interval(row.low, row.high),
        ))  # fmt: skip
    head = ("value", effects.measure, f"{percent(effects.confidence)} interval")
    yield Table(head, tuple(rows), frozenset({1, 2}), groups=titles)
    yield from _beside_table(group, effects)


def _beside_table(group: GuestEffects, effects: Effects) -> Iterator[Block]:
    notes: list[Inline] = []
    pairs = {verdict: [row for row in group.interactions if row.verdict == verdict]
             for verdict in ("no difference", "unknown", "matters")}  # fmt: skip
    apart = len(pairs["no difference"])
    if apart:
        which = "" if len(group.interactions) == 1 else f"{plural(apart, 'pair')} of properties: "
        text = f"{which}what one does depends on the other by no more than {percent(effects.delta)}."
        notes.append((text[0].upper() + text[1:],))
    if unknown := pairs["unknown"][:MOST_PAIRS]:
        told = [(Mono(row.name), " and ", Mono(row.other), _at_most(row)) for row in unknown]
        more = (
            f" and {len(pairs['unknown']) - len(unknown)} more pairs"
            if len(pairs["unknown"]) > len(unknown)
            else ""
        )
        words = [word for place, part in enumerate(told) for word in ((", ", *part) if place else part)]
        notes.append(("Whether what one does depends on the other is not known of ", *words, f"{more}."))
    if (more := len(pairs["matters"]) - MOST_PAIRS) > 0:
        notes.append((f"{plural(more, 'more pair')} of properties act together, by less.",))
    if group.alone:
        values = [Mono(_setting(name, value)) for name, value in group.alone]
        notes.append(
            ("Tried with one setting of the others only, so that no effect is known: ", *_named(values), ".")
        )
    if group.left_out:
        names = [word for name, why in group.left_out[:3] for word in (Mono(name), f" ({why}), ")]
        more = f" and {len(group.left_out) - 3} more" if len(group.left_out) > 3 else ""
        notes.append(("Left out: ", *names[:-1], names[-1].removesuffix(", "), f"{more}."))
    if not group.is_grid:
        notes.append((
            (f"{plural(group.points, 'point')} of the space were measured; a response surface fitted to them says what"
             " holds on average over all of it."),
        ))  # fmt: skip
    if notes:
        yield Bullets(tuple(notes)) if len(notes) > 1 else Paragraph(notes[0])


def _at_most(row: Interaction) -> str:
    return "" if math.isinf(row.limit) else f" ({ratio(row.limit)} times at most)"


def _level_row(main: MainEffect, level: LevelEffect) -> tuple[str | Mono, str, str]:
    return (
        Mono(_setting(main.name, level.value)),
        ratio(level.ratio),
        interval(level.low, level.high) or NOTHING,
    )


def _setting(name: str, value: str) -> str:
    return f"{name} unset" if value == ABSENT else f"{name}={value}"


def why_none(group: GuestEffects) -> str:
    """Why no effect of a guest is known."""
    if not group.blocks:
        return "Nothing is known: no trial gave a value."
    if group.points > 1:
        return "Nothing is known: no two configurations differ in one property only, or there are too many of them."
    return "Nothing is known: one configuration gave values."


def main_words(main: MainEffect, delta: float) -> str:
    """The verdict on one property, as ``matters, up to 1.98 times``.

    >>> level = (LevelEffect("multi", 0.505, 0.49, 0.52),)
    >>> main_words(
    ...     MainEffect("thread", "single", level, "multi", "single", 1.98, 1.92, 2.04, "matters"), 0.01
    ... )
    'matters, up to 1.98 times'
    >>> level = (LevelEffect("on", 1.01, 0.97, 1.05),)
    >>> main_words(MainEffect("split-wx", "off", level, "off", "on", 1.01, 1.0, 1.05, "unknown"), 0.01)
    'unknown, between 0.970 and 1.050'
    """
    match main.verdict:
        case "matters":
            return f"matters, up to {ratio(main.most)} times"
        case "no difference":
            return f"no difference of more than {percent(delta)}"
        case "unknown":
            low, high = main.span
            return "unknown" if math.isinf(high) else f"unknown, between {ratio(low)} and {ratio(high)}"


def pair_words(row: Interaction) -> str:
    """What two properties that act together do: ``what one does depends on the other, up to 1.30 times slower together``."""
    way = "faster" if row.ratio < 1 else "slower"
    return f"what one does depends on the other, up to {ratio(max(row.ratio, 1 / row.ratio))} times {way} together"
