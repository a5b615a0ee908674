"""The comparison with the newest QEMU at hand, which Debian may have had before accelkit.

Its differences are news, not failures, until a schema of its series is captured.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping, Sequence

from .agreement import (
    Comparison,
    Outcome,
    compare_corpus_live,
    compare_lines,
    compare_strings,
    differences,
)
from .real_qemu import Qemu

COMPARISONS: Mapping[str, Callable[[Qemu], list[Comparison]]] = {
    "generated -accel strings": compare_strings,
    "generated command lines": compare_lines,
    "command lines of public projects": compare_corpus_live,
}


def compare_newest(qemu: Qemu, name: str, say: Callable[[str], None]) -> None:
    """One of :data:`COMPARISONS`, with its result, and each difference in full, given to ``say``.

    A QEMU that cannot be compared at all is said, too. Raises AssertionError where the two differ, and
    whatever stopped the comparison, if a schema of the QEMU's series is captured.
    """
    title = f"QEMU {qemu.version} ({qemu.target}), {name}"
    try:
        comparisons = COMPARISONS[name](qemu)
    except Exception:
        # Nobody knows what will change in a QEMU to come: its monitor, its C library, a type of property.
        if qemu.captured:
            raise
        say(f"{title}: could not be compared\n{traceback.format_exc()}")
        return
    result = result_of(title, comparisons)
    say(result)
    assert not (qemu.captured and differences(comparisons)), (
        f"{result.splitlines()[0]}; they are in the summary"
    )


def result_of(title: str, comparisons: Sequence[Comparison]) -> str:
    """How many were compared and how many differ, and then each of these."""
    compared = sum(item.outcome is not Outcome.LEFT_OUT for item in comparisons)
    differing = differences(comparisons)
    first = f"{title}: {len(comparisons)} asked, {compared} compared, {len(differing) or 'none'} differ"
    return "\n".join([first, *(f"  {item}" for item in differing)])
