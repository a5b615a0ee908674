"""The first words of a report: what to deploy, by how much faster, how sure, on what; or what it costs to know. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from accelkit.document import Block, Bullets, Inline, Mono, Paragraph
from accelkit.study.analysis.analysis import Analysis
from accelkit.study.analysis.compare import Comparison
from accelkit.study.model import Build
from accelkit.study.report.answers import Answer, answers
from accelkit.study.report.cost import cost_words
from accelkit.study.report.names import row_names, short_version
from accelkit.study.report.phrases import interval, inverse, listed, percent, plural, ratio, times

DECIDED: Final = ("change", "either", "keep")
"""The kinds of answers that say what to deploy."""

FEW_RIVALS: Final = 2
"""So many configurations are named that may be better; of more, their number."""


def headline(result: Analysis) -> Iterator[Block]:
    """The answer in one sentence, then a line for each guest if there are several, then what another QEMU costs."""
    if not result.records:
        yield Paragraph(("Nothing has been measured yet.",), strong=True)
        return
    found = answers(result)
    compared = [answer for answer in found if answer.kind != "alone"]
    if compared:
        if len(found) == 1:
            yield Paragraph(tuple(_sentence(result, found[0])), strong=True)
            if more := tuple(_more(result, found[0])):
                yield Paragraph(more)
        else:
            yield Paragraph(tuple(_over_all(result, found)), strong=True)
            yield Bullets(tuple(tuple(_line(result, answer)) for answer in found))
            yield from _together(result, found)
    upgrades = [row for row in result.build_comparisons if row.configuration == result.plan.baseline]
    lines = [build_words(result, row, sure=not compared) for row in upgrades]
    if len(lines) == 1:
        yield Paragraph(lines[0], strong=not compared)
    elif lines:
        yield Paragraph(_upgrades(result, upgrades), strong=not compared)
        yield Bullets(tuple(lines))
    elif not compared:
        yield Paragraph(tuple(_sentence(result, found[0])), strong=True)


def _sentence(result: Analysis, answer: Answer) -> Iterator[str]:
    """The answer for the only guest, with how sure it is and on what."""
    base, guest = Mono(result.plan.baseline), answer.guest
    blocks = plural(answer.blocks, "block")
    where = f" in {blocks} on {short_version(answer.build)}"
    sure = f", {percent(result.confidence)} sure{_but(answer)},{where}."
    match answer.kind:
        case "change":
            yield from ("Deploy ", Mono(answer.choice), f" for {guest}: ", *_speed(answer, base), sure)
        case "either":
            yield from (
                "Deploy ",
                *_contenders(result, answer, whole=True),
                f" for {guest}: ",
                *_least(result, answer),
            )
            yield f"{sure} {_which(answer)}"
        case "keep":
            yield from ("Keep ", base, f" for {guest}: {_nothing(result, answer)}{sure}")
        case "only":
            yield from ("Keep ", base, f" for {guest}: nothing else gave a value{where}.")
        case "open":
            yield from (f"Not known yet for {guest}: ", *_open(result, answer))
            yield f", after {blocks} on {short_version(answer.build)}. {_price(answer)}"
        case "nothing":
            yield from _failed(answer)
        case "alone":
            yield from (f"Nothing was compared on {guest}: only the baseline ", base, f" ran{where}.")


def _speed(answer: Answer, base: str) -> Iterator[str]:
    """How much faster the choice is than the baseline; that the baseline fails, where it cannot be compared with it."""
    if answer.speed is None:
        yield from ("the baseline ", base, " fails too often, and nothing that runs is faster")
        return
    size, _ = times(answer.speed.ratio, answer.speed.low, answer.speed.high)
    yield from (f"{size} ", base)


def _failed(answer: Answer) -> Iterator[str]:
    why = f" ({answer.why})" if answer.why else ""
    yield f"Nothing is known for {answer.guest} on {short_version(answer.build)}: no trial gave a value{why}."


def _nothing(result: Analysis, answer: Answer) -> str:
    return f"nothing {'that ran' if answer.failed else 'tried'} is more than {percent(result.delta)} faster"


def _open(result: Analysis, answer: Answer) -> Iterator[str]:
    """What is not known: which of two or three is the fastest, or how many may be."""
    if not answer.rivals:
        yield from (Mono(row_names(result.plan)[answer.choice]), " is the fastest so far, but not surely")
    elif len(answer.rivals) <= FEW_RIVALS:
        yield from _contenders(result, answer)
    else:
        others = f" is the fastest so far, but {len(answer.rivals)} others may be faster"
        yield from (Mono(row_names(result.plan)[answer.choice]), others)


def _contenders(result: Analysis, answer: Answer, whole: bool = False) -> Iterator[str]:
    """The fastest so far and those that may be faster; of many the number. By their ``whole`` names, or those of rows."""
    names = {name: name for name in result.plan.settings} if whole else row_names(result.plan)
    if len(answer.rivals) > FEW_RIVALS:
        yield from (Mono(names[answer.choice]), f" or one of {len(answer.rivals)} others")
        return
    yield from _either([names[name] for name in (answer.choice, *answer.rivals)])


def _least(result: Analysis, answer: Answer) -> Iterator[str]:
    """By how much the slowest of those that may be the best is faster than the baseline, at least."""
    contenders = {answer.choice, *answer.rivals}
    rows = [row for row in result.comparisons
            if (row.build, row.guest) == (answer.build.name, answer.guest) and row.configuration in contenders]  # fmt: skip
    each = "both" if len(rows) == 2 else "each"
    yield from (
        f"{each} at least {ratio(inverse(max(row.high for row in rows)))} times as fast as ",
        Mono(result.plan.baseline),
    )


def _which(answer: Answer) -> str:
    which = "faster" if len(answer.rivals) == 1 else "the fastest"
    return f"Which of them is {which} is not known yet. {_price(answer)}"


def _either(names: Sequence[str]) -> Iterator[str]:
    for place, name in enumerate(names):
        yield from (" or " if place == len(names) - 1 else ", ",) if place else ()
        yield Mono(name)


def _price(answer: Answer) -> str:
    return cost_words(answer.cost) if answer.cost else "No number of blocks up to 1000 is likely to decide."


def _but(answer: Answer) -> str:
    """That a choice bears a doubt, which is said below."""
    return " but with a doubt" if answer.kind == "change" and answer.speed and answer.speed.doubts else ""


def _more(result: Analysis, answer: Answer) -> Iterator[str]:
    """What else should be known of the answer for one guest: its interval, doubts, what is as good, what failed."""
    parts: list[Inline] = []
    if answer.kind == "change" and answer.speed is not None:
        row = answer.speed
        parts.append(
            (
                f"The {percent(result.confidence)} interval is {interval(inverse(row.high), inverse(row.low))} times.",
            )
        )
        parts += [(f"A doubt: {doubt.text}.",) for doubt in row.doubts]
    if answer.unfair:
        parts.append((f"{answer.unfair}.",))
    if answer.equals and answer.kind == "change":
        parts.append(_equals(result, answer))
    if answer.failed and answer.kind in ("change", "keep"):
        parts.append((f"{plural(answer.failed, 'configuration')} gave no value.",))
    for place, part in enumerate(parts):
        yield from (" ",) if place else ()
        yield from part


def _equals(result: Analysis, answer: Answer) -> Inline:
    if len(answer.equals) == 1:
        return (Mono(row_names(result.plan)[answer.equals[0]]), " may be as fast.")
    return (f"{len(answer.equals)} others may be as fast.",)


def _place(result: Analysis, answer: Answer) -> str:
    several = len(result.plan.builds) > 1
    return f"{answer.guest} on {short_version(answer.build)}" if several else answer.guest


def _over_all(result: Analysis, found: Sequence[Answer]) -> Iterator[str]:
    """The answers for several guests, or builds, in one sentence: those with the same answer together."""
    groups: dict[tuple[str, str], list[Answer]] = {}
    chosen = {answer.choice for answer in found if answer.kind == "change"}
    for answer in found:
        key = answer.choice if answer.kind in ("change", "keep", "only") else ""
        kind = answer.kind
        if kind == "either":
            same = [name for name in (answer.choice, *answer.rivals) if name in chosen]
            kind, key = (
                ("change", same[0]) if same else (kind, "".join(_contenders(result, answer, whole=True)))
            )
        groups.setdefault((kind, key), []).append(answer)
    order = ("change", "either", "keep", "only", "open", "nothing", "alone")
    last = max((kind for kind, _ in groups if kind in DECIDED), key=order.index, default="")
    parts: list[tuple[str, Inline]] = []
    for (kind, choice), members in sorted(groups.items(), key=lambda item: order.index(item[0][0])):
        places = _places(result, members, len(found))
        match kind:
            case "change":
                parts.append(
                    (kind, ("deploy ", Mono(choice), f" for {places}{_faster(result, members, choice)}"))
                )
            case "either":
                parts.append(
                    (kind, ("deploy ", *_contenders(result, members[0], whole=True), f" for {places}"))
                )
            case "keep" | "only":
                parts.append((kind, ("keep ", Mono(choice), f" for {places}")))
            case "open":
                parts.append((kind, (f"not known yet for {places}",)))
            case _:
                parts.append((kind, (f"nothing is known for {places}",)))
    for place, (kind, part) in enumerate(parts):
        yield from ("; ",) if place else ()
        first, *rest = part
        yield from (first[0].upper() + first[1:] if not place else first, *rest)
        if kind == last and all(other != last for other, _ in parts[place + 1 :]):
            yield f", {percent(result.confidence)} sure"
    builds = f" on {short_version(result.plan.builds[0])}" if len(result.plan.builds) == 1 else ""
    blocks = max(answer.blocks for answer in found)
    yield f", in {plural(blocks, 'block')}{builds}."


def _faster(result: Analysis, members: Sequence[Answer], choice: str) -> str:
    """By how much ``choice`` is faster than the baseline for these guests, in parentheses."""
    cells = {(answer.build.name, answer.guest, choice) for answer in members}
    rows = [row for row in result.comparisons if row.cell in cells]
    if not rows:
        return ""
    if len(rows) == 1:
        row = rows[0]
        size, _ = times(row.ratio, row.low, row.high)
        return f" ({size.removesuffix(' as')})"
    slowest, fastest = (ratio(inverse(pick(row.ratio for row in rows))) for pick in (max, min))
    span = slowest if slowest == fastest else f"{slowest} to {fastest}"
    return f" ({span} times as fast)"


def _places(result: Analysis, members: Sequence[Answer], of: int) -> str:
    """The guests of ``members``, with the builds where they are not all."""
    if len(members) == of:
        guests = [guest.name for guest in result.plan.guests]
        every = "both guests" if len(guests) == 2 else f"all {len(guests)} guests"
        if len(guests) == 1:
            return f"{guests[0]} on {_all_builds(result)}"
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


def _line(result: Analysis, answer: Answer) -> Iterator[str]:
    """The answer for one of several guests, in a line."""
    base, names = Mono(result.plan.baseline), row_names(result.plan)
    yield f"{_place(result, answer)}: "
    match answer.kind:
        case "change":
            row = answer.speed
            yield from (Mono(names[answer.choice]), " is ", *_speed(answer, base))
            if row is not None:
                yield f" {interval(inverse(row.high), inverse(row.low))}"
            doubts = "; ".join(doubt.text for doubt in row.doubts) if row else ""
            yield f", with a doubt: {doubts}." if doubts else "."
            if answer.equals:
                yield from (" ", *_equals(result, answer))
        case "either":
            yield from (*_contenders(result, answer), ": ", *_least(result, answer), f". {_which(answer)}")
        case "keep":
            failed = f"; {answer.failed} gave no value" * bool(answer.failed)
            yield f"{_nothing(result, answer)}{failed}."
        case "open":
            yield from (*_open(result, answer), f". {_price(answer)}")
        case "only":
            yield "nothing else gave a value."
        case "nothing":
            yield f"no trial gave a value{f' ({answer.why})' if answer.why else ''}."
        case "alone":
            yield from ("only the baseline ", base, " ran.")


def _together(result: Analysis, found: Sequence[Answer]) -> Iterator[Block]:
    """One setting for all guests, where each has its own and one is shown to be the best over all of them."""
    choices = {answer.choice for answer in found if answer.kind in ("change", "keep")}
    if len(result.plan.guests) < 2 or len(result.plan.builds) > 1 or len(choices) < 2:
        return
    best = result.pick()
    if not best.decided:
        return
    guests = "both guests" if len(result.plan.guests) == 2 else f"all {len(result.plan.guests)} guests"
    row = best.beside_baseline
    if best.keeps_baseline or row is None:
        yield Paragraph((f"If {guests} must share one setting: keep ", Mono(best.name),
                         f"; no other is more than {percent(result.delta)} faster over all of them."))  # fmt: skip
        return
    size, _ = times(row.ratio, row.low, row.high)
    yield Paragraph((f"If {guests} must share one setting: deploy ", Mono(best.name), f", {size} ",
                     Mono(result.plan.baseline), " in the geometric mean."))  # fmt: skip


# ---- builds ----


def build_words(result: Analysis, row: Comparison, *, sure: bool = False) -> Inline:
    """One build against another as a sentence; ``sure`` says how sure that is."""
    builds = {build.name: build for build in result.plan.builds}
    new, old = (short_version(builds[name]) for name in (row.build, row.baseline))
    chance = f", {percent(result.confidence)} sure, in" if sure else ", in"
    where: Inline = (
        f" on {row.guest} with ",
        Mono(row.configuration),
        f"{chance} {plural(row.pairs, 'block')}.",
    )
    match row.verdict:
        case "faster" | "slower":
            size, within = times(row.ratio, row.low, row.high)
            verb = "is" if row.verdict == "faster" else "takes"
            return (f"{new} {verb} {size} {old} {within}", *where)
        case "no difference":
            return (f"{new} does not differ from {old} by more than {percent(result.delta)}", *where)
        case "undecided":
            return (f"{new} against {old} is undecided", *where)


def _upgrades(result: Analysis, rows: Sequence[Comparison]) -> Inline:
    """How the builds compare over the guests, in one sentence."""
    builds: Mapping[str, Build] = {build.name: build for build in result.plan.builds}
    parts: list[str] = []
    for name in dict.fromkeys(row.build for row in rows):
        groups: dict[str, list[str]] = {}
        for row in rows:
            if row.build == name:
                groups.setdefault(row.verdict, []).append(row.guest)
        said = {
            "faster": "faster on",
            "slower": "slower on",
            "no difference": "no different on",
            "undecided": "undecided on",
        }
        parts.append(
            f"{short_version(builds[name])} is "
            + ", ".join(f"{said[v]} {listed(g)}" for v, g in groups.items())
        )
    old = short_version(builds[rows[0].baseline])
    return (f"Beside {old}, {listed(parts)}, with ", Mono(result.plan.baseline),
            f", {percent(result.confidence)} sure.")  # fmt: skip
