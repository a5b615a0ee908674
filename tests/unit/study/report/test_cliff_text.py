"""Cliffs in words, and how large a cache a guest needs."""

from __future__ import annotations

from dataclasses import replace

from support.known_result import known_result, sweep

from accelkit.study.report.cliff_text import cliff_words


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
    assert "lies between 1048576 and 67108864 bytes" in text
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
    assert "tb-size has a cliff on tb-thrash: 8 MiB takes 6" in text
    assert "tb-flushes 6 with 8, 0 with 32" in text
    assert "Its translated code takes 19.5 MiB" in text
    assert "needs a cache of translated code of at least 32 MiB" in text
    assert "A larger one gains nothing" in text
    assert "The cliff lies between 8 and 32 MiB" in text


def test_without_values_on_both_sides_there_is_no_cliff() -> None:
    assert known_result(sweep(sizes=[32, 64])).cliffs == ()
    small = known_result(sweep(sizes=[1, 8]))
    assert small.cliffs == ()
    assert "Every tb-size tried (1 to 8 MiB) is on the slow side of a cliff on tb-thrash" in str(small)
    assert known_result(blocks=2).cliffs == ()  # two blocks prove nothing


def test_flushes_show_how_large_a_cache_must_be_where_times_do_not() -> None:
    few = known_result(["tcg", "tcg,tb-size=8", "tcg,tb-size=32"], ["tb-thrash", "smp"], blocks=2)
    assert few.cliffs == ()
    text = str(few)
    assert (
        "By QEMU's own count on tb-thrash the cache of translated code was full 6 times with 8 MiB, and never with"
        " 32 MiB. Its translated code takes 19.5 MiB. This guest needs a tb-size of at least 32 MiB" in text
    )
    assert "count on smp" not in text
    assert "own count" not in str(known_result())  # where the times have it they say it
    assert "own count" not in str(known_result(["tcg", "tcg,tb-size=8"], ["tb-thrash"], blocks=2))
