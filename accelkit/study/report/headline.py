"""The first words of a report: what to deploy, by how much faster, how sure, on what; or what it costs to know. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Final

from accelkit.document import Block, Bullets, Inline, Mono, Paragraph
from accelkit.study.analysis.analysis import Analysis
from accelkit.study.report.answers import DECIDED, SURE, Answer, answers
from accelkit.study.report.cost import cost_words
from accelkit.study.report.effect_text import effect_sentence
from accelkit.study.report.names import short_version
from accelkit.study.report.phrases import inverse, listed, percent, plural, ratio, times
from accelkit.study.report.sentences import contenders, line, more, sentence
from accelkit.study.report.upgrades import build_summary, build_words

ORDER: Final = (*DECIDED, "open", "nothing", "alone")
"""The kinds of answers in the order in which a sentence says them."""

MOST_PARTS: Final = 3
"""So many different answers stand in one sentence; of more, each has its line."""


def headline(result: Analysis) -> Iterator[Block]:
    """The answer in one sentence, then a line for each guest if there are several, then what another QEMU costs."""
    if not result.records:
        yield Paragraph(("Nothing has been measured yet.",), strong=True)
        return
    upgrades = [row for row in result.build_comparisons if row.configuration == result.plan.baseline]
    compared = bool(result.comparisons)
    if compared or not upgrades:
        found = answers(result)
        if len(found) == 1:
            yield Paragraph(sentence(result, found[0]), strong=True)
            if rest := more(result, found[0]):
                yield Paragraph(rest)
        else:
            yield Paragraph(tuple(_over_all(result, found)), strong=True)
            yield Bullets(tuple(line(result, answer) for answer in found))
            yield from _together(result, found)
        if len(result.plan.axes) > 1 and (told := effect_sentence(result.all_effects, result.delta)):
            yield Paragraph(told)
    if len(upgrades) > 1:
        yield Paragraph(build_summary(result, upgrades), strong=not compared)
        yield Bullets(tuple(build_words(result, row) for row in upgrades))
    elif upgrades:
        yield Paragraph(build_words(result, upgrades[0], sure=True), strong=not compared)


def _over_all(result: Analysis, found: Sequence[Answer]) -> Iterator[str]:
    """The answers for several guests, or builds, in one sentence: those with the same answer together."""
    groups: dict[tuple[str, str], list[Answer]] = {}
    chosen = {answer.choice for answer in found if answer.kind == "change"}
    chosen |= _shared(result, found, chosen)
    for answer in found:
        kind, key = answer.kind, answer.choice if answer.kind in DECIDED else ""
        if kind == "either":
            same = [name for name in (answer.choice, *answer.rivals) if name in chosen]
            kind, key = (
                ("change", same[0]) if same else (kind, "".join(contenders(result, answer, whole=True)))
            )
        groups.setdefault((kind, key), []).append(answer)
    parts: list[tuple[str, Inline]] = []
    for (kind, choice), members in sorted(groups.items(), key=lambda item: ORDER.index(item[0][0])):
        places = _places(result, members, len(found))
        match kind:
            case "change":
                parts.append(
                    (kind, ("deploy ", Mono(choice), f" for {places}{_faster(result, members, choice)}"))
                )
            case "either":
                parts.append(
                    (kind, ("deploy ", *contenders(result, members[0], whole=True), f" for {places}"))
                )
            case "replace":
                base = Mono(result.plan.baseline)
                parts.append((kind, ("deploy ", Mono(choice), f" for {places}, where ", base, " fails")))
            case "keep" | "only":
                parts.append((kind, ("keep ", Mono(choice), f" for {places}")))
            case "open":
                parts.append((kind, (f"not known yet for {places}",)))
            case "nothing":
                parts.append((kind, (f"nothing is known for {places}",)))
            case _:
                parts.append((kind, (f"nothing was compared for {places}",)))
    qemu = f" on {short_version(result.plan.builds[0])}" if len(result.plan.builds) == 1 else ""
    blocks = f"in {plural(max(answer.blocks for answer in found), 'block')}{qemu}"
    if all(answer.kind == "open" for answer in found):
        costs = [answer.cost for answer in found if answer.cost]
        dearest = max(costs, key=lambda price: price.blocks, default=None)
        yield f"Not known yet for {_places(result, found, len(found))}, after {blocks.removeprefix('in ')}."
        yield (
            f" {cost_words(dearest)}"
            if dearest and len(costs) == len(found)
            else " Each line says what it costs to know."
        )
        return
    if len(parts) > MOST_PARTS:
        sure = f", {percent(result.confidence)} sure where it says deploy or keep" * any(
            kind in SURE for kind, _ in parts
        )
        yield f"Each {'guest' if qemu else 'guest and QEMU'} has its own answer{sure}, {blocks}."
        return
    last = max((place for place, (kind, _) in enumerate(parts) if kind in SURE), default=None)
    for place, (_, (first, *rest)) in enumerate(parts):
        yield from ("; ", first, *rest) if place else (first[0].upper() + first[1:], *rest)
        if place == last:
            yield f", {percent(result.confidence)} sure"
    yield f", {blocks}."


def _shared(result: Analysis, found: Sequence[Answer], chosen: Collection[str]) -> set[str]:
    """The setting that is among those of each answer that has a choice, as long as no other answer chose one of them.

    Of several it is the one that is the best over all guests.
    """
    free = [answer for answer in found if answer.kind == "either" and not _fitting(answer) & {*chosen}]
    if len(free) < 2:
        return set()
    in_order = (free[0].choice, *free[0].rivals)
    common = [name for name in in_order if all(name in _fitting(answer) for answer in free)]
    over_all = result.pick().name if common and len(result.plan.builds) == 1 else ""
    return {over_all} if over_all in common else set(common[:1])


def _fitting(answer: Answer) -> set[str]:
    """The settings that the answer says to deploy, of which several may be as good."""
    return {answer.choice, *answer.rivals} if answer.kind == "either" else {answer.choice}


def _faster(result: Analysis, members: Sequence[Answer], choice: str) -> str:
    """By how much ``choice`` is faster than the baseline for these guests, in parentheses."""
    cells = {(answer.build.name, answer.guest, choice) for answer in members}
    rows = [row for row in result.comparisons if row.cell in cells]
    if len(rows) == 1:
        size, _ = times(rows[0].ratio, rows[0].low, rows[0].high)
        return f" ({size.removesuffix(' as')})"
    slowest, fastest = (ratio(inverse(end(row.ratio for row in rows))) for end in (max, min))
    span = slowest if slowest == fastest else f"{slowest} to {fastest}"
    return f" ({span} times as fast)"


def _places(result: Analysis, members: Sequence[Answer], of: int) -> str:
    """The guests of ``members``, with the builds where they are not all."""
    if len(members) == of:
        guests = result.plan.guests
        every = guests[0].name if len(guests) == 1 else _every_guest(result)
        return every if len(result.plan.builds) == 1 else f"{every} on {_all_builds(result)}"
    if len(result.plan.builds) == 1:
        return listed([answer.guest for answer in members])
    by_guest: dict[str, list[str]] = {}
    for answer in members:
        by_guest.setdefault(answer.guest, []).append(short_version(answer.build))
    every = len(result.plan.builds)
    return listed(
        [guest if len(on) == every else f"{guest} on {listed(on)}" for guest, on in by_guest.items()]
    )


def _all_builds(result: Analysis) -> str:
    count = len(result.plan.builds)
    return "both QEMUs" if count == 2 else f"all {count} QEMUs"


def _together(result: Analysis, found: Sequence[Answer]) -> Iterator[Block]:
    """One setting for all guests, where each has its own and one is shown to be the best over all of them."""
    choices = {answer.choice for answer in found if answer.kind in DECIDED}
    if len(result.plan.guests) < 2 or len(result.plan.builds) > 1 or len(choices) < 2:
        return
    best, delta = result.pick(), percent(result.delta)
    if not best.decided or all(best.name in _fitting(answer) for answer in found):
        return
    start = f"If {_every_guest(result)} must share one setting: "
    row = best.beside_baseline
    if row is not None:
        size, _ = times(row.ratio, row.low, row.high)
        yield Paragraph(
            (f"{start}deploy ", Mono(best.name), f", {size} ", Mono(result.plan.baseline), " on average.")
        )
    elif best.keeps_baseline:
        yield Paragraph(
            (f"{start}keep ", Mono(best.name), f"; nothing is more than {delta} faster on average.")
        )
    else:
        yield Paragraph(
            (f"{start}deploy ", Mono(best.name), "; it is the fastest that runs with all of them.")
        )


def _every_guest(result: Analysis) -> str:
    count = len(result.plan.guests)
    return "both guests" if count == 2 else f"all {count} guests"
