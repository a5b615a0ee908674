"""The answer for one guest as a sentence, and as a line among those for others. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from accelkit.document import Inline, Mono
from accelkit.study.analysis.analysis import Analysis
from accelkit.study.analysis.compare import Comparison
from accelkit.study.analysis.doubts import Doubt
from accelkit.study.report.answers import Answer
from accelkit.study.report.cost import cost_words
from accelkit.study.report.names import row_names, short_version
from accelkit.study.report.phrases import interval, inverse, percent, plural, ratio, times

FEW_RIVALS: Final = 2
"""So many configurations are named that may be better; of more, their number."""


def sentence(result: Analysis, answer: Answer) -> Inline:
    """The answer for the only guest: what to deploy, by how much faster, how sure, on what; or what that costs to know."""
    return tuple(_sentence(result, answer))


def line(result: Analysis, answer: Answer) -> Inline:
    """The answer for one of several guests, without what is the same for all of them."""
    return tuple(_line(result, answer))


def more(result: Analysis, answer: Answer) -> Inline:
    """What else should be known of the answer for one guest: its interval, doubts, what is as good, what failed."""
    parts: list[Inline] = []
    if answer.speed is not None and answer.kind == "change":
        low, high = ratio(inverse(answer.speed.high)), ratio(inverse(answer.speed.low))
        if low != high:
            parts.append((f"The {percent(result.confidence)} interval: {low} to {high} times as fast.",))
        parts += [(f"A doubt: {_doubt(answer.speed, doubt)}.",) for doubt in answer.speed.doubts]
    if answer.kind == "replace":
        parts.append((f"{answer.unfair}.",))
    if answer.equals:
        parts.append(_equals(result, answer))
    if answer.failed and answer.kind in ("change", "keep"):
        parts.append((f"{plural(answer.failed, 'configuration')} gave no value.",))
    return tuple(word for place, part in enumerate(parts) for word in ((" ", *part) if place else part))


def contenders(result: Analysis, answer: Answer, *, whole: bool = False) -> Inline:
    """The fastest so far and those that may be faster; of many the number. By their ``whole`` names, or those of rows."""
    return tuple(_contenders(result, answer, whole=whole))


def _sentence(result: Analysis, answer: Answer) -> Iterator[str]:
    base, guest = Mono(result.plan.baseline), answer.guest
    blocks, qemu = plural(answer.blocks, "block"), short_version(answer.build)
    doubt = " but with a doubt" if answer.kind == "change" and answer.speed and answer.speed.doubts else ""
    sure = f", {percent(result.confidence)} sure{doubt}, in {blocks} on {qemu}."
    match answer.kind:
        case "change":
            yield from ("Deploy ", Mono(answer.choice), f" for {guest}: {_size(answer)} ", base, sure)
        case "either":
            yield from ("Deploy ", *_contenders(result, answer, whole=True), f" for {guest}: ")
            yield from (*_least(result, answer), f"{sure} {_which(answer)}")
        case "replace":
            yield from ("Deploy ", Mono(answer.choice), f" for {guest}: the baseline ", base)
            yield f" fails too often, and nothing that runs is more than {percent(result.delta)} faster{sure}"
        case "keep":
            yield from ("Keep ", base, f" for {guest}: {_nothing(result, answer)}{sure}")
        case "only":
            yield from ("Keep ", base, f" for {guest}: nothing else gave a value in {blocks} on {qemu}.")
        case "open":
            yield from (f"Not known yet for {guest}: ", *_open(result, answer))
            yield f", after {blocks} on {qemu}. {_price(answer)}"
        case "nothing":
            yield f"Nothing is known for {guest} on {qemu}: {_failed(answer)}."
        case "alone":
            yield from (f"Nothing was compared for {guest} on {qemu}: only ", base, " ran.")


def _line(result: Analysis, answer: Answer) -> Iterator[str]:
    base = Mono(result.plan.baseline)
    several = len(result.plan.builds) > 1
    yield f"{answer.guest} on {short_version(answer.build)}: " if several else f"{answer.guest}: "
    match answer.kind:
        case "change" if answer.speed is not None:
            row = answer.speed
            ends = interval(inverse(row.high), inverse(row.low))
            yield from ("deploy ", Mono(answer.choice), f", {_size(answer)} ", base, f" {ends}")
            doubts = "; ".join(_doubt(row, doubt) for doubt in row.doubts)
            yield f", with a doubt: {doubts}." if doubts else "."
        case "change" | "replace":
            yield from ("deploy ", Mono(answer.choice), ", as the baseline ", base)
            yield f" fails too often: {answer.unfair}."
        case "either":
            yield from ("deploy ", *_contenders(result, answer, whole=True), ", ", *_least(result, answer))
            yield f". {_which(answer)}"
        case "keep":
            failed = f"; {answer.failed} gave no value" * bool(answer.failed)
            yield from ("keep ", base, f"; {_nothing(result, answer)}{failed}.")
        case "only":
            yield from ("keep ", base, "; nothing else gave a value.")
        case "open":
            yield from ("not known yet: ", *_open(result, answer), f". {_price(answer)}")
        case "nothing":
            yield f"{_failed(answer)}."
        case "alone":
            yield from ("only the baseline ", base, " ran.")
    if answer.equals:
        yield from (" ", *_equals(result, answer))


def _size(answer: Answer) -> str:
    """How much faster the choice is than the baseline."""
    return times(answer.speed.ratio, answer.speed.low, answer.speed.high)[0] if answer.speed else ""


def _doubt(row: Comparison, doubt: Doubt) -> str:
    """A doubt about a choice, in the terms in which its speed is said."""
    if doubt.kind not in ("load", "average"):
        return doubt.text
    other, when = (row.undisturbed, "when undisturbed") if doubt.kind == "load" else (row.paid, "on average")
    size = times(other, other, other)[0].removesuffix(" as")
    return f"it depends on load, {size} {when}" if doubt.kind == "load" else f"{size} {when}"


def _nothing(result: Analysis, answer: Answer) -> str:
    return f"nothing {'that ran' if answer.failed else 'tried'} is more than {percent(result.delta)} faster"


def _failed(answer: Answer) -> str:
    return f"every configuration fails too often{f' ({answer.why})' if answer.why else ''}"


def _equals(result: Analysis, answer: Answer) -> Inline:
    if len(answer.equals) == 1:
        return (Mono(row_names(result.plan)[answer.equals[0]]), " may be as fast.")
    return (f"{len(answer.equals)} others may be as fast.",)


def _open(result: Analysis, answer: Answer) -> Iterator[str]:
    """What is not known: which of two or three is the fastest, or how many may be."""
    if not answer.rivals:
        yield from (Mono(row_names(result.plan)[answer.choice]), " is the fastest so far, but not surely")
    elif len(answer.rivals) <= FEW_RIVALS:
        yield from _contenders(result, answer)
    else:
        others = f" is the fastest so far, but {len(answer.rivals)} others may be faster"
        yield from (Mono(row_names(result.plan)[answer.choice]), others)


def _contenders(result: Analysis, answer: Answer, *, whole: bool = False) -> Iterator[str]:
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
