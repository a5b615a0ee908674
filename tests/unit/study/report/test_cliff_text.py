"""Cliffs in words, and how large a cache a guest needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from support.known_result import known_result, sweep

from accelkit.study.report.cliff_text import cliff_words
from accelkit.study.result import Result


def test_a_cliff_in_bytes_has_whole_numbers() -> None:
    few, many = "kvm,kvm-shadow-mem=1048576", "kvm,kvm-shadow-mem=67108864"
    result = known_result(["kvm", few, many], ["cpu"], baseline="kvm")
    records = tuple(
        replace(record, value=60 * (record.value or 0)) if record.trial.configuration == few else record
        for record in result.records
    )
    (cliff,) = replace(result, records=records).cliffs
    text = "".join(cliff_words(cliff))
    assert "1048576 bytes takes 60.0 times as long as 67108864 bytes" in text
    assert "sweep between 1048576 and 67108864 bytes" in text
    assert "e+" not in text


def test_a_cliff_comes_with_the_counters_that_explain_it() -> None:
    (cliff,) = known_result().cliffs
    assert (cliff.guest, cliff.axis.name, cliff.cliff.slow, cliff.cliff.fast) == (
        "tb-thrash",
        "tb-size",
        8,
        32,
    )
    assert 62 < cliff.cliff.factor < 64
    assert cliff.counters == {"tb-flushes": (6.0, 0.0)}
    assert cliff.position(["1", "8", "32"]) == 1.5
    text = "".join(cliff_words(cliff))
    assert "tb-size has a cliff on tb-thrash with thread=single: 8 MiB takes 6" in text
    assert "QEMU counted in a run: tb-flushes 6 with 8, 0 with 32." in text
    assert "The translated code takes 19.5 MiB" in text
    assert "Of the values tried, this guest needs a cache of translated code of at least 32 MiB." in text
    assert "larger" not in text  # none was tried
    assert "sweep between 8 and 32 MiB" in text
    (more,) = known_result(sweep(sizes=[8, 32, 64])).cliffs
    assert "A larger one gains nothing." in "".join(cliff_words(more))


def test_without_values_on_both_sides_there_is_no_cliff() -> None:
    assert known_result(sweep(sizes=[32, 64])).cliffs == ()
    small = known_result(sweep(sizes=[1, 8]))
    assert small.cliffs == ()
    assert "Every tb-size tried (1 to 8 MiB) is on the slow side of a cliff on tb-thrash" in str(small)
    assert known_result(blocks=2).cliffs == ()  # two blocks prove nothing


def flushing(factor: float, points: Sequence[str] = ("tcg", "tcg,tb-size=8", "tcg,tb-size=512")) -> Result:
    """A guest whose cache of 8 MiB is flushed, which makes it slower by the factor."""
    result = known_result(points, ["tb-thrash", "smp"])
    records = tuple(
        replace(record, value=(record.value or 0) * factor / 63) if record.counters["tb-flushes"] else record
        for record in result.records
    )
    return replace(result, records=records)


def test_a_larger_cache_is_needed_only_where_the_times_show_it() -> None:
    """A guest that changes its own code fills any cache with code that is dead: a flush alone shows no need."""
    dear = flushing(1.2)
    assert dear.cliffs == ()
    said = (
        "On tb-thrash the cache of translated code was full 6 times with 8 MiB, which is slower, and never with 512 MiB."
        " Its translated code takes 19.5 MiB. Of the values tried, this guest needs a tb-size of at least 512 MiB."
    )
    assert said in str(dear)
    for factor in (1.0, 0.98):  # the flushed one is as fast, or faster
        assert "needs" not in str(flushing(factor))
    few = known_result(["tcg", "tcg,tb-size=8", "tcg,tb-size=512"], ["tb-thrash"], blocks=2)
    assert "needs" not in str(few)  # two blocks show nothing


def test_where_a_cliff_says_it_nothing_else_does() -> None:
    assert str(known_result()).count("this guest needs") == 1
